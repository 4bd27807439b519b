"""Objects of the tests, as the program sees them: what it does with one is asked of the tests' side."""

import inspect
from collections.abc import Callable, Iterable
from functools import cache
from types import SimpleNamespace
from typing import Any

from sandboxes.agent.wire.lending import DUNDERS

_OWN = ("_guest_number", "_guest_program")


class GuestKind(type):
    """What a class of the tests is here: its objects are instances of it, calling it makes one over there."""

    _program: Any
    _number: int

    def __new__(mcs, name: str, *_rest: Any, **_more: Any) -> Any:
        """Refuse what a program derives from a class of the tests, whose methods are over there."""
        raise TypeError(f"{name}: where programs run nothing can be derived from a class of the tests")

    def __call__(cls, *args: Any, **named: Any) -> Any:
        return cls._ask_kind("do", "__call__", *args, **named)

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return cls._ask_kind("get", name)

    def __iter__(cls) -> Any:
        return cls._ask_kind("do", "__iter__")

    def __len__(cls) -> int:
        return int(cls._ask_kind("do", "__len__"))

    def __bool__(cls) -> bool:
        return True

    def __getitem__(cls, item: Any) -> Any:
        return cls._ask_kind("do", "__getitem__", item)

    def _ask_kind(cls, operation: str, name: str, *args: Any, **named: Any) -> Any:
        return cls._program.ask(cls._number, operation, name, args, named)


class Guest:
    """One object; its operators are those of its class over there."""

    def __init__(self, program: Any, number: int) -> None:
        object.__setattr__(self, "_guest_program", program)
        object.__setattr__(self, "_guest_number", number)

    def __getattr__(self, name: str) -> Any:
        return self._ask("get", name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._ask("set", name, value)

    def _ask(self, operation: str, name: str, *args: Any, **named: Any) -> Any:
        return self._guest_program.ask(self._guest_number, operation, name, args, named)


def describe(guest: Guest, told: dict[str, Any]) -> None:
    """Give the guest of a function what a program reads of one: its name, its text and how it can be called."""
    for name in ("__name__", "__qualname__", "__doc__", "__module__"):
        if name in told:
            object.__setattr__(guest, name, told[name])
    if "code" in told:
        kinds, empty = inspect._ParameterKind, inspect.Parameter.empty
        made = [inspect.Parameter(name, kinds(kind), default=None if has_default else empty)
                for name, kind, has_default in told["parameters"]]  # fmt: skip
        object.__setattr__(guest, "__signature__", inspect.Signature(made))
        object.__setattr__(guest, "__code__", SimpleNamespace(**told["code"], co_varnames=tuple(told["taken"])))


@cache
def guest_class(name: str, dunders: tuple[str, ...]) -> type[Guest]:
    """The class of guests of which no class of the tests is told."""
    return type(name, (Guest,), _operators(dunders))


def guest_kind(program: Any, number: int, name: str, bases: list[type], dunders: list[str]) -> type:
    """A class of the tests; one of exceptions is a class of exceptions here, which can be raised and caught."""
    if any(issubclass(each, BaseException) for each in bases):
        kind = type(name, tuple(bases), {"__module__": "tests"})
    else:
        parents = tuple(each for each in bases if issubclass(each, Guest)) or (Guest,)
        kind = type.__new__(GuestKind, name, parents, {"__module__": "tests", **_operators(dunders)})
        type.__setattr__(kind, "_program", program)
    type.__setattr__(kind, "_number", number)
    return kind


def number_of(kind: type) -> int | None:
    """The number of a class of the tests; None where it is none, though it may inherit from one."""
    return vars(kind)["_number"] if vars(kind).get("__module__") == "tests" and "_number" in vars(kind) else None


def _operators(dunders: Iterable[str]) -> dict[str, Any]:
    return {dunder: _forward(dunder) for dunder in dunders if dunder in DUNDERS and dunder != "__getattr__"}


def _forward(dunder: str) -> Callable[..., Any]:
    def forwarded(self: Guest, *args: Any, **named: Any) -> Any:
        return self._ask("do", dunder, *args, **named)

    forwarded.__name__ = dunder
    return forwarded
