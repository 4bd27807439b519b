"""The types that cross by value: how each is taken apart, and put together on the other side.

Parts are values themselves, in a list; a lone text is for a type whose whole is one.
"""

import base64
import importlib
import sys
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from types import MemberDescriptorType
from typing import Any

Apart = Callable[[Any], Any]
LIVE = frozenset({list, dict, set, deque})
"""What an attribute may hold that a test changes in place: it is changed over there too."""


def content(value: Any) -> list[Any]:
    """What a numbered object holds, as a flat list of objects."""
    kind = type(value)
    if kind in (list, deque, set, bytearray):
        return list(value)
    if isinstance(value, dict):
        return [part for pair in _items(value) for part in pair]
    if _is_array(value):
        return [bytes(value.tobytes())] if value.dtype != object else list(value.flat)
    return [part for pair in state_of(value).items() for part in pair]


def refill(value: Any, now: list[Any], put: Callable[..., None] | None = None) -> None:
    """Put such a list into an object of the same type; `put` sets an attribute, or refuses to."""
    kind = type(value)
    if kind in (list, bytearray):
        value[:] = now
    elif kind in (set, deque):
        value.clear()
        value.update(now) if kind is set else value.extend(now)
    elif isinstance(value, dict):
        value.clear()
        value.update(zip(now[::2], now[1::2], strict=True))
    elif _is_array(value):
        value.flat = value.__class__(len(now[0]) // value.itemsize, value.dtype, now[0])
    else:
        state = dict(zip(now[::2], now[1::2], strict=True))
        for name in set(state_of(value)) - set(state):
            object.__delattr__(value, name)
        for name, item in state.items():
            (put or set_state)(value, name, item)


def set_state(value: Any, name: Any, item: Any) -> None:
    """Set one attribute of an instance of the task's own class.

    Raises:
        ValueError: it is one of Python's own.
    """
    if name.startswith("__") and name.endswith("__"):
        raise ValueError(f"the attribute {name[:50]}")
    object.__setattr__(value, name, item)


def state_of(value: Any) -> dict[str, Any]:
    """The attributes of an instance, those in slots too."""
    state: dict[str, Any] = {}
    for kind in type(value).__mro__:
        for name, member in vars(kind).items():
            if isinstance(member, MemberDescriptorType):
                try:
                    state[name] = member.__get__(value)
                except AttributeError:
                    continue
    state.update(getattr(value, "__dict__", {}))
    return state


def _is_array(value: Any) -> bool:
    numpy = sys.modules.get("numpy")
    return numpy is not None and type(value) is numpy.ndarray


def _items(value: Any) -> Any:
    """What a dict holds, by no method of a class of the submission; an OrderedDict has an order of its own."""
    return OrderedDict.items(value) if isinstance(value, OrderedDict) else dict.items(value)


def _pairs(value: Any) -> list[Any]:
    items = list(_items(value))
    return [[key for key, _ in items], [item for _, item in items]]


def _factory(value: Any) -> list[Any] | None:
    return [value.default_factory, list(dict.keys(value)), list(dict.values(value))]


def _array(value: Any) -> list[Any] | None:
    if value.dtype.kind not in "biufcmMSU":
        return None
    return [value.dtype.str, list(value.shape), value.tobytes()]


def _scalar(value: Any) -> list[Any] | None:
    return [value.dtype.str, value.tobytes()] if value.dtype.kind in "biufcmMSU" else None


def _moment(value: Any) -> list[Any] | None:
    return [type(value).__name__, value.isoformat(), value.fold if hasattr(value, "fold") else 0]


BY_TYPE: dict[type, tuple[str, Apart, bool]] = {
    dict: ("d", _pairs, True),
    set: ("s", list, True),
    frozenset: ("z", list, False),
    bytes: ("b", lambda value: base64.b64encode(value).decode(), False),
    bytearray: ("B", lambda value: base64.b64encode(value).decode(), True),
    complex: ("c", lambda value: [value.real, value.imag], False),
    range: ("R", lambda value: [value.start, value.stop, value.step], False),
    slice: ("l", lambda value: [value.start, value.stop, value.step], False),
    type(...): ("E", lambda _value: "Ellipsis", False),
    type(NotImplemented): ("E", lambda _value: "NotImplemented", False),
    Counter: ("C", _pairs, True),
    OrderedDict: ("O", _pairs, True),
    defaultdict: ("D", _factory, True),
    deque: ("Q", lambda value: [list(value), value.maxlen], True),
    type({}.keys()): ("K", lambda value: [list(value)], False),
    type({}.values()): ("V", lambda value: [list(value)], False),
    type({}.items()): ("I", lambda value: [list(value)], False),
}
"""Tag, parts, and whether it can change, so that it has a number."""

_BY_NAME: dict[tuple[str, str], tuple[str, Apart, bool]] = {
    ("decimal", "Decimal"): ("dec", str, False),
    ("fractions", "Fraction"): ("frac", lambda value: [value.numerator, value.denominator], False),
    ("datetime", "date"): ("when", _moment, False),
    ("datetime", "datetime"): ("when", _moment, False),
    ("datetime", "time"): ("when", _moment, False),
    ("datetime", "timedelta"): ("delta", lambda value: [value.days, value.seconds, value.microseconds], False),
    ("datetime", "timezone"): ("zone", lambda value: [value.utcoffset(None)], False),
    ("uuid", "UUID"): ("uuid", str, False),
    ("pathlib", "PosixPath"): ("path", str, False),
    ("re", "Pattern"): ("re", lambda value: [value.pattern, value.flags], False),
    ("array", "array"): ("arr", lambda value: [value.typecode, value.tobytes()], False),
    ("numpy", "ndarray"): ("np", _array, True),
}


def by_name(kind: type) -> tuple[str, Apart, bool] | None:
    """How a type of a module that need not be loaded is taken apart."""
    module = kind.__module__
    known = _BY_NAME.get((module, kind.__name__))
    if known is not None:
        return known if getattr(sys.modules.get(module), kind.__name__, None) is kind else None
    if module == "numpy" and issubclass(kind, sys.modules["numpy"].generic):
        return ("nps", _scalar, False)
    return None


def _when(kind: str, text: str, fold: int) -> Any:
    module = importlib.import_module("datetime")
    made = {"date": module.date, "datetime": module.datetime, "time": module.time}[kind].fromisoformat(text)
    return made.replace(fold=1) if fold == 1 else made


def _from(module: str, name: str) -> Callable[..., Any]:
    def put_together(*parts: Any) -> Any:
        return getattr(importlib.import_module(module), name)(*parts)

    return put_together


def _numpy_array(dtype: str, shape: list[int], data: bytes) -> Any:
    numpy = importlib.import_module("numpy")
    return numpy.frombuffer(bytearray(data), _plain_dtype(dtype)).reshape(shape)


def _numpy_scalar(dtype: str, data: bytes) -> Any:
    return importlib.import_module("numpy").frombuffer(data, _plain_dtype(dtype))[0]


def _plain_dtype(text: str) -> Any:
    dtype = importlib.import_module("numpy").dtype(text)
    if dtype.kind not in "biufcmMSU":
        raise ValueError("an array of objects")
    return dtype


def _default_dict(value: "defaultdict[Any, Any]", factory: Any, keys: list[Any], values: list[Any]) -> None:
    value.default_factory = factory
    value.update(zip(keys, values, strict=True))


def _update(value: "dict[Any, Any]", keys: list[Any], values: list[Any]) -> None:
    dict.update(value, zip(keys, values, strict=True))


def _update_ordered(value: "OrderedDict[Any, Any]", keys: list[Any], values: list[Any]) -> None:
    value.update(zip(keys, values, strict=True))


BY_TAG: dict[str, tuple[Callable[..., Any], bool, Callable[..., None] | None]] = {
    "d": (dict, True, _update),
    "C": (Counter, True, _update),
    "O": (OrderedDict, True, _update_ordered),
    "D": (defaultdict, True, _default_dict),
    "s": (set, True, lambda value, *items: value.update(items)),
    "z": (lambda *items: frozenset(items), False, None),
    "b": (base64.b64decode, False, None),
    "B": (lambda text: bytearray(base64.b64decode(text)), True, None),
    "c": (complex, False, None),
    "f": (lambda text: float(str(text)), False, None),
    "R": (range, False, None),
    "l": (slice, False, None),
    "E": (lambda name: {"Ellipsis": ..., "NotImplemented": NotImplemented}[name], False, None),
    "Q": (deque, True, None),
    "K": (lambda keys: dict.fromkeys(keys).keys(), False, None),
    "V": (lambda values: dict(enumerate(values)).values(), False, None),
    "I": (lambda pairs: dict(pairs).items(), False, None),
    "dec": (_from("decimal", "Decimal"), False, None),
    "frac": (_from("fractions", "Fraction"), False, None),
    "when": (_when, False, None),
    "delta": (_from("datetime", "timedelta"), False, None),
    "zone": (_from("datetime", "timezone"), False, None),
    "uuid": (_from("uuid", "UUID"), False, None),
    "path": (_from("pathlib", "Path"), False, None),
    "re": (_from("re", "compile"), False, None),
    "arr": (_from("array", "array"), False, None),
    "np": (_numpy_array, True, None),
    "nps": (_numpy_scalar, False, None),
}
"""How it is put together; whether it has a number; and for what may hold itself, how it is filled afterwards."""
