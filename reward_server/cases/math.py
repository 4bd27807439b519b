"""Mathematics: the table of answers that are, or are not, equal to a ground truth; `math.jsonl` has a row each."""

import json
from pathlib import Path
from typing import Any

from . import Case

ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in Path(__file__).with_name("math.jsonl").read_text("utf-8").splitlines()
]
"""Rows of `ground_truth`, `answer`, `equal` (null: not decided), `options` and `why`."""

CASES = [
    Case(
        {"kind": "math", "ground_truth": row["ground_truth"], "options": row.get("options", {})},
        f"The answer is $\\boxed{{{row['answer']}}}$",
        "correct" if row["equal"] else "incorrect" if row["answer"] else "no_answer",
        row["why"],
    )
    for row in ROWS
    if row["equal"] is not None
]
