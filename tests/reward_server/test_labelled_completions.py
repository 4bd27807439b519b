"""Labelled model outputs nobody of this project wrote: the graders agree with the labels."""

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from reward_server.extraction.letters import find_choice
from reward_server.graders import Completion, choice, math
from reward_server.verdict import Outcome

pytestmark = pytest.mark.shared


def _rows(path: Path) -> list[dict[str, Any]]:
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in raw.decode().splitlines()]


def _outcome(row: dict[str, Any]) -> Outcome | None:
    if row["kind"] == "math":
        compiled = math.compile_task(math.MathTask(ground_truth=row["gold"]))
        verdict = math.grade_fast(compiled, Completion(row["response"]))
        return None if verdict is None else verdict.outcome
    task = choice.ChoiceTask(ground_truth=row["gold"], options=row.get("options"))
    return choice.grade_fast(choice.compile_task(task), Completion(row["response"])).outcome


@pytest.mark.timeout(120)
def test_whole_responses_are_graded_as_labelled(shared_dir: Path):
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for row in _rows(shared_dir / "data" / "grading" / "responses.jsonl.gz"):
        kind = "math" if row["kind"] == "math" else "choice"
        total[kind] += 1
        right[kind] += (_outcome(row) is Outcome.CORRECT) == bool(row["label"])
    assert right["math"] / total["math"] >= 0.99
    assert right["choice"] / total["choice"] >= 0.99


def test_hand_made_extraction_cases_are_graded_as_labelled(shared_dir: Path):
    for row in _rows(shared_dir / "data" / "grading" / "extraction_handmade.jsonl"):
        compiled = math.compile_task(math.MathTask(ground_truth=row["gold"]))
        verdict = math.grade_fast(compiled, Completion(row["answer"]))
        assert (verdict is not None and verdict.outcome is Outcome.CORRECT) == row["expected"], row["why"]


def test_letters_are_parsed_as_another_evaluator_does(shared_dir: Path):
    """One case is left out on purpose: it takes the letter from the thinking where the final text only quotes."""
    misses = []
    for case in _rows(shared_dir / "data" / "formats" / "evalscope_mcq_parse.jsonl"):
        found = find_choice(case["completion"], "ABCD")
        if (list(found.letters) if found else []) != case["expected"]:
            misses.append(case["completion"])
    assert misses in ([], ["ANSWER: B</think>ANSWER: [LETTER]"])
