"""Operators of the program's objects beside values of the tests, which may be what was expected.

An object that says what it is less 4.0, or whether it is below 5, could say what every test wants to hear. So it is
taken for its worth: the content of what is a list, dict or set, else the number it gives when it is asked for one, once
and before it hears of the other. The operator is applied here. Only an object whose class the tests name, so that they
mean its own operators, answers by itself, and is counted among what the program has compared. What any other makes of
such a value is doubted: where it is no object again, there is no answer; what is asked of the object is counted.
"""

from collections.abc import Callable
from typing import Any

from sandboxes.agent.wire.lending import HOLDERS
from sandboxes.agent.wire.operations import operate
from sandboxes.agent.wire.proxies import LINK, Handle

_ORDER_TEXT = "lt le gt ge"
_ARITHMETIC_TEXT = "add sub mul matmul truediv floordiv mod pow divmod lshift rshift and or xor"
_UNARY_TEXT = "neg pos abs invert complex int float index round trunc floor ceil"
_ORDER = frozenset(f"__{name}__" for name in _ORDER_TEXT.split())
_STRAIGHT = frozenset(f"__{name}__" for name in _ARITHMETIC_TEXT.split())
_REFLECTED = frozenset(f"__r{name}__" for name in _ARITHMETIC_TEXT.split())
_IN_PLACE = frozenset(f"__i{name}__" for name in _ARITHMETIC_TEXT.split())
_UNARY = frozenset(f"__{name}__" for name in _UNARY_TEXT.split())
_NUMBERS = (("__index__", int), ("__float__", float), ("__complex__", complex))


def operator_of(dunder: str) -> Callable[..., Any]:
    """What a class made here has for an operator of the program's."""
    if dunder in _ORDER | _STRAIGHT | _REFLECTED | _IN_PLACE:
        return _beside(dunder)
    if dunder in _UNARY:
        return _alone(dunder)
    special: dict[str, Callable[..., Any]] = {"__contains__": _contains, "__bool__": _truth}
    return special.get(dunder) or _forwarded(dunder)


def _forwarded(dunder: str) -> Callable[..., Any]:
    return lambda self, *args, **named: LINK[0].ask("do", dunder, self, args, named)


def _beside(dunder: str) -> Callable[..., Any]:
    def applied(self: Any, *others: Any) -> Any:
        link = LINK[0]
        if all(isinstance(other, Handle) for other in others):
            asked = link.judged if dunder in _ORDER else link.ask
            return _undoubted(self, asked("do", dunder, self, others), *others)
        by_itself = link.names_class_of(self) or (dunder in _IN_PLACE and isinstance(self, HOLDERS))
        worth = None if by_itself else _worth(link, self)
        if worth is not None:
            return operate(dunder, worth[0], others, {})
        return _doubt(self, link.ask("do", dunder, self, others))

    return applied


def _alone(dunder: str) -> Callable[..., Any]:
    return lambda self, *args: _undoubted(self, LINK[0].ask("do", dunder, self, args))


def _undoubted(one: Any, made: Any, *others: Any) -> Any:
    """What was made of an object, and of others, which is doubted where one of them was."""
    doubtful = any(each._oid in LINK[0].doubted for each in (one, *others))
    return _doubt(one, made) if doubtful else made


def _doubt(one: Any, made: Any) -> Any:
    """What an object made of a value of the tests: a comparison, where it is no object."""
    link = LINK[0]
    if isinstance(made, Handle):
        link.doubted.add(made._oid)
        return made
    link.judged_by_program += 1
    if not link.names_class_of(one):
        raise _refused(one)
    return made


def _truth(self: Any) -> bool:
    return bool(_undoubted(self, LINK[0].judged("do", "__bool__", self)))


def _contains(self: Any, item: Any) -> bool:
    link = LINK[0]
    if isinstance(item, Handle) or link.names_class_of(self):
        return bool(_undoubted(self, link.judged("do", "__contains__", self, (item,))))
    if isinstance(self, HOLDERS):
        return item in link.ask("plain", "", self)[1]
    if "__iter__" in type(self)._asked:
        return any(each is item or each == item for each in self)
    link.judged_by_program += 1
    raise _refused(self)


def _worth(link: Any, one: Any) -> tuple[Any] | None:
    """The value that an object is, in a tuple; None where it is none."""
    if isinstance(one, HOLDERS):
        return (link.ask("plain", "", one)[1],)
    if one._oid in link.doubted:
        return None
    if one._oid not in link.worths:
        link.worths[one._oid] = _number(link, one)
    known: tuple[Any] | None = link.worths[one._oid]
    return known


def _number(link: Any, one: Any) -> tuple[Any] | None:
    for dunder, kind in _NUMBERS:
        if dunder not in type(one)._asked:
            continue
        try:
            found = link.ask("do", dunder, one)
        except Exception as error:
            if not error.__dict__.get("_of_program"):
                raise
            continue
        if type(found) is kind:
            return (found,)
    return None


def is_as_made(link: Any, one: Any, fields: Any) -> bool:
    """Whether an object holds what the tests made it of, so that who equals it equals values of theirs."""
    args, named = link.made.get(one._oid, ((), {}))
    if not isinstance(fields, dict) or not (args or named):
        return False
    return list(fields.values())[: len(args)] == list(args) and {**fields, **named} == fields


def _refused(one: Any) -> TypeError:
    return TypeError(
        f"a {type(one).__name__} of the program is no value: what it says beside one of the tests is not taken"
    )
