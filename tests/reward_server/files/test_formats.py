"""Data sets are read as they come: every format, compression and folder gives the same rows, and errors say where."""

import bz2
import gzip
import json
import lzma
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reward_server.files.folders import open_data
from reward_server.files.formats import RowError, read_file

ROWS = [{"a": "1", "b": "ü\nx"}, {"a": "2", "b": "y"}]
LINES = "\n".join(map(json.dumps, ROWS)).encode()
ARRAY = json.dumps(ROWS).encode()
CSV = '\ufeffa,b\n1,"ü\nx"\n2,y\n'.encode()


def _zstandard(data: bytes) -> bytes:
    pyarrow = pytest.importorskip("pyarrow")
    return pyarrow.Codec("zstd").compress(data, asbytes=True)


def _plain(data: bytes) -> bytes:
    return data


@pytest.mark.parametrize(
    ("ending", "compress"),
    [("", _plain), (".gz", gzip.compress), (".bz2", bz2.compress), (".xz", lzma.compress), (".zst", _zstandard)],
)
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("rows.jsonl", LINES), ("rows.ndjson", LINES), ("rows.json", ARRAY), ("lines.json", LINES), ("rows", LINES),
        ("rows.csv", CSV), ("rows.tsv", CSV.replace(b",", b"\t")),
    ],
)  # fmt: skip
def test_text_formats_compressed_or_not(
    tmp_path: Path, name: str, data: bytes, ending: str, compress: Callable[[bytes], bytes]
):
    path = tmp_path / f"{name}{ending}"
    path.write_bytes(compress(data))
    data_set = open_data(path)
    assert [row.value for row in data_set.rows()] == ROWS
    assert data_set.count() == 2


def _write_arrow(path: Path, rows: list[dict[str, Any]]) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    table = pyarrow.Table.from_pylist(rows)
    if path.suffix == ".parquet":
        pytest.importorskip("pyarrow.parquet").write_table(table, path)
        return
    new = pyarrow.ipc.new_file if path.stem == "file" else pyarrow.ipc.new_stream
    with pyarrow.OSFile(str(path), "wb") as sink, new(sink, table.schema) as writer:
        writer.write_table(table)


@pytest.mark.parametrize("name", ["rows.parquet", "rows.arrow", "file.arrow"])
def test_parquet_and_arrow(tmp_path: Path, name: str):
    _write_arrow(tmp_path / name, ROWS)
    assert [row.value for row in open_data(tmp_path / name).rows()] == ROWS


def test_rows_say_where_they_stand_as_an_editor_counts(tmp_path: Path):
    (tmp_path / "rows.jsonl").write_text('{"a": 1}\n\n{broken\n{"a": 2}\n')
    (tmp_path / "rows.csv").write_bytes(CSV + b"3\n")
    rows = list(open_data(tmp_path / "rows.jsonl").rows())
    assert [(row.number, row.place) for row in rows] == [(0, "rows.jsonl:1"), (1, "rows.jsonl:3"), (2, "rows.jsonl:4")]
    assert isinstance(rows[1].value, RowError)
    *_, short = open_data(tmp_path / "rows.csv").rows()
    assert (short.place, str(short.value)) == ("rows.csv:5", "1 cells, but the header names 2 columns")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("rows.jsonl.gz", gzip.compress(LINES * 50)[:-20], "breaks off"),
        ("rows.csv", "a,b\n1,é\n".encode("latin-1"), "not UTF-8"),
        ("rows.csv", b"a,a\n1,2\n", "more than once"),
        ("rows.json", b"[1, 2", "not JSON"),
        ("rows.bin", b"\x01\x02", "known are .arrow"),
        ("rows.parquet", b"PAR1 nothing", "rows.parquet"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, name: str, data: bytes, said: str):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(RowError, match=said):
        list(open_data(tmp_path / name).rows())


def test_a_folder_as_save_to_disk_writes_it(tmp_path: Path):
    for split, rows in (("train", ROWS), ("test", ROWS[:1])):
        (tmp_path / split).mkdir()
        _write_arrow(tmp_path / split / "data-00000-of-00001.arrow", rows)
        state = {"_data_files": [{"filename": "data-00000-of-00001.arrow"}], "_split": split}
        (tmp_path / split / "state.json").write_text(json.dumps(state))
    (tmp_path / "dataset_dict.json").write_text(json.dumps({"splits": ["train", "test"]}))
    with pytest.raises(RowError, match="--split: test, train"):
        open_data(tmp_path)
    assert open_data(tmp_path, "train").count() == 2
    assert open_data(tmp_path / "test").count() == 1


def test_a_folder_as_the_cache_and_the_hub_have_it(tmp_path: Path):
    (tmp_path / "data").mkdir()
    for number in range(2):
        (tmp_path / "data" / f"train-0000{number}-of-00002.jsonl").write_bytes(LINES)
    (tmp_path / "data" / "test-00000-of-00001.jsonl").write_bytes(LINES)
    (tmp_path / "dataset_infos.json").write_text("{}")
    (tmp_path / "README.md").write_text("no rows")
    rows = list(open_data(tmp_path, "train").rows())
    assert [row.number for row in rows] == [0, 1, 2, 3]
    assert rows[3].place == "train-00001-of-00002.jsonl:2"
    with pytest.raises(RowError, match="there is no 'dev': test, train"):
        open_data(tmp_path, "dev")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "train.jsonl").write_bytes(LINES)
    with pytest.raises(RowError, match=r"several data sets lie here.*data, other"):
        open_data(tmp_path, "train")


def test_without_pyarrow_the_error_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "rows.parquet").write_bytes(b"PAR1 something")
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(RowError, match=r"reward-server\[data\]"):
        list(open_data(tmp_path / "rows.parquet").rows())


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.json"])
def test_an_integer_of_any_size_is_read_as_it_is(name: str, tmp_path: Path):
    rows = '{"gold": 12345678901234567890123}'
    path = tmp_path / name
    path.write_text(f"[{rows}]" if name.endswith(".json") else f"{rows}\n")
    assert [row.value for row in read_file(path)] == [{"gold": 12345678901234567890123}]
