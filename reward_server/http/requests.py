"""The request model of this server, built from the graders and reward parts found.

`wire.ScoreRequest` is open in the task; here it is closed over the union of every grader's task, told apart by `kind`,
so that a malformed row is refused before any work starts, naming row and field.
"""

import json
import re
from functools import cache, reduce
from operator import or_
from typing import Annotated, Any

import orjson
from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, TypeAdapter, create_model
from pydantic_core import PydanticCustomError

from reward_server import exact_json, graders, long_json, rewards
from reward_server.datasets import UnknownRow, read_row
from reward_server.http.problems import NAME
from reward_server.wire import Item, ScoreRequest

_LONG_INTEGER = re.compile(rb"[:,\[]\s{0,8}-?\d{19,}\s{0,8}[,\]}]")
"""An integer that may be beyond 64 bits, which the fast decoder would round; it may also stand in a text."""

_LONG_BEGINS, _OVERLAP = re.compile(rb"[:,\[]\s{0,8}-?\d{19}"), 64
_LONG = 262_144
"""Bytes that are decoded at once."""


def _tag(value: Any) -> str | None:
    if isinstance(value, str):
        return NAME
    kind = value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)
    return kind if isinstance(kind, str) else None


class RowTask(BaseModel):
    """A row of a data set in place of a task: what its columns mean is found out, or refused."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    row: dict[str, Any] | list[Any]
    """The row as the data set stores it."""
    dataset: str | None = None
    """The data set's name, where the columns do not tell enough."""
    kind: str | None = None
    """The kind of task, where neither columns nor name tell enough."""
    column: str | None = None
    """The ground truth's column, where several may hold it; dots go into nested objects."""


def _read(task: Any) -> Any:
    """Return the task of a row; what is no row stays what it is."""
    if not isinstance(task, dict) or "row" not in task:
        return task
    beside = sorted(map(str, task.keys() - RowTask.model_fields.keys()))
    named = {name: task.get(name) for name in ("kind", "dataset", "column")}
    if beside or not all(name is None or isinstance(name, str) for name in named.values()):
        reason = "beside `row` stand texts in `dataset`, `kind` and `column` alone"
        more = f", not {beside[0]!r}" if beside else ""
        raise PydanticCustomError("unreadable_row", "{reason}", {"reason": reason + more})
    try:
        return read_row(task["row"], **named)
    except UnknownRow as error:
        raise PydanticCustomError("unreadable_row", "{reason}", {"reason": str(error)}) from None


@cache
def task_type() -> Any:
    """Return the type of `task` on this server: any grader's task, a row read as one, or the name of a shared one."""
    options = [Annotated[str, Tag(NAME)]]
    options += [Annotated[grader.task, Tag(kind)] for kind, grader in sorted(graders.discover().items())]
    discriminator = Discriminator(
        _tag,
        custom_error_type="unknown_kind",
        custom_error_message="task must have a `kind`",  # `problems` says more
    )
    task: Any = Annotated[reduce(or_, options), discriminator]
    return Annotated[task, BeforeValidator(_read, json_schema_input_type=task | RowTask)]


@cache
def rewards_type() -> type[BaseModel]:
    """Return the model of `rewards`: one optional field for each reward part, a weight or the part's options.

    Parts that see whole groups have to be told the size of a group, so that a weight alone does not do.
    """
    fields: dict[str, Any] = {}
    for name, part in sorted(rewards.discover().items()):
        weight = Annotated[float, Field(allow_inf_nan=False)]
        fields[name] = (weight | part.options, Field(default=1.0, description=rewards.about(part)))
    for name, group_part in sorted(rewards.discover_group_parts().items()):
        fields[name] = (group_part.options, Field(default=None, description=rewards.about(group_part)))
    return create_model("Rewards", __config__=ConfigDict(extra="forbid"), **fields)


@cache
def request_type() -> Any:
    """Return `ScoreRequest` closed over this server's tasks and reward parts."""
    return ScoreRequest[task_type(), rewards_type()]  # type: ignore[misc]


@cache
def task_adapter() -> TypeAdapter[Any]:
    """Return the validator of a task."""
    return TypeAdapter(task_type())


@cache
def item_adapter() -> TypeAdapter[Any]:
    """Return the validator of a single item, for readers of files that go row by row."""
    item: Any = Item.__class_getitem__(task_type())
    return TypeAdapter(item)


def decode(body: bytes) -> Any:
    """Decode a JSON body; strings with lone surrogates, which random models print, are repaired with U+FFFD.

    Integers beyond 64 bits stay exact: a ground truth rounded to a float is another ground truth. A long body is
    decoded in pieces, between which other threads run.

    Raises:
        ValueError: not JSON; the message says where.
    """
    return _decoded(body) if len(body) <= _LONG else long_json.loads(body, _decoded)


def _decoded(body: bytes) -> Any:
    if _may_hold_long_integers(body):
        return _without_surrogates(exact_json.loads(body.decode("utf-8")))
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        if "surrogate" not in str(error):
            raise
    try:
        return _without_surrogates(json.loads(body))
    except RecursionError:
        raise ValueError("JSON is nested too deeply") from None


def _may_hold_long_integers(body: bytes) -> bool:
    """Look through a long body, or a piece that is one long text with what is beside it, a window at a time."""
    if len(body) <= _LONG:
        return _LONG_INTEGER.search(body) is not None
    windows = range(0, len(body), long_json.PIECE)
    return any(_LONG_BEGINS.search(body, start, start + long_json.PIECE + _OVERLAP) for start in windows)


def _without_surrogates(value: Any) -> Any:
    def clean(value: Any) -> Any:
        if isinstance(value, str):
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        if isinstance(value, list):
            return [clean(part) for part in value]
        if isinstance(value, dict):
            return {clean(key): clean(part) for key, part in value.items()}
        return value

    try:
        return clean(value)
    except RecursionError:
        raise ValueError("JSON is nested too deeply") from None
