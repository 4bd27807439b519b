"""Classes made from what the program says of its own: the same names and operators, and nothing of its code."""

import dataclasses
from collections.abc import Callable
from types import FunctionType, GeneratorType, MethodType
from typing import Any

from sandboxes.agent.wire.globals import exception_named
from sandboxes.agent.wire.lending import CARRIERS, DUNDERS, HOLDERS, TEXTS
from sandboxes.agent.wire.proxies import LINK, Carried, Coroutine, Handle, Remote, advance
from sandboxes.agent.wire.weighing import operator_of

_HERE = frozenset(
    {"__eq__", "__ne__", "__hash__", "__iter__", "__next__", "__await__", "__copy__", "__deepcopy__", "__getattr__"}
)
_PLAIN = {kind.__name__: kind for kind in (*CARRIERS, *HOLDERS)}


def class_from(said: dict[str, Any], known: dict[int, type]) -> type:
    """The class that a description describes; `known` are those described before, by number.

    Raises:
        ValueError, TypeError, KeyError: it makes no sense.
    """
    name = str(said["name"])[:200] or "object"
    if "exception" in said:
        return _exception_class(name, said, known)
    bases = [known[base] if isinstance(base, int) else _PLAIN[base] for base in said["bases"][:20]]
    carrier = next((kind for kind in CARRIERS if any(issubclass(base, kind) for base in bases)), None)
    stem: type = Handle if carrier is None else Carried
    dunders = [each for each in said["dunders"] if each in DUNDERS]
    members: dict[str, Any] = {"_asked": frozenset(dunders), "__module__": "solution"}
    members["_methods"] = frozenset(map(str, said["methods"])) | _inherited_methods(bases)
    if carrier is None:
        members |= {each: operator_of(each) for each in dunders if each not in _HERE}
        members["__dict__"] = property(lambda self: LINK[0].ask("get", "__dict__", self))
        members |= {each: _SPECIAL[each] for each in dunders if each in _SPECIAL}
        members |= _passing_for(said["name"])
        for holder in HOLDERS:
            if holder in bases:
                members |= {each: _method("method", each) for each in dir(holder) if not each.startswith("_")}
        members |= _seen_by_built_ins(bases)
    else:
        members |= {each: _method("do", each) for each in said.get("texts", ()) if each in TEXTS}
    if said["name"] == "coroutine" and "__await__" in dunders:
        bases.append(Coroutine)
    members["_is_enum"] = bool(said.get("enum"))
    members["_protocol"] = frozenset(map(str, said["protocol"])) if "protocol" in said else None
    members["_checkable"] = bool(said.get("checkable"))
    members |= _looked_up(said)
    for attempt in ((stem, *bases), (*bases, stem), (stem,)):
        try:
            return Remote(name, _without_repeats(attempt), dict(members), number=said["id"])
        except TypeError:
            continue
    raise TypeError(name)


def _seen_by_built_ins(bases: list[type]) -> dict[str, Any]:
    """What has the built-in types ask an object for its content, which is with the program.

    `set` copies, joins and compares what inherits from it by its own memory, where nothing is: a class of sets says
    that it is one and inherits from none. A list joins by memory as well, but asks the other first where that can add.
    """
    if set in bases:
        bases.remove(set)
        return {"__class__": property(lambda _self: set)}
    return {"__radd__": lambda self, other: other + list(self)} if list in bases else {}


def _passing_for(name: Any) -> dict[str, Any]:
    """What has `isinstance` and `inspect` know the interpreter's own kinds; a function in a class becomes a method."""
    kind = _KINDS.get(name)
    members: dict[str, Any] = {} if kind is None else {"__class__": property(lambda _self: kind)}
    if name in ("function", "_lru_cache_wrapper"):
        members["__get__"] = lambda self, one, _kind=None: self if one is None else MethodType(self, one)
    return members


_KINDS: dict[Any, type] = {each.__name__: each for each in (GeneratorType, FunctionType, map, filter, zip, enumerate)}


def _looked_up(said: dict[str, Any]) -> dict[str, Any]:
    """What the library looks for in classes and functions."""
    members: dict[str, Any] = {}
    if said["name"] in ("function", "method", "builtin_function_or_method", "_lru_cache_wrapper"):
        members["__doc__"] = property(lambda self: LINK[0].ask("get", "__doc__", self))
        members["__signature__"] = property(_signature)
        members["__annotations__"] = property(lambda self: LINK[0].ask("get", "__annotations__", self))
    if "all fields" in said:
        members["__dataclass_fields__"] = {str(name): _field(str(name)) for name in said["all fields"]}
        members["__match_args__"] = tuple(members["__dataclass_fields__"])
    return members


def _field(name: str) -> Any:
    made: Any = dataclasses.field()
    made.name, made.type, made._field_type = name, Any, dataclasses._FIELD  # type: ignore[attr-defined]
    return made


def _signature(self: Any) -> Any:
    import inspect  # noqa: PLC0415 - only for tests that look

    told = LINK[0].ask("signature", "", self)
    kinds, empty = inspect._ParameterKind, inspect.Parameter.empty
    return inspect.Signature(
        [
            inspect.Parameter(name, kinds(kind), default=default if has_default else empty)
            for name, kind, has_default, default in told
        ]
    )


def _without_repeats(bases: tuple[type, ...]) -> tuple[type, ...]:
    kept = dict.fromkeys(bases)
    return tuple(base for base in kept if not any(other is not base and base in other.__mro__ for other in kept))


def _inherited_methods(bases: list[type]) -> frozenset[str]:
    return frozenset().union(*(getattr(base, "_methods", ()) for base in bases))


def _exception_class(name: str, said: dict[str, Any], known: dict[int, type]) -> type:
    """An exception is of one kind of the library's: one of every kind would be what every test waits for."""
    nearest = exception_named(*said["exception"]) or RuntimeError
    parents = [known[base] for base in said["bases"] if isinstance(base, int)]
    kept = [each for each in parents if issubclass(each, BaseException) and issubclass(nearest, _library_kind(each))]
    bases = (*kept, *(() if any(issubclass(each, nearest) for each in kept) else (nearest,)))
    members = {"__str__": lambda self: getattr(self, "_text", None) or Exception.__str__(self), "_number": said["id"]}
    return type(name, bases, members)


def _library_kind(kind: type) -> type:
    return next(each for each in kind.__mro__ if "_number" not in vars(each))


def _method(operation: str, name: str) -> Callable[..., Any]:
    return lambda self, *args, **named: LINK[0].ask(operation, name, self, args, named)


def _iterate(self: Any) -> Any:
    found = LINK[0].ask("do", "__iter__", self)
    return found if isinstance(found, Handle) else iter(found)


def _awaited(self: Any) -> Any:
    return LINK[0].ask("await", "", self)
    yield


_SPECIAL: dict[str, Any] = {
    "__iter__": _iterate,
    "__next__": advance,
    "__await__": _awaited,
}
