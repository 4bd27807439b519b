"""Logs that a person opens through the page: written to disk as they come, bounded, read as any other log is.

Theory of operation. An upload is the body of one request, written to disk a piece at a time; what is too large, what
breaks off and what holds no verdict leaves nothing behind. Nothing of it is executed, unpacked or parsed as anything
but lines of JSON, and no path on this machine is made of what the client says but a file's plain letters. It is found
by a random name that is told to who sent it, and stays until it is closed or newer ones take its place.
"""

import asyncio
import re
import secrets
import shutil
import threading
from collections.abc import AsyncIterator
from itertools import islice
from pathlib import Path

from reward_server.window.records.entry import EntryReader
from reward_server.window.records.index import LogIndex

KEPT = 8
"""Logs that are there at a time; the one that was sent first goes when there is another."""
_NAME = re.compile(r"[0-9a-f]{32}")
_UNLIKE_A_NAME = re.compile(r"[^\w-]+", re.ASCII)
_LONGEST_NAME = 60
_PIECE = 1 << 20
_LOOKED_AT, _LOOKED_AT_BYTES = 1000, 8 << 20
"""Lines, and bytes of each, among which a verdict has to be."""


class UploadRefusedError(Exception):
    """A log is not taken; carries the HTTP status."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


class Uploads:
    """Opened logs, each in a folder of its own below `folder`; several processes may share it."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self._folder = folder
        self._opened: dict[str, LogIndex] = {}
        self._opening = threading.Lock()

    async def take(self, name: str, pieces: AsyncIterator[bytes]) -> str:
        """Keep a log; returns what it is asked for by.

        Raises:
            UploadRefusedError: it is larger than is taken, or holds no verdict.
            OSError: it cannot be written.
        """
        identity = secrets.token_hex(16)
        place = self._folder / f".{identity}"
        await asyncio.to_thread(place.mkdir, 0o700, parents=True)
        log = place / f"{_plain(name)}.jsonl"
        try:
            await self._write(log, pieces)
            await asyncio.to_thread(_look_into, log, name)
            await asyncio.to_thread(self._make_room)
            place.rename(self._folder / identity)
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
        return identity

    async def _write(self, log: Path, pieces: AsyncIterator[bytes]) -> None:
        written, held = 0, bytearray()
        with log.open("xb") as file:
            async for piece in pieces:
                written += len(piece)
                if written > self.most_bytes:
                    detail = f"the log is larger than the {self.most_bytes} bytes that are taken: view it by its path"
                    raise UploadRefusedError(413, detail)
                held += piece
                if len(held) >= _PIECE:
                    await asyncio.to_thread(file.write, bytes(held))
                    held.clear()
            if held and not held.endswith(b"\n"):
                held += b"\n"  # a line without an end would be waited for
            await asyncio.to_thread(file.write, bytes(held))

    def find(self, identity: str) -> LogIndex | None:
        """Return the index of an opened log; None where there is none of this name."""
        if not _NAME.fullmatch(identity):
            return None
        with self._opening:
            found = next(iter((self._folder / identity).glob("*.jsonl")), None)
            if found is None:
                self._opened.pop(identity, None)
                return None
            return self._opened.setdefault(identity, LogIndex(found))

    def close(self, identity: str) -> bool:
        """Remove a log; False where there is none of this name."""
        if not _NAME.fullmatch(identity) or not (self._folder / identity).is_dir():
            return False
        self._opened.pop(identity, None)
        shutil.rmtree(self._folder / identity, ignore_errors=True)
        return True

    def _make_room(self) -> None:
        kept = [path for path in self._folder.iterdir() if _NAME.fullmatch(path.name)]
        kept.sort(key=lambda path: path.stat().st_mtime)
        for path in kept[: max(0, len(kept) - KEPT + 1)]:
            self.close(path.name)


def _plain(name: str) -> str:
    """Return a file's name without its ending, of plain letters; it is what a run without a name is called."""
    stem = _UNLIKE_A_NAME.sub("-", name.rsplit("/", 1)[-1].rpartition(".")[0] or name).strip("-")[:_LONGEST_NAME]
    return stem if stem not in {"", "samples", "metrics"} else "log"


def _look_into(log: Path, name: str) -> None:
    reader = EntryReader(log.stem)
    with log.open("rb") as file:
        lines = iter(lambda: file.readline(_LOOKED_AT_BYTES), b"")
        if not any(reader.read(line) is not None for line in islice(lines, _LOOKED_AT)):
            detail = "no line of it is a verdict: JSON lines are taken as an audit log or a trainer's journal has them"
            raise UploadRefusedError(422, f"{name[:_LONGEST_NAME]!r}: {detail}")
