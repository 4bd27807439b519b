"""`composite`: several checks of one completion as one task: all of them, any, their weighted mean, or gates first.

- `all`: score 1 if every check scores 1, else 0; one check that surely fails decides, whatever the others are.
- `any`: the best score of the checks.
- `weighted`: the mean of the scores by `weight`.
- `gate`: every check but the last must score 1 ("format first"); the score is then the last one's, else 0.

A check without a score (`ungradable`, `undecided`, `bad_ground_truth`) leaves the whole without one where it could
still have changed it; the gravest of these is then the whole's. Checks may be composite; equal ones are graded once.
"""

import asyncio
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_core import PydanticCustomError, to_json

from reward_server.complaints import said
from reward_server.errors import TaskError
from reward_server.graders import Completion, Example, Grader, Resources, Task, discover
from reward_server.verdict import UNSCORED, Outcome, Verdict

Combine = Literal["all", "any", "weighted", "gate"]
_MAX_CHECKS = 32
_MAX_DEPTH = 4
_INLINE_CHARACTERS = 1_024
"""The event loop waits for all checks, each of which reads them; 250 may take `math` ten milliseconds."""
_GRAVEST = (Outcome.UNGRADABLE, Outcome.BAD_GROUND_TRUTH, Outcome.UNDECIDED)


class Check(Task):
    """One check of a composite task."""

    task: dict[str, Any]
    """A task of any kind, with its `kind`."""
    weight: float = Field(default=1.0, gt=0, le=1e6)
    """Its share, with `combine: weighted`."""
    name: str = ""
    """What the evidence calls it; its kind where omitted."""

    @field_validator("task")
    @classmethod
    def _is_a_task(cls, task: dict[str, Any]) -> dict[str, Any]:
        kind = task.get("kind")
        grader = discover().get(kind) if isinstance(kind, str) else None
        if grader is None:
            known = ", ".join(sorted(discover()))
            raise PydanticCustomError("unknown_kind", "task must have a `kind`, one of: {known}", {"known": known})
        try:
            grader.task.model_validate(task)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise PydanticCustomError("bad_task", "{why}", {"why": f"{where}: {said(first)}"}) from None
        return task


class CompositeTask(Task):
    """Grade a completion by several checks."""

    kind: Literal["composite"] = "composite"
    checks: list[Check] = Field(min_length=1, max_length=_MAX_CHECKS)
    """The checks, in the order in which gates are passed."""
    combine: Combine = "all"
    """How their scores become one; see the page of this kind."""


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    weight: float
    grader: Grader[Any, Any]
    compiled: Any
    place: int
    """Where the first check of the same task stands."""


@dataclass(frozen=True, slots=True)
class _Compiled:
    parts: tuple[_Part, ...]
    combine: Combine

    @property
    def own(self) -> list[_Part]:
        """One of each task."""
        return [part for number, part in enumerate(self.parts) if part.place == number]


def compile_task(task: CompositeTask) -> _Compiled:
    """Compile every check.

    Raises:
        TaskError: a check's task cannot be used, or composites are nested too deep.
    """
    _bound(task)
    parts: list[_Part] = []
    places: dict[bytes, int] = {}
    for number, check in enumerate(task.checks):
        grader = discover()[check.task["kind"]]
        place = places.setdefault(to_json(check.task, inf_nan_mode="constants"), number)
        try:
            same = parts[place].compiled if place < number else grader.compile(grader.task.model_validate(check.task))
        except TaskError as error:
            raise TaskError(f"checks[{number}]: {error}") from error
        parts.append(_Part(check.name or grader.kind, check.weight, grader, same, place))
    return _Compiled(tuple(parts), task.combine)


def _bound(task: CompositeTask) -> None:
    level: list[dict[str, Any]] = [check.task for check in task.checks]
    depth, checks = 1, len(level)
    while level := [check["task"] for inner in level if inner.get("kind") == "composite" for check in inner["checks"]]:
        depth, checks = depth + 1, checks + len(level)
        if depth > _MAX_DEPTH:
            raise TaskError(f"checks: composites are nested deeper than {_MAX_DEPTH}")
        if checks > _MAX_CHECKS:
            raise TaskError(f"checks: {checks} with those of inner composites, at most {_MAX_CHECKS}")


def grade(compiled: _Compiled, completion: Completion) -> Verdict | None:
    """Grade by the checks' fast tiers; None where one that still counts needs its slow tier."""
    verdicts: list[Verdict | None] = []
    for part in compiled.parts:
        verdict = verdicts[part.place] if part.place < len(verdicts) else part.grader.read(part.compiled, completion)
        verdicts.append(verdict)
        if verdict is not None and _fails_all(compiled, len(verdicts), verdict):
            return _combined(compiled, verdicts)
    return None if None in verdicts else _combined(compiled, verdicts)


def _fails_all(compiled: _Compiled, number: int, verdict: Verdict) -> bool:
    """Say whether the whole fails with this check, the `number`-th, whatever the others are."""
    if verdict.score is None or compiled.combine not in {"all", "gate"}:
        return False
    return verdict.score == 0 or (verdict.score < 1 and (compiled.combine == "all" or number < len(compiled.parts)))


async def grade_slowly(compiled: _Compiled, completion: Completion, resources: Resources) -> Verdict:
    """Grade by every check, the slow tiers side by side; gates one after the other."""
    if compiled.combine != "gate":
        pairs = zip(compiled.own, await _read(compiled, compiled.own, completion), strict=True)
        made = await asyncio.gather(*(_finished(*pair, completion, resources) for pair in pairs))
        by_place = {part.place: verdict for part, verdict in zip(compiled.own, made, strict=True)}
        return _combined(compiled, [by_place[part.place] for part in compiled.parts])
    gates: list[Verdict] = []
    for part in compiled.parts:
        if part.place < len(gates):
            gates.append(gates[part.place])
        else:
            (verdict,) = await _read(compiled, [part], completion)
            gates.append(await _finished(part, verdict, completion, resources))
        if _fails_all(compiled, len(gates), gates[-1]):
            break
    return _combined(compiled, gates)


async def _read(compiled: _Compiled, parts: Sequence[_Part], completion: Completion) -> list[Verdict | None]:
    """Grade by fast tiers, here or in one thread: several would keep the event loop from its turns."""
    if len(completion.text) <= _INLINE_CHARACTERS // _readings(compiled):
        return [part.grader.read(part.compiled, completion) for part in parts]
    return await asyncio.to_thread(lambda: [part.grader.read(part.compiled, completion) for part in parts])


async def _finished(part: _Part, verdict: Verdict | None, completion: Completion, resources: Resources) -> Verdict:
    """Return what the fast tier said, else what the slow one says."""
    return verdict or await part.grader.decide(part.compiled, completion, resources)


def _combined(compiled: _Compiled, verdicts: Sequence[Verdict | None]) -> Verdict:
    """Combine the verdicts of the checks that were looked at; None is a check whose score no longer matters."""
    known = [verdict for verdict in verdicts if verdict is not None]
    evidence: dict[str, Any] = {
        "method": compiled.combine,
        "checks": [_shown(part, verdict) for part, verdict in zip(compiled.parts, verdicts, strict=False)],
    }
    cacheable = all(verdict.cacheable for verdict in known)
    answer = known[-1].answer if known else None
    score = _score(compiled, verdicts)
    if score is None:
        outcomes = [verdict.outcome for verdict in known]
        worst = next(outcome for outcome in _GRAVEST if outcome in outcomes)
        reason = known[outcomes.index(worst)].evidence.get("reason", worst.value)
        again = all(verdict.retryable for verdict in known if verdict.outcome is Outcome.UNGRADABLE)
        return Verdict(worst, None, answer, {**evidence, "reason": reason}, cacheable=False, retryable=again)
    outcome = Outcome.PARTIAL if 0 < score < 1 else Outcome.CORRECT if score else _failure(known)
    return Verdict(outcome, score, answer, evidence, cacheable=cacheable)


def _score(compiled: _Compiled, verdicts: Sequence[Verdict | None]) -> float | None:
    if compiled.combine == "gate":
        return _behind_gates(verdicts, len(compiled.parts))
    scores = [verdict.score for verdict in verdicts if verdict is not None]
    scored = [score for score in scores if score is not None]
    whole = len(scored) == len(scores)
    if compiled.combine == "all":
        return 0.0 if any(score < 1 for score in scored) else 1.0 if whole else None
    if compiled.combine == "any":
        best = max(scored, default=0.0)
        return best if whole or best == 1 else None
    if not whole or all(score == 1 for score in scored):
        return 1.0 if whole else None  # whatever the rounding of the weights
    total = sum(part.weight for part in compiled.parts)
    mean = sum(part.weight * score for part, score in zip(compiled.parts, scored, strict=True)) / total
    return min(mean, math.nextafter(1.0, 0.0))


def _behind_gates(verdicts: Sequence[Verdict | None], checks: int) -> float | None:
    """Return 0 where a gate is shut, or nothing is behind them; what has no score could not change that."""
    scores = [None if verdict is None else verdict.score for verdict in verdicts]
    if 0 in scores or any(score is not None and score < 1 for score in scores[: checks - 1]):
        return 0.0
    return None if None in scores else scores[-1]


def _failure(known: Sequence[Verdict]) -> Outcome:
    """Return the outcome of a failed whole: that of its first failed check."""
    failed = [verdict.outcome for verdict in known if verdict.score is not None and verdict.score < 1]
    return next((outcome for outcome in failed if outcome not in UNSCORED | {Outcome.PARTIAL}), Outcome.INCORRECT)


def _shown(part: _Part, verdict: Verdict | None) -> dict[str, Any]:
    if verdict is None:
        return {"check": part.name, "outcome": "not needed"}
    return {
        "check": part.name,
        "outcome": verdict.outcome.value,
        "score": verdict.score,
        "answer": verdict.answer,
        "evidence": verdict.evidence,
    }


def _stated(compiled: _Compiled) -> str | None:
    """Return what a single check states; several are seldom satisfied by one text that none of them wrote."""
    (first, *more) = compiled.parts
    return None if more else first.grader.state(first.compiled)


def _environment(compiled: _Compiled, resources: Resources) -> str:
    return "\n".join(part.grader.environment(part.compiled, resources) for part in compiled.parts)


def _estimate(compiled: _Compiled) -> float:
    return sum(part.grader.estimate_cpu_seconds(part.compiled) for part in compiled.own)


def _readings(compiled: _Compiled) -> int:
    return sum(part.grader.readings(part.compiled) for part in compiled.own)


_TAGGED = {
    "kind": "composite",
    "combine": "gate",
    "checks": [
        {"task": {"kind": "schema", "schema": {"type": "object", "required": ["answer"]}}, "name": "format"},
        {"task": {"kind": "schema", "values": {"answer": 42}}, "name": "accuracy"},
    ],
}

GRADER = Grader(
    task=CompositeTask,
    version=4,
    compile=compile_task,
    fast=grade,
    slow=grade_slowly,
    environment=_environment,
    mixed=lambda compiled: any(part.grader.runs_programs(part.compiled) for part in compiled.parts),
    state=_stated,
    inline_characters=_INLINE_CHARACTERS,
    readings=_readings,
    estimate_cpu_seconds=_estimate,
    examples=[
        Example(_TAGGED, '{"answer": 42}', Outcome.CORRECT),
        Example(_TAGGED, '{"answer": 41}', Outcome.INCORRECT),
        Example(_TAGGED | {"combine": "weighted"}, '{"answer": 41}', Outcome.PARTIAL),
        Example(_TAGGED | {"combine": "any"}, '{"answer": 41}', Outcome.CORRECT),
    ],
)
