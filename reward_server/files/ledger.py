"""The verdicts of a file, one JSON line each: what an earlier run has written is kept where it still holds.

A line has `row` (which row of the data set, from 0) and `digest`, of everything asked about that row: the item as it
was sent, with the reward parts. It holds as long as the digest is the same and the grader is still of the version that
the verdict names. Rows that were malformed, and failures of ours, are always graded again.

Lines are appended as verdicts come, so that an interruption loses none; `finish` puts them in the order of the rows. A
run that graded nothing, for a misspelt column as a rule, is taken back with `withdraw` where an earlier one had lines;
for the same reason a fresh run drops earlier lines only when it has a verdict. One run at a time writes: the file is
locked, where the system and the file system can.
"""

import hashlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Self, cast

import orjson

from reward_server import exact_json
from reward_server.files.formats import RowError

if sys.platform != "win32":
    import fcntl

_ENOUGH_BYTES = 16


class _Line(NamedTuple):
    offset: int
    length: int
    digest: str
    holds: bool


def digest_of(item: Mapping[str, Any], asked: Any) -> str:
    """Return what tells two gradings apart: the item and what is asked of all items, such as reward parts."""
    try:
        text = orjson.dumps([item, asked], option=orjson.OPT_SORT_KEYS | orjson.OPT_SERIALIZE_NUMPY, default=repr)
    except TypeError:  # lone surrogates, huge integers, nesting beyond bounds
        text = repr((item, asked)).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=_ENOUGH_BYTES).hexdigest()


class Ledger:
    """The output file of one run; use it in a `with` block."""

    def __init__(self, path: Path, versions: Mapping[str, str], *, fresh: bool = False) -> None:
        """`versions` are the graders' labels by kind, such as `{"math": "math/3"}`; `fresh` forgets earlier runs."""
        self.path = path
        self.stale = 0
        """Lines of earlier runs that hold no longer."""
        self._versions = versions
        self._lines: dict[int, _Line] = {}
        self._touched: set[int] = set()
        self._fresh = fresh
        """Lines of earlier runs are yet to be dropped."""

    def __enter__(self) -> Self:
        """Raises: RowError if another run writes to this file."""
        self._file = _opened(self.path)
        self._end = 0
        self._file.seek(0)
        for line in self._file:
            if not line.endswith(b"\n"):
                break  # it was written in part: cut off
            if not self._fresh:
                self._remember(line)
            self._end += len(line)
        self._file.truncate(self._end)
        self._before = self._end
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def _remember(self, line: bytes) -> None:
        try:
            record = exact_json.loads(line.decode())
            row, digest = int(record["row"]), str(record.get("digest", ""))
        except (ValueError, KeyError, TypeError):
            return
        grader = str(record.get("grader", ""))
        holds = not ("error" in record or record.get("retryable") or record.get("outcome") == "ungradable")
        holds = holds and self._versions.get(grader.partition("/")[0]) == grader
        self._lines[row] = _Line(self._end, len(line), digest, holds)

    def kept(self, row: int, digest: str) -> dict[str, Any] | None:
        """Return what an earlier run has written about this row, if it still holds."""
        self._touched.add(row)
        line = self._lines.get(row)
        if line is None:
            return None
        if line.holds and line.digest == digest:
            return cast("dict[str, Any]", exact_json.loads(self._read(line).decode()))
        self.stale += 1
        return None

    def write(self, row: int, digest: str, record: Mapping[str, Any]) -> None:
        """Append what came of a row; it is in the file when this returns."""
        line = exact_json.dumps({"row": row, "digest": digest, **record}) + b"\n"
        if self._fresh and "error" not in record:
            self._drop_earlier()
        self._file.write(line)
        self._file.flush()
        self._touched.add(row)
        self._lines[row] = _Line(self._end, len(line), digest, holds=True)
        self._end += len(line)

    def _drop_earlier(self) -> None:
        """Leave what this run has written, in the same file, which is the one that is locked."""
        self._fresh = False
        own = self._read(_Line(self._before, self._end - self._before, "", holds=False))
        self._file.truncate(0)
        self._file.write(own)
        self._lines = {row: line._replace(offset=line.offset - self._before) for row, line in self._lines.items()}
        self._end, self._before = len(own), 0

    @property
    def had_lines(self) -> bool:
        """Whether an earlier run has written anything."""
        return self._before > 0

    def withdraw(self) -> None:
        """Take back what this run has written, where no other has written behind it; nothing more is written then."""
        if os.fstat(self._file.fileno()).st_size == self._end:
            self._file.truncate(self._before)

    def finish(self) -> int:
        """Put the lines in the order of the rows; return how many are of rows that this run did not ask about."""
        lines = [self._lines[row] for row in sorted(self._lines)]
        offset = 0
        for line in lines:
            if line.offset != offset:
                self._rewrite(lines)
                break
            offset += line.length
        else:
            self._file.truncate(offset)
        return len(self._lines.keys() - self._touched)

    def _rewrite(self, lines: list[_Line]) -> None:
        sorted_path = self.path.with_name(f"{self.path.name}.sorted")
        with sorted_path.open("wb") as target:
            for line in lines:
                target.write(self._read(line))
        sorted_path.replace(self.path)

    def _read(self, line: _Line) -> bytes:
        return os.pread(self._file.fileno(), line.length, line.offset)


def _opened(path: Path) -> BinaryIO:
    """Open a file for appending, as the only one who does."""
    while True:
        file = cast("BinaryIO", path.open("a+b"))
        if not _locked(file):
            file.close()
            raise RowError(f"--output: another run writes to {path}: wait for it, or give another file")
        if path.exists() and path.stat().st_ino == os.fstat(file.fileno()).st_ino:
            return file
        file.close()  # the other run has just put its sorted file in this one's place


def _locked(file: BinaryIO) -> bool:
    """Whether the file is ours until it is closed; where nothing can be locked, it is said to be."""
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # some network file systems
        return True
    return True
