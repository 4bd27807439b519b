"""What an equation names, what a family runs over, what has no value: every row comes out as it says."""

import json
from pathlib import Path
from typing import Any

import pytest

from reward_server.errors import TaskError
from reward_server.mathematics import MathOptions, compare, compile_ground_truth, equivalent

_ROWS = [json.loads(line) for line in (Path(__file__).parent / "comparing_cases.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("row", _ROWS, ids=[f"{row['ground_truth']}-{row['answer']}" for row in _ROWS])
def test_a_case_comes_out_as_the_table_says(row: dict[str, Any]):
    found = compare(compile_ground_truth(row["ground_truth"]), row["answer"])
    assert found.equal is row["equal"], found


@pytest.mark.parametrize("text", ["0/0", "0:0", "1/0", "0^0", r"x\equiv 1\pmod 0", r"\infty-\infty", r"\sqrt[0]{5}"])
def test_an_expression_without_a_value_is_no_ground_truth_and_no_answer(text: str):
    with pytest.raises(TaskError, match="no value"):
        compile_ground_truth(text)
    assert equivalent(text, text).equal is None
    assert compare(compile_ground_truth("1"), text).equal is False


@pytest.mark.parametrize("truth", [r"\approx 3.14", "about 3.14", r"x\approx3.14"])
def test_a_ground_truth_that_says_it_is_rounded_accepts_what_rounds_to_it(truth: str):
    assert compare(compile_ground_truth(truth), r"\pi").equal is True
    assert compare(compile_ground_truth(truth), "3.15").equal is False


def test_rounding_to_stated_digits_is_an_option():
    stated = MathOptions(tolerance="stated")
    assert compare(compile_ground_truth("3.14", stated), r"\pi").equal is True
    assert compare(compile_ground_truth("3.14"), r"\pi").equal is False
    assert compare(compile_ground_truth(r"\sqrt{2}"), "1.414214").equal is True
    assert compare(compile_ground_truth(r"\sqrt{2}"), "1.4142").equal is False


def test_what_a_condition_drops_is_named():
    found = compare(compile_ground_truth("y = 2x, x > 0"), "y = 2x")
    assert found.equal is True
    assert found.evidence["ignored"] == ["conditions the answer does not repeat"]


def test_nothing_that_was_dropped_hides_what_else_was():
    found = compare(compile_ground_truth("y = 2x, x > 0"), r"\phantom{0}y = 2x")
    assert found.equal is True
    assert found.evidence["ignored"] == ["conditions the answer does not repeat", r"\phantom{0}"]
