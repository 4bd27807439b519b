"""One line of a log, in any form that verdicts are written down in, as what the index keeps of it.

Forms: the audit log's line, a sample of a trainer's journal (`{"step", "completion", "verdict": {…}}`), a line of
`reward-server score`'s output.
"""

import hashlib
from collections.abc import Mapping
from itertools import islice
from math import isfinite
from typing import Any, NamedTuple

import orjson

from reward_server import exact_json
from reward_server.signals import SHORT, signals_of

_SECONDS_A_STEP = 60
_STEPS = 1 << 62
"""Steps are told apart up to here; SQLite holds no integers beyond 63 bits."""
_DIGEST_BITS = 48
"""Of a group's number; the others are its step's."""
_LONGEST_RUN, _LONGEST_NAME, _MOST_PARTS = 512, 80, 64
"""Letters of names, and reward parts of one verdict: sums are kept for each, and a log may be anybody's."""
_KEPT = 4096
"""Digests and kinds that are remembered: lines of one group stand close to each other."""


class Entry(NamedTuple):
    """What is kept of a verdict beside its place in the log; a tuple, because millions of them are made."""

    run: str
    """As the client named it, or the log's own name."""
    step: int
    """As the client named it, else the minute since 1970 in which it was written."""
    named_step: bool
    group: int
    """Of all completions of one prompt in this step: a digest behind the step's last bits, which keeps the groups of
    one step together in the index."""
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


def verdict_of(row: dict[str, Any]) -> dict[str, Any]:
    """Return a line in one form: the verdict's fields beside `task`, `completion`, `run`, `step` and so on."""
    inner = row.get("verdict")
    if isinstance(inner, dict):
        return {**{name: value for name, value in row.items() if name not in {"verdict", "kind"}}, **inner}
    return row


def _decoded(line: bytes) -> Any:
    """Return what a line says; integers beyond 64 bits are near enough here where they can be read at all."""
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return exact_json.loads(line.decode())


class EntryReader:
    """Reads the lines of one file; `log` is the run's name where a line gives none."""

    def __init__(self, log: str) -> None:
        self._log = log
        self._kinds: dict[str, str] = {}
        self._groups: dict[tuple[str, int, Any], int] = {}
        self._asked, self._asked_digest = b"", 0

    def read(self, line: bytes) -> Entry | None:
        """Return what a line says, None where it holds no verdict."""
        try:
            row = _decoded(line)
        except ValueError:
            return None
        if not isinstance(row, dict):
            return None
        row = verdict_of(row)
        outcome = row.get("outcome")
        try:
            return self._entry(row, outcome[:_LONGEST_NAME]) if isinstance(outcome, str) else None
        except TypeError:  # nested deeper than a digest can be made of
            return None

    def _entry(self, row: dict[str, Any], outcome: str) -> Entry:
        given = row.get
        task, step, time = given("task"), given("step"), _number(given("time")) or 0.0
        named = step if isinstance(step, int) and -_STEPS < step < _STEPS else None
        at = int(min(max(time // _SECONDS_A_STEP, -_STEPS), _STEPS) if named is None else named)
        run = str(given("run") or self._log)[:_LONGEST_RUN]
        asked = self._task(task if task is not None else given("prompt"))
        parts, score, answer, of_group = given("parts"), _number(given("score")), given("answer"), given("group")
        return Entry(
            run,
            at,
            named is not None,
            self._group(run, at, asked if of_group is None else of_group),
            asked,
            self._kind(given("grader") or (task.get("kind") if isinstance(task, dict) else "") or "?"),
            outcome,
            score,
            _number(given("reward")),
            _parts(parts) if isinstance(parts, dict) else {},
            given("cached") is True,
            _number(given("elapsed_ms")) or 0.0,
            _cause(row) if score is None else "",
            time,
            answer[:SHORT] if isinstance(answer, str) else "",
            tuple(signals_of(row, outcome)),
        )

    def _task(self, asked: Any) -> int:
        """Return the digest of what was asked; most lines ask what the line before asked."""
        written = orjson.dumps(asked, option=orjson.OPT_SORT_KEYS, default=str)
        if written != self._asked:
            self._asked, self._asked_digest = written, _digest(written)
        return self._asked_digest

    def _group(self, run: str, step: int, named: Any) -> int:
        if type(named) is not str and type(named) is not int:  # `True` would be the key that 1 is
            return _group_digest(run, step, named)
        key = (run, step, named)
        known = self._groups.get(key)
        if known is None:
            if len(self._groups) >= _KEPT:
                self._groups.clear()
            known = self._groups[key] = _group_digest(run, step, named)
        return known

    def _kind(self, grader: Any) -> str:
        if not isinstance(grader, str):
            return str(grader)[:_LONGEST_NAME].partition("/")[0]
        known = self._kinds.get(grader)
        if known is None:
            if len(self._kinds) >= _KEPT:
                self._kinds.clear()
            known = self._kinds[grader] = grader[:_LONGEST_NAME].partition("/")[0]
        return known


def _number(value: Any) -> float | None:
    """Return a finite number; texts, truth values and what lies beyond floats are none."""
    kind = type(value)
    if kind is float:
        number: float = value
        return number if isfinite(number) else None
    return float(value) if kind is int else None


def _parts(given: Mapping[str, Any]) -> dict[str, float | None]:
    if len(given) > _MOST_PARTS or max(map(len, given), default=0) > _LONGEST_NAME:
        given = {name[:_LONGEST_NAME]: value for name, value in islice(given.items(), _MOST_PARTS)}
    return {name: _number(value) for name, value in given.items()}


def _cause(row: Mapping[str, Any]) -> str:
    evidence = row.get("evidence")
    method = evidence.get("method") if isinstance(evidence, dict) else None
    return method[:SHORT] if isinstance(method, str) else "none"


def _group_digest(run: str, step: int, named: Any) -> int:
    written = orjson.dumps([run, step, named], option=orjson.OPT_SORT_KEYS, default=str)
    return (step & 0x7FFF) << _DIGEST_BITS | _digest(written) & ((1 << _DIGEST_BITS) - 1)


def _digest(written: bytes) -> int:
    """Return 63 bits of a digest."""
    return int.from_bytes(hashlib.blake2b(written, digest_size=8).digest()) >> 1
