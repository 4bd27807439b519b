"""The value a function returned, as canonical JSON made of exact built-in types and nothing else.

`None`, `bool`, `int`, `float`, `str` and `list` are themselves. The other types travel as objects of one key:

    {"int": "0x…"}           beyond 64 bits (decimal text of big numbers costs quadratic time on the other side)
    {"float": "nan"}         also "inf", "-inf"
    {"tuple": […]}  {"set": […]}  {"frozenset": […]}
    {"dict": [[key, value], …]}      in insertion order
    {"bytes": "…hex…"}  {"complex": [re, im]}  {"decimal": "…"}  {"fraction": [numerator, denominator]}

Counter, defaultdict and OrderedDict, whose equality is a dict's, leave as "dict"; numpy's own scalars and arrays leave
through `tolist()`. Any other type, subclasses included, is unsupported: an object that defines its own equality must
not reach a comparison. This code runs beside the submission, which may break or forge it: it is a convenience, and
what it sends is believed no more than anything else the program says.
"""

import json
import math
import sys
from typing import Any

DEEPEST = 400
_SMALL = 1 << 63


class UnsupportedValueError(Exception):
    """The value is not made of exact built-in types, or nests too deeply."""


def encode(value: Any) -> bytes:
    """Canonical JSON of `value`, ASCII only.

    Raises:
        UnsupportedValueError: see the module.
    """
    try:
        return json.dumps(_plain(value, 0), allow_nan=False, separators=(",", ":")).encode()
    except RecursionError:
        raise UnsupportedValueError("nested too deeply") from None


def _plain(value: Any, depth: int) -> Any:
    kind = type(value)
    if value is None or kind is bool or kind is str:
        return value
    if kind is int:
        return value if -_SMALL <= value < _SMALL else {"int": hex(value)}
    if kind is float:
        return value if math.isfinite(value) else {"float": repr(value)}
    if depth >= DEEPEST:
        raise UnsupportedValueError("nested too deeply")
    if kind is list:
        return [_plain(item, depth + 1) for item in value]
    return _other(value, kind, depth + 1)


def _other(value: Any, kind: type, depth: int) -> Any:  # noqa: PLR0911 - one line for each type
    if kind in (tuple, set, frozenset):
        return {kind.__name__: [_plain(item, depth) for item in value]}
    if kind is dict or _is_from(kind, "collections", ("Counter", "defaultdict", "OrderedDict")):
        return {"dict": [[_plain(key, depth), _plain(item, depth)] for key, item in dict.items(value)]}
    if kind in (bytes, bytearray):
        return {"bytes": value.hex()}
    if kind is complex:
        return {"complex": [_plain(value.real, depth), _plain(value.imag, depth)]}
    if _is_from(kind, "decimal", ("Decimal",)):
        return {"decimal": str(value)}
    if _is_from(kind, "fractions", ("Fraction",)):
        return {"fraction": [_plain(value.numerator, depth), _plain(value.denominator, depth)]}
    if _is_numpy(kind):
        return _plain(value.tolist(), depth)
    raise UnsupportedValueError(f"a value of type {kind.__module__}.{kind.__qualname__}"[:200])


def _is_from(kind: type, module: str, names: tuple[str, ...]) -> bool:
    loaded = sys.modules.get(module)
    return loaded is not None and any(kind is getattr(loaded, name, None) for name in names)


def _is_numpy(kind: type) -> bool:
    numpy = sys.modules.get("numpy")
    if numpy is None:
        return False
    return kind is numpy.ndarray or (issubclass(kind, numpy.generic) and kind.__module__ == "numpy")
