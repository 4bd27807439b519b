"""What is wrong with a request, in plain words: where it is, what was found there, and the nearest thing that is known.

Pydantic's errors name places through unions and models; here they become rows and fields as the sender wrote them.
"""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any, get_args

from pydantic import BaseModel

from reward_server import graders, rewards
from reward_server.exact_json import text_of
from reward_server.wire import ErrorResponse, Item, Problem, ScoreRequest

NAME = "name"
"""The label of a task that is only named."""
_SHOWN = 120
_WAY_OUT = "did you mean"
_LABELS = frozenset({"str", "int", "float", "bool", "list", "dict"})
"""What pydantic calls the members of a union; no field of ours has such a name."""
_MAX_PROBLEMS = 50
_SENT = '{"items": [{"task": …, "completion": …}]} as JSON; /graders has a request of each kind'
_EMPTY = f"the body is empty: send {_SENT}"
_OTHER_WORDS = {
    "timeout": ("wall_seconds", "cpu_seconds"), "time_limit": ("cpu_seconds",), "cpu_time": ("cpu_seconds",),
    "memory_limit": ("memory_bytes",), "memory": ("memory_bytes",), "output_limit": ("output_bytes",),
    "gold": ("ground_truth",), "answer": ("ground_truth",), "solution": ("ground_truth",), "label": ("ground_truth",),
    "target": ("ground_truth",), "reference": ("ground_truth",), "expected": ("ground_truth",),
    "response": ("completion",), "output": ("completion",), "text": ("completion",), "generation": ("completion",),
    "lang": ("language",), "test_cases": ("tests",), "testcases": ("tests",), "cases": ("tests",),
    "choices": ("options",), "weights": ("rewards",), "reward": ("rewards",), "samples": ("items",),
}  # fmt: skip
"""What others call a field that is known here under another name."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return `, did you mean …?` with the nearest known name, or the empty text where none is near."""
    names = list(known)
    for other in _OTHER_WORDS.get(name.lower(), ()):
        if other in names:
            return f", {_WAY_OUT} {other!r}?"
    near = difflib.get_close_matches(name.lower(), names, n=1)
    return f", {_WAY_OUT} {near[0]!r}?" if near else ""


def about_path(scope: Mapping[str, Any], status: int, allowed: str) -> str:
    """Say what is wrong with where a request went, by the status that routing gave it; empty if it says enough."""
    path = str(scope["path"])
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return f"{scope['method']} is not taken at {path[:_SHOWN]}: send {allowed or 'another method'}"
    if status == HTTPStatus.NOT_FOUND:
        return f"there is no {path[:_SHOWN]!r} here{nearest(path[:_SHOWN], scope['app'].state.paths)}; see /docs"
    return ""


def error_response(errors: Iterable[Mapping[str, Any]]) -> ErrorResponse:
    """Describe pydantic's errors: one problem for each field, naming row and path, the value shortened."""
    found: dict[tuple[int | None, tuple[str, ...]], Problem] = {}
    for error in errors:
        row, path = _place(error["loc"])
        known, said = found.get((row, path)), _message(error, path)
        message = said if known is None else f"{known.message}; or: {said}"
        if known is None or said not in known.message:
            value = _shorten(error.get("input"))
            found[row, path] = Problem(row=row, field=".".join(path), message=message, input=value)
    # A union complains of every member: where one got further into the value, only that complaint helps.
    inner = {(row, path[:depth]) for row, path in found for depth in range(1, len(path))}
    return describe([problem for place, problem in found.items() if place not in inner])


def _message(error: Mapping[str, Any], path: Sequence[str]) -> str:
    if error["type"] == "unknown_kind":
        return _about_kind(error.get("input"))
    if tuple(error["loc"]) == ("body",):
        return _EMPTY if error["type"] == "missing" else f"the body must be an object: send {_SENT}"
    if error["type"] == "extra_forbidden":
        known = sorted(set(_known_beside(error["loc"], path)))
        near = nearest(str(error["loc"][-1]), known)
        return f"there is no such field{near or '; known are ' + ', '.join(known)}"
    return str(error["msg"])


def _about_kind(task: Any) -> str:
    kinds = sorted(graders.discover())
    known = f"the kinds here are {', '.join(kinds)}"
    if not isinstance(task, Mapping):
        return f"a task is an object with a `kind`, or the name of a task in `tasks`; {known}"
    if "kind" not in task:
        return f"the task has no `kind`; {known}"
    kind = task["kind"]
    if not isinstance(kind, str):
        return f"`kind` must be a text; {known}"
    return f"there is no kind {kind[:_SHOWN]!r}{nearest(kind, kinds)}; {known}"


def _known_beside(location: Sequence[str | int], path: Sequence[str]) -> Iterator[str]:
    """Yield the fields that are known in the place where an unknown one was found."""
    kind = next((part for part in location if part in graders.discover()), None)
    if path[:1] == ("rewards",):
        known: dict[str, Any] = {**rewards.discover(), **rewards.discover_group_parts()}
        part = known.get(path[1]) if len(path) > 2 else None  # noqa: PLR2004 - rewards, part, option
        yield from part.options.model_fields if part else known
    elif kind is not None:
        start = path.index("task") + 1 if "task" in path else 2
        yield from _fields_at(graders.discover()[str(kind)].task, path[start:-1])
    else:
        yield from Item.model_fields if "items" in location else ScoreRequest.model_fields


def _fields_at(model: type[BaseModel], path: Sequence[str]) -> Iterator[str]:
    if not path:
        yield from model.model_fields
    elif path[0].isdecimal():
        yield from _fields_at(model, path[1:])
    elif path[0] in model.model_fields:
        for inner in _models_in(model.model_fields[path[0]].annotation):
            yield from _fields_at(inner, path[1:])


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)


def _place(location: Sequence[str | int]) -> tuple[int | None, tuple[str, ...]]:
    """Split pydantic's location into (row, path), leaving out its labels of union members."""
    rest = [part for part in location if part != "body"]
    row: int | None = None
    if rest[:1] == ["header"]:
        return None, tuple(map(str, rest))
    if len(rest) > 1 and rest[0] == "items" and isinstance(rest[1], int):
        row, rest = rest[1], rest[2:]
    path: list[str] = []
    for part in rest:
        names_a_task = path == ["tasks"]
        is_label = isinstance(part, str) and (not part.isidentifier() or part in _LABELS or part[0].isupper())
        is_kind = part == NAME or part in graders.discover()
        after_task = path[-1:] == ["task"] or (path[:1] == ["tasks"] and len(path) == 2)  # noqa: PLR2004
        if names_a_task or not (is_label or (after_task and is_kind)):
            path.append(str(part))
    return row, tuple(path)


def describe(problems: list[Problem]) -> ErrorResponse:
    """Return the error body for these problems; the first speaks for all, or the first that knows the way out."""
    first = next((problem for problem in problems if _WAY_OUT in problem.message), problems[0])
    where = "request" if first.row is None else f"items[{first.row}]"
    field = f".{first.field}" if first.field else ""
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return ErrorResponse(detail=f"{where}{field}: {first.message}{more}", problems=problems[:_MAX_PROBLEMS])


def _shorten(value: Any) -> str:
    if isinstance(value, dict | list):
        value = f"{type(value).__name__} of {len(value)}"
    text = text_of(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
