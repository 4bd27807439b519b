"""Programs that were graded wrongly, and tasks that were read wrongly: each row has the outcomes that are right."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from reward_server.errors import ServiceError, TaskError
from tests.reward_server.graders.conftest import Grade

ROWS = Path(os.environ.get("REWARD_SHARED_DIR", Path(__file__).parents[4] / "shared")) / "data/faults/programs.jsonl"
OPEN = {
    "p042": "a package that no data set's harness has",
    "p092": "pandas where programs run",
    "p100": "a million ones are all above zero: plain Python lets the test pass",
}
"""Rows that are not right here, and why."""


def _rows() -> list[Any]:
    if not ROWS.is_file():
        reason = f"no rows at {ROWS} (set REWARD_SHARED_DIR)"
        return [pytest.param({}, id="shared", marks=pytest.mark.skip(reason=reason))]
    rows = [json.loads(line) for line in ROWS.read_text().splitlines()]
    return [pytest.param(row, id=f"{row['id']}-{row['area']}", marks=_marks(row)) for row in rows]


def _marks(row: dict[str, Any]) -> list[pytest.MarkDecorator]:
    reason = OPEN.get(row["id"])
    return [pytest.mark.xfail(reason=reason, strict=False)] if reason else []


@pytest.mark.parametrize("row", _rows())
def test_a_fault_that_was_reported_is_gone(grade: Grade, row: dict[str, Any]) -> None:
    try:
        outcome = grade(row["completion"], whole=True, **row["task"]).outcome.value
    except TaskError:
        outcome = "bad_ground_truth"
    except ServiceError:
        outcome = "ungradable"
    right = row["right"]
    assert outcome != "correct" if right == "not correct" else outcome in ([right] if isinstance(right, str) else right)
