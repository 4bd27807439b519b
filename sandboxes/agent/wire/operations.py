"""What one side can ask of an object of the other: calls, attributes, items, operators, iteration."""

import asyncio
import copy
import inspect
import logging
import operator
import os
from collections.abc import Callable
from typing import Any

from sandboxes.agent.wire import kinds
from sandboxes.agent.wire.lending import HOLDERS, fields_of, is_record

_UNARY: dict[str, Callable[..., Any]] = {
    "__len__": len, "__iter__": iter, "__next__": next, "__reversed__": reversed, "__bool__": bool, "__str__": str,
    "__repr__": repr, "__hash__": hash, "__int__": int, "__float__": float, "__complex__": complex, "__abs__": abs,
    "__neg__": operator.neg, "__pos__": operator.pos, "__invert__": operator.invert, "__index__": operator.index,
    "__bytes__": bytes,
}  # fmt: skip
_BINARY_TEXT = (
    "add sub mul matmul truediv floordiv mod pow lshift rshift and or xor iadd isub imul imatmul itruediv "
    "ifloordiv imod ipow ilshift irshift iand ior ixor lt le gt ge eq ne getitem contains delitem setitem"
)
_BINARY = tuple(_BINARY_TEXT.split())


def _operator(name: str) -> Callable[..., Any] | None:
    stem = name[2:-2]
    if stem in _BINARY:
        return getattr(operator, name, None)
    if stem[:1] == "r" and stem[1:] in _BINARY:
        straight = getattr(operator, f"__{stem[1:]}__")
        return lambda one, other: straight(other, one)
    if stem in ("divmod", "rdivmod"):
        return divmod if stem == "divmod" else lambda one, other: divmod(other, one)
    return _UNARY.get(name)


_OPERATORS = {f"__{name}__": _operator(f"__{name}__") for name in (*_BINARY, *(f"r{each}" for each in _BINARY[:13]))}
_OPERATORS |= _UNARY
_OPERATORS |= {name: _operator(name) for name in ("__divmod__", "__rdivmod__")}


def operate(name: str, target: Any, args: tuple[Any, ...], named: dict[str, Any]) -> Any:
    """Apply the operator that a special method stands for."""
    made = _OPERATORS.get(name)
    if made is not None and not (name == "__pow__" and len(args) > 1):
        return made(target, *args)
    return getattr(target, name)(*args, **named)


def perform(program: Any, operation: str, name: str, target: Any, args: Any, named: Any) -> Any:
    """Do one thing with an object of the program."""
    return _PERFORMED[operation](program, name, target, args, named)


def _call(_program: Any, _name: str, target: Any, args: Any, named: Any) -> Any:
    return target(*args, **named)


def _method(_program: Any, name: str, target: Any, args: Any, named: Any) -> Any:
    return getattr(target, name)(*args, **named)


def _get(program: Any, name: str, target: Any, _args: Any, _named: Any) -> Any:
    return getattr(program.module if target is None else target, name)


def _set(program: Any, name: str, target: Any, args: Any, _named: Any) -> None:
    setattr(program.module if target is None else target, name, args[0])


def _delete(program: Any, name: str, target: Any, _args: Any, _named: Any) -> None:
    delattr(program.module if target is None else target, name)


def _do(_program: Any, name: str, target: Any, args: Any, named: Any) -> Any:
    return operate(name, target, args, named)


def _take(_program: Any, _name: str, target: Any, args: Any, _named: Any) -> Any:
    """Some items of an iterator, and whether it has ended; what it ends with comes behind the items before it."""
    items: list[Any] = []
    try:
        for _ in range(args[0]):
            items.append(next(target))  # noqa: PERF401 - what came before an exception counts
    except StopIteration as end:
        return [items, "ended", end.value]
    except Exception as error:  # noqa: BLE001 - untrusted code was called
        return [items, "raised", error]
    return [items, "more", None]


def _list(_program: Any, _name: str, target: Any, _args: Any, _named: Any) -> list[str]:
    return [str(each) for each in dir(target)]


def _plain(_program: Any, _name: str, target: Any, _args: Any, _named: Any) -> Any:
    """What a handle's content is, where its class says no more than a plain one about equality."""
    for kind in HOLDERS:
        if isinstance(target, kind):
            return ["holder", dict(dict.items(target)) if kind is dict else kind(kind.__iter__(target))]  # type: ignore[arg-type]
    if is_record(type(target)):
        return ["record", {each: getattr(target, each) for each in fields_of(target)}]
    return ["object", None]


def _compare(_program: Any, name: str, target: Any, args: Any, _named: Any) -> Any:
    return bool(getattr(operator, name)(target, args[0]))


def _copy(_program: Any, name: str, target: Any, _args: Any, _named: Any) -> Any:
    return copy.deepcopy(target) if name == "deep" else copy.copy(target)


def _await(_program: Any, _name: str, target: Any, _args: Any, _named: Any) -> Any:
    async def awaited() -> Any:
        return await target

    return asyncio.run(awaited())


def _derive(_program: Any, name: str, _target: Any, args: Any, _named: Any) -> Any:
    """A class of the tests that inherits from one of the program."""
    bases, members = args
    return type(name, tuple(bases), {each: _member(*parts) for each, parts in members.items()})


def _super(_program: Any, name: str, target: Any, args: Any, _named: Any) -> Any:
    return getattr(super(target, args[0]), name)


def _member(kind: str, value: Any, *more: Any) -> Any:
    if kind == "property":
        return property(*(each if each is None else _as_method(each) for each in (value, *more)))
    wraps = {"classmethod": classmethod, "staticmethod": staticmethod}.get(kind)
    return _as_method(value) if wraps is None else wraps(_as_method(value))


def _as_method(value: Any) -> Any:
    if not hasattr(type(value), "_ask"):
        return value

    def method(*args: Any, **named: Any) -> Any:
        return value(*args, **named)

    return method


def _refill(program: Any, _name: str, _target: Any, args: Any, _named: Any) -> None:
    kinds.refill(program.lent.objects[args[0]], args[1])


def _signature(_program: Any, _name: str, target: Any, _args: Any, _named: Any) -> list[Any]:
    found = inspect.signature(target).parameters.values()
    return [[each.name, int(each.kind), each.default is not each.empty, _default(each)] for each in found]


def _default(parameter: Any) -> Any:
    return None if parameter.default is parameter.empty else parameter.default


def _log_level(_program: Any, _name: str, _target: Any, args: Any, _named: Any) -> None:
    logging.getLogger().setLevel(args[0])


def _patch(program: Any, name: str, _target: Any, args: Any, _named: Any) -> None:
    program.around.patch(args[0], name, args[1])


def _environment(_program: Any, _name: str, _target: Any, args: Any, _named: Any) -> None:
    os.environ.clear()
    os.environ.update(args[0])


def _restore(program: Any, name: str, _target: Any, args: Any, _named: Any) -> None:
    program.around.restore(args[0], name)


_PERFORMED: dict[str, Callable[[Any, str, Any, Any, Any], Any]] = {
    "call": _call, "method": _method, "get": _get, "set": _set, "del": _delete, "do": _do, "take": _take,
    "dir": _list, "plain": _plain, "compare": _compare, "await": _await, "copy": _copy, "refill": _refill,
    "signature": _signature, "super": _super, "log level": _log_level, "derive": _derive, "patch": _patch,
    "restore": _restore, "environment": _environment,
}  # fmt: skip
