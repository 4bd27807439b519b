"""reward-doctor, a third-party lint of verifiers, finds nothing to say about the `math` grader.

Its corpus holds answers that must be accepted and exploits that must not (package `reward-doctor`).
"""

import pytest

from reward_server.errors import TaskError
from reward_server.graders import Completion
from reward_server.graders.math import MathTask, compile_task, grade_fast

doctor = pytest.importorskip("reward_doctor.audit", reason="reward-doctor is not installed (pip install reward-doctor)")


def _score(completion: str, reference: str) -> float:
    try:
        verdict = grade_fast(compile_task(MathTask(ground_truth=reference)), Completion(completion))
    except TaskError:
        return 0.0
    return 0.0 if verdict is None or verdict.score is None else verdict.score


def test_every_case_of_reward_doctor_is_graded_as_its_corpus_says():
    report = doctor.audit(_score, name="math")
    failed = [
        (outcome.case.id, outcome.failure_mode or outcome.error) for outcome in report.outcomes if not outcome.passed
    ]
    assert report.outcomes
    assert not failed
