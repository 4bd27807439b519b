"""What a verdict on a program says beside its outcome: the failed tests, what they cost, signs of cheating."""

from collections.abc import Sequence
from typing import Any

from reward_server.testing.judging.judge import Judged
from reward_server.testing.judging.suite import Plan, TestResult
from reward_server.verdict import Outcome
from sandboxes.execution import Execution

_LISTED = 20
"""Tests that are listed one by one; failed ones first."""
_LOGGED, _LOG_BYTES = 5, 64 * 1024
"""Runs whose standard error is kept when it is asked for, and how much of each."""


def code_evidence(
    language: str, plan: Plan, judged: Judged, *, hide_expected: bool, logs: bool = False
) -> dict[str, Any]:
    """Return evidence of JSON values alone; texts in it are already shortened.

    With `logs` standard error is in it, but where expected values are hidden and tests beside the program may have
    written them there.
    """
    results = judged.results
    failed = [result for result in results if result.outcome is not Outcome.CORRECT]
    passed = [result for result in results if result.outcome is Outcome.CORRECT]
    flags = sorted({flag for execution in judged.executions for flag in execution.flags})
    evidence: dict[str, Any] = {
        "method": "tests",
        "trust": judged.trust or plan.trust,
        "language": language,
        "passed": len(passed),
        "total": max(len(plan.weighings), len(results)),
        "cpu_seconds": round(sum(execution.cpu_seconds for execution in judged.executions), 4),
        "wall_seconds": round(sum(execution.wall_seconds for execution in judged.executions), 4),
        "memory_bytes": max((execution.memory_bytes for execution in judged.executions), default=0),
        "failed": [_described(result, plan, hide_expected=hide_expected) for result in failed[:_LISTED]],
    }
    if len(results) > 1:
        evidence["tests"] = [
            {
                "test": result.name,
                "outcome": result.outcome.value,
                "cpu_seconds": result.cpu_seconds,
                "wall_seconds": result.wall_seconds,
                "memory_bytes": result.memory_bytes,
            }
            for result in (failed + passed)[:_LISTED]
        ]
    if units := [result.unit for result in results if result.unit]:
        evidence["tests_unit"] = units[0]
    if judged.compared_by_program:
        evidence["compared_by_program"] = judged.compared_by_program
    if flags:
        evidence["flags"] = flags
    if logs and not (hide_expected and evidence["trust"] != "separate"):
        evidence["logs"] = _logs(judged.executions)
    return evidence


def _logs(executions: Sequence[Execution]) -> list[dict[str, Any]]:
    """Return what the first few runs that wrote to standard error, or the compiler, wrote there, with its run."""
    said = [(number, execution) for number, execution in enumerate(executions, start=1) if execution.stderr]
    return [
        {
            "run": number,
            "status": execution.status.value,
            "stderr": execution.stderr[:_LOG_BYTES].decode("utf-8", "replace"),
            "bytes": len(execution.stderr),
        }
        for number, execution in said[:_LOGGED]
    ]


def _described(result: TestResult, plan: Plan, *, hide_expected: bool) -> dict[str, Any]:
    """Describe a failure; what a test, checker or test file says about it may quote what was expected."""
    described: dict[str, Any] = {"test": result.name, "outcome": result.outcome.value}
    quotes = result.outcome is Outcome.INCORRECT or plan.trust != "separate"
    if result.detail and not (hide_expected and quotes):
        described["detail"] = result.detail
    if result.expected and not hide_expected:
        described["expected"] = result.expected
    if result.got and not (hide_expected and result.derived):
        described["got"] = result.got
    if result.score:
        described["score"] = result.score
    return described
