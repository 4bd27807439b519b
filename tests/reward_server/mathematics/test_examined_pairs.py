"""Answers as a strict examiner marks them, by class: what is the same written otherwise, and what only looks so."""

import json
from pathlib import Path

import pytest

from reward_server.graders import Completion
from reward_server.graders.math import GRADER, MathTask
from reward_server.verdict import Outcome

_ROWS = [json.loads(line) for line in Path(__file__).with_name("examined_pairs.jsonl").read_text().splitlines()]


def _name(row: dict[str, object]) -> str:
    return f"{row['class']}: {row['ground_truth']} <- {row.get('answer', row.get('completion'))}"


@pytest.mark.parametrize("row", _ROWS, ids=_name)
def test_a_pair_is_marked_as_an_examiner_marks_it(row: dict[str, str]) -> None:
    compiled = GRADER.compile(MathTask(ground_truth=row["ground_truth"]))
    assert GRADER.fast is not None
    completion = row["completion"] if "completion" in row else rf"\boxed{{{row['answer']}}}"
    verdict = GRADER.fast(compiled, Completion(completion))
    assert (verdict is not None and verdict.outcome is Outcome.CORRECT) == row["right"], verdict
