"""Which column of a row is its ground truth, where the row has no form that is known."""

from collections.abc import Mapping
from typing import Any

from reward_server.datasets.forms import AmbiguousRow, UnknownRow, at
from reward_server.datasets.shapes import final_text

TRUTHS = (
    "reward_model.ground_truth", "ground_truth", "gold", "expected_answer", "final_answer", "gold_answer",
    "correct_answer", "reference_answer", "reward_spec.ground_truth", "answer", "Answer", "verification_info.answer",
)  # fmt: skip
"""Columns that hold a ground truth wherever they occur."""
_WORKED = ("solution", "Solution", "generated_solution")
"""Columns that hold one where there is no other, and a worked solution beside one."""
_PERHAPS = ("target", "label", "reference")
"""Columns that hold one where there is no other and it is a text."""
PROBLEMS = ("problem", "Problem", "question", "Question", "prompt", "query", "instruction", "messages", "input")
ADVICE = "name the column of the ground truth, or give a whole task"
_LONG = 200
_SHOWN = 60


def find_truth(row: Mapping[str, Any]) -> tuple[str, Any]:
    """Return the column of the ground truth and what stands there."""
    values = {path: value for path in TRUTHS if (value := at(row, path)) is not None}
    worked = {path: value for path in _WORKED if (value := row.get(path)) is not None}
    if not values:
        values = worked or {path: value for path in _PERHAPS if isinstance(value := row.get(path), str)}
    elif set(values) <= {"answer", "Answer"} and worked:
        values |= _not_a_worked_solution(row, next(iter(values.values())), worked)
    if not values:
        known = "ground_truth, answer, solution or reward_model.ground_truth"
        named = ", ".join(str(name) + " (null)" * (row[name] is None) for name in list(row)[:20]) or "none"
        raise UnknownRow(f"no column with a ground truth ({known}) nor the columns of a known data set; it has {named}")
    (path, value), *others = values.items()
    for other, second in others:
        if repr(second) != repr(value) and final_text(second) != final_text(value):
            shown = f"`{path}` ({str(value)[:_SHOWN]!r}) and `{other}` ({str(second)[:_SHOWN]!r})"
            raise AmbiguousRow(f"{shown} may both be the ground truth: {ADVICE}")
    return path, value


def _not_a_worked_solution(row: Mapping[str, Any], answer: Any, worked: dict[str, Any]) -> dict[str, Any]:
    """Return the solutions that may be the answer instead: beside a problem, only one that is shorter than a text."""
    has_problem = any(row.get(name) is not None for name in PROBLEMS)
    is_text = len(str(answer)) > _LONG and "####" not in str(answer) and "\\boxed" not in str(answer)
    return {path: value for path, value in worked.items() if not has_problem or (is_text and len(str(value)) <= _LONG)}
