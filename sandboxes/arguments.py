"""Long arguments, written in pieces: one call for all of them would let no other thread run for 300 ms."""

import asyncio
from collections.abc import Sequence
from itertools import islice
from typing import Any

from sandboxes.agent import frames

_LONG, _SLICE = 20_000, 512
"""Items beyond which a header is written in pieces, and items of one piece."""
_SCALARS = frozenset({int, float, bool, str, type(None)})


async def packed(header: dict[str, Any], blobs: Sequence[bytes]) -> bytes:
    """Return a frame; one with long arguments is written in a thread."""
    if not are_long(header):
        return frames.pack(header, blobs)
    return await asyncio.to_thread(frames.pack, header, blobs, written_in_pieces)


def are_long(header: dict[str, Any]) -> bool:
    """Say whether a frame's header is no work for the event loop; looks at a bounded part of it."""
    waiting: list[Any] = [header]
    left = _LONG
    while waiting and left > 0:
        item = waiting.pop()
        if isinstance(item, dict | list | tuple):
            waiting.extend(islice(item.values() if isinstance(item, dict) else item, left))
        left -= 1 + (len(item) >> 6 if isinstance(item, str) else 0)
    return left <= 0


def written_in_pieces(value: Any) -> str:
    """Return compact JSON, as `frames.written`."""
    parts: list[str] = []
    _write(value, parts)
    return "".join(parts)


def _write(value: Any, parts: list[str]) -> None:
    if isinstance(value, dict):
        for number, (name, item) in enumerate(value.items()):
            parts.append(f"{',' if number else '{'}{frames.written(name)}:")
            _write(item, parts)
        parts.append("}" if value else "{}")
    elif isinstance(value, list | tuple):
        for start in range(0, len(value), _SLICE):
            piece = value[start : start + _SLICE]
            parts.append("," if start else "[")
            if _SCALARS.issuperset(map(type, piece)):
                parts.append(frames.written(piece)[1:-1])
                continue
            for number, item in enumerate(piece):
                if number:
                    parts.append(",")
                _write(item, parts)
        parts.append("]" if value else "[]")
    else:
        parts.append(frames.written(value))
