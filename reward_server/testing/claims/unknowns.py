"""What test code cannot know yet: names of the program, calls to it, and what is computed from them."""

from dataclasses import dataclass
from typing import Any, Protocol


class Unsplittable(Exception):  # noqa: N818 - named after what happened, it is no error of ours
    """The test code does something that cannot be judged from outside the program's process."""


class Lost(Unsplittable):
    """The second walk cannot go on although the first could: our failure, not the program's."""


class Exhausted(Lost):
    """A walk took more steps than it is granted."""


class RemoteRaised(Exception):  # noqa: N818 - named after what happened, it is no error of ours
    """The program raised where the test wanted a value; `kinds` are the names of the exception's classes.

    Without any kind nothing was raised and there is no value either; no handler of the test catches that.
    """

    def __init__(self, kinds: tuple[str, ...], message: str) -> None:
        super().__init__(": ".join(part for part in (*kinds[:1], message) if part))
        self.kinds, self.message = kinds, message


class Unknown:
    """Something computed from a value that has not arrived yet."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown()
UNBOUND = object()
"""The value of a name whose assignment was left out because the program raised."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """A name, or attribute of a name, that belongs to the program; `source` is how the program spells it."""

    source: str


@dataclass(frozen=True, slots=True)
class Guarded:
    """A class of the test's own prelude: it may build inputs over there, but nothing here can be judged through it."""

    source: str


@dataclass(frozen=True, slots=True)
class Remote:
    """The value of a call to the program; `source` spells it again for use in later calls."""

    index: int
    source: str
    instance: bool = False
    """Whether it is an object of a class of the program's, which cannot leave the program's process."""


@dataclass(frozen=True, slots=True)
class Held(Remote):
    """An object that lives on in the program's process under a name, and may change there: each reading fetches it."""


@dataclass(frozen=True, slots=True)
class Caught:
    """An exception that a test caught: its classes by name, and what it says."""

    kinds: tuple[str, ...]
    message: str

    def __str__(self) -> str:
        return self.message


class RemoteCalls(Protocol):
    """Where calls to the program go: recorded in the first walk, looked up in the second."""

    touches: int
    """How often a value was looked at."""
    replaying: bool
    """Whether this is the second walk."""

    def call(self, source: str, *, instance: bool = False) -> Remote:
        """Note that the test calls the program with this expression."""
        ...

    def absorb(self, remote: Remote) -> None:
        """Note that a call is part of a later one and need not be made by itself."""
        ...

    def value(self, remote: Remote) -> Any:
        """Return the value, UNKNOWN in the first walk; raises RemoteRaised."""
        ...

    def fetch(self, held: Held) -> Any:
        """Return the value that an object has by now, UNKNOWN in the first walk; raises RemoteRaised."""
        ...


Scope = dict[str, Any]
"""Names that test code can see, with their values."""
