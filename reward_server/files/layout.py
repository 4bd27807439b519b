"""From a row of a data set to the item that is scored: which column is what.

One rule for every command. A row may hold an item as on the wire (`task`, `completion`, optional `id` and `prompt`).
Columns that are named say where else to look, constants set fields for every row, and both win over what the row holds
of itself; dots go into nested objects on both sides, and a `?` behind a column means that rows may lack it. Where after
that there is no task, the row is read as one (`reward_server.datasets`): by the columns of the data sets that are
known, or by its ground truth. A row that could be read in two ways is refused, not guessed at.
"""

import difflib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reward_server.datasets import UnknownRow, read_row
from reward_server.files.formats import RowError

_ITEM_FIELDS = ("id", "task", "completion", "prompt", "prefilled_think", "finish_reason", "token_count", "token_ids")
_NAMED = "--ground-truth"
"""As a column: of the ground truth that was named."""
_SHOWN_COLUMNS = 20


@dataclass(frozen=True)
class Layout:
    """Where a data set keeps what an item needs."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """Path in the item → path in the row."""
    constants: Mapping[str, Any] = field(default_factory=dict)
    """Path in the item → value."""
    joined: Mapping[Any, Mapping[str, Any]] = field(default_factory=dict)
    """Rows of a second file by key, merged under the row (the row wins)."""
    join_on: str | None = None

    def item(self, row: Any) -> dict[str, Any]:
        """Build the wire item of a row.

        Raises:
            RowError: the row lacks a column, or does not say what its ground truth is; the message names its columns.
        """
        if isinstance(row, RowError):
            raise row
        if not isinstance(row, Mapping):
            raise RowError(f"the row is {type(row).__name__}, not an object with columns")
        if self.join_on is not None:
            key = column(row, self.join_on)
            if key not in self.joined:
                raise RowError(f"{self.join_on}: {key!r} is not in the joined file")
            row = {**self.joined[key], **row}
        item = {name: row[name] for name in _ITEM_FIELDS if row.get(name) is not None}
        for target, source in self.columns.items():
            value = column(row, source)
            if value is not None:  # data sets fill a column they lack with null: the field keeps its default
                _set(item, target, value)
        for target, value in self.constants.items():
            _set(item, target, value)
        if "completion" not in item:
            column(row, "completion", "name the column with --completion")
        item["task"] = _task(row, item.get("task"))
        return item


def _task(row: Mapping[str, Any], begun: Any) -> Any:
    """Return the whole task of a row, of which a part may be there already."""
    begun = {name: value for name, value in begun.items() if value is not None} if isinstance(begun, Mapping) else {}
    truth, kind = begun.pop("ground_truth", None), begun.get("kind")
    try:
        if truth is not None:
            return {**read_row({**row, _NAMED: truth}, kind=kind, column=_NAMED), **begun}
        return begun if set(begun) - {"kind"} else read_row(row, kind=kind)
    except UnknownRow as error:
        raise RowError(f"{error} (--ground-truth COLUMN, --kind KIND)") from None


def column(row: Mapping[str, Any], path: str, advice: str = "") -> Any:
    """Return what the row holds at a path, None where it lacks a column that it may lack (`path?`).

    Raises:
        RowError: it has no such column; the message names the nearest and all it has.
    """
    whole = path.removesuffix("?")
    for flat in (path, whole):
        if flat in row:
            return row[flat]
    value: Any = row
    for part in whole.split("."):
        if not isinstance(value, Mapping) or part not in value:
            if path.endswith("?"):
                return None
            raise RowError(_no_column(path, part, value if isinstance(value, Mapping) else row, advice))
        value = value[part]
    return value


def _no_column(path: str, part: str, row: Mapping[str, Any], advice: str) -> str:
    names = [str(name) for name in row]
    more = f" and {len(names) - _SHOWN_COLUMNS} more" if len(names) > _SHOWN_COLUMNS else ""
    return (
        f"no column {path!r}{did_you_mean(part, names)}"
        f"; the row has {', '.join(names[:_SHOWN_COLUMNS]) or 'none'}{more}" + (f"; {advice}" if advice else "")
    )


def _set(item: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split(".")
    for part in parents:
        inner = item.get(part)
        item[part] = inner = dict(inner) if isinstance(inner, dict) else {}
        item = inner
    item[last] = value


def selected(row: Any, where: Mapping[str, Collection[str]]) -> bool:
    """Whether a row's columns have one of the values asked for; broken rows have, so that they are seen."""
    return not isinstance(row, Mapping) or all(str(row.get(name)) in values for name, values in where.items())


def join_table(rows: Iterable[Any], on: str) -> dict[Any, Mapping[str, Any]]:
    """Return the rows of a second file by their key.

    Raises:
        RowError: a row lacks the key, or two have the same.
    """
    table: dict[Any, Mapping[str, Any]] = {}
    for row in rows:
        if isinstance(row, RowError):
            raise row
        key = column(row, on, "it is what --on joins by")
        if key in table:
            raise RowError(f"the joined file has several rows whose {on} is {key!r}")
        table[key] = row
    return table


def did_you_mean(name: str, known: Collection[str]) -> str:
    """Return a question after the nearest known name, or an empty text where none is near."""
    near = difflib.get_close_matches(name, known, n=1)
    return f", did you mean {near[0]!r}?" if near else ""
