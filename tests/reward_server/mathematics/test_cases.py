"""Every row of the case table comes out as it says."""

import json
from typing import Any

import pytest

from reward_server.cases.math import ROWS as _ROWS
from reward_server.mathematics import MathOptions, compare, compile_ground_truth


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
