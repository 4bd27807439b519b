"""Objects of the tests, as the program sees them: what it does with one is asked of the tests' side."""

import inspect
from collections.abc import Callable
from functools import cache
from types import SimpleNamespace
from typing import Any

from sandboxes.agent.wire.lending import DUNDERS

_OWN = ("_guest_number", "_guest_program")


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
    """The class of guests of one class."""
    members = {dunder: _forward(dunder) for dunder in dunders if dunder in DUNDERS and dunder != "__getattr__"}
    return type(name, (Guest,), members)


def _forward(dunder: str) -> Callable[..., Any]:
    def forwarded(self: Guest, *args: Any, **named: Any) -> Any:
        return self._ask("do", dunder, *args, **named)

    forwarded.__name__ = dunder
    return forwarded
