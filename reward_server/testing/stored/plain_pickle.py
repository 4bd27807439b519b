"""Pickles of plain values, read from their opcodes: lists, tuples, dicts, texts, numbers. Nothing is ever executed.

Every opcode that could import, call or build anything is refused, and so is one that refers to a container a second
time: a few bytes could then spell a value of any size.
"""

import pickletools
from collections.abc import Callable
from typing import Any

from reward_server.errors import TaskError

_REFUSED = (
    "tests: a pickle of more than plain lists, objects, texts and numbers is never loaded, because it can run code"
)
_VALUES = frozenset(
    ("SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8", "UNICODE", "BININT", "BININT1", "BININT2", "INT", "LONG", "LONG1",
     "LONG4", "BINFLOAT", "FLOAT")
)  # fmt: skip
_CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
_EMPTY: dict[str, Callable[[], Any]] = {"EMPTY_LIST": list, "EMPTY_DICT": dict, "EMPTY_TUPLE": tuple}
_REMEMBERS = frozenset(("MEMOIZE", "PUT", "BINPUT", "LONG_BINPUT"))
_RECALLS = frozenset(("GET", "BINGET", "LONG_BINGET"))
_SHORT_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}
_MARK = object()


def loads(raw: bytes) -> Any:
    """Return the value of a pickle that holds plain values alone; tuples become lists.

    Raises:
        TaskError: it is broken, or holds anything else.
    """
    stack: list[Any] = []
    memo: list[Any] = []
    places: dict[int, Any] = {}
    try:
        for opcode, argument, _position in pickletools.genops(raw):
            if opcode.name == "STOP":
                break
            if opcode.name in _REMEMBERS:
                places[len(memo) if argument is None else int(str(argument))] = stack[-1]
                memo.append(stack[-1])
            elif opcode.name in _RECALLS:
                stack.append(_scalar(places[int(str(argument))]))
            else:
                _step(opcode.name, argument, stack)
    except (ValueError, IndexError, KeyError, TypeError) as cause:
        raise TaskError("tests: a broken pickle; store the tests as JSON") from cause
    if len(stack) != 1 or stack[0] is _MARK:
        raise TaskError("tests: a broken pickle; store the tests as JSON")
    return stack[0]


def _step(name: str, argument: Any, stack: list[Any]) -> None:
    if name in _VALUES:
        stack.append(argument)
    elif name in _CONSTANTS:
        stack.append(_CONSTANTS[name])
    elif name in _EMPTY:
        stack.append(list(made) if isinstance(made := _EMPTY[name](), tuple) else made)
    elif name in _SHORT_TUPLES:
        count = _SHORT_TUPLES[name]
        stack[-count:] = [stack[-count:]]
    elif name == "MARK":
        stack.append(_MARK)
    elif name == "APPEND":
        value = stack.pop()
        stack[-1].append(value)
    elif name == "SETITEM":
        key, value = stack[-2:]
        del stack[-2:]
        stack[-1][_scalar(key)] = value
    elif name in {"APPENDS", "SETITEMS", "LIST", "TUPLE", "DICT"}:
        _collect(name, stack)
    elif name not in {"PROTO", "FRAME"}:
        raise TaskError(f"{_REFUSED}: store the tests as JSON")


def _collect(name: str, stack: list[Any]) -> None:
    """Put what stands behind the last mark into the container in front of it, or into a new one."""
    start = len(stack) - 1 - stack[::-1].index(_MARK)
    values = stack[start + 1 :]
    del stack[start:]
    if name == "APPENDS":
        stack[-1].extend(values)
        return
    if name in {"LIST", "TUPLE"}:
        stack.append(values)
        return
    pairs = {_scalar(key): value for key, value in zip(values[::2], values[1::2], strict=True)}
    if name == "DICT":
        stack.append(pairs)
    else:
        stack[-1].update(pairs)


def _scalar(value: Any) -> Any:
    if isinstance(value, list | dict) or value is _MARK:
        raise TaskError(f"{_REFUSED}: a container is referred to twice")
    return value
