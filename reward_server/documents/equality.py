"""Paths into a document, and when two JSON values are equal.

Equality is JSON Schema's (`const`): numbers by value whatever their writing, booleans never numbers, lists in order,
objects by name whatever their order.
"""

import re
from decimal import Decimal
from typing import Any

from reward_server.errors import TaskError

_MAX_PARTS = 50
_NUMBER = re.compile(r"[-+]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][-+]?\d{1,3})?", re.ASCII)


def path_of(path: str) -> tuple[str, ...]:
    """Return the parts of a JSON Pointer (RFC 6901) or a dotted path.

    Raises:
        TaskError: the path has too many parts or an empty dotted one.
    """
    if path.startswith("/"):
        parts = [part.replace("~1", "/").replace("~0", "~") for part in path[1:].split("/")]
    else:
        parts = path.split(".") if path else []
        if not all(parts):
            raise TaskError(f"values: {path[:60]!r} is neither a JSON Pointer nor a dotted path")
    if len(parts) > _MAX_PARTS:
        raise TaskError(f"values: the path {path[:60]!r} has more than {_MAX_PARTS} parts")
    return tuple(parts)


def value_at(document: Any, parts: tuple[str, ...]) -> tuple[Any, bool]:
    """Return (value, True) at a path, or (None, False) where there is nothing."""
    for part in parts:
        if isinstance(document, dict) and part in document:
            document = document[part]
        elif isinstance(document, list) and part.isascii() and part.isdigit() and int(part[:9]) < len(document):
            document = document[int(part)]
        else:
            return None, False
    return document, True


def equal(expected: Any, got: Any, *, text_is_number: bool = False) -> bool:
    """Whether two JSON values are equal; `text_is_number` lets the text of XML or CSV equal a number or boolean."""
    if text_is_number and isinstance(got, str) and isinstance(expected, int | float | Decimal):
        return _same_scalar(expected, got.strip())
    if isinstance(expected, list) and isinstance(got, list):
        return len(expected) == len(got) and all(
            equal(one, other, text_is_number=text_is_number) for one, other in zip(expected, got, strict=True)
        )
    if isinstance(expected, dict) and isinstance(got, dict):
        return expected.keys() == got.keys() and all(
            equal(value, got[name], text_is_number=text_is_number) for name, value in expected.items()
        )
    if _kind(expected) != _kind(got):
        return False
    return bool(expected == got)


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    return "number" if isinstance(value, int | float | Decimal) else type(value).__name__


def _same_scalar(expected: float | Decimal, text: str) -> bool:
    if isinstance(expected, bool):
        return text.lower() == str(expected).lower()
    if not _NUMBER.fullmatch(text):
        return False
    return bool(Decimal(text) == Decimal(str(expected)))
