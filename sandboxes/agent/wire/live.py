"""Containers that an attribute of a program's object holds.

The tests have a copy, and what they change in it is changed over there before anything else is asked.
"""

import sys
from typing import Any

from sandboxes.agent.wire import kinds

_MOST = 500
_HELD_HERE = 3
"""References to a container that only this record holds: its own, the loop's and the counter's."""


class Live:
    """The copies that may still be changed."""

    def __init__(self) -> None:
        self.copies: list[tuple[int, Any, list[Any]]] = []

    def note(self, number: int, copy: Any) -> None:
        """A copy of the container of that number has come."""
        if type(copy) in kinds.LIVE:
            self.copies = [*self.copies[-_MOST:], (number, copy, kinds.content(copy))]

    def bring(self, link: Any) -> None:
        """Tell the program's side what was changed, and forget the copies that nobody has any more."""
        kept = []
        for number, copy, before in self.copies:
            now = kinds.content(copy)
            if len(now) != len(before) or any(one is not other for one, other in zip(now, before, strict=True)):
                link.ask("refill", "", None, (number, now))
            if sys.getrefcount(copy) > _HELD_HERE + 1:
                kept.append((number, copy, now))
        self.copies = kept
