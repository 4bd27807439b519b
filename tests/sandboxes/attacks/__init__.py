"""Attack programs of this project (`*.jsonl`, one file for each language) and honest controls, graded for real.

Fields of a row: `id, category, description, mode (stdio | function), language, source, tests, fn_name?, accept` in
judge codes (AC WA TLE MLE OLE RE CE SV), `never?, invariants?, limits?, checker?, files?, asserts?,
concurrent_helper?, modules? (that Python must have here), note?`.
Tests default to doubling a number, so a program earns reward only by doing that; a `source` that would be long is
made by `source_from`, a Python expression. Each row holds one property, which its description names. `arena` has the
place where it runs, `invariants` what must hold beside the verdict.
"""

import json
from pathlib import Path
from typing import Any

from reward_server.verdict import Outcome, Verdict
from sandboxes.execution import Invocation, Program
from tests.sandboxes.attacks.arena import Arena
from tests.sandboxes.attacks.invariants import Before, Seen, hold, hold_always

CODES = {
    "AC": {Outcome.CORRECT},
    "WA": {Outcome.INCORRECT},
    "TLE": {Outcome.TIME_LIMIT},
    "TLE_WALL": {Outcome.TIME_LIMIT},
    "MLE": {Outcome.MEMORY_LIMIT},
    "OLE": {Outcome.OUTPUT_LIMIT},
    "RE": {Outcome.RUNTIME_ERROR, Outcome.VIOLATION},
    "CE": {Outcome.COMPILE_ERROR},
    "SV": {Outcome.VIOLATION},
    "IE": {Outcome.UNGRADABLE, Outcome.BAD_GROUND_TRUTH, Outcome.UNDECIDED},
}
FIELDS = frozenset(
    {"id", "category", "description", "mode", "language", "source", "source_from", "tests", "fn_name", "asserts"}
    | {"accept", "never", "expected_verdict", "invariants", "limits", "checker", "files", "fetch_files"}
    | {"concurrent_helper", "note", "origin", "modules"}
)
DOUBLING = [
    {"input": "3\n", "output": "6\n"},
    {"input": "10\n", "output": "20\n"},
    {"input": "-7\n", "output": "-14\n"},
]
CALLS = [{"args": [3], "output": 6}, {"args": [10], "output": 20}, {"args": [-7], "output": -14}]
ASSERTS = ["assert {name}(3) == 6", "assert {name}(10) == 20", "assert {name}(-7) == -14"]
LEAST_MEMORY_BYTES = 16 * 1024 * 1024
LIMITS, SHORT_LIMITS = {"cpu_seconds": 1.5, "wall_seconds": 6.0}, {"cpu_seconds": 0.8, "wall_seconds": 3.0}
SPENDS_ITS_TIME = {"TLE", "TLE_WALL", "RE"}
"""What a row accepts that is refused or else runs into its limits: short ones show the same, for all of them are spent.
Those that fill memory, disk or tables first keep the time that this takes."""


def load(path: Path) -> list[dict[str, Any]]:
    """Return the rows of an attack file."""
    return [json.loads(line) for line in path.read_text().splitlines() if line.strip()]


def own_attacks() -> list[dict[str, Any]]:
    """Return this project's attack programs."""
    return [row for path in sorted(Path(__file__).parent.glob("*.jsonl")) for row in load(path)]


def source_of(row: dict[str, Any]) -> str:
    """Return the row's program."""
    return str(eval(row["source_from"])) if "source_from" in row else row["source"]


def task_of(row: dict[str, Any]) -> dict[str, Any]:
    """Return the task that a row's program pretends to solve."""
    limits = row.get("limits", {})
    task: dict[str, Any] = {"kind": "code", "language": row["language"], **_time_of(row)}
    task["tests"] = expanded(row.get("tests") or (CALLS if row["mode"] == "function" else DOUBLING))
    if row["mode"] == "function":
        task["fn_name"] = row.get("fn_name", "double")
    if "mem_kb" in limits:
        task["memory_bytes"] = max(limits["mem_kb"] * 1024, LEAST_MEMORY_BYTES)
    if row.get("checker", {}).get("type") == "float":
        task |= {"compare": "floats", "absolute_tolerance": row["checker"]["tol"]}
    return task


def asserting_task_of(row: dict[str, Any]) -> dict[str, Any]:
    """Return the same task with asserts for tests, as most data sets of functions have them."""
    called = row.get("fn_name", "double").replace("Solution.", "Solution().")
    asserts = row.get("asserts") or [each.format(name=called) for each in ASSERTS]
    return {"kind": "code", "language": row["language"], "tests": asserts, **_time_of(row)}


def _time_of(row: dict[str, Any]) -> dict[str, float]:
    spends = "TLE" in row["accept"] and set(row["accept"]) <= SPENDS_ITS_TIME
    return SHORT_LIMITS if spends else LIMITS


def expanded(tests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Spell out the tests that are stored in short."""
    special = {"OUTPUT_1MB": "x" * 1_000_000, "BIGINT_3^10000": 3**10000}
    spelled = []
    for stored in tests:
        test = {key: special.get(value, value) if isinstance(value, str) else value for key, value in stored.items()}
        if "input_repeat" in test:
            test["input"] = test["input"] * test.pop("input_repeat")
        spelled.append(test)
    return spelled


def check(arena: Arena, row: dict[str, Any]) -> None:
    """Grade the row's program and hold the verdict and every invariant against what the row says."""
    assert not row.keys() - FIELDS, "every field of a row is heeded"
    before = Before.of(arena)
    if row.get("files"):
        run_with_files(arena, row)
    verdict = arena.grade(task_of(row), source_of(row), row.get("concurrent_helper"))
    _hold_verdict(verdict, row, absent_is_refused=arena.place not in ("namespaces", "user_namespace"))
    hold(Seen(row, arena, before, verdict))


def check_on_asserts(arena: Arena, row: dict[str, Any]) -> None:
    """Grade the row's function on asserts: only one that returns what is right earns anything."""
    before = Before.of(arena)
    verdict = arena.grade(asserting_task_of(row), source_of(row), row.get("concurrent_helper"))
    earned = {1.0} if row["accept"] == ["AC"] else {0.0, 1.0} if "AC" in row["accept"] else {0.0}
    assert verdict.score in earned, verdict
    hold_always(arena, before)


def _hold_verdict(verdict: Verdict, row: dict[str, Any], absent_is_refused: bool) -> None:
    accepted, never = ({one for code in row.get(key, ()) for one in CODES[code]} for key in ("accept", "never"))
    if absent_is_refused and Outcome.INCORRECT in accepted:
        accepted |= CODES["RE"]  # without a root of its own, what is elsewhere absent is here refused
    said = f"{verdict.outcome} {verdict.score} {verdict.evidence}"[:1500]
    assert verdict.outcome in accepted - never, said
    assert (verdict.score == 1.0) == (verdict.outcome is Outcome.CORRECT), said


def run_with_files(arena: Arena, row: dict[str, Any]) -> None:
    """Send files with hostile names beside the program, and as a run's own: refused or confined, never outside."""
    files = {name: content.encode() for name, content in row["files"].items()}
    arena.run(Program(row["language"], source_of(row), files), Invocation(stdin=b"3\n"))
    arena.run(Program(row["language"], source_of(row)), Invocation(stdin=b"3\n", files=files))
