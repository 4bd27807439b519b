"""Containers that an attribute of a program's object holds, or a name of its module.

The tests have a copy, and what they change in it is changed over there before anything else is asked; what the program
changes in it comes back with its answers.
"""

import sys
from typing import Any

from sandboxes.agent.wire import kinds

_MOST = 500
_WATCHED, _LARGEST = 64, 1000
_HELD_HERE = 3
"""References to a container that only this record holds: its own, the loop's and the counter's."""


class Watched:
    """At the program's end: containers that the tests have copies of, as they were when that was last told."""

    def __init__(self) -> None:
        self.known: dict[int, tuple[Any, list[Any]]] = {}

    def note(self, number: int, value: Any) -> None:
        """The tests have a copy now; of what is large, and of more than a few, nothing is told."""
        if len(value) <= _LARGEST and len(self.known) < _WATCHED:
            self.known[number] = (value, kinds.content(value))

    def release(self, numbers: list[int]) -> None:
        """The tests have no copy of these any more."""
        for number in numbers:
            self.known.pop(number, None)

    def changed(self, request: dict[str, Any], args: Any) -> list[Any]:
        """Number and content of each that is not as it was, but for what the tests have just changed themselves."""
        found = []
        for number, (value, before) in list(self.known.items()):
            if len(value) > _LARGEST:
                del self.known[number]
                continue
            now = kinds.content(value)
            if _differ(now, before):
                self.known[number] = (value, now)
                if request["op"] != "refill" or args[0] != number:
                    found.append([number, now])
        return found


def _differ(now: list[Any], before: list[Any]) -> bool:
    """Whether other objects are held than before; what they are worth is not asked, which would call them."""
    return len(now) != len(before) or any(one is not other for one, other in zip(now, before, strict=True))


class Live:
    """The copies that may still be changed."""

    def __init__(self) -> None:
        self.copies: list[tuple[int, Any, list[Any]]] = []

    def note(self, link: Any, number: int, copy: Any) -> Any:
        """A copy of the container of that number has come; the one that the tests have already is as it is now."""
        if type(copy) not in kinds.LIVE:
            return copy
        link.released.discard(number)
        if self.renew(number, kinds.content(copy), type(copy)):
            return next(known for place, known, _ in self.copies if place == number)
        self.copies = [*self.copies[-_MOST:], (number, copy, kinds.content(copy))]
        return copy

    def renew(self, number: Any, now: list[Any], kind: type | None = None) -> bool:
        """What the program has changed in a container that the tests have a copy of; whether they do."""
        for place, (known, copy, _) in enumerate(self.copies):
            if known == number and kind in (None, type(copy)):
                kinds.refill(copy, now)
                self.copies[place] = (number, copy, kinds.content(copy))
                return True
        return False

    def bring(self, link: Any) -> None:
        """Tell the program's side what was changed, and forget the copies that nobody has any more."""
        kept = []
        for number, copy, before in self.copies:
            now = kinds.content(copy)
            if _differ(now, before):
                link.ask("refill", "", None, (number, now))
            if sys.getrefcount(copy) > _HELD_HERE:
                kept.append((number, copy, now))
            else:
                link.released.add(number)
        self.copies = kept
