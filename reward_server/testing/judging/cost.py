"""What judging a program is expected to cost, before it ran."""

from collections.abc import Sequence

from reward_server.testing.judging.checker_protocols import Checker
from reward_server.testing.judging.suite import Suite

_COMPILING, _COMPILING_JUDGE = 1.0, 4.0
"""Seconds; testlib.h alone takes a compiler longer than most solutions."""


def expected_cpu_seconds(suite: Suite, language: str, judge: Checker | None) -> float:
    """Return seconds of a compiler where there is one, and a few hundredths for each test."""
    tests: Sequence[object] = suite.plan.weighings
    compiling = _COMPILING * (language != "python")
    compiling += _COMPILING_JUDGE * (judge is not None and judge.language != "python")
    each = 0.02 if judge is None else 0.04
    return 0.02 + compiling + min(each * len(tests), suite.limits.cpu_seconds)
