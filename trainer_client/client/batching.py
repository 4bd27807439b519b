"""From a trainer's rows to request bodies: equal tasks are named once, groups stay together, bodies stay small.

The completions of one prompt have equal tasks, though often not the same object (a row of a data set is a new dict
each time it is read). Tasks that occur more than once therefore go into the request's `tasks` by content; one that
occurs once stays in its item, so that a complaint about it names the row.
"""

import itertools
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

Item = Mapping[str, Any]
"""A row as in `reward_server.wire.Item`: `task`, `completion`, and if wanted `id` and `prompt`."""

_OPTIONS = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_SORT_KEYS


@dataclass(frozen=True, slots=True)
class Row:
    """One item, encoded."""

    id: str | int
    body: bytes = field(repr=False)
    task: bytes | str
    """What tells its group apart: the task's name in the request, or its content."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The rows of one call and the tasks they name."""

    rows: list[Row]
    tasks: dict[str, bytes]
    common: Mapping[str, Any]
    """The request's other fields, such as `rewards`."""
    generated: frozenset[str] = frozenset()
    """Names of tasks that the caller has not given."""

    def users(self, sent: Sequence[int]) -> dict[str, list[int]]:
        """Return where in `sent` each task is used whose name the caller does not know."""
        found: dict[str, list[int]] = {}
        for position, index in enumerate(sent):
            task = self.rows[index].task
            if isinstance(task, str) and task in self.generated:
                found.setdefault(task, []).append(position)
        return found

    def body(self, indexes: Iterable[int]) -> bytes:
        """Return the request for these rows, in this order, with no task they do not use."""
        rows = [self.rows[index] for index in indexes]
        names = dict.fromkeys(row.task for row in rows if isinstance(row.task, str))
        request = {
            "items": [orjson.Fragment(row.body) for row in rows],
            "tasks": {name: orjson.Fragment(self.tasks[name]) for name in names if name in self.tasks},
            **self.common,
        }
        return orjson.dumps(request, option=_OPTIONS)

    def chunks(self, most_items: int, most_bytes: int) -> Iterator[list[int]]:
        """Cut the rows into requests: whole groups where they fit, never more than the limits unless one row is."""
        chunk: list[int] = []
        size = 0
        for _task, group in itertools.groupby(range(len(self.rows)), key=lambda index: self.rows[index].task):
            members = list(group)
            shared = len(self.tasks.get(str(self.rows[members[0]].task), b""))
            sizes = [len(self.rows[index].body) for index in members]
            if chunk and (len(chunk) + len(members) > most_items or size + shared + sum(sizes) > most_bytes):
                yield chunk
                chunk, size = [], 0
            size += shared
            for index, row_bytes in zip(members, sizes, strict=True):
                if chunk and (len(chunk) == most_items or size + row_bytes > most_bytes):
                    yield chunk
                    chunk, size = [], shared
                chunk.append(index)
                size += row_bytes
        if chunk:
            yield chunk


def batch(items: Sequence[Item], tasks: Mapping[str, Any] | None, common: Mapping[str, Any]) -> Batch:
    """Encode the items.

    Raises:
        TypeError: an item lacks `task` or `completion`, or holds what JSON cannot.
    """
    named = {name: encode(task) for name, task in (tasks or {}).items()}
    contents = [item["task"] if isinstance(item["task"], str) else encode(item["task"]) for item in items]
    uses = Counter(content for content in contents if isinstance(content, bytes))
    fresh = (name for number in itertools.count() if (name := f"task-{number}") not in named)
    names = {content: next(fresh) for content, count in uses.items() if count > 1}
    rows = []
    for index, (item, content) in enumerate(zip(items, contents, strict=True)):
        task = names.get(content, content) if isinstance(content, bytes) else content
        fields = {key: value for key, value in item.items() if value is not None}
        fields["id"] = item_id = fields.get("id", index)
        fields["task"] = task if isinstance(task, str) else item["task"]
        rows.append(Row(item_id, encode(fields), task))
    return Batch(rows, named | {name: content for content, name in names.items()}, common, frozenset(names.values()))


def encode(value: Any) -> bytes:
    """Encode as JSON, keys sorted; lone surrogates, which random models print, travel escaped.

    Raises:
        TypeError: the value holds what JSON cannot.
    """
    try:
        return orjson.dumps(value, option=_OPTIONS)
    except TypeError:
        return json.dumps(value, sort_keys=True).encode()
