"""Tests that data sets store packed: JSON inside a string, base64, zlib, and a pickle that holds nothing but a string.

Nothing is ever unpickled: a pickle can run any code. LiveCodeBench's private tests are base64 of zlib of a pickled
JSON *text*; the text is read from the pickle's opcodes, and a pickle with any other opcode is refused.
"""

import base64
import binascii
import pickletools
import zlib
from typing import Any

from reward_server import exact_json
from reward_server.errors import TaskError

MAX_UNPACKED = 256 * 1024 * 1024
"""Bytes that packed tests may unpack to."""
_LAYERS = 4
_BASE64_LEAST = 16
_TEXT_OPCODES = frozenset({"SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8", "UNICODE"})
_HARMLESS_OPCODES = _TEXT_OPCODES | {"PROTO", "FRAME", "MEMOIZE", "PUT", "BINPUT", "LONG_BINPUT", "STOP"}


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


def _bytes_layer(raw: bytes) -> str:
    if raw[:1] == b"x":
        inflater = zlib.decompressobj()
        try:
            raw = inflater.decompress(raw, MAX_UNPACKED)
        except zlib.error as cause:
            raise TaskError(f"tests: base64 text that is no zlib stream: {cause}") from cause
        if inflater.unconsumed_tail:
            raise TaskError(f"tests: packed tests unpack to more than {MAX_UNPACKED} bytes")
    if raw[:1] == b"\x80":
        return _pickled_text(raw)
    try:
        return raw.decode()
    except UnicodeDecodeError as cause:
        raise TaskError("tests: packed tests are neither JSON nor text") from cause


def _pickled_text(raw: bytes) -> str:
    """Return the string that a pickle of a string holds, read from its opcodes without executing them."""
    text: str | None = None
    try:
        for opcode, argument, _position in pickletools.genops(raw):
            if opcode.name not in _HARMLESS_OPCODES or (opcode.name in _TEXT_OPCODES and text is not None):
                raise TaskError("tests: a pickle is never loaded, because it can run any code: store the tests as JSON")
            if opcode.name in _TEXT_OPCODES:
                text = str(argument)
    except ValueError as cause:
        raise TaskError("tests: a broken pickle; store the tests as JSON") from cause
    if text is None:
        raise TaskError("tests: an empty pickle; store the tests as JSON")
    return text
