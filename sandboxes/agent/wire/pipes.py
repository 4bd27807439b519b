"""Frames on two descriptors, each side's own end of the wire."""

import json
import os
import struct
from typing import Any

PREFIX = struct.Struct(">IB")
MAX_FRAME = 64 * 1024 * 1024
TO_PROGRAM, NEXT_TEST, RESULT, TO_TESTS, WAIT, HEARD, TOOK_PART = b"P", b"N", b"R", b"T", b"W", b"H", b"B"
_READ = 1 << 18


class GoneError(BaseException):
    """The other side has ended, or said what is no frame: no `except Exception` of a test may take it for its own."""


class StopTesting(BaseException):
    """Nothing more needs to be run."""


class BrokenTestsError(Exception):
    """The tests ask for what no program could give them."""


class Pipe:
    """One end. Blocking; not for several threads."""

    def __init__(self, reader: int, writer: int) -> None:
        self.reader, self.writer = reader, writer
        self.received = bytearray()
        self.gone = False
        self.held = b""

    def hold(self, whom: bytes, message: Any) -> None:
        """Keep a frame that nobody waits for; it goes with the next that is sent."""
        body = json.dumps(message, allow_nan=False, separators=(",", ":")).encode()
        self.held += PREFIX.pack(len(body), whom[0]) + body

    def send(self, whom: bytes, message: Any) -> None:
        """Write one frame; a broken pipe shows when the answer is awaited."""
        self.hold(whom, message)
        self.flush()

    def flush(self) -> None:
        """Write what was kept."""
        view, self.held = memoryview(self.held), b""
        try:
            while view:
                view = view[os.write(self.writer, view) :]
        except OSError:
            self.gone = True

    def receive(self) -> Any:
        """The next frame's body.

        Raises:
            GoneError: see the class.
        """
        size, _ = PREFIX.unpack(self._take(PREFIX.size))
        if size > MAX_FRAME:
            self._lose("a frame that is too long")
        try:
            return json.loads(self._take(size))
        except (ValueError, RecursionError):
            self._lose("a frame that is no JSON")

    def _take(self, size: int) -> bytes:
        while len(self.received) < size:
            data = b"" if self.gone else os.read(self.reader, max(_READ, size - len(self.received)))
            if not data:
                self._lose("the end")
            self.received += data
        taken = bytes(self.received[:size])
        del self.received[:size]
        return taken

    def _lose(self, why: str) -> Any:
        self.gone = True
        raise GoneError(why)
