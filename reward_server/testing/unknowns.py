"""What test code cannot know yet: names of the program, calls to it, and what is computed from them."""

from dataclasses import dataclass
from typing import Any, Protocol


class Unsplittable(Exception):  # noqa: N818 - named after what happened, it is no error of ours
    """The test code does something that cannot be judged from outside the program's process."""


class RemoteRaised(Exception):  # noqa: N818 - named after what happened, it is no error of ours
    """The program raised where the test wanted a value; `kinds` are the names of the exception's classes."""

    def __init__(self, kinds: tuple[str, ...], message: str) -> None:
        super().__init__(f"{kinds[0] if kinds else 'Exception'}: {message}" if message else str(kinds[0]))
        self.kinds = kinds


class Unknown:
    """Something computed from a value that has not arrived yet."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown()


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


class RemoteCalls(Protocol):
    """Where calls to the program go: recorded in the first walk, looked up in the second."""

    def call(self, source: str) -> Remote:
        """Note that the test calls the program with this expression."""
        ...

    def absorb(self, remote: Remote) -> None:
        """Note that a call is part of a later one and need not be made by itself."""
        ...

    def value(self, remote: Remote) -> Any:
        """Return the value, UNKNOWN in the first walk; raises RemoteRaised."""
        ...


Scope = dict[str, Any]
"""Names that test code can see, with their values."""
