"""The embedded cache: one SQLite file in WAL mode behind a small LRU, no server and no dependency.

Several processes on one machine may share the file. All SQLite work happens on one thread of its own, so the event
loop never waits for the disk. The table is bounded: past `max_entries` the oldest tenth is dropped.
"""

import asyncio
import sqlite3
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from reward_server.cache import CacheError

_T = TypeVar("_T")
_CHUNK = 500
"""Keys in one `IN (…)`; SQLite's default limit on variables is higher, its planner is happiest with few."""


class EmbeddedCache:
    """Verdicts in a file, or in memory where `path` is None."""

    def __init__(
        self, path: Path | None, *, ttl_seconds: float, max_entries: int = 2_000_000, memory_entries: int = 50_000
    ) -> None:
        self._ttl = ttl_seconds
        self._max_entries = max_entries
        self._memory: OrderedDict[str, bytes] = OrderedDict()
        self._memory_entries = memory_entries
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="cache")
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._writes = 0

    async def get_many(self, keys: Sequence[str]) -> dict[str, bytes]:
        """Return the entries that exist and have not expired."""
        found = {key: self._memory[key] for key in keys if key in self._memory}
        missing = [key for key in keys if key not in found]
        if missing:
            from_disk = await self._run(lambda: self._select(missing))
            self._remember(from_disk)
            found |= from_disk
        return found

    async def set_many(self, entries: Mapping[str, bytes]) -> None:
        """Store the entries."""
        self._remember(entries)
        await self._run(lambda: self._insert(entries))

    async def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            await self._run(self._connection.close)
            self._connection = None
        self._thread.shutdown(wait=True)

    async def _run(self, work: Callable[[], _T]) -> _T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except (sqlite3.Error, OSError, RuntimeError) as error:
            raise CacheError(f"embedded cache {self._path}: {error}") from error

    def _remember(self, entries: Mapping[str, bytes]) -> None:
        self._memory.update(entries)
        while len(self._memory) > self._memory_entries:
            self._memory.popitem(last=False)

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            if self._path is not None:
                self._path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(self._path or ":memory:", timeout=2.0, check_same_thread=False)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS verdicts (key TEXT PRIMARY KEY, value BLOB, expires REAL) WITHOUT ROWID"
            )
            self._connection = connection
        return self._connection

    def _select(self, keys: Sequence[str]) -> dict[str, bytes]:
        connection, found, now = self._open(), {}, time.time()
        for start in range(0, len(keys), _CHUNK):
            chunk = keys[start : start + _CHUNK]
            marks = ",".join("?" * len(chunk))
            query = f"SELECT key, value FROM verdicts WHERE expires > ? AND key IN ({marks})"  # noqa: S608 - only marks
            found.update(dict(connection.execute(query, (now, *chunk))))
        return found

    def _insert(self, entries: Mapping[str, bytes]) -> None:
        connection, expires = self._open(), time.time() + self._ttl
        with connection:
            rows = [(key, value, expires) for key, value in entries.items()]
            connection.executemany("INSERT OR REPLACE INTO verdicts VALUES (?, ?, ?)", rows)
            before, self._writes = self._writes, self._writes + len(rows)
            if before == 0 or self._writes // 10_000 > before // 10_000:
                self._trim(connection)

    def _trim(self, connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM verdicts WHERE expires <= ?", (time.time(),))
        (count,) = connection.execute("SELECT count(*) FROM verdicts").fetchone()
        if count > self._max_entries:
            oldest = "SELECT key FROM verdicts ORDER BY expires LIMIT ?"
            connection.execute(
                f"DELETE FROM verdicts WHERE key IN ({oldest})",  # noqa: S608 - a constant
                (count - self._max_entries * 9 // 10,),
            )
