"""Calls to the program in the two walks over test code: noted in the first, looked up in the second.

Both walks meet the same calls in the same order. What a name holds in the program's process may change with every call,
so reading it is a call of its own, unless none was made since it was last read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from reward_server.testing.claims.sharing import finished
from reward_server.testing.claims.unknowns import UNKNOWN, Held, Lost, Remote, RemoteRaised


@dataclass(frozen=True, slots=True)
class Step:
    """One call to the program. `keep` names a variable that holds its result for later steps."""

    source: str
    keep: str | None
    wanted: bool
    """Whether a claim looks at the value, which must then be able to leave the sandbox."""
    claim: int | None
    """The claim that needs this step; None for steps that every later claim may need."""
    absorbed: bool
    """Part of a later step's source, and not to be run by itself."""
    spelled: str = ""
    """The source as the walks know it."""


@dataclass(frozen=True, slots=True)
class Returned:
    """What one step gave: a value, the names of the raised exception's classes, or why there is no value."""

    value: Any = None
    raised: tuple[str, ...] = ()
    message: str = ""


class Progress(Protocol):
    """The walk that a record of calls belongs to."""

    guarding: int

    @property
    def current_claim(self) -> int | None:
        """The index that the claim being evaluated will get; None between claims."""
        ...


class _Calls:
    """What both records have in common."""

    def __init__(self) -> None:
        self.touches = 0
        self.clock = 0
        self.statements: Progress | None = None
        self._read: dict[str, tuple[int, Remote]] = {}

    def keep(self, remote: Remote, *, instance: bool) -> Held:
        """Give the result of a call a name that later calls can use."""
        if isinstance(remote, Held):
            return remote
        held = Held(remote.index, f"_reward_{remote.index}", instance or remote.instance)
        self.name(remote, held.source)
        self._read[held.source] = (self.clock, remote)
        return held

    def fetch(self, held: Held) -> Any:
        """Return the value that an object has by now."""
        clock, remote = self._read.get(held.source, (-1, held))
        if clock != self.clock:
            remote = self.note(held.source)
            self._read[held.source] = (self.clock, remote)
        return self.value(remote)

    def call(self, source: str, *, instance: bool = False) -> Remote:
        """Note that the test calls the program, which may change whatever lives there."""
        self.clock += 1
        remote = self.note(source)
        return Remote(remote.index, source, instance)

    def name(self, remote: Remote, name: str) -> None:
        """Note the name of a call's result."""

    def note(self, source: str) -> Remote:
        """Note an expression that the program's process evaluates."""
        raise NotImplementedError

    def value(self, remote: Remote) -> Any:
        """Return the value of a call."""
        raise NotImplementedError


class Recording(_Calls):
    """The first walk: every call is noted, no value is known."""

    replaying = False

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[str, int | None]] = []
        self.wanted: set[int] = set()
        self.kept: dict[int, str] = {}
        self.absorbed: set[int] = set()

    def note(self, source: str) -> Remote:
        """Note an expression that the program's process will evaluate."""
        self.calls.append((source, self.statements.current_claim if self.statements else None))
        return Remote(len(self.calls) - 1, source)

    def name(self, remote: Remote, name: str) -> None:
        """Note the name of a call's result."""
        self.kept[remote.index] = name
        self.calls[remote.index] = (remote.source, None)

    def value(self, remote: Remote) -> Any:
        """Note that a claim looks at the value."""
        self.wanted.add(remote.index)
        self.touches += 1
        return UNKNOWN

    def absorb(self, remote: Remote) -> None:
        """Note that a call is part of a later one."""
        if remote.index >= 0 and remote.index not in self.kept:
            self.absorbed.add(remote.index)

    def done(self, remote: Remote) -> None:
        """Note a call made for its effect."""
        source, _ = self.calls[remote.index]
        if self.statements is not None and not self.statements.guarding:
            self.calls[remote.index] = (source, None)

    def steps(self) -> tuple[Step, ...]:
        """Return what was noted."""
        sources, shared = finished([source for source, _ in self.calls], self.absorbed)
        return tuple(
            Step(
                sources[index],
                self.kept.get(index),
                index in self.wanted,
                None if shared[index] else claim,
                index in self.absorbed,
                spelled,
            )
            for index, (spelled, claim) in enumerate(self.calls)
        )


class Replay(_Calls):
    """The second walk: the same calls are met in the same order and their values looked up."""

    replaying = True

    def __init__(self, steps: Sequence[Step], returned: Mapping[int, Returned]) -> None:
        super().__init__()
        self.returned = returned
        self.indices: dict[str, list[int]] = {}
        for index, step in reversed(list(enumerate(steps))):
            self.indices.setdefault(step.spelled, []).append(index)

    def note(self, source: str) -> Remote:
        """Find the step that the first walk noted."""
        waiting = self.indices.get(source)
        if not waiting:
            raise Lost("the second walk met a call that the first did not")
        index = waiting.pop() if len(waiting) > 1 else waiting[0]
        return Remote(index, source)

    def absorb(self, _remote: Remote) -> None:
        """Nothing is left to note."""
        return

    def value(self, remote: Remote) -> Any:
        """Look the value up."""
        self.touches += 1
        returned = self.returned.get(remote.index)
        if returned is None:
            raise RemoteRaised((), "the program ended before this call")
        if returned.raised or returned.message:
            raise RemoteRaised(returned.raised, returned.message)
        return returned.value

    def done(self, remote: Remote) -> None:
        """Look up whether a call made for its effect raised."""
        returned = self.returned.get(remote.index)
        if returned is not None and returned.raised:
            raise RemoteRaised(returned.raised, returned.message)
