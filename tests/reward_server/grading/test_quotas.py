"""What a tenant may take in a minute, and that the time to come back is honest."""

import pytest

from reward_server.errors import Overloaded
from reward_server.grading.admission import Admission
from reward_server.grading.quotas import ANYBODY, Quotas, Tenant, ask_as


@pytest.fixture(autouse=True)
def _nobody_asks_afterwards():
    yield
    ask_as(ANYBODY)


class _Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def _refused(take: object, *arguments: float) -> float:
    with pytest.raises(Overloaded) as refused:
        take(*arguments)  # type: ignore[operator]
    return refused.value.retry_after_seconds


def test_items_are_let_in_again_when_the_answer_said_and_not_before():
    clock = _Clock()
    quotas = Quotas(clock)
    ask_as(Tenant("a", items_a_minute=60))
    quotas.take_items(50)
    wait = _refused(quotas.take_items, 40)
    assert wait == pytest.approx(30)
    clock.now = wait - 0.01
    _refused(quotas.take_items, 40)
    clock.now = wait
    quotas.take_items(40)
    ask_as(Tenant("b", items_a_minute=60))
    quotas.take_items(60)  # another's quota is another's
    ask_as(ANYBODY)
    quotas.take_items(10_000)


def test_a_request_beyond_a_minutes_worth_is_let_in_when_nothing_is_owed_and_then_paid_for():
    clock = _Clock()
    quotas = Quotas(clock)
    ask_as(Tenant("a", items_a_minute=60))
    quotas.take_items(180)
    assert _refused(quotas.take_items, 1) == pytest.approx(121)
    clock.now = 121
    quotas.take_items(1)
    assert _refused(quotas.take_items, 60) == pytest.approx(60)


def test_items_of_a_refused_request_are_returned():
    quotas = Quotas(_Clock())
    ask_as(Tenant("a", items_a_minute=60))
    quotas.take_items(60)
    quotas.return_items(60)
    quotas.take_items(60)


def test_cpu_seconds_are_charged_as_spent_and_estimated_until_then():
    clock = _Clock()
    admission = Admission(slots=1, queue_cpu_seconds=1e6, quotas=Quotas(clock))
    ask_as(Tenant("a", cpu_seconds_a_minute=60))
    admission.admit(40)
    assert _refused(admission.admit, 30) == pytest.approx(10)
    with admission.release(40):
        pass
    admission.quotas.charge_cpu(5.0)  # it was cheaper than it looked
    admission.admit(30)
    with admission.release(30):
        pass
    admission.quotas.charge_cpu(100.0)  # this was not
    assert _refused(admission.admit, 1) == pytest.approx(46)
    clock.now = 46
    admission.admit(1)


def test_nothing_is_charged_for_what_was_known():
    quotas = Quotas(_Clock())
    ask_as(Tenant("a", cpu_seconds_a_minute=1))
    quotas.charge_cpu(10.0)
    quotas.check_cpu(0.0, 1.0)
    assert _refused(quotas.check_cpu, 0.1, 1.0) > 0
