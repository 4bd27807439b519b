"""What surrounds the program's objects in its process: what it prints, logs and warns of, what the tests have patched.

What was printed during a request goes back with the answer, and the tests' side prints it there: whatever captures
output there captures it. A name of the standard library that a test patched is patched here too, with what calls back.
"""

import io
import os
import sys
import warnings
from typing import Any

from sandboxes.agent.wire import globals as shared_globals
from sandboxes.agent.wire.pipes import TO_TESTS

_LONGEST_TEXT = 10_000
_MOST_RECORDS = 1000


class Around:
    """Installed once, before the submission runs."""

    def __init__(self, program: Any, output_bytes: int) -> None:
        self.program = program
        self.room = output_bytes
        self.out, self.err = (_Heard(self) for _ in range(2))
        streams = {"stdout": _text(self.out), "stderr": _text(self.err), "stdin": io.TextIOWrapper(io.BytesIO())}
        for name, stream in streams.items():
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)
        self.said: list[list[str]] = []
        self.records: list[Any] = []
        self.warned: list[Any] = []
        self.patched: dict[tuple[str, str], Any] = {}
        self.printed: Printed | None = None
        self._listening = False
        warnings.simplefilter("always")
        warnings.showwarning = self._show_warning  # type: ignore[assignment]

    def collected(self) -> dict[str, Any]:
        """What happened since it was last asked."""
        for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
            try:
                stream.flush()  # type: ignore[union-attr]
            except BaseException:  # noqa: BLE001 - the submission may have replaced it
                continue
        self.hear_printed()
        said, self.said = self.said, []
        found = {"said": said, "out": self.out.take(), "err": self.err.take(), "log": self.records, "warn": self.warned}
        self.records, self.warned = [], []
        if not self._listening and "logging" in sys.modules:
            self._listen()
        return {name: item for name, item in found.items() if item}

    def hear_printed(self) -> None:
        """Note what went past `sys.stdout`, behind what was printed before it."""
        data = b"" if self.printed is None else self.printed.take(self.room)
        if data:
            self.spend(len(data))
            self.said += [["out", self.out.take()], ["raw", data.decode("latin-1")]]

    def spend(self, size: int) -> None:
        """So many bytes were printed."""
        self.room -= size
        if self.room < 0:
            self.overflow()

    def patch(self, module: str, name: str, value: Any) -> None:
        """Put something of the tests in the place of a name of the standard library."""
        target = shared_globals.find(module, "")
        if (module, name) not in self.patched:
            self.patched[module, name] = getattr(target, name)
        setattr(target, name, value)

    def restore(self, module: str, name: str) -> None:
        """Undo a patch."""
        if (module, name) in self.patched:
            setattr(shared_globals.find(module, ""), name, self.patched.pop((module, name)))

    def overflow(self) -> None:
        """The program has printed too much: this is the end of it."""
        self.program.pipe.send(TO_TESTS, {"overflow": True})
        os._exit(1)

    def _show_warning(self, message: Any, category: Any, *_place: Any) -> None:
        if len(self.warned) < _MOST_RECORDS:
            nearest = shared_globals.nearest_exception(category)
            self.warned.append([*nearest, str(message)[:_LONGEST_TEXT]])

    def _listen(self) -> None:
        """Note every log record that is made, whatever the program's handlers do with it."""
        import logging  # noqa: PLC0415 - only where the program has imported it

        self._listening = True
        handle = logging.Logger.handle

        def noting(logger: Any, record: Any) -> None:
            if len(self.records) < _MOST_RECORDS:
                self.records.append([str(record.name), int(record.levelno), record.getMessage()[:_LONGEST_TEXT]])
            handle(logger, record)

        logging.Logger.handle = noting  # type: ignore[method-assign, assignment]


class Printed:
    """A file in the place of descriptor 1, for what the program or a process of its own writes there."""

    def __init__(self) -> None:
        self.file, self.read = -1, 0
        path = os.path.join(os.environ.get("TMPDIR", "/tmp"), f".printed-{os.getpid()}")
        try:
            self.file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
            os.unlink(path)
            os.dup2(self.file, 1)
        except OSError:
            return

    def take(self, most: int) -> bytes:
        """What is new in it, one byte more than may be at most."""
        try:
            data = os.pread(self.file, most + 1, self.read) if os.fstat(self.file).st_size > self.read else b""
        except OSError:
            return b""
        self.read += len(data)
        return data


class _Heard(io.RawIOBase):
    """Bytes that were printed, up to what a program may print."""

    def __init__(self, around: Around) -> None:
        super().__init__()
        self.around, self.data = around, bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        if self is self.around.out:
            self.around.hear_printed()
        self.around.spend(len(data))
        self.data += data
        return len(data)

    def take(self) -> str:
        text = self.data.decode("utf-8", "replace")
        self.data.clear()
        return text


def _text(heard: _Heard) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BufferedWriter(heard), encoding="utf-8", errors="surrogateescape", write_through=True)
