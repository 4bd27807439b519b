"""A check that breaks is one check without a score, not the whole item."""

import asyncio

import pytest

from reward_server.errors import TaskError
from reward_server.graders import Completion, Resources
from reward_server.graders.composite import GRADER
from reward_server.verdict import Outcome, Verdict

_VALUE = {"kind": "schema", "values": {"answer": 4}}
_CODE = {"kind": "code", "tests": [{"stdin": "", "stdout": "7"}]}
_PROGRAM = '```json\n{"answer": 4}\n```\n```python\nprint(7)\n```'


def _graded(combine: str, *tasks: dict) -> Verdict:
    task = {"kind": "composite", "combine": combine, "checks": [{"task": task} for task in tasks]}
    compiled = GRADER.compile(GRADER.task.model_validate(task))
    assert GRADER.slow is not None
    return asyncio.run(GRADER.slow(compiled, Completion(_PROGRAM), Resources()))


@pytest.mark.parametrize(
    ("combine", "outcome"),
    [("any", Outcome.CORRECT), ("all", Outcome.UNGRADABLE), ("weighted", Outcome.UNGRADABLE)],
)
def test_a_sandbox_that_is_missing_breaks_one_check(combine: str, outcome: Outcome):
    verdict = _graded(combine, _VALUE, _CODE)
    assert verdict.outcome is outcome
    assert [check["outcome"] for check in verdict.evidence["checks"]] == ["correct", "ungradable"]


def test_composites_are_bounded_in_all():
    many = {"kind": "composite", "checks": [{"task": _VALUE}] * 32}
    with pytest.raises(TaskError, match="at most 32"):
        _graded("all", many, _VALUE)
