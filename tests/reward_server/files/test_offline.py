"""Files are scored row by row: resumable, in order, and no bad row stops the rest."""

import asyncio
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from reward_server.files.offline import Layout, RowError, matching, read_rows, rows_done, score_file


class _Echo:
    """Gives each item back as its record."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    async def score(self, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        self.batches.append(len(items))
        return [{"outcome": "correct", "item": item} for item in items]


def _run(rows: list[Any], layout: Layout, output: Path, skip: int = 0) -> list[dict[str, Any]]:
    async def run() -> None:
        async for _ in score_file(iter(rows), layout, _Echo(), output, batch_size=2, skip=skip):
            pass

    asyncio.run(run())
    return [json.loads(line) for line in output.read_text().splitlines()]


def test_columns_constants_and_a_joined_file_make_the_item(tmp_path: Path):
    layout = Layout(
        columns={"completion": "output.text", "task.tests": "tests"},
        constants={"task.kind": "code"},
        joined={"p": {"problem": "p", "tests": ["t"]}},
        join_on="problem",
    )
    (record,) = _run([{"problem": "p", "output": {"text": "x"}}], layout, tmp_path / "out")
    assert record["item"] == {"id": 0, "completion": "x", "task": {"tests": ["t"], "kind": "code"}}


def test_a_bad_row_gets_an_error_line_and_the_rest_verdicts(tmp_path: Path):
    rows = [{"completion": "a"}, RowError("not JSON"), {"other": 1}, [1], {"completion": "b"}]
    records = _run(rows, Layout(columns={"completion": "completion"}), tmp_path / "out")
    assert [record["row"] for record in records] == [0, 1, 2, 3, 4]
    assert ["error" in record for record in records] == [False, True, True, True, False]
    assert "completion" in records[2]["error"]


def test_a_run_that_was_cut_short_goes_on_after_the_last_whole_line(tmp_path: Path):
    output = tmp_path / "out"
    rows = [{"completion": f"{n}", "task": {}} for n in range(5)]
    whole = _run(rows, Layout(), output)
    lines = output.read_bytes().splitlines(keepends=True)
    output.write_bytes(b"".join(lines[:3]) + lines[3][:7])
    assert rows_done(output) == 3
    assert _run(rows, Layout(), output, skip=3) == whole


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.jsonl.gz", "rows.json", "rows.json.gz"])
def test_rows_are_read_from_each_kind_of_file(tmp_path: Path, name: str):
    rows = [{"a": 1}, {"a": "ü"}]
    text = json.dumps(rows) if ".json" in name and "jsonl" not in name else "\n".join(map(json.dumps, rows))
    data = text.encode()
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    assert list(read_rows(tmp_path / name)) == rows


def test_a_broken_line_is_a_row_of_its_own(tmp_path: Path):
    (tmp_path / "rows.jsonl").write_text('{"a": 1}\n{broken\n\n{"a": 2}\n')
    first, second, third = read_rows(tmp_path / "rows.jsonl")
    assert (first, third) == ({"a": 1}, {"a": 2})
    assert isinstance(second, RowError)


def test_only_the_rows_asked_for_are_scored_and_columns_marked_optional_may_be_missing(tmp_path: Path):
    rows = [{"kind": "a", "text": "1", "hint": "h"}, {"kind": "b", "text": "2"}, {"kind": "c", "text": "3"}]
    layout = Layout(columns={"completion": "text", "prompt": "hint?"})
    records = _run(list(matching(iter(rows), {"kind": {"a", "c"}})), layout, tmp_path / "out")
    assert [record["item"] for record in records] == [
        {"id": 0, "completion": "1", "prompt": "h"},
        {"id": 1, "completion": "3"},
    ]
