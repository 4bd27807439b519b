"""Values as evidence shows them: no more work where they are long."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from reward_server.testing.judging.outputs import shown

_WRITTEN_WHOLE, _WRITTEN = 50_000, 1_000
"""Characters of a value that is written whole to be shown, in a millisecond; and of a longer one."""
_SHOWN_BITS = 10_000
"""Integers beyond this are described, not spelled: decimal digits cost quadratic time."""


def size_of(value: Any, enough: int) -> int:
    """Return about how many characters `value` has when it is written; counts no further than `enough`."""
    waiting, size = [value], 0
    while waiting and size < enough:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting.extend([*islice(item.keys(), enough), *islice(item.values(), enough)])
        elif isinstance(item, list | tuple | set | frozenset):
            waiting.extend(islice(item, enough))
        size += len(item) if isinstance(item, str | bytes) else item.bit_length() // 4 if isinstance(item, int) else 8
        size += 2
    return size


def shown_value(value: Any) -> str:
    """Return `value` for display, shortened; of a long one the beginning alone is written, and no huge integer."""
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > _SHOWN_BITS:
        return f"<integer of {value.bit_length()} bits>"
    try:
        if size_of(value, _WRITTEN_WHOLE) < _WRITTEN_WHOLE:
            return shown(repr(value))
        return f"{_beginning(value)[:_WRITTEN]} …"
    except (ValueError, RecursionError):
        return f"<{type(value).__name__}>"


def _beginning(value: Any) -> str:
    """Return the first characters of what `repr` writes."""
    text = ""
    for part in _parts(value):
        text += part
        if len(text) >= _WRITTEN:
            break
    return text


def _parts(value: Any) -> Iterator[str]:
    """Write a value bit by bit, as `repr` does it."""
    kind = type(value)
    if kind in (str, bytes):
        yield repr(value[:_WRITTEN])[: None if len(value) <= _WRITTEN else -1]
    elif kind is dict and value:
        yield "{"
        for number, (name, item) in enumerate(value.items()):
            yield ", " if number else ""
            yield from _parts(name)
            yield ": "
            yield from _parts(item)
        yield "}"
    elif kind in _AROUND and (value or kind in (list, tuple)):
        begins, ends = _AROUND[kind]
        yield begins
        yield from _items(value)
        yield ",)" if kind is tuple and len(value) == 1 else ends
    else:
        yield repr(value)


def _items(values: Iterable[Any]) -> Iterator[str]:
    for number, item in enumerate(values):
        yield ", " if number else ""
        yield from _parts(item)


_AROUND: dict[type, tuple[str, str]] = {
    list: ("[", "]"), tuple: ("(", ")"), set: ("{", "}"), frozenset: ("frozenset({", "})")
}  # fmt: skip
