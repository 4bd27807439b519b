"""The program's objects that stay with it: a number for each, and what the other side is told of their classes."""

import dataclasses
import enum
import typing
from types import FunctionType
from typing import Any

from sandboxes.agent.wire import globals as shared_globals

CARRIERS = (bool, int, float, str, bytes, tuple, frozenset)
"""Types whose subclasses cross with their content, because they cannot change."""
HOLDERS = (list, dict, set)
DUNDERS_WORDS = (
    "add radd iadd sub rsub isub mul rmul imul matmul rmatmul imatmul truediv rtruediv itruediv floordiv "
    "rfloordiv ifloordiv mod rmod imod pow rpow ipow divmod rdivmod lshift rlshift ilshift rshift rrshift irshift "
    "and rand iand or ror ior xor rxor ixor neg pos abs invert complex int float index round trunc floor ceil len "
    "length_hint getitem setitem delitem contains iter next reversed call enter exit missing await aiter anext "
    "aenter aexit bool str repr format bytes lt le gt ge eq ne hash copy deepcopy fspath getattr"
)
DUNDERS = frozenset(f"__{name}__" for name in DUNDERS_WORDS.split())
TEXTS = ("__str__", "__repr__", "__format__")
"""Operators that say how an object is written, and hear nothing that a test expects."""
_FIRST, _FIRST_OTHER, _FIRST_CLASS = 1_000_000, 1_000_000_000, 2_000_000_000
"""Numbers of objects that tests have asked for; of what a module offers beside what they name; and of classes. So the
first do not depend on what else the program defines."""
_INHERITED = frozenset({"__repr__", "__str__", "__hash__", "__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__",
                        "__format__"})  # fmt: skip


class Lent:
    """What the program has handed out; strong references, until it is told that nobody holds one any more."""

    def __init__(self) -> None:
        self.objects: dict[int, Any] = {}
        self.numbers: dict[int, int] = {}
        self.untold: list[dict[str, Any]] = []
        self.told: set[int] = set()
        self._next, self._next_class = _FIRST_OTHER, _FIRST_CLASS

    def begin(self) -> None:
        """From here on objects are handed out that tests have asked for."""
        self._next = _FIRST

    def reserve(self, value: Any, number: int) -> None:
        """Give an object the number that it has in every program."""
        if id(value) not in self.numbers:
            self.objects[number] = value
            self.numbers[id(value)] = number

    def number(self, value: Any) -> int:
        """The object's number; the same object keeps it as long as it is lent."""
        known = self.numbers.get(id(value))
        if known is None:
            known = self._next
            self._next += 1
            self.objects[known] = value
            self.numbers[id(value)] = known
        return known

    def release(self, numbers: list[int]) -> None:
        """Nobody asks for these any more."""
        for number in numbers:
            value = self.objects.pop(number, None)
            self.numbers.pop(id(value), None)

    def tell_class(self, kind: type) -> int:
        """A class' number; it is described in the next message if the other side does not know it yet."""
        number = self.numbers.get(id(kind))
        if number is None:
            number = self._next_class
            self._next_class += 1
            self.reserve(kind, number)
        if number not in self.told:
            self.told.add(number)
            self.untold.append(self._described(kind, number))
        return number

    def descriptions(self) -> list[dict[str, Any]]:
        """Those that the other side has to be told, bases first."""
        waiting, self.untold = self.untold, []
        return waiting

    def _described(self, kind: type, number: int) -> dict[str, Any]:
        bases: list[Any] = []
        for parent in kind.__bases__:
            plain = next((each for each in (*CARRIERS, *HOLDERS) if parent is each), None)
            if plain is not None:
                bases.append(plain.__name__)
            elif parent is not object and shared_globals.name_of(parent) is None:
                bases.append(self.tell_class(parent))
            elif parent is not object and issubclass(parent, (*CARRIERS, *HOLDERS)):
                bases.append(next(each.__name__ for each in (*CARRIERS, *HOLDERS) if issubclass(parent, each)))
        said: dict[str, Any] = {
            "id": number, "name": str(kind.__name__)[:200], "bases": bases,
            "dunders": sorted(name for name in DUNDERS if _defines(kind, name)),
            "methods": [name for name, value in vars(kind).items() if isinstance(value, FunctionType)][:1000],
        }  # fmt: skip
        carrier = next((each for each in CARRIERS if issubclass(kind, each)), None)
        if carrier is not None:
            said["texts"] = [each for each in TEXTS if getattr(kind, each, None) is not getattr(carrier, each)]
        if issubclass(kind, BaseException):
            said["exception"] = shared_globals.nearest_exception(kind)
        said |= _told_of_protocol(kind)
        if is_enum(kind):
            said["enum"] = True
        if is_record(kind):
            said["fields"] = list(fields_of(kind))
        if dataclasses.is_dataclass(kind):
            said["all fields"] = [each.name for each in dataclasses.fields(kind)]
        return said


def _defines(kind: type, name: str) -> bool:
    """Whether the class answers to the operator by more than what every object does."""
    found = getattr(kind, name, None)
    if found is None:
        return False
    return name not in _INHERITED or found is not getattr(object, name, None)


def _told_of_protocol(kind: type) -> dict[str, Any]:
    """The members that make any object one of a protocol, and whether it may be asked; nothing of other classes."""
    if typing.Protocol not in kind.__mro__ or not getattr(kind, "_is_protocol", False):
        return {}
    names = sorted(map(str, typing._get_protocol_attrs(kind)))  # type: ignore[attr-defined]
    return {"protocol": names, "checkable": bool(getattr(kind, "_is_runtime_protocol", False))}


def is_enum(kind: type) -> bool:
    """Whether its instances are known by name."""
    return issubclass(kind, enum.Enum)


def is_record(kind: type) -> bool:
    """Whether equality of its instances is equality of their fields, as `dataclass` makes it."""
    parameters = getattr(kind, "__dataclass_params__", None)
    if not dataclasses.is_dataclass(kind) or parameters is None or not parameters.eq:
        return False
    code = getattr(vars(kind).get("__eq__"), "__code__", None)
    return code is not None and code.co_filename == "<string>"


def fields_of(kind: Any) -> tuple[str, ...]:
    """Names of the fields that are compared, or of a named tuple's."""
    return tuple(each.name for each in dataclasses.fields(kind) if each.compare)
