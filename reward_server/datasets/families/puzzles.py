"""Data sets of puzzles and plans, and of what programs give."""

from reward_server.datasets.forms import Form

_OWN_VERIFIERS = (
    "such rows are checked by programs of the data set's own: for a puzzle that is known here send a whole task, "
    "{kind: puzzle, puzzle: its name, metadata: its data}"
)
_TWO_WAYS = (
    "`output` may be what is asked for (CRUXEval-O), or `input` (CRUXEval-I): say which in a column `predict`, or name "
    "the kind, `output`, whose default is the output"
)
_EACH_OF_THEM = (
    "each of `ios` is a task of its own: send {kind: output, form: json, code: `refcode`, entry_point: `funcname`, "
    "input, output, predict: output or input}"
)

_ENTRY = "verification_info.reasoning_gym_entry"

FORMS = (
    Form(
        "reasoning-gym",
        "puzzle",
        {"metadata": "metadata", "ground_truth": "answer?", "question": "question?|text"},
        marks=("metadata.source_dataset",),
    ),
    Form(
        "SYNTHETIC reasoning-gym",
        "puzzle",
        {
            "metadata": f"{_ENTRY}.metadata",
            "ground_truth": f"{_ENTRY}.answer?",
            "question": f"{_ENTRY}.question?|text",
        },
        marks=(f"{_ENTRY}.metadata.source_dataset",),
    ),
    *(
        Form(
            "Countdown",
            "puzzle",
            {"metadata": {"numbers": f"{held}{numbers}", "target": f"{held}target"}},
            constants={"puzzle": "countdown"},
        )
        for held in ("", "ground_truth.", "reward_model.ground_truth.")
        for numbers in ("nums", "numbers")
    ),
    *(
        Form(
            "Logic-RL",
            "puzzle",
            {"ground_truth": f"{held}ground_truth|json"},
            marks=(f"{held}ground_truth.statements",),
            constants={"puzzle": "knights_knaves"},
        )
        for held in ("", "reward_model.")
    ),
    Form(
        "Knights and Knaves",
        "puzzle",
        {"metadata": {"statements": "statements", "names": "names?", "solution_text_format": "solution_text_format"}},
        marks=("quiz",),
        constants={"puzzle": "knights_knaves"},
        beside=("solution", "answer", "reward_model.ground_truth", "reward_model.ground_truth.statements"),
    ),
    Form(
        "ZebraLogic",
        "puzzle",
        {"metadata": "solution"},
        marks=("puzzle", "solution.header", "solution.rows"),
        constants={"puzzle": "zebra_table"},
    ),
    Form(
        "SynLogic",
        "puzzle",
        {},
        marks=("extra_info.game_data_str",),
        refusal=_OWN_VERIFIERS,
        beside=("reward_model.ground_truth",),
    ),
    Form("SynLogic", "puzzle", {}, marks=("game_data_str",), refusal=_OWN_VERIFIERS),
    Form("Enigmata", "puzzle", {}, marks=("task_name", "meta"), refusal=_OWN_VERIFIERS, beside=("answer",)),
    Form(
        "CRUXEval",
        "output",
        {"code": "code", "input": "input", "output": "output", "predict": "predict"},
        where={"predict": "output|input"},
    ),
    Form("CRUXEval", "output", {"code": "code", "input": "input", "output": "output"}, undecided=_TWO_WAYS),
    Form("CodeI/O", "output", {}, marks=("refcode", "ios"), refusal=_EACH_OF_THEM),
    Form(
        "CodeI/O",
        "output",
        {},
        marks=("turn_1", "feedback_1"),
        refusal="such rows hold a conversation, no output: send {kind: output, form: json, output: what is expected}",
    ),
    Form(
        "PlanBench",
        "plan",
        {"problem": "query", "ground_truth": "ground_truth_plan"},
        where={"task": "task_1_plan_generation", "domain": r"blocksworld(_3)?"},
        constants={"domain": "blocksworld"},
    ),
    Form(
        "PlanBench",
        "plan",
        {},
        marks=("ground_truth_plan", "query", "domain", "task"),
        refusal="only rows of `task` task_1_plan_generation and `domain` blocksworld hold their whole problem: send "
        "{kind: plan, domain: PDDL, problem: PDDL} for others",
    ),
    Form(
        "PDDL",
        "plan",
        {"domain": "domain", "problem": "problem", "ground_truth": "plan?"},
        where={"domain": r"\(\s*define\b.*", "problem": r"\(\s*define\b.*"},
    ),
)
