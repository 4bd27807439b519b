"""A check that breaks is one check without a score, not the whole item."""

import asyncio
import threading
from dataclasses import replace
from typing import Any

import pytest

from reward_server.errors import NotInstalled, TaskError
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


def test_what_lacks_a_package_of_one_check_is_not_asked_for_again():
    async def lacking(*_given: Any) -> Verdict:
        raise NotInstalled("no such package")

    task = {"kind": "composite", "combine": "all", "checks": [{"task": _VALUE}, {"task": _CODE}]}
    compiled = GRADER.compile(GRADER.task.model_validate(task))
    value, code = compiled.parts
    without = replace(compiled, parts=(value, replace(code, grader=replace(code.grader, slow=lacking))))
    for subject, again in ((without, False), (compiled, True)):
        verdict = asyncio.run(GRADER.slow(subject, Completion(_PROGRAM), Resources()))
        assert (verdict.outcome, verdict.retryable) == (Outcome.UNGRADABLE, again)


def test_composites_are_bounded_in_all():
    many = {"kind": "composite", "checks": [{"task": _VALUE}] * 32}
    with pytest.raises(TaskError, match="at most 32"):
        _graded("all", many, _VALUE)


_FOUR = {"kind": "math", "ground_truth": "4"}
_OPEN = {"kind": "math", "ground_truth": "1," * 499 + "1"}
_UNREAD = "\\boxed{" + "a" * 250 + "1}"


def _compiled(combine: str, *checks: dict, **more: Any) -> Any:
    task = {"kind": "composite", "combine": combine, "checks": [{"task": check, **more} for check in checks]}
    return GRADER.compile(GRADER.task.model_validate(task))


def _both_tiers(compiled: Any, text: str) -> set[tuple[Outcome, float | None]]:
    assert GRADER.slow is not None
    said = [GRADER.fast(compiled, Completion(text)), asyncio.run(GRADER.slow(compiled, Completion(text), Resources()))]
    return {(verdict.outcome, verdict.score) for verdict in said if verdict is not None}


@pytest.mark.parametrize("combine", ["all", "gate"])
def test_a_check_without_a_score_hides_no_failure_behind_it(combine: str):
    assert _both_tiers(_compiled(combine, _OPEN, _FOUR), _UNREAD) == {(Outcome.INCORRECT, 0.0)}
    assert _both_tiers(_compiled(combine, _OPEN, _FOUR, _OPEN), _UNREAD) == {(Outcome.INCORRECT, 0.0)}
    assert _both_tiers(_compiled(combine, _OPEN, _OPEN), _UNREAD) == {(Outcome.UNDECIDED, None)}
    assert _both_tiers(_compiled(combine, _CODE, _FOUR), "```python\nprint(7)\n```\n#### 9") == {
        (Outcome.INCORRECT, 0.0)
    }


def test_a_gate_that_is_passed_in_part_is_shut():
    half = {"kind": "composite", "combine": "weighted", "checks": [{"task": _FOUR}, {"task": _VALUE}]}
    assert _both_tiers(_compiled("gate", half, _FOUR), "4") == {(Outcome.INCORRECT, 0.0)}
    assert _both_tiers(_compiled("gate", _FOUR, half), "4") == {(Outcome.PARTIAL, 0.5)}


def test_no_weight_is_too_small_to_fail():
    checks = [{"task": _FOUR, "weight": 1e6}, {"task": _VALUE, "weight": 1e-11}]
    compiled = GRADER.compile(GRADER.task.model_validate({"checks": checks, "combine": "weighted"}))
    ((outcome, score),) = _both_tiers(compiled, "4")
    assert outcome is Outcome.PARTIAL
    assert 0.999 < (score or 0) < 1


def _watched(compiled: Any) -> tuple[Any, list[int]]:
    """Return the same task with the threads in which each check's fast tier runs."""
    threads: list[int] = []

    def watching(fast: Any) -> Any:
        def noted(check: Any, completion: Completion) -> Any:
            threads.append(threading.get_ident())
            return fast(check, completion)

        return noted

    parts = [replace(part, grader=replace(part.grader, fast=watching(part.grader.fast))) for part in compiled.parts]
    return replace(compiled, parts=tuple(parts)), threads


def test_the_event_loop_reads_what_is_short_for_so_many_checks():
    text = "4 " * 200
    few, many = (
        _compiled("weighted", _FOUR, _CODE),
        _compiled("weighted", *({**_FOUR, "ground_truth": n} for n in range(32))),
    )
    assert GRADER.inline_limit(few) == 16 * GRADER.inline_limit(many) < len(text) * 2
    for combine, checks in (("weighted", (_FOUR, _CODE)), ("gate", (_FOUR, _CODE))):
        watched, threads = _watched(_compiled(combine, *checks))
        _both_tiers(watched, "4")
        assert set(threads) == {threading.get_ident()}
        threads.clear()
        assert GRADER.slow is not None
        asyncio.run(GRADER.slow(watched, Completion(text * 20), Resources()))
        assert threading.get_ident() not in threads


def test_equal_checks_are_read_once():
    watched, threads = _watched(_compiled("weighted", *[_FOUR] * 30, _VALUE))
    verdict = GRADER.fast(watched, Completion("4"))
    assert verdict is not None
    assert round(verdict.score or 0, 4) == round(30 / 31, 4)
    assert len(verdict.evidence["checks"]) == 31
    assert len(threads) == 2
