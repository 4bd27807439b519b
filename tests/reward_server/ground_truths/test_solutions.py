"""A ground truth that is a whole solution is read where it ends with one value, and only there."""

from typing import Any

import pytest

from reward_server.files.formats import numbered
from reward_server.files.lint import lint_rows
from reward_server.graders import Completion
from reward_server.graders.math import MathTask, compile_task, grade_fast
from reward_server.ground_truths.solutions import stated_value
from reward_server.verdict import Outcome, Verdict

_CONCLUDED = (
    "Jenny bakes 12 cookies and gives 3 of them to her brother.\nSo there are 12 - 3 = 9 cookies left.\n\n"
    "Therefore, the number of cookies she eats is 9."
)
_ANNOUNCED = "First we add the two numbers on the left, which gives 4 + 5 = 9.\nThe answer is 9.\n\nWe are done here."
_BOTH = _ANNOUNCED.replace("We are done here.", "Therefore, she has 9 cookies.")
_DIFFERENT = _ANNOUNCED.replace("We are done here.", "Therefore, she has 10 cookies.")
_OPEN = (
    "The cost of a cup depends on how many cups there are in the bottle, which costs $2.50 in the shop.\n"
    "Without the number of cups, we cannot determine the cost of a cup."
)
_COMPARED = (
    "Before the reduction of the price there were 15 kg of oil, and there are 20 kg now, so 20 - 15 = 5.\n"
    "So, she can obtain 5 kg more oil for Rs. 1000 after the reduction."
)
_IN_WORDS = "The quotient does not change, but the remainder increases by a factor of 3. Nothing else changes here."
_HEDGED = "We look at both sides of the equation and compare them with care, step by step.\nTherefore, x is 3 or 4."
_DENIED = "We look at both sides of the equation and compare them with care, step by step.\nTherefore, x is not 9."


def _graded(compiled: Any, answer: str) -> Verdict:
    verdict = grade_fast(compiled, Completion(rf"\boxed{{{answer}}}"))
    assert verdict is not None
    return verdict


@pytest.mark.parametrize("solution", [_CONCLUDED, _ANNOUNCED, _BOTH])
def test_the_value_a_solution_ends_with_is_its_ground_truth(solution: str):
    compiled = compile_task(MathTask(ground_truth=solution))
    right, wrong = _graded(compiled, "9"), _graded(compiled, "12")
    assert right.outcome is Outcome.CORRECT
    assert wrong.outcome is Outcome.INCORRECT
    (read,) = right.evidence["ground_truth_read"]
    assert read["value"].endswith("9")
    assert read["rule"] in {"answer_is", "last_resort"}


@pytest.mark.parametrize("solution", [_DIFFERENT, _OPEN, _COMPARED, _IN_WORDS, _HEDGED, _DENIED])
@pytest.mark.parametrize("answer", ["9", "10", "3", "4", "5", "1000", "2.50"])
def test_nothing_is_read_out_of_a_solution_that_may_say_others(solution: str, answer: str):
    verdict = grade_fast(compile_task(MathTask(ground_truth=solution)), Completion(rf"\boxed{{{answer}}}"))
    assert verdict is None or verdict.outcome is not Outcome.CORRECT
    assert stated_value(solution) is None


@pytest.mark.parametrize("answer", ["42", "no real solution", "x = 3 or x = 4", r"\text{only } x = 0", "The sum is 4."])
def test_an_answer_is_no_solution(answer: str):
    assert stated_value(answer) is None


def test_a_box_may_hold_its_own_announcement():
    compiled = compile_task(MathTask(ground_truth=r"so $\boxed{- The final answer is (B) 1.}$"))
    for answer, expected in (("1", Outcome.CORRECT), ("B", Outcome.CORRECT), ("2", Outcome.INCORRECT)):
        assert _graded(compiled, answer).outcome is expected


def test_lint_reports_what_it_read():
    report = lint_rows(numbered([{"gold": _CONCLUDED}]))
    assert [finding.severity for finding in report.findings] == ["ambiguous"]
    assert "a whole solution: its last sentence is read as '9'" in report.findings[0].reason
    assert report.classes["integer"] == 1
