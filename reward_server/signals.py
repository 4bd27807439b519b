"""Why a person should look at a verdict, as far as its own line says it."""

import re
from collections.abc import Mapping
from typing import Any

SIGNALS = {
    "disagreement": "The verdict is not the label that the row has.",
    "agreed_on_wrong": "Most of a group give one and the same answer, and the ground truth says no.",
    "near_miss": "The same number or letters as the ground truth, in another unit or form.",
    "right_without_format": "A right answer that is not paid for its format.",
    "cheating": "A program tried what it has no reason to try, or was ended for it.",
    "undecided": "The grader could not tell.",
    "bad_ground_truth": "The task is broken.",
    "ungradable": "The service failed.",
}
"""By name."""
SHORT = 200
"""Characters of an answer within which a near miss is looked for."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_LOOSE = re.compile(r"[\W_]+")
_TRUE = frozenset({"1", "1.0", "true", "pass", "passed", "correct", "right", "yes"})


def signals_of(row: Mapping[str, Any], outcome: str) -> list[str]:
    """Return why a person should look at a verdict."""
    found = [outcome] if outcome in {"undecided", "bad_ground_truth", "ungradable"} else []
    evidence = row.get("evidence")
    evidence = evidence if isinstance(evidence, dict) else {}
    if outcome == "violation" or evidence.get("flags"):
        found.append("cheating")
    parts, score = row.get("parts"), row.get("score")
    if score == 1 and isinstance(parts, dict) and parts.get("format") == 0:
        found.append("right_without_format")
    if outcome == "incorrect" and _near(evidence.get("ground_truth"), row.get("answer")):
        found.append("near_miss")
    label = row.get("label")
    if label is not None and score is not None and (str(label).strip().lower() in _TRUE) != (score == 1):
        found.append("disagreement")
    return found


def _near(truth: Any, answer: Any) -> bool:
    """Say whether two texts hold the same numbers, or the same letters and digits, and still were not the same."""
    if not isinstance(truth, str) or not isinstance(answer, str) or max(len(truth), len(answer)) > SHORT:
        return False
    numbers = _NUMBER.findall(truth)
    if numbers and numbers == _NUMBER.findall(answer):
        return True
    loose = _LOOSE.sub("", truth).casefold()
    return bool(loose) and loose == _LOOSE.sub("", answer).casefold()
