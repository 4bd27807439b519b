"""Long JSON, decoded a piece at a time, so that other threads get their turn in between.

A decoder is one call that lets no other thread run: 60 ms for 8 MB of numbers, more than a second for as much of empty
lists. Here the text is walked from bracket to bracket and text to text, and what has been walked over is handed to the
decoder in pieces that end at a comma. A container that is longer than a piece is made here, its items are the
decoder's; so each byte is decoded once, and what the decoder says of a piece holds for the whole.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

PIECE = 65_536
"""Bytes: a millisecond, or some where they are all brackets."""
_DEEPEST = 1_000
_TEXT = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_FLAT = rb'[\[{](?:[^"\[\]{}]++|' + _TEXT + rb")*+[\]}]"
_TOKEN = re.compile(_FLAT + rb"(?:\s*+,\s*+" + _FLAT + rb"){0,99}+|" + _TEXT + rb'|["\[\]{}]', re.DOTALL)
"""Containers that hold no others, up to a hundred of them; a text; what begins or ends another one."""
_BLANK = b" \t\n\r"
_CLOSES = {0x5B: 0x5D, 0x7B: 0x7D}
_LIST_ENDS, _QUOTE, _BACKSLASH = 0x5D, 0x22, 0x5C


@dataclass(slots=True)
class _Open:
    """A container that has not ended."""

    start: int
    closes: int
    text_before: int
    """Where the last text before it begins: its key, if it stands in an object."""
    made: list[Any] | dict[str, Any] | None = None
    """What it holds so far, once it is longer than a piece."""
    key: str = ""
    begun: bool = False
    """Whether it holds anything, so that a comma has to come before the next."""

    def put(self, key: str, value: Any) -> None:
        """Take a container that is whole now."""
        self.begun = True
        if isinstance(self.made, list):
            self.made.append(value)
        elif self.made is not None:
            self.made[key] = value


def loads(data: bytes, decode: Callable[[bytes], Any]) -> Any:
    """Return the value of a JSON text; `decode` reads a short one.

    Raises:
        ValueError: it is no JSON, or nested too deeply.
    """
    return _Reader(data, decode).read()


class _Reader:
    def __init__(self, data: bytes, decode: Callable[[bytes], Any]) -> None:
        self.data, self.decode = data, decode
        self.stack: list[_Open] = []
        self.made = 0
        """How many of them, the outer ones, are made here."""
        self.pending = 0
        """Where the text begins that has not been decoded."""

    def read(self) -> Any:
        """Walk from token to token; the value ends with the container that it is."""
        data, position, size, last_text = self.data, 0, len(self.data), 0
        while position < size:
            token = _TOKEN.search(data, position, min(size, position + PIECE))
            start = min(size, position + PIECE) if token is None else token.start()
            if start - self.pending > PIECE:
                self._decode_before(position, start)
            position = start if token is None else token.end()
            if token is None:
                continue
            byte = data[start]
            if byte in _CLOSES and position - start > 1:
                continue
            if byte == _QUOTE:
                last_text = start
                position = position if position - start > 1 else self._end_of_text(start)
            elif byte in _CLOSES:
                if len(self.stack) >= _DEEPEST:
                    raise ValueError(f"nested too deeply at byte {start}")
                self.stack.append(_Open(start, _CLOSES[byte], last_text))
            elif (whole := self._close(byte, position)) is not None:
                return whole[0]
        if self.stack:
            raise ValueError(f"the text ends at byte {size} before the JSON does")
        return self.decode(data)

    def _end_of_text(self, start: int) -> int:
        """Return the end of a text that is longer than a piece."""
        position = start + 1
        while (found := self.data.find(b'"', position)) >= 0:
            before = found - 1
            while self.data[before] == _BACKSLASH:
                before -= 1
            if (found - before) % 2:
                return found + 1
            position = found + 1
        raise ValueError(f"a text that begins at byte {start} does not end")

    def _decode_before(self, gap: int, now: int) -> None:
        """Decode the items that are whole before `now`; there is nothing but scalars and commas from `gap` on."""
        while self.made < len(self.stack) and now - self.pending > PIECE:
            inner = self.stack[self.made]
            if self.made:
                outer, text = self.stack[self.made - 1], self.data[self.pending : inner.start].rstrip(_BLANK)
                if outer.closes != _LIST_ENDS:
                    text, inner.key = self._without_key(text, inner.text_before)
                text = text.rstrip(_BLANK)
                if text[-1:] == b"," and (outer.begun or len(text) > 1):
                    self._add(outer, text[:-1])
                elif text or outer.begun:
                    raise ValueError(f"a comma is missing before byte {inner.start}")
            elif self.data[: inner.start].strip(_BLANK):
                raise ValueError("the JSON does not begin where the text does")
            inner.made = [] if inner.closes == _LIST_ENDS else {}
            self.made, self.pending = self.made + 1, inner.start + 1
        if self.stack and now - self.pending > PIECE:
            comma = self.data.rfind(b",", max(gap, self.pending), now)
            if comma > self.pending:
                self._add(self.stack[-1], self.data[self.pending : comma])
                self.pending = comma

    def _without_key(self, text: bytes, key: int) -> tuple[bytes, str]:
        """Return the text before a member of an object, and the member's name."""
        start = key - self.pending
        if text[-1:] != b":" or start < 0:
            raise ValueError(f"a name is missing before byte {self.pending + len(text)}")
        return text[:start], self.decode(text[start:-1])

    def _add(self, container: _Open, text: bytes) -> None:
        """Decode items; those that follow others begin with a comma."""
        text = text.strip(_BLANK)
        if container.begun:
            if text[:1] != b",":
                if text:
                    raise ValueError(f"a comma is missing at byte {self.pending}")
                return
            text = text[1:]
            if not text.strip(_BLANK):
                raise ValueError(f"nothing stands between commas at byte {self.pending}")
        try:
            if isinstance(container.made, list):
                container.made += self.decode(b"[" + text + b"]")
            elif container.made is not None:
                container.made |= self.decode(b"{" + text + b"}")
        except ValueError as error:
            raise ValueError(f"{error} of what begins at byte {self.pending}") from error
        container.begun = bool(container.made)

    def _close(self, byte: int, end: int) -> tuple[Any] | None:
        """Leave a container; the value, where it was the outermost."""
        if not self.stack or self.stack[-1].closes != byte:
            raise ValueError(f"unexpected {chr(byte)!r} at byte {end - 1}")
        container = self.stack.pop()
        if container.made is None:
            return None if self.stack else (self.decode(self.data),)
        self._add(container, self.data[self.pending : end - 1])
        self.made, self.pending = self.made - 1, end
        if self.stack:
            self.stack[-1].put(container.key, container.made)
            return None
        if self.data[end:].strip(_BLANK):
            raise ValueError(f"the JSON ends before byte {end}, the text does not")
        return (container.made,)
