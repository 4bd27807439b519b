"""Rows as data sets store them become the right tasks, and a row that can be read in two ways is refused by both."""

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reward_server.datasets import AmbiguousRow, UnknownRow, kind_of, read_row, task_for
from reward_server.datasets.families import FORMS
from reward_server.datasets.sources import ROUTES
from reward_server.datasets.truths import find_truth

SOURCES = {
    "math": (
        "my/informal_math", "numina_informal_math",
        "openai/gsm8k", "lighteval/MATH", "DigitalLearningGmbH/MATH-lighteval", "HuggingFaceH4/MATH-500", "math_dapo",
        "math_dapo_reasoning", "math", "aime", "aime2024", "HuggingFaceH4/aime_2024", "math-ai/aime25", "math_verify",
        "BytedTsinghua-SIA/AIME-2024", "BytedTsinghua-SIA/DAPO-Math-17k", "numina_aops_forum", "numina_olympiads",
        "numina_synthetic_math", "numina_amc_aime", "numina_cn_k12", "AI-MO/NuminaMath-1.5", "hiyouga/geometry3k",
        "agentica-org/DeepScaleR-Preview", "train-math-deepscaler", "train-math-numinamath1.5_olympiads",
        "train-math-still3", "train-math-omni_math", "math__deepscaler_preview",
        "math__merged_deduped_dapo_or1_dataset",
        "stem__web", "math-ai/minervamath", "math-ai/olympiadbench", "math-ai/amc23", "AI-MO/aimo-validation-aime",
        "AI-MO/aimo-validation-amc", "Maxwell-Jia/AIME_2024", "opencompass/AIME2025", "MathArena/aime_2025",
        "GAIR/LIMO", "GAIR/LIMR", "zwhe99/DeepMath-103K", "SynthLabsAI/Big-Math-RL-Verified", "RLVR-GSM", "RLVR-MATH",
        "open-r1/OpenR1-Math-220k", "Open-Reasoner-Zero/orz_math_57k_collected", "simplelr_math_35", "gsm8k",
        "TIGER-Lab/WebInstruct-verified", "nlile/hendrycks-MATH-benchmark", "HuggingFaceTB/olympiads", "hmmt_feb_2025",
        "Elliott/Openr1-Math-46k-8192",
        "PrimeIntellect/verifiable-math-problems", "POLARIS-Project/Polaris-Dataset-53K", "dapo", "knoveleng/open-rs",
        "Kwai-Klear/KlearReasoner-MathSub-30K", "microsoft/orca-math-word-problems-200k", "virtuoussy/Math-RLVR",
        "internlm/OREAL-RL-Prompts", "DigitalLearningGmbH/MATH", "meta-math/MetaMathQA", "gneubig/aime-1983-2024",
    ),
    "code": (
        "codecontests", "apps", "codeparrot/apps", "codeforces", "open-r1/codeforces", "taco", "BAAI/TACO", "code",
        "livecodebench/code_generation_lite", "openai_humaneval", "google-research-datasets/mbpp", "evalplus/mbppplus",
        "train-code-leetcode", "train-code-taco-medium", "codegen__leetcode2k", "codegen__primeintellect", "lcbv5",
        "codegen__taco", "codegen__livecodebench", "deepmind/code_contests", "TIGER-Lab/AceCode-87K", "code_stdio",
        "KodCode/KodCode-V1", "newfacade/LeetCodeDataset", "bigcode/bigcodebench", "prime_rl_code",
        "PrimeIntellect/verifiable-coding-problems", "agentica-org/DeepCoder-Preview-Dataset",
        "nuprl/MultiPL-E", "nvidia/Nemotron-RL-coding-competitive_coding",
    ),
    "choice": (
        "Idavidrein/gpqa", "TIGER-Lab/MMLU-Pro", "cais/mmlu", "allenai/ai2_arc", "stem__gpqa", "stem__supergpqa",
        "m-a-p/SuperGPQA", "stem__gpqa_diamond", "openlifescienceai/medmcqa", "tau/commonsense_qa", "ARC-Challenge",
        "allenai/math_qa", "allenai/qasc", "ybisk/piqa", "allenai/social_i_qa", "allenai/winogrande",
        "bigbio/med_qa", "nvidia/Nemotron-RL-knowledge-mcqa",
    ),
    "short_answer": ("searchR1_hotpotqa", "searchR1_nq", "searchR1_triviaqa", "searchR1_2wikimultihopqa", "nq_open",
                     "allenai/sciq"),
    "instruction": ("ifeval", "google/IFEval", "allenai/RLVR-IFeval", "ood__ifeval",
                    "nvidia/Nemotron-RL-instruction_following"),
    "puzzle": ("countdown", "kk_logic", "Jiayi-Pan/Countdown-Tasks-3to4", "reasoning_gym", "logic__zebra_puzzle",
               "WildEval/ZebraLogic", "allenai/ZebraLogicBench", "nvidia/Nemotron-RL-ReasoningGym-v1"),
    "proof": ("miniF2F", "AI-MO/minif2f_test", "internlm/Lean-Workbook", "AI-MO/NuminaMath-LEAN", "proofnet",
              "my/lean_workbook_plus", "formal-math-v1"),
    "sql": ("b-mc2/sql-create-context", "xlangai/spider", "birdsql/bird", "gretelai/synthetic_text_to_sql"),
    "output": ("simulation__cruxeval-i", "cruxeval-org/cruxeval", "simulation__codeio"),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "source"), [(kind, source) for kind, names in SOURCES.items() for source in names])
def test_well_known_data_sources_have_their_kind(kind: str, source: str) -> None:
    assert kind_of(source) == kind


@pytest.mark.parametrize(
    "source",
    [
        "",
        "my/private-set",
        "mapps",
        "Skywork/Skywork-OR1-RL-Data",
        "PRIME-RL/Eurus-2-RL-Data",
        "LLM360/guru-RL-92k",
        "allenai/RLVR-GSM-MATH-IF-Mixed-Constraints",
        "PrimeIntellect/SYNTHETIC-2",
        "qiaojin/PubMedQA",
        "my/topic-eval",
        "my/scarp-notes",
        "my/clean_workbook",
        "my/mathqa-python",
    ],
)
def test_an_unknown_data_source_is_refused_and_not_guessed(source: str) -> None:
    with pytest.raises(UnknownRow, match="`kind`"):
        kind_of(source)


WHOLE = {"kind": "exact", "ground_truth": "A"}


@pytest.mark.parametrize(
    ("ground_truth", "settings", "task"),
    [
        ("42", {}, {"kind": "math", "ground_truth": "42"}),
        (WHOLE, {}, WHOLE),
        (json.dumps(WHOLE), {"kind": "math"}, WHOLE),
        ("42", {"extra": {"task": WHOLE}}, WHOLE),
        ("42", {"extra": {"task": WHOLE | {"tests": None}}}, WHOLE),
        ("42", {"kind": "exact", "data_source": "openai/gsm8k"}, {"kind": "exact", "ground_truth": "42"}),
        ({"data_source": "searchR1_nq", "ground_truth": "A"}, {}, {"kind": "short_answer", "ground_truth": "A"}),
        (json.dumps({"data_source": "searchR1_nq", "ground_truth": {"target": ["A", "B"]}}), {},
         {"kind": "short_answer", "ground_truth": ["A", "B"]}),
        ('{"inputs": ["1"], "outputs": ["2"]}', {"data_source": "apps"},
         {"kind": "code", "tests": '{"inputs": ["1"], "outputs": ["2"]}'}),
        ("B", {"data_source": "Idavidrein/gpqa", "extra": {"task_fields": {"options": ["x", "y"]}}},
         {"kind": "choice", "ground_truth": "B", "options": ["x", "y"]}),
        (r"{1, 2}", {}, {"kind": "math", "ground_truth": r"{1, 2}"}),
    ],
)  # fmt: skip
def test_a_label_becomes_its_task(ground_truth: Any, settings: dict[str, Any], task: dict[str, Any]) -> None:
    assert task_for(ground_truth, **settings) == task


@pytest.mark.parametrize(
    ("row", "task"),
    [
        ({"question": "q", "subject": "s", "choices": ["0", "4", "2", "6"], "answer": 1}, {"ground_truth": 1}),
        ({"problem": "p", "answer": "3", "solution": "hence x = 3."}, {"kind": "math", "ground_truth": "3"}),
        ({"question": "q", "solution": "def f(): ...", "test": "from solution import f"}, {"kind": "code"}),
        ({"ground_truth": ["assert f(1) == 2"], "dataset": "code"}, {"kind": "code", "tests": ["assert f(1) == 2"]}),
        ({"ground_truth": ["assert f(1) == 2"]}, {"kind": "code"}),
        ({"sql_context": "CREATE TABLE t (a)", "sql": "SELECT a FROM t"}, {"kind": "sql"}),
        ({"query": "q", "tools": "[]", "answers": '[{"name": "f"}]'}, {"kind": "tool_call", "tools": []}),
        ({"schema_str": "{}", "schema_type": "JSON"}, {"kind": "schema", "format": "json"}),
        ({"question": "q", "answers": {"text": ["a"], "answer_start": [0]}}, {"kind": "short_answer"}),
        ({"question": "q", "opa": "a", "opb": "b", "opc": "c", "opd": "d", "cop": 2},
         {"kind": "choice", "ground_truth": 2, "options": ["a", "b", "c", "d"]}),
        ({"question": "q", "answer": "five", "options": {"A": "4", "B": "five"}, "answer_idx": "B"},
         {"kind": "choice"}),
        ({"question": "q", "answer": "15", "metadata": {"source_dataset": "gcd"}}, {"kind": "puzzle"}),
        ({"nums": [44, 19, 35], "target": 98}, {"puzzle": "countdown"}),
        ({"quiz": "q", "names": ["Jo", "Al"], "solution": [True, False], "solution_text_format": "(1) Jo is a knight\n"
          "(2) Al is a knave", "statements": "(('lying', 1), ('lying', 0))"}, {"kind": "puzzle",
                                                                              "puzzle": "knights_knaves"}),
        ({"id": "z", "puzzle": "p", "solution": {"header": ["House", "Name"], "rows": [["1", "Jo"]]}},
         {"kind": "puzzle", "puzzle": "zebra_table"}),
        ({"code": "def f(x): return x", "input": "1", "output": "1", "predict": "input"},
         {"kind": "output", "predict": "input", "input": "1", "output": "1"}),
        ({"code": "def f(x): return x", "input": "1", "output": "1", "dataset": "cruxeval-o"}, {"kind": "output"}),
        ({"task": "task_1_plan_generation", "domain": "blocksworld_3", "query": "q", "ground_truth_plan": "(a)"},
         {"kind": "plan", "domain": "blocksworld", "problem": "q", "ground_truth": "(a)"}),
        ({"domain": "(define (domain d))", "problem": "(define (problem p))"}, {"kind": "plan"}),
        ({"domain": "Algebra", "problem": "2 + 2?", "answer": "4"}, {"kind": "math", "ground_truth": "4"}),
        ({"goal": "g", "sol1": "a", "sol2": "b", "label": 1}, {"kind": "choice", "ground_truth": 1}),
        ({"context": "c", "question": "q", "answerA": "a", "answerB": "b", "answerC": "c", "label": "3"},
         {"kind": "choice", "ground_truth": 2, "options": ["a", "b", "c"]}),
        ({"sentence": "s", "option1": "a", "option2": "b", "answer": "1"}, {"kind": "choice", "ground_truth": 0}),
        ({"sentence": "s", "option1": "a", "option2": "b", "answer": 2.0}, {"kind": "choice", "ground_truth": 1}),
        ({"question": "q", "A": "a", "B": "b", "C": "c", "D": "d", "E": "e", "answer": "E"},
         {"kind": "choice", "ground_truth": "E", "options": ["a", "b", "c", "d", "e"]}),
        ({"name": "n", "formal_statement": "theorem n : 1 = 1 := by sorry", "header": "import Mathlib"},
         {"kind": "proof", "ground_truth": "theorem n : 1 = 1 := by sorry", "header": "import Mathlib"}),
        ({"row": {"gold": "5"}, "completion": "c"}, {"kind": "math", "ground_truth": "5"}),
    ],
)  # fmt: skip
def test_rows_of_known_columns_become_their_task(row: dict[str, Any], task: dict[str, Any]) -> None:
    read = read_row(row)
    assert {name: read.get(name) for name in task} == task


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ({"answer": "3", "solution": "4"}, ("`answer`", "`solution`")),
        ({"ground_truth": "3", "answer": "4"}, ("`ground_truth`", "`answer`")),
        ({"tests": ["assert f(1) == 2"], "ground_truth": "42"}, ("`tests`", "`ground_truth`")),
        ({"data_source": "openai/gsm8k", "ground_truth": ["assert f(1) == 2"]}, ("math", "code")),
        ({"data_source": "openai/gsm8k", "input_output": '{"inputs": [], "outputs": []}'}, ("math", "input_output")),
        ({"question": "q", "options": ["w", "x"], "answer": "A", "answer_index": 1}, ("`answer`", "`answer_index`")),
        ({"dataset": ["math", "code"], "ground_truth": ["1", "2"]}, ("'math'", "'code'")),
        ({"code": "def f(x): return x", "input": "1", "output": "1", "id": "sample_0"}, ("`output`", "`input`")),
    ],
)
def test_a_row_that_can_be_read_in_two_ways_names_both(row: dict[str, Any], named: tuple[str, str]) -> None:
    with pytest.raises(AmbiguousRow) as refused:
        read_row(row)
    assert all(name in str(refused.value) for name in named)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"question": "q"}, "it has question"),
        ([1], "list"),
        ("a line", "str"),
        ({"answer": "5", "data_source": "unheard/of"}, "unheard/of"),
        ({"FAIL_TO_PASS": "[]", "PASS_TO_PASS": "[]", "instance_id": "i"}, "container image"),
        ({"db_id": "d", "query": "SELECT 1", "question": "q"}, "CREATE TABLE"),
        ({"data_source": "game_of_24", "prompt": [], "extra_info": {"game_data_str": "{}"}}, "SynLogic.*whole task"),
        ({"task_name": "sudoku", "prompt": "p", "answer": "1234", "meta": "{}"}, "Enigmata.*whole task"),
        ({"refcode": "def main(x): ...", "funcname": "main", "ios": [{"input": {}, "output": 1}]}, "CodeI/O.*`ios`"),
        ({"prompt": "p", "turn_1": "t", "feedback_1": "Success"}, "CodeI/O.*conversation"),
        (
            {"task": "task_3_plan_verification", "domain": "blocksworld", "query": "q", "ground_truth_plan": "x"},
            "PlanBench.*task_1",
        ),
        ({"question": "who lies?", "answer": [True, False]}, "truth values"),
        ({"question": "q", "option1": "a", "option2": "b", "option3": "c", "answer": "2"}, "counts from 0, from 1"),
        ({"sentence": "s", "option1": "x", "option2": "y", "answer": ""}, "`answer` is '': .*without its answer"),
        ({"sentence": "s", "option1": "x", "option2": "y", "answer": "y"}, "`answer` is 'y': .*counted from 1"),
        ({"sentence": "s", "option1": "x", "option2": "y", "answer": "B"}, "`answer` is 'B': .*counted from 1"),
        ({"question": "q", "answerA": "x", "answerB": "y", "answerC": "z", "label": 0}, "`label` is '0': .*from 1"),
    ],
)
def test_a_row_that_says_too_little_is_told_what_it_has(row: Any, said: str) -> None:
    with pytest.raises(UnknownRow, match=said):
        read_row(row)


def test_a_column_or_kind_that_is_named_decides() -> None:
    row = {"answer": "3", "gold": "4", "deep": {"truth": "5"}}
    assert read_row(row, column="gold")["ground_truth"] == "4"
    assert read_row(row, column="deep.truth")["ground_truth"] == "5"
    assert read_row({"question": "q", "answer": "x"}, kind="exact") == {"kind": "exact", "ground_truth": "x"}
    assert read_row({"answer": "B", "options": ["x", "y"]}, kind="choice")["options"] == ["x", "y"]


def test_every_form_has_a_task_or_says_why_not() -> None:
    assert all(form.task or form.refusal for form in FORMS)
    assert all(form.task for form in FORMS if form.undecided)
    assert {kind for _, kind in ROUTES} >= {"math", "code", "choice"}


_CELLS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_NAMES = st.sampled_from(
    ["answer", "options", "choices", "task", "ground_truth", "reward_model", "extra_info", "tests", "data_source",
     "dataset", "row", "answer_index", "metadata", "kind", "task_fields", "conversations", "solution", "label"]
)  # fmt: skip


@settings(deadline=None)
@given(row=st.dictionaries(_NAMES, _CELLS) | _CELLS)
def test_whatever_a_row_holds_it_is_a_task_or_refused(row: Any) -> None:
    with contextlib.suppress(UnknownRow):
        assert isinstance(read_row(row)["kind"], str)


@pytest.mark.shared
def test_stored_rows_are_read_as_their_authors_meant(shared_dir: Path) -> None:
    rows = [json.loads(line) for line in (shared_dir / "data/formats/rlvr_rows.jsonl").read_text().splitlines()]
    meant = {row["data_set"]: row["kind"] for row in rows} | {
        "searchR1 NQ (verl)": "short_answer", "reasoning_gym row": "puzzle",
    }  # fmt: skip
    read = {row["data_set"]: read_row(row["row"])["kind"] for row in rows}
    assert {name: kind for name, kind in read.items() if meant[name] not in (kind, "?")} == {}


def test_a_ground_truth_that_is_null_is_called_null():
    with pytest.raises(UnknownRow, match=r"it has problem, ground_truth \(null\)"):
        find_truth({"problem": "?", "ground_truth": None})
