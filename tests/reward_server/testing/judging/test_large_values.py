"""Large values and outputs are judged as small ones are, only elsewhere, and never at a price."""

import asyncio
from typing import Any

import orjson
import pytest

from reward_server.grading.workers import WorkerPool
from reward_server.testing.judging import large_values
from reward_server.testing.judging.cases import Case, CasesPlan, ValueRule
from reward_server.testing.judging.large_values import judge_large
from reward_server.testing.judging.outputs import OutputRule
from reward_server.testing.judging.suite import TestResult
from reward_server.verdict import Outcome
from sandboxes import decoding
from sandboxes.execution import Execution, Invocation, Status

MANY = list(range(50_000))


def judged(expected: Any, execution: Execution, rule: Any = None, *, in_process: bool = False) -> TestResult:
    plan = CasesPlan((Case("1", Invocation(), (expected,)),), rule or ValueRule())
    assert plan.is_long(execution)

    async def run() -> TestResult:
        workers = WorkerPool(1) if in_process else None
        try:
            return await judge_large(plan, 0, execution, workers)
        finally:
            if workers is not None:
                await workers.close()

    return asyncio.run(run())


def returned(value: Any) -> Execution:
    return Execution(Status.OK, encoded=orjson.dumps({"value": value}))


@pytest.mark.parametrize("in_process", [False, True])
def test_a_large_value_is_compared_like_any_other(in_process: bool) -> None:
    assert judged(MANY, returned(MANY), in_process=in_process).outcome is Outcome.CORRECT
    wrong = judged(MANY, returned([*MANY[:-1], 7]), in_process=in_process)
    assert (wrong.outcome, wrong.detail) == (Outcome.INCORRECT, "other value")
    assert wrong.expected.startswith("[0, 1, 2")


def test_a_value_far_longer_than_what_is_expected_is_only_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CasesPlan, "judge", None)
    for value in (["x" * 3_000_000], [[1]] * 500_000, list(range(200_000))):
        assert "bytes" in judged([1], returned(value)).detail
    assert "bytes" in judged(["y" * 100_000], returned(["x" * 3_000_000])).detail


def test_the_clumsiest_spelling_of_what_is_expected_is_not_too_long() -> None:
    assert judged([[]] * 20_000, returned([{"tuple": []}] * 20_000)).outcome is Outcome.CORRECT


def test_a_forged_record_is_no_result() -> None:
    forged = Execution(Status.OK, encoded=b"[" * 100_000)
    assert judged(["y" * 100_000], forged).outcome is Outcome.RUNTIME_ERROR


def test_a_large_output_is_compared_elsewhere_too() -> None:
    printed = Execution(Status.OK, stdout=b"1\n" * 1_000_000)
    assert judged(b"1\n" * 1_000_000, printed, OutputRule(), in_process=True).outcome is Outcome.CORRECT
    assert judged(b"1\n", printed, OutputRule()).outcome is Outcome.INCORRECT


def test_a_value_that_meets_a_limit_is_wrong_and_no_failure_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large_values, "_CPU_SECONDS", 0.001)
    result = judged(MANY * 4, returned(MANY * 4), in_process=True)
    assert (result.outcome, "limit" in result.detail) == (Outcome.INCORRECT, True)


def test_a_short_record_is_decoded_where_it_arrives() -> None:
    short = Execution(Status.OK, encoded=b'{"value": [1, {"int": "0xff"}]}')
    assert decoding.with_value(short).value == [1, 255]
    assert not decoding.with_value(short).encoded
