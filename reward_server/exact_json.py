"""JSON with integers of any size kept exact: the fast decoder makes floats of those beyond 64 bits."""

import json
import re
from collections.abc import Mapping
from typing import Any

import orjson

_LONG = re.compile(r"\d{19}")
_PIECE = 4000
"""Digits that Python reads at once."""
_PRINTED = 10**_PIECE
_LEAST, _MOST = -(2**63), 2**64 - 1
"""What the fast encoder writes."""
_SURROGATE = re.compile("[\ud800-\udfff]")
MAX_DIGITS = 100_000
"""Digits of an integer that are read; beyond, reading would take seconds."""


def loads(text: str) -> Any:
    """Return the value of a JSON text.

    Raises:
        ValueError: the text is no JSON, or holds an integer of more than `MAX_DIGITS` digits.
    """
    if _LONG.search(text) is None:
        return orjson.loads(text)
    try:
        return json.loads(text, parse_int=whole_number, parse_constant=_no_json)
    except RecursionError as cause:
        raise ValueError("nested too deeply") from cause


def _no_json(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")


def whole_number(digits: str) -> int:
    """Return the integer that decimal digits, with a sign or without, spell.

    Raises:
        ValueError: there are more than `MAX_DIGITS`.
    """
    if len(digits) <= _PIECE:
        return int(digits)
    if len(digits) > MAX_DIGITS:
        raise ValueError(f"an integer of {len(digits)} digits")
    plain = digits.lstrip("+-")
    value = 0
    for start in range(0, len(plain), _PIECE):
        piece = plain[start : start + _PIECE]
        value = value * 10 ** len(piece) + int(piece)
    return -value if digits[:1] == "-" else value


def dumps(value: Any) -> bytes:
    """Return a value as JSON: integers of any size as they are, what JSON has no form for as text.

    Raises:
        ValueError: it is nested too deeply to be written.
    """
    try:
        return orjson.dumps(value, default=str)
    except TypeError:
        pass
    try:
        return orjson.dumps(_writable(value), default=str)
    except (TypeError, RecursionError) as cause:
        raise ValueError("nested too deeply to be written") from cause


def _writable(value: Any) -> Any:
    """Return what the fast encoder takes: it has bounds on integers, and wants whole characters."""
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, int) and not _LEAST <= value <= _MOST:
        return orjson.Fragment(digits_of(value))
    if isinstance(value, Mapping):
        return {_SURROGATE.sub("\ufffd", str(key)): _writable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_writable(inner) for inner in value]
    return value


def text_of(value: Any) -> str:
    """Return a scalar as text: an integer by its digits, however many."""
    return digits_of(value) if isinstance(value, int) and not isinstance(value, bool) else str(value)


def digits_of(number: int) -> str:
    """Return the decimal digits of an integer, also where Python refuses to print them at once."""
    if abs(number) < _PRINTED:
        return str(number)
    pieces, rest = [], abs(number)
    while rest:
        rest, piece = divmod(rest, _PRINTED)
        pieces.append(str(piece).zfill(_PIECE) if rest else str(piece))
    return ("-" if number < 0 else "") + "".join(reversed(pieces))
