"""The audit log: every graded item with its verdict, one JSON line each, so that any reward can be explained later.

Lines are written by a thread of its own in batches; a full disk loses lines, with a warning, and never a verdict.
"""

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import structlog

from reward_server import exact_json

_log = structlog.get_logger()


class AuditLog:
    """An append-only JSONL file."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("ab")
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="audit")

    def append(self, records: Sequence[dict[str, Any]]) -> None:
        """Queue records for writing; returns at once."""
        now = time.time()
        lines = b"".join(_line({"time": now, **record}) for record in records)
        self._thread.submit(self._write, lines)

    def _write(self, lines: bytes) -> None:
        try:
            self._file.write(lines)
            self._file.flush()
        except OSError as error:
            _log.warning("audit_lines_lost", bytes=len(lines), error=str(error))

    async def close(self) -> None:
        """Write what is queued and close the file."""
        await asyncio.get_running_loop().run_in_executor(None, self._thread.shutdown)
        self._file.close()


def _line(record: dict[str, Any]) -> bytes:
    """Return a record as a line; nothing, with a warning, where it cannot be written."""
    try:
        return exact_json.dumps(record) + b"\n"
    except ValueError as error:
        _log.warning("audit_lines_lost", bytes=0, error=str(error))
        return b""
