"""Backpressure is by what work is expected to cost, and expectations follow what it did cost."""

import pytest

from reward_server.errors import Overloaded
from reward_server.grading.admission import Admission


def test_an_empty_queue_admits_anything_and_a_full_one_nothing() -> None:
    admission = Admission(slots=2, queue_cpu_seconds=10.0)
    admission.admit(50.0)
    with pytest.raises(Overloaded) as refused:
        admission.admit(0.1)
    assert refused.value.retry_after_seconds == pytest.approx(50.0 / 2 / 2)
    with admission.release(50.0):
        pass
    admission.admit(0.1)
    assert admission.queued_cpu_seconds == pytest.approx(0.1)


def test_a_job_that_fails_gives_its_share_back() -> None:
    admission = Admission(slots=1, queue_cpu_seconds=10.0)
    admission.admit(5.0)
    with pytest.raises(ValueError), admission.release(5.0):
        raise ValueError
    assert admission.queued_cpu_seconds == 0.0


def test_work_that_costs_more_than_estimated_fills_the_queue_sooner() -> None:
    admission = Admission(slots=1, queue_cpu_seconds=10.0)
    for _ in range(500):
        admission.learn(0.1, 5.0)
    admission.admit(0.1)
    assert admission.queued_cpu_seconds == pytest.approx(5.0, rel=0.05)
    with pytest.raises(Overloaded):
        admission.admit(0.2)
    for _ in range(500):
        admission.learn(0.1, 0.01)
    admission.admit(0.2)
