"""Lists, dicts and sets of a test that were handed to the program: it may change them, so from then on they live there.

`xs = [2, 1]; f(xs); assert xs == [1, 2]` judges what became of `xs`. An object that is spelled as an argument first
gets a number; whoever reads it later reads a `Held` object of the program's process. In the source of a step it
stands between marks, `‹number, literal›`; `finished` turns the marks of an object that is met once into its literal
alone, and of others into a call that makes the object where it is first met.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from reward_server.testing.claims.unknowns import Held, Unsplittable

_OPEN, _THEN, _CLOSE = "\x02", "\x03", "\x04"
_MARKS = re.compile("([\x02\x03\x04])")
_SHARED = (list, dict, set)


class Shared:
    """The objects that one walk has handed over."""

    def __init__(self) -> None:
        self.spelled: dict[int, str] = {}
        """By identity: how the object is spelled in a step."""
        self._inner: set[int] = set()
        self._alive: list[Any] = []

    def read(self, value: Any, literal: Callable[[Any], str]) -> Any:
        """Return what a test gets that reads `value`: itself, or the object in the program's process.

        Raises:
            Unsplittable: it is part of an object that lives over there.
        """
        if not self.spelled or not isinstance(value, (*_SHARED, tuple)):
            return value
        if id(value) in self.spelled:
            return Held(-1, self.spelled[id(value)])
        if id(value) in self._inner:
            raise Unsplittable("a part of an object that the program may have changed is looked at")
        return Held(-1, literal(value)) if self.holds_part_of(value) else value

    def hand_over(self, value: Any, literal: Callable[[Any], str]) -> str:
        """Return how an object that the test keeps is spelled as an argument."""
        if type(value) not in _SHARED:
            return literal(value)
        if id(value) not in self.spelled:
            text = literal(value)
            self._inner.update(id(part) for part in _parts(value) if id(part) not in self.spelled)
            self.spelled[id(value)] = f"{_OPEN}{len(self.spelled)}{_THEN}{text}{_CLOSE}"
            self._alive.append(value)
        return self.spelled[id(value)]

    def holds_part_of(self, value: Any) -> bool:
        """Say whether a value was handed over, or a container inside of it."""
        if not self.spelled or not isinstance(value, (*_SHARED, tuple)):
            return False
        return self._is_known(value) or any(self._is_known(part) for part in _parts(value))

    def _is_known(self, value: Any) -> bool:
        return id(value) in self.spelled or id(value) in self._inner

    def known(self, value: Any) -> str | None:
        """Return how an object is spelled that was handed over before.

        Raises:
            Unsplittable: it is part of one.
        """
        if id(value) in self._inner:
            raise Unsplittable("a part of an object that the program may have changed is an input")
        return self.spelled.get(id(value))


def _parts(value: Any) -> Iterable[Any]:
    """Yield the containers inside a container."""
    waiting = [value]
    while waiting:
        holder = waiting.pop()
        items = [*holder, *holder.values()] if isinstance(holder, dict) else holder
        for item in items:
            if isinstance(item, list | dict | set | tuple):
                waiting.append(item)
                if not isinstance(item, tuple):
                    yield item


def finished(sources: list[str], absorbed: set[int]) -> tuple[list[str], list[bool]]:
    """Return the sources as Python, and for each whether it mentions an object that others mention too."""
    mentioned = [re.findall(f"{_OPEN}(\\d+){_THEN}", source) for source in sources]
    uses = Counter(number for index, found in enumerate(mentioned) if index not in absorbed for number in found)
    shared = [
        any(uses[number] > 1 for number in found) or "_reward_" in source
        for found, source in zip(mentioned, sources, strict=True)
    ]
    return [_plain(source, uses) if _OPEN in source else source for source in sources], shared


def _plain(source: str, uses: Counter[str]) -> str:
    stack: list[list[str]] = [[]]
    numbers: list[str] = []
    for piece in _MARKS.split(source):
        if piece == _OPEN:
            stack.append([])
        elif piece == _THEN:
            numbers.append("".join(stack.pop()))
            stack.append([])
        elif piece == _CLOSE:
            text, number = "".join(stack.pop()), numbers.pop()
            stack[-1].append(f"_reward_in({number}, lambda: {text})" if uses[number] > 1 else text)
        else:
            stack[-1].append(piece)
    return "".join(stack[0])
