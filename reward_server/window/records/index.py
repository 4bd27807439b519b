"""An index of logs in SQLite beside them, built as they grow, so that millions of verdicts can be asked at once.

Theory of operation. A log is append-only lines in one file, or in several of one folder. The index knows how far it has
read each file and reads on from there, a batch of lines to a transaction: whoever breaks off goes on from the last
batch, and memory is bounded by a batch. A line that is being written has no end yet and waits. A file that no longer
begins as it did is another file, and the index is made anew. Nothing of a completion is in the index but the first
letters of its answer: what a person opens is read from the log itself.
"""

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from reward_server.window.records import schema
from reward_server.window.records.entry import EntryReader
from reward_server.window.records.tally import Tally

_FIRST_LINES, _BATCH_LINES, _BATCH_BYTES = 4000, 64_000, 32 << 20
"""Batches begin small, so that there is something to look at, and grow: each is one more round through the indices."""
_CHECKPOINT_PAGES = 32_768
"""Of the write-ahead log between two checkpoints (128 MiB): a page that many batches change is written home once."""
_LONGEST_LINE = 64 << 20
_BEGINS = 256


class LogIndex:
    """The index of one log: a file of lines, or a folder of them."""

    def __init__(self, log: Path, index: Path | None = None) -> None:
        """`index` is where it is kept: beside the log where it is not told."""
        self.log = log
        self.path = index or log.with_name(f"{log.name}.index")
        self._building = threading.Lock()
        self._opening = threading.Lock()
        self._prepared = False
        self._names = _Names()
        self._identity: tuple[int, int] | None = None

    def segments(self) -> list[Path]:
        """Return the files of the log, oldest first."""
        if self.log.is_dir():
            return sorted(path for path in self.log.glob("*.jsonl") if path.name != "metrics.jsonl")
        return [self.log] if self.log.exists() else []

    def refresh(self) -> None:
        """Read what the log has gained; returns at once where another thread does so already.

        Raises:
            OSError: the log cannot be read, or the index not be written.
            sqlite3.Error: the index is broken, or kept locked by another process.
        """
        if not self._building.acquire(blocking=False):
            return
        try:
            self._names.clear()
            with contextlib.closing(self._connect()) as connection:
                connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
                self._prepare(connection)
                for path in self.segments():
                    self._read_on(connection, path)
        finally:
            self._building.release()

    def progress(self) -> dict[str, int]:
        """Return how many bytes of how many are indexed, and how many lines hold no verdict."""
        total = sum(path.stat().st_size for path in self.segments())
        if not self.path.exists():
            return {"read": 0, "total": total, "unread": 0}
        with self.reading() as connection:
            row = connection.execute("SELECT total(read), total(unread) FROM segments").fetchone()
        return {"read": int(row[0]), "total": total, "unread": int(row[1])}

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection to ask by, of this thread alone."""
        with contextlib.closing(self._connect()) as connection:
            if not self._prepared:  # a file may be there before its tables are
                self._prepare(connection)
            yield connection

    def line(self, segment: int, place: int, size: int) -> bytes:
        """Return one line of the log.

        Raises:
            OSError: it is gone.
        """
        with self.reading() as connection:
            found = connection.execute("SELECT path FROM segments WHERE id = ?", (segment,)).fetchone()
        if found is None:
            raise FileNotFoundError(f"{self.log}: no segment {segment}")
        with Path(found[0]).open("rb") as file:
            file.seek(place)
            return file.read(size)

    def _connect(self) -> sqlite3.Connection:
        with self._opening:  # two that change a new file's mode at once do not wait for each other: one fails
            self._prepared = self._prepared and self.path.exists()
            connection = sqlite3.connect(self.path, timeout=30, isolation_level=None)
            if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA cache_size = -65536")
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        """Make the tables where there are none of this version, or the log is another than it was."""
        connection.execute("BEGIN IMMEDIATE")
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        stale = not tables or self._version(connection, tables) != schema.VERSION or self._replaced(connection)
        if stale:
            for name in tables:
                connection.execute(f'DROP TABLE "{name}"')
            for statement in schema.SCHEMA.split(";"):
                connection.execute(statement)
            connection.execute("INSERT INTO meta VALUES ('version', ?)", (schema.VERSION,))
            self._names.clear()
        connection.execute("COMMIT")
        self._prepared = True

    @staticmethod
    def _version(connection: sqlite3.Connection, tables: list[str]) -> int | None:
        if "meta" not in tables:
            return None
        found = connection.execute("SELECT value FROM meta WHERE name = 'version'").fetchone()
        return None if found is None else int(found[0])

    @staticmethod
    def _replaced(connection: sqlite3.Connection) -> bool:
        for path, begins, read in connection.execute("SELECT path, begins, read FROM segments"):
            with contextlib.suppress(FileNotFoundError), Path(path).open("rb") as file:
                if file.read(len(begins)) != begins or file.seek(0, 2) < read:
                    return True
        return False

    def _read_on(self, connection: sqlite3.Connection, path: Path) -> None:
        run = path.stem if path.parent == self.log.parent else self.log.name
        reader = EntryReader(run if path.stem != "samples" else path.parent.name)
        lines, more = _FIRST_LINES, True
        with path.open("rb") as file:
            begins = file.read(_BEGINS)
            while more and begins:
                connection.execute("BEGIN IMMEDIATE")
                try:
                    segment, at = self._segment(connection, path, begins)
                    file.seek(at)
                    more = self._read_batch(connection, file, reader, segment, lines)
                    connection.execute("COMMIT")
                except BaseException:
                    connection.execute("ROLLBACK")
                    self._names.clear()
                    raise
                lines = min(2 * lines, _BATCH_LINES)

    @staticmethod
    def _segment(connection: sqlite3.Connection, path: Path, begins: bytes) -> tuple[int, int]:
        """Return a file's number and how far it is read."""
        known = connection.execute("SELECT id, read FROM segments WHERE path = ?", (str(path),)).fetchone()
        if known is not None:
            return int(known[0]), int(known[1])
        made = connection.execute("INSERT INTO segments VALUES (NULL,?,?,0,0)", (str(path), begins)).lastrowid
        return int(made or 0), 0

    def _read_batch(
        self, connection: sqlite3.Connection, file: BinaryIO, reader: EntryReader, segment: int, most: int
    ) -> bool:
        """Read one batch of lines into the index; False at the end of the file."""
        first = connection.execute("SELECT ifnull(max(id), 0) + 1 FROM verdicts").fetchone()[0]
        self._names.connection = connection
        tally = Tally(self._names, first)
        lines = unread = 0
        began = at = file.tell()
        while lines < most and at - began < _BATCH_BYTES:
            line = file.readline(_LONGEST_LINE)
            while len(line) == _LONGEST_LINE and not line.endswith(b"\n"):  # too long to be kept: its end is looked for
                unread, at, line = unread + 1, at + len(line), file.readline(_LONGEST_LINE)
            if not line.endswith(b"\n"):
                break
            entry = reader.read(line)
            if entry is None:
                unread += bool(line.strip())
            else:
                tally.add(entry, segment, at, len(line))
            at += len(line)
            lines += 1
        tally.write(connection)
        connection.execute("UPDATE segments SET read = ?, unread = unread + ? WHERE id = ?", (at, unread, segment))
        return lines > 0


class _Names(dict[str, int]):
    """The numbers of names, as far as they were asked for in this round."""

    connection: sqlite3.Connection

    def __missing__(self, name: str) -> int:
        """Look a name up, and give a new one a number."""
        self.connection.execute("INSERT OR IGNORE INTO names VALUES (NULL, ?)", (name,))
        found = self.connection.execute("SELECT id FROM names WHERE name = ?", (name,)).fetchone()
        number = self[name] = int(found[0])
        return number
