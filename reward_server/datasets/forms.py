"""What a form of rows is: which columns tell it, and where in them the fields of a task lie.

A path names a column; dots go into nested objects, and into objects that are stored as JSON text. Behind a path may
stand `?` (rows may lack it), and `|json` or `|int` (it is stored as the text of one) or `|from1` (a position that is
counted from 1).
"""

import ast
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Spec = str | Mapping[str, Any] | tuple[str, ...]
"""Where a value lies: a path, an object of such, or a list of paths."""

_LONGEST = 4_000_000
"""Characters of a text that is looked into for an object."""


class UnknownRow(ValueError):  # noqa: N818 - a property of the row
    """The row does not say what its task is, or where its completion starts; the message says what would help."""


class AmbiguousRow(UnknownRow):
    """The row can be read in two ways; the message names both."""


@dataclass(frozen=True)
class Form:
    """One shape in which data sets store rows of one kind of task."""

    name: str
    """The data sets, for people."""
    kind: str
    task: Mapping[str, Spec]
    """Field of the task → where the row has it."""
    marks: tuple[str, ...] = ()
    """Further columns that a row must have."""
    where: Mapping[str, str] = field(default_factory=dict)
    """Patterns of the whole text that columns must have, case ignored."""
    constants: Mapping[str, Any] = field(default_factory=dict)
    """Fields that are the same for all rows."""
    agrees: tuple[str, ...] = ()
    """Columns that name the right option once more; they must name the same one."""
    beside: tuple[str, ...] = ()
    """Columns that elsewhere hold ground truths and here something else."""
    refusal: str = ""
    """Why such rows are not graded here, and what would help."""
    undecided: str = ""
    """What may be asked for, where a row does not tell; the kind has to be said then."""

    def required(self) -> frozenset[str]:
        """Return the paths that a row must have."""
        return frozenset((*self.marks, *self.where, *(path for path in self.paths() if not path.endswith("?"))))

    def known(self) -> frozenset[str]:
        """Return the paths whose meaning the form knows."""
        return self.required() | {path.removesuffix("?") for path in (*self.paths(), *self.agrees, *self.beside)}

    def paths(self) -> Iterator[str]:
        """Yield the paths of the task's fields, without their `|…`."""
        for spec in self.task.values():
            yield from _paths(spec)

    def matches(self, row: Mapping[str, Any]) -> bool:
        """Tell whether a row has all that the form needs."""
        if any(at(row, path) is None for path in self.required()):
            return False
        return all(
            re.fullmatch(pattern, str(at(row, path)).strip(), re.IGNORECASE | re.DOTALL)
            for path, pattern in self.where.items()
        )

    def read(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return the task of a row that matches.

        Raises:
            UnknownRow: a column holds what rows of this form do not.
        """
        fields = {name: _value(row, spec) for name, spec in self.task.items()}
        return {"kind": self.kind, **self.constants, **{k: v for k, v in fields.items() if v is not None}}


def _paths(spec: Spec) -> Iterator[str]:
    if isinstance(spec, str):
        yield spec.split("|")[0]
        return
    for inner in spec.values() if isinstance(spec, Mapping) else spec:
        yield from _paths(inner)


def _value(row: Mapping[str, Any], spec: Spec) -> Any:
    if isinstance(spec, Mapping):
        found = {name: _value(row, inner) for name, inner in spec.items()}
        return {name: value for name, value in found.items() if value is not None}
    if isinstance(spec, tuple):
        return [_value(row, path) for path in spec]
    path, _, stored = spec.partition("|")
    value = at(row, path)
    try:
        return _TAKEN[stored](value) if stored else value
    except UnknownRow as wrong:
        raise UnknownRow(f"`{path}` is {str(value)[:60]!r}: {wrong}") from None


def _python(value: Any) -> str | None:
    try:
        return value if isinstance(value, str) and ast.parse(value) else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def at(row: Mapping[str, Any], path: str) -> Any:
    """Return what a row has at a path, None where there is nothing or null."""
    path = path.removesuffix("?")
    if path in row:
        return row[path]
    value: Any = row
    for part in path.split("."):
        value = mapping(value)
        if value is None or part not in value:
            return None
        value = value[part]
    return value


def mapping(value: Any) -> Mapping[str, Any] | None:
    """Return `value` as a mapping if it is one, or the JSON text of one."""
    if isinstance(value, str) and value.lstrip()[:1] == "{" and len(value) <= _LONGEST:
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    return value if isinstance(value, Mapping) else None


def decoded(value: Any) -> Any:
    """Return the list or object that a text spells in JSON or Python; another value stays what it is."""
    if not isinstance(value, str) or value.lstrip()[:1] not in ("{", "["):
        return value
    for read in (json.loads, ast.literal_eval):
        try:
            return read(value)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
    return value


def _from_one(value: Any) -> int:
    """Return the position of an option that is counted from 1."""
    if isinstance(value, str) and not value.strip():
        raise UnknownRow("a row without its answer, as test splits have them")
    number = int(value) if isinstance(value, str) and value.strip().isdecimal() else value
    if isinstance(number, float) and number.is_integer():
        number = int(number)  # a column of integers with gaps is stored as one of floats
    if isinstance(number, bool) or not isinstance(number, int) or number < 1:
        raise UnknownRow("such rows name the right option by its place, counted from 1")
    return number - 1


_TAKEN: Mapping[str, Callable[[Any], Any]] = {
    "json": decoded,
    "int": lambda value: int(value) if isinstance(value, str) and value.strip().isdecimal() else value,
    "from1": _from_one,
    "lower": lambda value: value.lower() if isinstance(value, str) else value,
    "text": lambda value: value if isinstance(value, str) else None,
    "python": _python,
}
