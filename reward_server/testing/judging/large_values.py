"""Values and outputs too large for the event loop: decoded and compared in a worker process, within bounds.

A program decides how much it returns, the task decides how much is expected: of a value that is many times longer than
anything the task accepts, only the length is looked at. What is looked at has a limit on CPU time and memory there.
One that meets a limit is another value than the expected one: what a program causes is a verdict, never a null.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from reward_server.testing.judging.cases import Case, CasesPlan
from reward_server.testing.judging.shown_values import size_of
from reward_server.testing.judging.suite import TestResult, measured
from reward_server.verdict import Outcome
from sandboxes import decoding
from sandboxes.execution import Execution, Invocation

_SLACK = decoding.DECODED_AT_ONCE
_TIMES_EXPECTED = 16
"""How much longer than what is expected an equal value may be written: `{"frozenset":[]}` for `[]`."""
_CPU_SECONDS = 20.0


class Workers(Protocol):
    """Killable processes for CPU-bound work, as `grading.workers.WorkerPool` is."""

    async def run(self, function: Callable[[Any], Any], argument: Any, cpu_seconds: float) -> Any:
        """Run `function(argument)`; what comes has the `value`, or None and the limit that was `exceeded`."""
        ...


@dataclass(frozen=True, slots=True)
class _Order:
    """One run to judge, with nothing of the other tests."""

    plan: CasesPlan
    execution: Execution


async def judge_large(plan: CasesPlan, index: int, execution: Execution, workers: Workers | None) -> TestResult:
    """Return the result of run `index`.

    Raises:
        ServiceError: no worker process could do it.
    """
    if (detail := _obviously_too_long(plan.cases[index], len(execution.encoded))) is not None:
        return measured(_too_large(plan.cases[index], detail), execution)
    case = replace(plan.cases[index], invocation=Invocation(files={}))
    order = _Order(replace(plan, cases=(case,)), replace(execution, stderr=b""))
    if workers is None:
        return await asyncio.to_thread(_judge, order)
    ran = await workers.run(_judge, order, _CPU_SECONDS)
    if ran.value is None:
        return measured(_too_large(case, f"comparing the value met a limit: {ran.exceeded}"), execution)
    result: TestResult = ran.value
    return result


def _judge(order: _Order) -> TestResult:
    plan, execution = order.plan, order.execution
    (case,) = plan.cases
    if (detail := _too_long(case, len(execution.encoded))) is not None:
        return measured(_too_large(case, detail), execution)
    return plan.judge(0, execution, stop_at_failure=True)[0]


def _obviously_too_long(case: Case, length: int) -> str | None:
    """Say why a value is too long for the case, where that is seen with little work: most are, and need not travel."""
    most = _SLACK + _TIMES_EXPECTED * _SLACK
    return _too_long(case, length, _SLACK) if length > most else None


def _too_long(case: Case, length: int, counted: int | None = None) -> str | None:
    """Say why a value of so many bytes is too long for the case, counting no further than `counted`."""
    if not length:
        return None
    size = max(size_of(value, counted or length) for value in case.accepted)
    if counted is not None and size >= counted:
        return None
    most = _SLACK + _TIMES_EXPECTED * size
    return f"a value of {length} bytes, where {most} are too many" if length > most else None


def _too_large(case: Case, detail: str) -> TestResult:
    return TestResult(case.name, Outcome.INCORRECT, detail=detail)
