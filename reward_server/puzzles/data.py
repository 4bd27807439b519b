"""A puzzle's data, as data sets store it, read with the names of the fields in the errors."""

from collections.abc import Callable
from typing import Any

from reward_server.errors import TaskError

Check = Callable[[str], None]
"""Reads an answer's whole text; raises `Violation` unless it is a solution."""
LARGEST = 64
"""Rows and columns of a grid, vertices of a graph and the like."""


class Violation(Exception):  # noqa: N818 - it is the answer's, no failure of ours
    """What is wrong with an answer: the constraint it breaks, or what of it was not read."""


class Data:
    """The fields of one puzzle."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self._fields = fields

    def get(self, *names: str) -> Any:
        """Return the first of these fields that is there, else None."""
        return next((self._fields[name] for name in names if self._fields.get(name) is not None), None)

    def need(self, *names: str) -> Any:
        """Return the first of these fields that is there.

        Raises:
            TaskError: none is.
        """
        value = self.get(*names)
        if value is None:
            raise TaskError(f"metadata: needs {' or '.join(repr(name) for name in names)}")
        return value

    def integer(self, *names: str) -> int:
        """Return a field that holds a whole number."""
        value = self.need(*names)
        if isinstance(value, bool) or not isinstance(value, int):
            raise TaskError(f"metadata.{names[0]}: {str(value)[:40]!r} is not a whole number")
        return value

    def integers(self, *names: str) -> list[int]:
        """Return a field that holds a list of whole numbers."""
        value = self.need(*names)
        if not isinstance(value, list) or not value or len(value) > LARGEST or not all(type(n) is int for n in value):
            raise TaskError(f"metadata.{names[0]}: not a list of 1 to {LARGEST} whole numbers")
        return value

    def texts(self, *names: str) -> list[str]:
        """Return a field that holds a list of texts."""
        value = self.need(*names)
        if not isinstance(value, list) or not value or not all(isinstance(text, str) for text in value):
            raise TaskError(f"metadata.{names[0]}: not a list of texts")
        return value

    def text(self, *names: str) -> str:
        """Return a field that holds a text."""
        value = self.need(*names)
        if not isinstance(value, str) or not value:
            raise TaskError(f"metadata.{names[0]}: not a text")
        return value

    def mapping(self, *names: str) -> dict[str, Any]:
        """Return a field that holds an object."""
        value = self.need(*names)
        if not isinstance(value, dict):
            raise TaskError(f"metadata.{names[0]}: not an object")
        return value

    def grid(self, *names: str, of: type = int) -> list[list[Any]]:
        """Return a field that holds rows of equal length."""
        rows = self.need(*names)
        square = isinstance(rows, list) and 0 < len(rows) <= LARGEST and all(isinstance(row, list) for row in rows)
        if not square or len({len(row) for row in rows}) != 1 or not 0 < len(rows[0]) <= LARGEST:
            raise TaskError(f"metadata.{names[0]}: not rows of equal length, at most {LARGEST}")
        if not all(type(cell) is of for row in rows for cell in row):
            raise TaskError(f"metadata.{names[0]}: a cell is no {of.__name__}")
        return list(rows)
