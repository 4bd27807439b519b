"""Tests that data sets store packed: JSON inside a string, base64, zlib or gzip, and pickles of plain values.

Nothing is ever unpickled: a pickle can run any code. LiveCodeBench's private tests are base64 of zlib of a pickled
JSON *text*, open-instruct's of a pickled list; `plain_pickle` reads both from the opcodes and refuses every other.
"""

import base64
import binascii
import zlib
from typing import Any

from reward_server import exact_json
from reward_server.errors import TaskError
from reward_server.testing.stored import plain_pickle

MAX_UNPACKED = 256 * 1024 * 1024
"""Bytes that packed tests may unpack to."""
_LAYERS = 4
_BASE64_LEAST = 16
_GZIP, _ZLIB_OR_GZIP = b"\x1f\x8b", 47


def unpack(stored: Any) -> Any:
    """Return tests with every packing layer removed; text that is no packing stays text.

    Raises:
        TaskError: a packed layer is broken, too large, or a pickle that is more than a string.
    """
    for _ in range(_LAYERS):
        if isinstance(stored, dict) and "packed" in stored:
            stored = {**unpacked_dict(unpack(stored["packed"])), **{k: v for k, v in stored.items() if k != "packed"}}
        elif isinstance(stored, str):
            inner = _layer(stored)
            if inner is stored:
                return stored
            stored = inner
        else:
            return stored
    return stored


def unpacked_dict(value: Any) -> dict[str, Any]:
    """Return packed content as a mapping; a bare list of tests gets a name."""
    return value if isinstance(value, dict) else {"test_cases": value}


def _layer(text: str) -> Any:
    stripped = text.strip()
    if stripped[:1] in ("{", "[", '"'):
        try:
            return exact_json.loads(stripped)
        except ValueError:
            return text
    if len(stripped) < _BASE64_LEAST or any(character.isspace() for character in stripped[:200]):
        return text
    try:
        raw = base64.b64decode(stripped, validate=True)
    except (binascii.Error, ValueError):
        return text
    return _bytes_layer(raw)


def _bytes_layer(raw: bytes) -> Any:
    if raw[:1] == b"x" or raw[:2] == _GZIP:
        inflater = zlib.decompressobj(_ZLIB_OR_GZIP)
        try:
            raw = inflater.decompress(raw, MAX_UNPACKED)
        except zlib.error as cause:
            raise TaskError(f"tests: base64 text that is neither a zlib nor a gzip stream: {cause}") from cause
        if inflater.unconsumed_tail:
            raise TaskError(f"tests: packed tests unpack to more than {MAX_UNPACKED} bytes")
    if raw[:1] == b"\x80":
        return plain_pickle.loads(raw)
    try:
        return raw.decode()
    except UnicodeDecodeError as cause:
        raise TaskError("tests: packed tests are neither JSON nor text") from cause
