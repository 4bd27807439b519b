"""From the results of single tests to one outcome and score.

| reducer | score |
|---|---|
| `all` | 1 when every test passed, else 0; running stops at the first failure (the default) |
| `fraction` | passed tests over all tests |
| `weighted` | weights of the passed tests over all weights |
| `subtasks` | for each subtask its weight times its worst test (IOI), over all weights |
"""

from collections.abc import Sequence
from enum import StrEnum

from reward_server.testing.judging.suite import TestResult, Weighing
from reward_server.verdict import Outcome


class Reducer(StrEnum):
    """How test results become a score; the table above."""

    ALL = "all"
    FRACTION = "fraction"
    WEIGHTED = "weighted"
    SUBTASKS = "subtasks"


def reduce_results(
    results: Sequence[TestResult], weighings: Sequence[Weighing], reducer: Reducer
) -> tuple[Outcome, float]:
    """Return outcome and score; a test without a result counts as failed. Without any result nothing has passed."""
    failures = [result for result in results if result.outcome is not Outcome.CORRECT]
    complete = bool(results) and len(results) >= len(weighings) and not failures
    if complete:
        return Outcome.CORRECT, 1.0
    outcome = failures[0].outcome if failures else Outcome.RUNTIME_ERROR
    if reducer is Reducer.ALL:
        return outcome, 0.0
    score = _share(results, weighings, reducer)
    return (Outcome.PARTIAL if score > 0 else outcome), min(score, 1.0)


def _share(results: Sequence[TestResult], weighings: Sequence[Weighing], reducer: Reducer) -> float:
    points = [result.points for result in results] + [0.0] * (len(weighings) - len(results))
    if reducer is Reducer.FRACTION or not weighings:
        return sum(points) / len(points)
    if reducer is Reducer.WEIGHTED:
        total = sum(weighing.weight for weighing in weighings)
        return (
            sum(p * weighing.weight for p, weighing in zip(points, weighings, strict=False)) / total if total else 0.0
        )
    worst: dict[str, float] = {}
    weight: dict[str, float] = {}
    for p, weighing in zip(points, weighings, strict=False):
        worst[weighing.subtask] = min(worst.get(weighing.subtask, 1.0), p)
        weight[weighing.subtask] = max(weight.get(weighing.subtask, 0.0), weighing.weight)
    total = sum(weight.values())
    return sum(worst[name] * weight[name] for name in worst) / total if total else 0.0
