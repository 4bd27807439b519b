"""JSON with integers of any size kept exact: the fast decoder makes floats of those beyond 64 bits."""

import json
import re
from typing import Any

import orjson

_LONG = re.compile(r"\d{19}")
_PIECE = 4000
"""Digits that Python reads at once."""
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
