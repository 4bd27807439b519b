"""What tests do with objects, mocks, files, streams and clocks works over the wire as it does in one process."""

import json
from pathlib import Path
from typing import Any

import pytest

from reward_server.errors import ServiceError
from reward_server.verdict import Outcome
from tests.reward_server.graders.conftest import Grade

ROWS = [json.loads(line) for line in Path(__file__).with_name("idioms.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=[row["idiom"] for row in ROWS])
def test_an_idiom_of_tests_means_the_same(grade: Grade, row: dict[str, Any]) -> None:
    task = {key: row[key] for key in ("tests", "entry_point", "prompt") if key in row}
    try:
        verdict = grade(row["program"], **{"cpu_seconds": 5, **task})
    except ServiceError as missing:
        pytest.skip(str(missing))
    assert verdict.outcome is Outcome.CORRECT, verdict
    wrong = grade(row.get("wrong", "def nothing(): pass"), **task)
    assert (wrong.outcome is not Outcome.CORRECT, wrong.score) == (True, 0.0), wrong
