"""One line of a log, in any form that verdicts are written down in, as what the index keeps of it.

Forms: the audit log's line, a sample of a trainer's journal (`{"step", "completion", "verdict": {…}}`), a line of
`reward-server score`'s output.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from reward_server.signals import SHORT, signals_of

_SECONDS_A_STEP = 60
_STEPS = 1 << 62
"""Steps are told apart up to here; SQLite holds no integers beyond 63 bits."""


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
    named = isinstance(step, int) and abs(step) < _STEPS
    at = int(step) if isinstance(step, int) and named else int(min(max(time // _SECONDS_A_STEP, -_STEPS), _STEPS))
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
        answer=answer[:SHORT] if isinstance(answer, str) else "",
        signals=tuple(signals_of(row, outcome)),
    )


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _cause(row: Mapping[str, Any]) -> str:
    evidence = row.get("evidence")
    method = evidence.get("method") if isinstance(evidence, dict) else None
    return method[:SHORT] if isinstance(method, str) else "none"


def _digest(value: Any) -> int:
    """Return 63 bits of a digest."""
    written = orjson.dumps(value, option=orjson.OPT_SORT_KEYS, default=str)
    return int.from_bytes(hashlib.blake2b(written, digest_size=8).digest()) >> 1
