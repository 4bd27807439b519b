"""Every row of the case table comes out as it says."""

import json
from pathlib import Path
from typing import Any

import pytest

from reward_server.mathematics import MathOptions, compare, compile_ground_truth

_ROWS = [json.loads(line) for line in (Path(__file__).parent / "math_cases.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("row", _ROWS, ids=[f"{row['kind']}-{n}" for n, row in enumerate(_ROWS)])
def test_a_case_comes_out_as_the_table_says(row: dict[str, Any]):
    truth = compile_ground_truth(row["ground_truth"], MathOptions(**row.get("options", {})))
    found = compare(truth, row["answer"])
    assert found.equal is row["equal"], (row["why"], found)
    assert found.method
    json.dumps(found.evidence)


@pytest.mark.parametrize("row", _ROWS, ids=[f"{row['kind']}-{n}" for n, row in enumerate(_ROWS)])
def test_every_ground_truth_of_the_table_equals_itself(row: dict[str, Any]):
    truth = compile_ground_truth(row["ground_truth"], MathOptions(**row.get("options", {})))
    assert compare(truth, row["ground_truth"]).equal
