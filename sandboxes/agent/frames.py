"""The frames an agent and its launcher exchange on the agent's stdin and stdout.

    4 bytes  length of the header, big-endian
    4 bytes  length of the blob
    header   JSON object; `sizes` splits the blob
    blob     raw bytes: source, stdin, stdout, … without any encoding

Requests carry `op` and `id`; every request gets one reply with the same `id`, but for `runs`, which gets one for each
run, and for `input`, `silence` and `on`, which concern what is under way. In a conversation the agent sends events of
its own accord: `output`, `idle`. Only the launcher speaks first.
"""

import json
import os
import struct
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

PREFIX = struct.Struct(">II")
MAX_HEADER_BYTES = 64 * 1024 * 1024
MAX_BLOB_BYTES = 1024 * 1024 * 1024


class Frame(NamedTuple):
    """One message."""

    header: dict[str, Any]
    blobs: list[bytes]


class ProtocolError(Exception):
    """The other side sent what is not a frame: the connection is of no further use."""


written: Callable[[Any], str] = json.JSONEncoder(separators=(",", ":")).encode
"""Compact JSON."""


def pack(header: dict[str, Any], blobs: Sequence[bytes] = (), write: Callable[[Any], str] = written) -> bytes:
    """One frame as bytes."""
    text = write({**header, "sizes": [len(blob) for blob in blobs]}).encode()
    return b"".join((PREFIX.pack(len(text), sum(map(len, blobs))), text, *blobs))


def lengths(prefix: bytes) -> tuple[int, int]:
    """Header and blob length announced by a prefix.

    Raises:
        ProtocolError: beyond any sensible size.
    """
    header, blob = PREFIX.unpack(prefix)
    if header > MAX_HEADER_BYTES or blob > MAX_BLOB_BYTES:
        raise ProtocolError(f"a frame of {header} + {blob} bytes")
    return header, blob


def unpack(text: bytes, blob: bytes) -> Frame:
    """A frame from its header text and blob.

    Raises:
        ProtocolError: malformed.
    """
    try:
        header = json.loads(text)
        sizes = [int(size) for size in header.pop("sizes")]
    except (TypeError, ValueError, KeyError, AttributeError, RecursionError) as error:
        raise ProtocolError(f"bad header: {error}") from error
    blobs, offset = [], 0
    for size in sizes:
        blobs.append(blob[offset : offset + size])
        offset += size
    if offset != len(blob):
        raise ProtocolError("the sizes do not add up to the blob")
    return Frame(header, blobs)


def read(descriptor: int) -> Frame | None:
    """The next frame, blocking; None at the end of the stream.

    Raises:
        ProtocolError: malformed, or the stream ended inside a frame.
    """
    prefix = _read_exactly(descriptor, PREFIX.size)
    if not prefix:
        return None
    header, blob = lengths(prefix)
    body = _read_exactly(descriptor, header + blob)
    return unpack(body[:header], body[header:])


def write(descriptor: int, frame: bytes) -> None:
    """All of a packed frame, blocking."""
    view = memoryview(frame)
    while view:
        view = view[os.write(descriptor, view) :]


def _read_exactly(descriptor: int, size: int) -> bytes:
    parts, missing = [], size
    while missing:
        part = os.read(descriptor, min(missing, 1 << 20))
        if not part:
            if missing == size:
                return b""
            raise ProtocolError("the stream ended inside a frame")
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
