"""Every kind keeps its promises on its cases, alone and mixed in one batch; no attack is paid and none buys a null."""

from pathlib import Path
from typing import Any

import pytest

from reward_server import graders
from reward_server.cases import Case, attacks, cases, kinds
from reward_server.graders import Completion, Grader
from reward_server.verdict import UNSCORED, Verdict

_LEAST_ATTACKS = 30
_HERE = Path(__file__).parent
_GRADERS = graders.discover()


def _graded(kind: str, case: Case) -> Verdict | None:
    grader: Grader[Any, Any] = _GRADERS[kind]
    return grader.fast(grader.compile(grader.task.model_validate(case.task)), Completion(case.completion))


def _named(found: list[Case]) -> list[Any]:
    return [pytest.param(case, id=f"{number}-{case.why[:40]}") for number, case in enumerate(found)]


@pytest.mark.parametrize("kind", kinds())
def test_cases_come_out_as_they_must(kind: str):
    for case in cases(kind):
        verdict = _graded(kind, case)
        if verdict is not None:
            assert verdict.outcome.value == case.right, (case, verdict)


@pytest.mark.parametrize("kind", [kind for kind in kinds() if attacks(kind)])
def test_no_attack_is_paid_and_none_buys_a_null(kind: str):
    found = attacks(kind)
    assert len(found) >= _LEAST_ATTACKS
    for case in found:
        verdict = _graded(kind, case)
        if verdict is not None:
            assert verdict.outcome not in UNSCORED, (case.why, verdict)
            assert not verdict.score, (case.why, verdict)


def test_cases_stand_where_the_audit_finds_them():
    strays = [path.name for path in _HERE.glob("*.py") if not path.name.startswith(("test_", "__"))]
    assert not strays, f"{strays} belong into reward_server/cases, where `reward-server audit` finds them too"
