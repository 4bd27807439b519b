"""Faults reported of graders and break-ins found by search: each has its right verdict here, policies apart."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from reward_server.graders import Completion, choice, exact, math
from reward_server.verdict import Verdict

pytestmark = pytest.mark.shared
_KINDS = ("math", "choice", "exact")
_FAST: dict[str, Callable[[dict[str, Any], str], Verdict | None]] = {
    "math": lambda task, text: math.grade_fast(math.compile_task(math.MathTask.model_validate(task)), Completion(text)),
    "choice": lambda task, text: choice.grade_fast(
        choice.compile_task(choice.ChoiceTask.model_validate(task)), Completion(text)
    ),
    "exact": lambda task, text: exact.grade(exact.compile_task(exact.ExactTask.model_validate(task)), Completion(text)),
}


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in path.read_text().splitlines())


def _outcome(task: dict[str, Any], completion: str) -> str:
    verdict = _FAST[task["kind"]](task, completion)
    return "undecided" if verdict is None else verdict.outcome.value


def _wrong(rows: Iterator[dict[str, Any]]) -> list[tuple[str, str, str, Any]]:
    found = []
    for row in rows:
        if row["task"].get("kind") not in _KINDS:
            continue
        right = row["right"] if isinstance(row["right"], list) else [row["right"]]
        outcome = _outcome(row["task"], row["completion"])
        if outcome not in right:
            found.append((str(row["task"]["ground_truth"]), row["completion"], outcome, right))
    return found


@pytest.mark.parametrize("policy", [False, True], ids=["decided", "policies"])
def test_reported_faults_have_the_right_verdict(shared_dir: Path, policy: bool):  # noqa: FBT001 - a parameter
    rows = _rows(shared_dir / "data" / "faults" / "math_choice_exact.jsonl")
    assert _wrong(row for row in rows if row["policy"] is policy) == []


def test_break_ins_are_not_paid(shared_dir: Path):
    paid = []
    for row in _rows(shared_dir / "data" / "faults" / "breakins.jsonl"):
        task = row["item"]["task"]
        if task["kind"] in _KINDS and row["outcome"] == "correct":
            outcome = _outcome(task, row["item"]["completion"])
            if outcome not in {"incorrect", "no_answer"}:
                paid.append((row["id"], outcome))
    assert paid == []
