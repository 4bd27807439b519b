"""What is written is read: every row of the table, by the way it is written."""

import json
from pathlib import Path
from typing import Any

import pytest

from reward_server.mathematics import compare, compile_ground_truth

_ROWS = [json.loads(line) for line in (Path(__file__).parent / "reading_cases.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("row", _ROWS, ids=[f"{row['kind']}-{n}" for n, row in enumerate(_ROWS)])
def test_a_way_of_writing_is_read_as_the_table_says(row: dict[str, Any]):
    found = compare(compile_ground_truth(row["ground_truth"]), row["answer"])
    assert (found.equal is True) is row["equal"], found
