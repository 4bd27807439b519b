"""The request model of this server, built from the graders and reward parts found, and its errors in plain words.

`wire.ScoreRequest` is open in the task; here it is closed over the union of every grader's task, told apart by `kind`,
so that a malformed row is refused before any work starts, naming row and field.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, reduce
from operator import or_
from typing import Annotated, Any

import orjson
from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, TypeAdapter, create_model

from reward_server import graders, rewards
from reward_server.wire import ErrorResponse, Item, Problem, ScoreRequest

_NAME = "name"
_SHOWN = 120
_LABELS = frozenset({"str", "int", "float", "bool", "list", "dict"})
"""What pydantic calls the members of a union; no field of ours has such a name."""
_MAX_PROBLEMS = 50


def _tag(value: Any) -> str | None:
    if isinstance(value, str):
        return _NAME
    kind = value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)
    return kind if isinstance(kind, str) else None


@cache
def task_type() -> Any:
    """Return the type of `task` on this server: any grader's task, or the name of a shared one."""
    options = [Annotated[str, Tag(_NAME)]]
    options += [Annotated[grader.task, Tag(kind)] for kind, grader in sorted(graders.discover().items())]
    discriminator = Discriminator(
        _tag,
        custom_error_type="unknown_kind",
        custom_error_message=f"task must have a `kind`, one of: {', '.join(sorted(graders.discover()))}; "
        "or be the name of a task in `tasks`",
    )
    return Annotated[reduce(or_, options), discriminator]


@cache
def rewards_type() -> type[BaseModel]:
    """Return the model of `rewards`: one optional field for each reward part, a weight or the part's options."""
    fields: dict[str, Any] = {}
    for name, part in sorted(rewards.discover().items()):
        fields[name] = (Annotated[float, Field(allow_inf_nan=False)] | part.options, Field(default=1.0))
    return create_model("Rewards", __config__=ConfigDict(extra="forbid"), **fields)


@cache
def request_type() -> Any:
    """Return `ScoreRequest` closed over this server's tasks and reward parts."""
    return ScoreRequest[task_type(), rewards_type()]  # type: ignore[misc]


@cache
def item_adapter() -> TypeAdapter[Any]:
    """Return the validator of a single item, for readers of files that go row by row."""
    item: Any = Item.__class_getitem__(task_type())
    return TypeAdapter(item)


def error_response(errors: Iterable[Mapping[str, Any]]) -> ErrorResponse:
    """Describe pydantic's errors: one problem for each field, naming row and path, the value shortened."""
    found: dict[tuple[int | None, tuple[str, ...]], Problem] = {}
    for error in errors:
        row, path = _place(error["loc"])
        known = found.get((row, path))
        message = error["msg"] if known is None else f"{known.message}; or: {error['msg']}"
        if known is None or error["msg"] not in known.message:
            value = _shorten(error.get("input"))
            found[row, path] = Problem(row=row, field=".".join(path), message=message, input=value)
    # A union complains of every member: where one got further into the value, only that complaint helps.
    inner = {(row, path[:depth]) for row, path in found for depth in range(1, len(path))}
    return describe([problem for place, problem in found.items() if place not in inner])


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
        is_kind = part == _NAME or part in graders.discover()
        after_task = path[-1:] == ["task"] or (path[:1] == ["tasks"] and len(path) == 2)  # noqa: PLR2004
        if names_a_task or not (is_label or (after_task and is_kind)):
            path.append(str(part))
    return row, tuple(path)


def describe(problems: list[Problem]) -> ErrorResponse:
    """Return the error body for these problems; the first speaks for all."""
    first = problems[0]
    where = "request" if first.row is None else f"items[{first.row}]"
    field = f".{first.field}" if first.field else ""
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return ErrorResponse(detail=f"{where}{field}: {first.message}{more}", problems=problems[:_MAX_PROBLEMS])


def _shorten(value: Any) -> str:
    if isinstance(value, dict | list):
        value = f"{type(value).__name__} of {len(value)}"
    text = str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def decode(body: bytes) -> Any:
    """Decode a JSON body; strings with lone surrogates, which random models print, are repaired with U+FFFD.

    Raises:
        ValueError: not JSON; the message says where.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        if "surrogate" not in str(error):
            raise
    return orjson.loads(_repair_surrogates(body))


def _repair_surrogates(body: bytes) -> bytes:
    def clean(value: Any) -> Any:
        if isinstance(value, str):
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        if isinstance(value, list):
            return [clean(part) for part in value]
        if isinstance(value, dict):
            return {clean(key): clean(part) for key, part in value.items()}
        return value

    try:
        return orjson.dumps(clean(json.loads(body)))
    except RecursionError:
        raise ValueError("JSON is nested too deeply") from None
