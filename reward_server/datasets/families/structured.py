"""Data sets of documents, tool calls, queries and whatever else has columns of its own."""

from reward_server.datasets.forms import Form

_NO_DATABASE = "the row names a database it does not hold: put its CREATE TABLE script into `database` of a whole task"

FORMS = (
    Form("gretel text-to-SQL", "sql", {"ground_truth": "sql", "database": "sql_context"}),
    Form(
        "sql-create-context",
        "sql",
        {"ground_truth": "answer", "database": "context"},
        where={"context": r"create\s+table\b.*"},
    ),
    Form("Spider", "sql", {}, marks=("db_id", "query"), refusal=_NO_DATABASE),
    Form("BIRD", "sql", {}, marks=("db_id", "SQL"), refusal=_NO_DATABASE),
    Form("xLAM", "tool_call", {"ground_truth": "answers|json", "tools": "tools|json"}),
    Form("BFCL", "tool_call", {"ground_truth": "ground_truth|json", "tools": "function|json"}),
    Form("tools and a ground truth", "tool_call", {"ground_truth": "ground_truth|json", "tools": "tools|json"}),
    Form("NeMo-Gym structured outputs", "schema", {"schema": "schema_str", "format": "schema_type|lower"}),
    Form(
        "IFEval, IFBench",
        "instruction",
        {"instruction_id_list": "instruction_id_list", "kwargs": "kwargs?", "combine": "grading_mode?"},
    ),
    Form(
        "SYNTHETIC instructions",
        "instruction",
        {
            "instruction_id_list": "verification_info.instruction_id_list",
            "kwargs": "verification_info.kwargs?",
        },
    ),
    Form("miniF2F, Lean Workbook, DeepSeek-Prover", "proof", {"ground_truth": "formal_statement", "header": "header?"}),
    Form("JSON Schema", "schema", {"schema": "json_schema"}),
    Form("response_format", "schema", {"schema": "response_format"}),
)
