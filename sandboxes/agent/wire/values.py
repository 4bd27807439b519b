"""Values by value: built-in types and those of the standard library, numpy's arrays, and the task's own classes.

`None`, `bool`, `int` of 64 bits, finite `float`, `str` and `list` are themselves in JSON; everything else is an object
of one key, its tag. Containers that can change are numbered in the order in which they are met, on both sides alike, so
that a second meeting is a reference, and an answer can speak of the arguments it was given: that keeps identity, and
brings back what was changed in place. Instances of classes that both sides know by name lie flat in a table of the
message, so that a long linked list is no deep one.

Nothing here runs code of the other side. Reading costs time linear in the message.
"""

import math
from collections.abc import Callable
from typing import Any

from sandboxes.agent.wire import kinds

DEEPEST = 300
_SMALL = 1 << 63
_ATOMS = frozenset({str, bool, type(None)})
Foreign = Callable[["Crossing", Any], Any]


class UnreadableError(Exception):
    """What came is no value."""


class Crossing:
    """The objects that one call and its answer speak of, as one side sees them."""

    def __init__(
        self, shared: dict[str, type], give: Foreign, take: Foreign, put: Callable[..., None] = kinds.set_state
    ) -> None:
        """`shared` are the classes both sides have; `give` and `take` are for what does not cross by value.

        `put` sets an attribute of an instance of a class that both sides have, or refuses to.
        """
        self.shared, self.give, self.take, self.put = shared, give, take, put
        self.containers: list[Any] = []
        self.instances: list[Any] = []
        self.numbers: dict[int, int] = {}
        self.places: dict[int, int] = {}

    def pack(self, value: Any) -> dict[str, Any]:
        """The value and the table of the new instances it holds.

        Raises:
            UnreadableError: it nests too deeply.
        """
        first = len(self.instances)
        try:
            packed, table, at = self.out(value, 0), list[Any](), first
            while at < len(self.instances):
                table.append(self._state(self.instances[at]))
                at += 1
        except RecursionError:
            raise UnreadableError("nested too deeply") from None
        return {"v": packed, "o": table} if table else {"v": packed}

    def unpack(self, message: dict[str, Any]) -> Any:
        """Inverse of `pack`, on the other side.

        Raises:
            UnreadableError: malformed.
        """
        try:
            table = message.get("o", [])
            first = len(self.instances)
            for name, _, _ in table:
                self._note_instance(object.__new__(self.shared[name]))
            value = self.into(message["v"], 0)
            for instance, (_, names, values) in zip(self.instances[first:], table, strict=True):
                for attribute, item in zip(names, values, strict=True):
                    self.put(instance, attribute, self.into(item, 1))
        except Exception as error:  # noqa: BLE001 - what is put together may refuse its parts in any way
            raise UnreadableError(f"malformed: {type(error).__name__}: {error}"[:200]) from None
        return value

    def snapshot(self) -> list[Any]:
        """What the numbered objects hold now, to be compared by identity with what they hold later."""
        return [kinds.content(each) for each in (*self.containers, *self.instances)]

    def changes(self, before: list[Any]) -> list[Any]:
        """The contents of those that are not as they were."""
        known = (*self.containers, *self.instances)[: len(before)]
        found = []
        for position, (each, was) in enumerate(zip(known, before, strict=True)):
            now = kinds.content(each)
            if len(now) != len(was) or any(one is not other for one, other in zip(now, was, strict=True)):
                found.append([position, now])
        return found

    def renew(self, changed: list[Any], sent: int) -> None:
        """Put the contents that came back into the objects that were sent, `sent` of which were containers."""
        for position, now in changed:
            known = self.containers[position] if position < sent else self.instances[position - sent]
            kinds.refill(known, now, self.put)

    def out(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if kind in _ATOMS:
            return value
        if kind is int:
            return value if -_SMALL <= value < _SMALL else {"i": hex(value)}
        if kind is float:
            return value if math.isfinite(value) else {"f": repr(value)}
        if depth > DEEPEST:
            raise UnreadableError("nested too deeply")
        if kind is list:
            return self._again(value) or self._items(value, depth + 1)
        if kind is tuple:
            return {"t": self._items(value, depth + 1)}
        if self.shared.get(kind.__name__) is kind:
            return {"o": self._place(value)}
        return self._other(value, kind, depth + 1)

    def _other(self, value: Any, kind: type, depth: int) -> Any:
        known = kinds.BY_TYPE.get(kind) or kinds.by_name(kind)
        if known is None:
            return self.give(self, value)
        tag, take_apart, numbered = known
        if numbered and (again := self._again(value)):
            return again
        parts = take_apart(value)
        if parts is None:
            return self.give(self, value)
        return {tag: self._items(parts, depth) if type(parts) is list else parts}

    def _items(self, items: Any, depth: int) -> list[Any]:
        found = set(map(type, items))
        if found <= _ATOMS or (found == {int} and min(items) >= -_SMALL and max(items) < _SMALL):
            return list(items)
        if found == {float} and math.isfinite(sum(items)):
            return list(items)
        return [self.out(item, depth) for item in items]

    def _again(self, value: Any) -> Any:
        """A reference where the container was met before; else it is numbered now."""
        number = self.numbers.get(id(value))
        if number is not None:
            return {"r": number}
        self._note(value)
        return None

    def _note(self, value: Any) -> None:
        self.numbers[id(value)] = len(self.containers)
        self.containers.append(value)

    def _place(self, value: Any) -> int:
        place = self.places.get(id(value))
        return self._note_instance(value) if place is None else place

    def _note_instance(self, value: Any) -> int:
        self.places[id(value)] = len(self.instances)
        self.instances.append(value)
        return len(self.instances) - 1

    def _state(self, value: Any) -> list[Any]:
        state = kinds.state_of(value)
        return [type(value).__name__, list(state), [self.out(item, 1) for item in state.values()]]

    def into(self, data: Any, depth: int) -> Any:
        kind = type(data)
        if depth > 2 * DEEPEST:
            raise UnreadableError("nested too deeply")
        if kind is list:
            result: list[Any] = []
            self._note(result)
            self._fill(result, data, depth + 1)
            return result
        if kind is not dict:
            return data
        ((tag, content),) = data.items()
        if tag == "r":
            return self.containers[content]
        if tag == "o":
            return self.instances[content]
        if tag == "t":
            return tuple(self._list(content, depth + 1))
        if tag == "i":
            return int(content, 16)
        made = kinds.BY_TAG.get(tag)
        if made is None:
            return self.take(self, data)
        return self._made(made, content, depth + 1)

    def _made(self, made: Any, content: Any, depth: int) -> Any:
        put_together, numbered, fill = made
        if fill is not None:
            value = put_together()
            self._note(value)
            fill(value, *self._list(content, depth))
            return value
        if numbered:
            position = len(self.containers)
            self.containers.append(None)
        value = put_together(*self._list(content, depth)) if type(content) is list else put_together(content)
        if numbered:
            self.containers[position] = value
            self.numbers[id(value)] = position
        return value

    def _list(self, data: Any, depth: int) -> list[Any]:
        """A list of parts, which is no value of its own and has no number."""
        result: list[Any] = []
        self._fill(result, data, depth)
        return result

    def _fill(self, result: list[Any], data: list[Any], depth: int) -> None:
        if set(map(type, data)) & {list, dict}:
            result.extend(self.into(item, depth) for item in data)
        else:
            result.extend(data)
