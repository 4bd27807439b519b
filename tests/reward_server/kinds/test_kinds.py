"""Every kind keeps its promises on its cases; no attack is paid and none buys a null."""

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from reward_server.cases import Case, attacks, cases, kinds
from reward_server.verdict import UNSCORED, Verdict

_LEAST_ATTACKS = 30
_HERE = Path(__file__).parent
_SLOW_CASES = 40
"""Of a kind's honest cases, where they need sandboxes; `REWARD_KINDS_WHOLE` grades all."""
_SLOW_KINDS = {"sql"}
Grade = Callable[[str, Case], Verdict]


@pytest.mark.parametrize("kind", kinds())
def test_cases_come_out_as_they_must(kind: str, grade: Grade):
    found = cases(kind)
    if kind in _SLOW_KINDS and not os.environ.get("REWARD_KINDS_WHOLE"):
        found = random.Random(7).sample(found, min(_SLOW_CASES, len(found)))
    for case in found:
        verdict = grade(kind, case)
        assert verdict.outcome.value == case.right, (case, verdict)


@pytest.mark.parametrize("kind", [kind for kind in kinds() if attacks(kind)])
def test_no_attack_is_paid_and_none_buys_a_null(kind: str, grade: Grade):
    found = attacks(kind)
    assert len(found) >= _LEAST_ATTACKS
    for case in found:
        verdict = grade(kind, case)
        assert verdict.outcome not in UNSCORED, (case.why, verdict)
        assert not verdict.score, (case.why, verdict)


def test_cases_stand_where_the_audit_finds_them():
    strays = [path.name for path in _HERE.glob("*.py") if not path.name.startswith(("test_", "__", "conftest"))]
    assert not strays, f"{strays} belong into reward_server/cases, where `reward-server audit` finds them too"
