"""A score is what the reducer's table says, and nothing has passed without a result."""

import pytest

from reward_server.testing.judging.reducers import Reducer, reduce_results
from reward_server.testing.judging.suite import TestResult, Weighing
from reward_server.verdict import Outcome

PASS, FAIL = TestResult("a", Outcome.CORRECT), TestResult("b", Outcome.TIME_LIMIT)


@pytest.mark.parametrize(
    ("results", "reducer", "outcome", "score"),
    [
        ([PASS, PASS, PASS], "all", "correct", 1.0),
        ([PASS, FAIL], "all", "time_limit", 0.0),
        ([PASS, FAIL, PASS], "fraction", "partial", 2 / 3),
        ([FAIL], "fraction", "time_limit", 0.0),
        ([PASS, PASS, FAIL], "weighted", "partial", 0.3),
        ([PASS, FAIL, PASS], "subtasks", "partial", 0.7 / 0.9),
        ([], "all", "runtime_error", 0.0),
        ([PASS], "all", "runtime_error", 0.0),
    ],
)
def test_reducers(results: list[TestResult], reducer: str, outcome: str, score: float) -> None:
    weighings = [Weighing(0.1, "easy"), Weighing(0.2, "easy"), Weighing(0.7, "hard")]
    said, points = reduce_results(results, weighings, Reducer(reducer))
    assert (said.value, points) == (outcome, pytest.approx(score))


def test_points_of_a_checker_count() -> None:
    half = TestResult("a", Outcome.INCORRECT, score=0.5)
    assert reduce_results([half, PASS], [Weighing()] * 2, Reducer.FRACTION) == (Outcome.PARTIAL, 0.75)
    assert reduce_results([half, PASS], [Weighing()] * 2, Reducer.ALL) == (Outcome.INCORRECT, 0.0)
