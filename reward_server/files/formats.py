"""Rows of files as data sets come: JSON lines, a JSON array, CSV, TSV, Parquet or Arrow, compressed or not.

What a file is, is told by its first bytes where they tell, else by its name. A row that cannot be read comes as a
`RowError` in its place; a file that cannot be read at all raises one. Both say where; lines count from 1.

Parquet, Arrow and Zstandard need `pyarrow` (the extra `data`); nothing else is loaded before such a file is met.
"""

import bz2
import csv
import gzip
import io
import itertools
import lzma
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from reward_server import exact_json

_COMPRESSED: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", ".gz"), (b"BZh", ".bz2"), (b"\xfd7zXZ\x00", ".xz"), (b"\x28\xb5\x2f\xfd", ".zst"),
)  # fmt: skip
_PARQUET, _ARROW_FILE, _ARROW_STREAM = b"PAR1", b"ARROW1", b"\xff\xff\xff\xff"
_DELIMITERS = {".csv": ",", ".tsv": "\t"}
_LINES = frozenset({".jsonl", ".ndjson", ".json"})
ENDINGS = frozenset({*_LINES, *_DELIMITERS, ".parquet", ".arrow"})
"""Of files that hold rows; each may have an ending of compression behind it."""
COMPRESSIONS = frozenset(ending for _, ending in _COMPRESSED)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LOOKED_AT = 4096


class RowError(ValueError):
    """A row or a file that is none; the message says where and what would help."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file."""

    number: int
    """Which row of the data set it is, from 0."""
    place: str
    """Where a person finds it, such as `answers.jsonl:12`."""
    value: Any
    """What the row holds; a RowError where it could not be read."""


def read_file(path: Path) -> Iterator[Row]:
    """Yield the rows of one file, read as they are asked for.

    Raises:
        RowError: the file is not in a format known here, breaks off, or needs a package that is not installed.
    """
    try:
        with _plain(path) as stream:
            yield from _format_of(path, stream)(path, stream)
    except (EOFError, lzma.LZMAError, zlib.error, gzip.BadGzipFile) as error:
        raise RowError(f"{path}: the compressed data is damaged or breaks off: {error}") from error
    except UnicodeDecodeError as error:
        raise RowError(f"{path}: not UTF-8 (byte {error.start}: {error.reason}); convert it first") from error


def count_file(path: Path) -> int:
    """Return how many rows `read_file` will yield; cheap where the format allows it. Errors as there."""
    with _plain(path) as stream:
        reader = _format_of(path, stream)
        if reader is _read_lines:
            return sum(1 for line in stream if line.strip())
        if reader is _read_parquet:
            return _count_parquet(path, stream)
    return sum(1 for _ in read_file(path))


def ending_of(path: Path) -> str:
    """Return the ending that says the format, whatever compression stands behind it."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in COMPRESSIONS:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def _plain(path: Path) -> BinaryIO:
    """Open the file, decompressed."""
    with path.open("rb") as raw:
        first = raw.read(8)
    kind = next((ending for magic, ending in _COMPRESSED if first.startswith(magic)), "")
    if kind == ".zst":
        return _zstandard(path)
    openers: dict[str, Any] = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open, "": open}
    opened = openers[kind](path, "rb")
    return cast("BinaryIO", io.BufferedReader(opened) if kind else opened)


def _zstandard(path: Path) -> BinaryIO:
    if sys.version_info >= (3, 14):
        from compression import zstd  # noqa: PLC0415

        return cast("BinaryIO", zstd.open(path, "rb"))
    return cast("BinaryIO", io.BufferedReader(arrow(path).CompressedInputStream(str(path), "zstd")))


def arrow(path: Path) -> Any:
    """Return the package `pyarrow`.

    Raises:
        RowError: it is not installed; the message says how to install it for this file.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 - half a second, and an extra
    except ImportError:
        wanted = "pip install 'reward-server[data]'"
        raise RowError(f"{path}: reading this takes pyarrow: {wanted}, or convert the file to JSON lines") from None
    return pa


_Reader = Callable[[Path, BinaryIO], Iterator[Row]]


def _format_of(path: Path, stream: BinaryIO) -> _Reader:
    first = cast("io.BufferedReader", stream).peek(_LOOKED_AT)[:_LOOKED_AT]
    if first.startswith(_PARQUET):
        return _read_parquet
    if first.startswith((_ARROW_FILE, _ARROW_STREAM)):
        return _read_arrow
    ending = ending_of(path)
    if ending in _DELIMITERS:
        return _read_table
    text = first.removeprefix(_BYTE_ORDER_MARK).lstrip()
    if text.startswith(b"[") and ending not in {".jsonl", ".ndjson"}:
        return _read_array
    if ending in _LINES or text.startswith(b"{") or (not text and ending not in ENDINGS):
        return _read_lines
    raise RowError(f"{path}: neither the name nor the content tells the format; known are {', '.join(sorted(ENDINGS))}")


def _read_lines(path: Path, stream: BinaryIO) -> Iterator[Row]:
    numbers = itertools.count()
    for line_number, line in enumerate(stream, 1):
        text = line.removeprefix(_BYTE_ORDER_MARK) if line_number == 1 else line
        if not text.strip():
            continue
        place = f"{path.name}:{line_number}"
        try:
            value = exact_json.loads(text.decode())
        except ValueError as error:
            value = RowError(f"not JSON: {error}")
            if line_number == 1 and ending_of(path) == ".json":
                value = RowError(f"not JSON: {error}; a `.json` file holds an array of rows, or one row a line")
        yield Row(next(numbers), place, value)


def _read_array(path: Path, stream: BinaryIO) -> Iterator[Row]:
    try:
        rows = exact_json.loads(stream.read().removeprefix(_BYTE_ORDER_MARK).decode())
    except ValueError as error:
        raise RowError(f"{path}: not JSON: {error}") from error
    yield from numbered(rows, f"{path.name}, ")


def _read_table(path: Path, stream: BinaryIO) -> Iterator[Row]:
    csv.field_size_limit(1 << 30)
    text = io.TextIOWrapper(stream, "utf-8-sig", newline="")
    table = csv.reader(text, delimiter=_DELIMITERS[ending_of(path)])
    header: list[str] | None = None
    number, line = 0, 1
    try:
        for cells in table:
            if header is None:
                header = _header(path, cells)
            elif cells:
                value: Any = dict(zip(header, cells, strict=False))
                if len(cells) != len(header):
                    value = RowError(f"{len(cells)} cells, but the header names {len(header)} columns")
                yield Row(number, f"{path.name}:{line}", value)
                number += 1
            line = table.line_num + 1
    except csv.Error as error:
        raise RowError(f"{path}:{table.line_num}: {error}") from error
    finally:
        text.detach()  # whoever opened the stream closes it


def _header(path: Path, cells: list[str]) -> list[str]:
    twice = sorted({name for name in cells if cells.count(name) > 1})
    if twice:
        raise RowError(f"{path}:1: the header names {', '.join(map(repr, twice))} more than once")
    return cells


def _read_parquet(path: Path, stream: BinaryIO) -> Iterator[Row]:
    arrow(path)
    from pyarrow import parquet  # noqa: PLC0415

    try:
        yield from _records(path, parquet.ParquetFile(stream).iter_batches(batch_size=1024))
    except arrow(path).ArrowException as error:
        raise RowError(f"{path}: {error}") from error


def _count_parquet(path: Path, stream: BinaryIO) -> int:
    arrow(path)
    from pyarrow import parquet  # noqa: PLC0415

    try:
        return int(parquet.ParquetFile(stream).metadata.num_rows)
    except arrow(path).ArrowException as error:
        raise RowError(f"{path}: {error}") from error


def _read_arrow(path: Path, stream: BinaryIO) -> Iterator[Row]:
    pyarrow = arrow(path)
    try:
        if cast("io.BufferedReader", stream).peek(8).startswith(_ARROW_FILE):
            file = pyarrow.ipc.open_file(stream)
            yield from _records(path, map(file.get_batch, range(file.num_record_batches)))
        else:
            yield from _records(path, pyarrow.ipc.open_stream(stream))
    except pyarrow.ArrowException as error:
        raise RowError(f"{path}: {error}") from error


def _records(path: Path, batches: Any) -> Iterator[Row]:
    values = itertools.chain.from_iterable(batch.to_pylist() for batch in batches)
    return numbered(values, f"{path.name}, ")


def numbered(values: Iterable[Any], name: str = "") -> Iterator[Row]:
    """Yield values as rows, which a person finds by their number, from 1."""
    for number, value in enumerate(values):
        yield Row(number, f"{name}row {number + 1}", value)
