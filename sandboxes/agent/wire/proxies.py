"""The program's classes, objects and functions, as the tests see them.

Each class of the program becomes a class here, with the same name, the same ancestry among the program's classes and
the operators it answers to; an object that stays with the program is an instance of it. Nothing of the program runs
here: an operator, an attribute or a call is asked for over the wire (`asking`).
"""

import collections.abc
import sys
from typing import Any

LINK: list[Any] = []
"""The one wire of this process."""


class Remote(type):
    """The class of such classes."""

    _number: int
    _methods: frozenset[str]

    def __new__(mcs, name: str, bases: tuple[type, ...], members: dict[str, Any], number: int | None = None) -> Any:
        """A class of the program; without a number one that a test derives from such a class."""
        if number is None:
            cell = members.get("__classcell__")
            derived = LINK[0].ask("derive", name, None, (list(bases), _given(members)))
            if cell is not None:
                cell.cell_contents = derived
            return derived
        made = super().__new__(mcs, name, bases, members)
        made._number = number
        return made

    def __init__(cls, *_args: Any, **_named: Any) -> None:
        return

    def __call__(cls, *args: Any, **named: Any) -> Any:
        link, made = LINK[0], LINK[0].ask("call", "", cls, args, named)
        if isinstance(made, Handle):
            link.made[made._oid] = args, named
        return made

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__") and name not in ("__annotations__", "__members__"):
            raise AttributeError(name)
        return LINK[0].ask("get", name, cls)

    def __setattr__(cls, name: str, value: Any) -> None:
        if name in ("_number", "_methods", "_fields_here", "__doc__", "__abstractmethods__"):
            super().__setattr__(name, value)
        else:
            LINK[0].ask("set", name, cls, (value,))

    def __delattr__(cls, name: str) -> None:
        LINK[0].ask("del", name, cls)

    def __dir__(cls) -> Any:
        return LINK[0].ask("dir", "", cls)

    def __instancecheck__(cls, one: Any) -> bool:
        LINK[0].calls += 1
        return super().__instancecheck__(one) or _has_members(cls, one)

    def __subclasscheck__(cls, kind: type) -> bool:
        LINK[0].calls += 1
        return super().__subclasscheck__(kind) or _has_members(cls, kind)

    def __iter__(cls) -> Any:
        return iter(LINK[0].ask("do", "__iter__", cls))

    def __len__(cls) -> int:
        return int(LINK[0].ask("do", "__len__", cls))

    def __bool__(cls) -> bool:
        return True

    def __getitem__(cls, item: Any) -> Any:
        return LINK[0].ask("do", "__getitem__", cls, (item,))

    def __contains__(cls, item: Any) -> bool:
        return bool(LINK[0].judged("do", "__contains__", cls, (item,)))


def _has_members(kind: Any, one: Any) -> bool:
    """Whether an object, or a class, has what a protocol of the program asks for: decided here, by what is told."""
    names = vars(kind)["_protocol"]
    if names is None:
        return False
    if not vars(kind)["_checkable"]:
        raise TypeError("Instance and class checks can only be used with @runtime_checkable protocols")
    if isinstance(one, Handle | Carried | Remote):
        return bool(names <= set(LINK[0].ask("dir", "", one)))
    return all(hasattr(one, name) and (name[:2] != "__" or getattr(one, name) is not None) for name in names)


def _given(members: dict[str, Any]) -> dict[str, Any]:
    """What a class of the tests defines; methods of the kinds that are found by their class go in parts."""
    own = ("__module__", "__qualname__", "__doc__", "__classcell__")
    return {name: _parts(value) for name, value in members.items() if name not in own}


def _parts(value: Any) -> tuple[Any, ...]:
    if isinstance(value, property):
        return ("property", value.fget, value.fset, value.fdel)
    if isinstance(value, (classmethod, staticmethod)):
        return (type(value).__name__, value.__func__)
    return ("", value)


class Above:
    """What `super()` is in a method of a class that a test derives from one of the program's."""

    def __init__(self, kind: Any, one: Any) -> None:
        object.__setattr__(self, "_place", (kind, one))

    def __getattribute__(self, name: str) -> Any:
        kind, one = object.__getattribute__(self, "_place")
        return LINK[0].ask("super", name, kind, (one,))


def above(*given: Any) -> Any:
    """The tests' `super`, which reaches the program's classes too."""
    if not given:
        frame = sys._getframe(1)
        given = frame.f_locals["__class__"], frame.f_locals[frame.f_code.co_varnames[0]]
    return Above(*given) if isinstance(given[0], Remote) and len(given) > 1 else super(*given)


class Handle:
    """An object that stays with the program."""

    _oid: int

    def __getattr__(self, name: str) -> Any:
        if name in type(self)._methods:  # type: ignore[attr-defined]
            return Method(self, name)
        if name.startswith("__") and name.endswith("__") and name not in _TOLD:
            raise AttributeError(name)
        return LINK[0].ask("get", name, self)

    def __setattr__(self, name: str, value: Any) -> None:
        LINK[0].ask("set", name, self, (value,))

    def __delattr__(self, name: str) -> None:
        LINK[0].ask("del", name, self)

    def __dir__(self) -> Any:
        return LINK[0].ask("dir", "", self)

    def __del__(self) -> None:
        try:
            link = object.__getattribute__(self, "_asked_of")
        except AttributeError:
            return
        if LINK and LINK[0] is link:
            link.let_go(self)

    def __eq__(self, other: object) -> bool:
        return True if self is other else LINK[0].equal(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        if "__hash__" in type(self)._asked:  # type: ignore[attr-defined]
            return int(LINK[0].ask("do", "__hash__", self))
        return hash(self._oid)

    def __repr__(self) -> str:
        return str(LINK[0].ask("do", "__repr__", self))[:10_000]

    def __copy__(self) -> Any:
        return LINK[0].ask("copy", "", self)

    def __deepcopy__(self, _memo: Any) -> Any:
        return LINK[0].ask("copy", "deep", self)


_TOLD = frozenset({"__name__", "__qualname__", "__annotations__", "__wrapped__", "__dict__", "__defaults__", "__next__",
                   "__func__", "__self__", "__code__", "__version__", "__all__", "__cause__",
                   "__context__"})  # fmt: skip


class Method:
    """A method of an object, not fetched before it is called."""

    def __init__(self, owner: Any, name: str) -> None:
        self.__self__, self.__name__ = owner, name

    def __call__(self, *args: Any, **named: Any) -> Any:
        return LINK[0].ask("method", self.__name__, self.__self__, args, named)

    def __getattr__(self, name: str) -> Any:
        return getattr(LINK[0].ask("get", self.__name__, self.__self__), name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Method) and other.__self__ is self.__self__ and other.__name__ == self.__name__

    def __hash__(self) -> int:
        return hash(self.__name__)


class Carried:
    """What a value that crossed with its content has of a handle: attributes and methods of the program's class."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return LINK[0].ask("get", name, self)


class Ahead:
    """Items of an iterator that were fetched and not yet taken: from the seventeenth on, more at a time."""

    def __init__(self) -> None:
        self.items: list[Any] = []
        self.state = "more"
        self.last: Any = None
        self.taken, self.size = 0, 1.0


def advance(self: Any) -> Any:
    """The next item of an iterator of the program, whoever iterates over it here."""
    try:
        ahead: Ahead = object.__getattribute__(self, "_ahead")
    except AttributeError:
        ahead = Ahead()
        object.__setattr__(self, "_ahead", ahead)
    if not ahead.items and ahead.state == "more":
        ahead.items, ahead.state, ahead.last = LINK[0].ask("take", "", self, (int(ahead.size),))
        ahead.items.reverse()
        if ahead.taken >= _ONE_BY_ONE:
            ahead.size = min(ahead.size * 1.5 + 1, 4096)
    ahead.taken += 1
    if ahead.items:
        return ahead.items.pop()
    state, ahead.state = ahead.state, "more"
    if state == "raised":
        raise ahead.last
    raise StopIteration(*([] if ahead.last is None else [ahead.last]))


_ONE_BY_ONE = 16
"""What a test sees between the first few items, of prints and counts, it sees as if nothing were fetched ahead."""


class Coroutine:
    """What makes a handle of a coroutine one that `asyncio.run` takes: it is awaited where it is."""

    def send(self, _value: Any) -> Any:
        raise StopIteration(LINK[0].ask("await", "", self))

    def throw(self, *error: Any) -> Any:
        raise error[0]

    def close(self) -> None:
        return


collections.abc.Coroutine.register(Coroutine)


def is_asked(value: Any) -> bool:
    """Whether calling it asks the program."""
    return isinstance(value, Remote) or (isinstance(value, Handle) and "__call__" in type(value)._asked)  # type: ignore[attr-defined]


def handle(kind: Any, number: int) -> Any:
    """An object of a class; the caller keeps one for each number."""
    made = kind.__new__(kind) if issubclass(kind, Handle) else object.__new__(Handle)
    object.__setattr__(made, "_oid", number)
    object.__setattr__(made, "_asked_of", LINK[0] if LINK else None)
    return made
