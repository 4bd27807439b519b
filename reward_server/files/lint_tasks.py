"""A row that holds a whole task, of any kind: is it one that this server takes, and does its ground truth grade itself?

A task is held against the same model as a request's, so that a field, option or kind that nobody knows is named with
the nearest one that is known. Then it is compiled, and the completion that its grader says states the ground truth is
graded by the fast tier, in this process. What takes a sandbox or a worker is only compiled. Of a whole data set it says
what an answer would be paid that is the same for every row.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError

from reward_server import graders
from reward_server.errors import GraderError, RewardServerError, blame
from reward_server.graders import Completion
from reward_server.http.problems import error_response
from reward_server.http.requests import item_adapter
from reward_server.verdict import Outcome


class Held(NamedTuple):
    """What became of one task."""

    kind: str
    problem: str
    """Why it cannot be used, empty where it can."""
    outcome: Outcome | None
    """How its own statement is graded; None where it has none, or where that takes the slow tier."""
    compiled: Any = None


def whole_task(row: Mapping[str, Any], kind: str | None) -> Mapping[str, Any] | None:
    """Return the task that a row holds; None for a row that holds a ground truth alone.

    It stands in `task`, as an object or as JSON text, or the row is one itself; with a `kind`, columns that are named
    like that kind's fields are its fields.
    """
    for candidate in (row.get("task"), row):
        found = _object(candidate)
        if found is not None and isinstance(found.get("kind"), str) and (kind or candidate is not row or _is_task(row)):
            return {name: value for name, value in found.items() if value is not None}
    grader = graders.discover().get(kind or "")
    if grader is None:
        return None
    names = {name for field, info in grader.task.model_fields.items() for name in (field, info.alias) if name}
    return {"kind": kind} | {name: value for name, value in row.items() if name in names and value is not None}


def _is_task(row: Mapping[str, Any]) -> bool:
    """Whether a row is a task itself: its kind is known here, and every other column is a field of it."""
    grader = graders.discover().get(str(row["kind"]))
    return grader is not None and bool(set(row) & set(grader.task.model_fields) - {"kind"})


def _object(value: Any) -> Mapping[str, Any] | None:
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    return value if isinstance(value, Mapping) else None


def hold(task: Mapping[str, Any]) -> Held:
    """Validate a task, compile it, and grade its own statement."""
    kind = str(task.get("kind"))
    try:
        read = item_adapter().validate_python({"task": dict(task), "completion": ""}).task
    except ValidationError as error:
        problems = error_response([{**one, "loc": ("items", 0, *one["loc"])} for one in error.errors()]).problems
        return Held(kind, "; ".join(f"{one.field.removeprefix('task.')}: {one.message}" for one in problems), None)
    grader = graders.discover()[kind]
    try:
        with blame(GraderError, f"compile {kind}"):
            compiled = grader.compile(read)
            stated = grader.state(compiled)
            verdict = None if stated is None else grader.fast(compiled, Completion(stated))
    except RewardServerError as error:
        return Held(kind, str(error), None)
    return Held(kind, "", verdict.outcome if verdict is not None else None, compiled)


_MOST = 10_000
"""Tasks of a kind that are kept to grade constant answers by."""
_TOO_MUCH = 0.25
"""Mean score from which a constant answer is worth a word."""


class Constants:
    """What an answer that is the same to every task of a data set would be paid."""

    def __init__(self) -> None:
        self._kept: dict[str, list[Any]] = {}

    def keep(self, held: Held) -> None:
        """Remember a task, as far as its kind has constant answers."""
        kept = self._kept.setdefault(held.kind, [])
        if held.compiled is not None and len(kept) < _MOST:
            kept.append(held.compiled)

    def paid(self) -> Iterator[tuple[str, str]]:
        """Yield the constant answers that are paid too much, and what they are paid."""
        for kind, compiled in self._kept.items():
            grader = graders.discover().get(kind)
            for answer in grader.constant_answers(compiled) if grader is not None and compiled else ():
                verdicts = [grader.fast(one, Completion(answer)) for one in compiled] if grader is not None else []
                scores = [verdict.score or 0.0 for verdict in verdicts if verdict is not None]
                mean = sum(scores) / len(compiled)
                if mean > _TOO_MUCH:
                    paid = sum(score > 0 for score in scores)
                    yield answer, f"{answer} is paid {mean:.2f} a row, in {paid} of {len(compiled)} rows of {kind}"
