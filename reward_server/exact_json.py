"""JSON with integers of any size kept exact: the fast decoder makes floats of those beyond 64 bits."""

import json
import re
from collections.abc import Iterable, Mapping
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal, Inexact, localcontext
from math import isfinite
from typing import Any

import orjson

from reward_server import long_json

_LONG = re.compile(r"[:,\[]\s*-?\d{19}")
_LONG_ALONE = re.compile(r"\s*-?\d{19}")
"""A number that may be an integer beyond 64 bits, in a text that is more or is no more."""
_DIGITS, _SEARCHED = re.compile(r"\d{19}"), 131_072
_WHOLE = 262_144
"""Characters that are decoded at once; between the pieces of a longer text other threads run."""
_PIECE = 4000
"""Digits that Python reads and prints at once."""
_PRINTED = 10**_PIECE
_BITS = 2_000
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
    if len(text) <= _WHOLE:
        return _loads(text)
    return long_json.loads(text.encode(), lambda piece: _loads(piece.decode()))


def _loads(text: str) -> Any:
    if not _holds_long(text):
        return orjson.loads(text)
    try:
        return json.loads(text, parse_int=whole_number, parse_float=_finite, parse_constant=_no_json)
    except RecursionError as cause:
        raise ValueError("nested too deeply") from cause


def _holds_long(text: str) -> bool:
    """Tell whether a text may hold a long integer; other threads run between the pieces that are searched."""
    rows = (_DIGITS.search(text, start, start + _SEARCHED + 18) for start in range(0, len(text), _SEARCHED))
    if len(text) > _SEARCHED and not any(rows):
        return False
    return (_LONG.search(text) or _LONG_ALONE.match(text)) is not None


def _no_json(number: str) -> Any:
    raise ValueError(f"{number[:40]} is no number of JSON")


def _finite(number: str) -> float:
    value = float(number)
    return value if isfinite(value) else _no_json(number)


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
    value = _joined(plain)
    return -value if digits[:1] == "-" else value


def _joined(digits: str) -> int:
    """Return the integer by its halves, which Python multiplies faster than one long piece after another."""
    if len(digits) <= _PIECE:
        return int(digits)
    half = len(digits) // 2
    shift: int = 10**half
    return _joined(digits[:-half]) * shift + _joined(digits[-half:])


def dumps(value: Any) -> bytes:
    """Return a value as JSON: integers of any size as they are, NaN and infinities as null, other objects as text.

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
        return dict(zip(_keys(value), map(_writable, value.values()), strict=True))
    if isinstance(value, list | tuple):
        return [_writable(inner) for inner in value]
    return value


def _keys(names: Iterable[Any]) -> list[str]:
    """Return keys as they can be written; spelled where two would become one."""
    texts = [text_of(name) for name in names]
    plain = [_SURROGATE.sub("\ufffd", text) for text in texts]
    if len(set(plain)) == len(plain):
        return plain
    return [text.encode("utf-8", "backslashreplace").decode() for text in texts]


def text_of(value: Any) -> str:
    """Return a scalar as text: an integer by its digits, however many."""
    return digits_of(value) if isinstance(value, int) and not isinstance(value, bool) else str(value)


def digits_of(number: int) -> str:
    """Return the decimal digits of an integer, also where Python refuses to print them at once."""
    if abs(number) < _PRINTED:
        return str(number)
    with localcontext(Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[Inexact])):
        digits = format(_decimal(abs(number), number.bit_length()), "f")
    return f"-{digits}" if number < 0 else digits


def _decimal(number: int, bits: int) -> Decimal:
    """Return a number as a decimal by its halves, which libmpdec multiplies in less than quadratic time."""
    if bits <= _BITS:
        return Decimal(number)
    half = bits >> 1
    return _decimal(number >> half, bits - half) * Decimal(2) ** half + _decimal(number & ((1 << half) - 1), half)
