"""One line of a log, in any form that verdicts are written down in, as what the index keeps of it.

Forms: the audit log's line, a sample of a trainer's journal (`{"step", "completion", "verdict": {…}}`), a line of
`reward-server score`'s output.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

_SECONDS_A_STEP = 60
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_LOOSE = re.compile(r"[\W_]+")
_SHORT = 200
"""Characters of an answer within which a near miss is looked for."""
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
"""Why a person should look at a verdict."""
_TRUE = frozenset({"1", "1.0", "true", "pass", "passed", "correct", "right", "yes"})


@dataclass(frozen=True, slots=True)
class Entry:
    """What is kept of a verdict beside its place in the log."""

    run: str
    """As the client named it, or the log's own name."""
    step: int
    """As the client named it, else the minute since 1970 in which it was written."""
    named_step: bool
    group: int
    """Of all completions of one prompt in this step: a digest."""
    task: int
    """A digest."""
    kind: str
    outcome: str
    score: float | None
    reward: float | None
    parts: Mapping[str, float | None]
    cached: bool
    elapsed_ms: float
    cause: str
    """Why there is no score; empty where there is one."""
    time: float
    answer: str
    signals: tuple[str, ...]
    """Why a person should look at it."""


def verdict_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a line in one form: the verdict's fields beside `task`, `completion`, `run`, `step` and so on."""
    inner = row.get("verdict")
    if isinstance(inner, Mapping):
        row = {**{name: value for name, value in row.items() if name not in {"verdict", "kind"}}, **inner}
    return dict(row)


def read_entry(line: bytes, log: str) -> Entry | None:
    """Return what a line says, None where it holds no verdict; `log` is the run's name where none is given."""
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(row, dict):
        return None
    row = verdict_of(row)
    outcome = row.get("outcome")
    if not isinstance(outcome, str):
        return None
    task, time = row.get("task"), _number(row.get("time")) or 0.0
    kind = str(row.get("grader") or (task.get("kind") if isinstance(task, dict) else "") or "?").partition("/")[0]
    step = row.get("step")
    named = isinstance(step, int)
    at = int(step) if isinstance(step, int) else int(time // _SECONDS_A_STEP)
    run = str(row.get("run") or log)
    asked = _digest(task if task is not None else row.get("prompt"))
    of_group = row.get("group")
    parts, score = row.get("parts"), _number(row.get("score"))
    answer = row.get("answer")
    return Entry(
        run=run,
        step=at,
        named_step=named,
        group=_digest([run, at, asked if of_group is None else of_group]),
        task=asked,
        kind=kind,
        outcome=outcome,
        score=score,
        reward=_number(row.get("reward")),
        parts={name: _number(value) for name, value in parts.items()} if isinstance(parts, dict) else {},
        cached=row.get("cached") is True,
        elapsed_ms=_number(row.get("elapsed_ms")) or 0.0,
        cause=_cause(row) if score is None else "",
        time=time,
        answer=answer[:_SHORT] if isinstance(answer, str) else "",
        signals=tuple(_signals(row, outcome)),
    )


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _cause(row: Mapping[str, Any]) -> str:
    evidence = row.get("evidence")
    method = evidence.get("method") if isinstance(evidence, dict) else None
    return method[:_SHORT] if isinstance(method, str) else "none"


def _digest(value: Any) -> int:
    """Return 63 bits of a digest."""
    written = orjson.dumps(value, option=orjson.OPT_SORT_KEYS, default=str)
    return int.from_bytes(hashlib.blake2b(written, digest_size=8).digest()) >> 1


def _signals(row: Mapping[str, Any], outcome: str) -> list[str]:
    """Return why a person should look at a verdict."""
    found = [outcome] if outcome in {"undecided", "bad_ground_truth", "ungradable"} else []
    evidence = row.get("evidence")
    evidence = evidence if isinstance(evidence, dict) else {}
    if outcome == "violation" or evidence.get("flags"):
        found.append("cheating")
    parts, score = row.get("parts"), row.get("score")
    others = {name: value for name, value in parts.items() if name != "accuracy"} if isinstance(parts, dict) else {}
    if score == 1 and others.get("format") == 0:
        found.append("right_without_format")
    if outcome == "incorrect" and _near(evidence.get("ground_truth"), row.get("answer")):
        found.append("near_miss")
    label = row.get("label")
    if label is not None and score is not None and (str(label).strip().lower() in _TRUE) != (score == 1):
        found.append("disagreement")
    return found


def _near(truth: Any, answer: Any) -> bool:
    """Say whether two texts hold the same numbers, or the same letters and digits, and still were not the same."""
    if not isinstance(truth, str) or not isinstance(answer, str) or max(len(truth), len(answer)) > _SHORT:
        return False
    numbers = _NUMBER.findall(truth)
    if numbers and numbers == _NUMBER.findall(answer):
        return True
    loose = _LOOSE.sub("", truth).casefold()
    return bool(loose) and loose == _LOOSE.sub("", answer).casefold()
