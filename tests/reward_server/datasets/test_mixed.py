"""Rows of data sets of several kinds, whose name is given: each is of the kind that it says itself, or is refused."""

import json
from typing import Any

import pytest

from reward_server.datasets import AmbiguousRow, UnknownRow, read_row

TESTS = json.dumps({"inputs": ["3 4\n"], "outputs": ["7\n"]})
ENTRY = {"question": "q", "answer": "15", "metadata": {"source_dataset": "basic_arithmetic", "source_index": 0}}
SKYWORK, GURU = "Skywork/Skywork-OR1-RL-Data", "LLM360/guru-RL-92k"


def verl_row(source: str, truth: Any, ability: str = "") -> dict[str, Any]:
    return {"data_source": source, "ability": ability, "reward_model": {"ground_truth": truth, "style": "rule"}}


def synthetic(task_type: str, **info: Any) -> dict[str, Any]:
    return {"problem_id": "1", "task_type": task_type, "prompt": "p", "verification_info": json.dumps(info)}


STORED = [
    (SKYWORK, verl_row("train-math-deepscaler", json.dumps(["5"])), "math"),
    (SKYWORK, verl_row("train-code-leetcode", TESTS), "code"),
    (SKYWORK, verl_row(SKYWORK, json.dumps(["5"]), "math"), "math"),
    (GURU, verl_row("math__deepscaler_preview", "5", "math"), "math"),
    (GURU, verl_row("stem__web", "5", "stem"), "math"),
    (GURU, verl_row("codegen__taco", TESTS, "codegen"), "code"),
    (GURU, verl_row("logic__zebra_puzzle_dataset", {"header": ["a"], "rows": [["b"]]}), "puzzle"),
    ("PrimeIntellect/SYNTHETIC-1", synthetic("verifiable_math", ground_truth="1/2"), "math"),
    ("PrimeIntellect/SYNTHETIC-2-RL", synthetic("reasoning_gym", reasoning_gym_entry=ENTRY), "puzzle"),
    ("PrimeIntellect/SYNTHETIC-2-RL", synthetic("ifeval", instruction_id_list=["a:b"], kwargs=[{}]), "instruction"),
    ("PrimeIntellect/INTELLECT-2-RL-Dataset", synthetic("prime_rl_code", test_cases=[{"input": "1"}]), "code"),
    ("PRIME-RL/Eurus-2-RL-Data", verl_row("numina_olympiads", "5", "math"), "math"),
    ("allenai/RLVR-GSM-MATH-IF-Mixed-Constraints", {"messages": [], "ground_truth": "5", "dataset": "gsm8k"}, "math"),
    ("allenai/Dolci-Think-RL-7B", {"messages": [], "ground_truth": ["5"], "dataset": ["math"]}, "math"),
    ("my/own-mixture", verl_row("openai/gsm8k", "5"), "math"),
]


@pytest.mark.parametrize(("dataset", "row", "kind"), STORED, ids=[f"{name} {kind}" for name, _, kind in STORED])
def test_a_row_is_of_the_kind_that_it_says_itself(dataset: str, row: dict[str, Any], kind: str) -> None:
    assert read_row(row, dataset=dataset)["kind"] == kind
    assert read_row(row, dataset=dataset) == read_row(row)


@pytest.mark.parametrize(
    ("row", "dataset", "told"),
    [
        (verl_row("table__hitab", "5", "table"), GURU, "'table__hitab' is not known"),
        (verl_row("simulation__arcagi1", [[1, 2]], "simulation"), GURU, "'simulation__arcagi1' is not known"),
        ({"question": "q", "answer": "5"}, "PrimeIntellect/INTELLECT-3-RL", "holds several kinds .* `task_type`"),
        (verl_row(SKYWORK, json.dumps(["5"])), None, "holds several kinds .* `ability`"),
        (verl_row("", "5"), "my/own-mixture", "'my/own-mixture' is not known"),
        (synthetic("unscramble_sentence", ground_truth="a b"), None, "kind: exact"),
        (synthetic("pydantic_adherance", pydantic_config="", model_name="A"), None, "kind: exact"),
    ],
)
def test_a_row_that_does_not_say_is_refused_with_what_helps(
    row: dict[str, Any], dataset: str | None, told: str
) -> None:
    with pytest.raises(UnknownRow, match=told):
        read_row(row, dataset=dataset)


def test_a_row_of_another_kind_than_the_data_set_that_is_given_is_refused_with_both() -> None:
    with pytest.raises(AmbiguousRow, match="'apps' says code, `data_source` 'openai/gsm8k' says math"):
        read_row(verl_row("openai/gsm8k", "5"), dataset="apps")
