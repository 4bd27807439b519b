"""Objects of the tests, as the program sees them: what it does with one is asked of the tests' side."""

from collections.abc import Callable
from functools import cache
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
