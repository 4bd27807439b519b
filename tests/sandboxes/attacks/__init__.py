"""Attack programs of this project (`*.jsonl`, one file for each language) and honest controls, graded for real.

Fields of a row: `id, category, description, mode (stdio | function), language, source, tests, fn_name?, accept` in
judge codes (AC WA TLE MLE OLE RE CE SV), `invariants?, limits?, checker?, files?, concurrent_helper?`. Tests default to
doubling a number, so a program earns reward only by doing that.
"""

import asyncio
import json
import resource
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from reward_server.graders import Completion, Resources
from reward_server.graders.code import GRADER, CodeTask
from reward_server.verdict import Outcome, Verdict
from sandboxes.execution import Execution, Invocation, Limits, Program, Status
from sandboxes.pool import SandboxPool
from sandboxes.sandbox import LanguageUnavailable

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
}
DOUBLING = [
    {"input": "3\n", "output": "6\n"},
    {"input": "10\n", "output": "20\n"},
    {"input": "-7\n", "output": "-14\n"},
]
CALLS = [{"args": [3], "output": 6}, {"args": [10], "output": 20}, {"args": [-7], "output": -14}]
NOT_HIDDEN = {"data_leak-13": {"process-2", "process-1"}}
"""What a place shows although a program can do nothing with it: that a socket's path exists, where Landlock can only
refuse to connect (`own-python-21`)."""
HONEST = """
import os
def seen(folder):
    try:
        return sorted(f.name for f in os.scandir(folder) if f.stat(follow_symlinks=False).st_uid == os.getuid())
    except OSError:
        return []
print(2 * int(input()), seen("."), seen("/tmp"), seen("/dev/shm"))
"""
CLEAN = b"14 ['solution.py'] [] []\n"


@dataclass(slots=True)
class Arena:
    """A pool with the event loop it lives on, shared by all attacks of one launcher and level."""

    runner: asyncio.Runner
    pool: SandboxPool
    slots: int = 2
    place: str = "process-3"
    """Launcher and level."""
    per_zygote: int = 1
    """Processes of one warm interpreter: two where it needs a namespace's init."""

    def run(self, program: Program, stdin: bytes = b"") -> Execution:
        """Run a program once."""
        return self.runner.run(self.pool.run(program, [Invocation(stdin=stdin)], Limits(cpu_seconds=2)))[0]

    def grade(self, task: dict[str, Any], source: str, helper: str | None = None) -> Verdict:
        """Grade a program as the service does, beside another program where the attack wants company."""
        compiled = GRADER.compile(CodeTask.model_validate(task))
        completion = Completion(f"````{task['language']}\n{source}\n````")
        assert GRADER.slow is not None
        grading = GRADER.slow(compiled, completion, Resources(sandboxes=self.pool))

        async def both() -> Verdict:
            if helper is None:
                return await grading
            company = self.pool.run(Program("python", helper), [Invocation()], Limits(cpu_seconds=2, wall_seconds=4))
            return (await asyncio.gather(grading, company))[0]

        return self.runner.run(both())

    def offers(self, language: str) -> bool:
        """Say whether the language is installed here."""
        try:
            self.runner.run(self.pool._family_for(language))
        except LanguageUnavailable:
            return False
        return True

    def clean_runs(self) -> list[bytes]:
        """Run the honest program on every slot at once and return what each printed."""

        async def all_slots() -> list[list[Execution]]:
            runs = [
                self.pool.run(Program("python", HONEST), [Invocation(stdin=b"7\n")], Limits(cpu_seconds=5))
                for _ in range(self.slots)
            ]
            return await asyncio.gather(*runs)

        results = self.runner.run(all_slots())
        return [
            execution.stdout if execution.status is Status.OK else repr(execution).encode() for (execution,) in results
        ]

    def survivors(self) -> int:
        """Count processes below the agents that are neither agent nor zygote."""
        extra = 0
        for slot in [slot for family in self.pool._families for slot in family.idle if slot.name.startswith("process")]:
            tree = descendants(int(slot.name.split()[1]))
            extra += len(tree) - self.per_zygote * len(self.runner.run(slot.statistics())["tiers"])
        return extra


def descendants(pid: int) -> list[int]:
    """Return the processes below `pid`, breadth first."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found, waiting = [], [pid]
    while waiting:
        below = sorted(child for each in waiting for child in children.get(each, []))
        found += below
        waiting = below
    return found


def load(path: Path) -> list[dict[str, Any]]:
    """Return the rows of an attack file."""
    return [json.loads(line) for line in path.read_text().splitlines() if line.strip()]


def own_attacks() -> list[dict[str, Any]]:
    """Return this project's attack programs."""
    return [row for path in sorted(Path(__file__).parent.glob("*.jsonl")) for row in load(path)]


def task_of(row: dict[str, Any]) -> dict[str, Any]:
    """Return the task that a row's program pretends to solve."""
    limits = row.get("limits", {})
    task: dict[str, Any] = {"kind": "code", "language": row["language"], "cpu_seconds": 1.5, "wall_seconds": 6.0}
    task["tests"] = expanded(row.get("tests") or (CALLS if row["mode"] == "function" else DOUBLING))
    if row["mode"] == "function":
        task["fn_name"] = row.get("fn_name", "double")
    if "mem_kb" in limits:
        task["memory_bytes"] = limits["mem_kb"] * 1024
    if row.get("checker", {}).get("type") == "float":
        task |= {"compare": "floats", "absolute_tolerance": row["checker"]["tol"]}
    return task


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
    disk, started = shutil.disk_usage("/").free, time.monotonic()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if row.get("files"):
        run_with_files(arena, row)
    verdict = arena.grade(task_of(row), row["source"], row.get("concurrent_helper"))
    accepted = set().union(*(CODES[code] for code in row["accept"]))
    if arena.place != "process-3" and Outcome.INCORRECT in accepted:
        accepted |= CODES["RE"]  # without a root of its own, what is elsewhere absent is here refused
    said = f"{verdict.outcome} {verdict.score} {verdict.evidence}"[:1500]
    assert verdict.outcome in accepted, said
    assert (verdict.score == 1.0) == (verdict.outcome is Outcome.CORRECT), said
    for invariant in row.get("invariants", ()):
        name, _, argument = invariant.partition(":")
        if name == "stdout_must_not_contain" and arena.place not in NOT_HIDDEN.get(row["id"], ()):
            assert argument not in json.dumps(verdict.evidence["failed"]), said
        elif name == "host_file_absent":
            assert not Path(argument).exists(), invariant
        elif name == "disk_bounded":
            assert disk - shutil.disk_usage("/").free < 1 << 30, invariant
        elif name == "server_rss_bounded":
            assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 300_000, invariant
        elif name == "max_wall_s":
            assert time.monotonic() - started < 10 * float(argument), "a hang, not a slow machine"
    assert len(orjson.dumps(verdict.evidence)) < 100_000, "evidence is JSON and bounded"
    assert arena.survivors() == 0, "no process outlives its run"
    assert arena.clean_runs() == [CLEAN] * arena.slots, "the next run on every slot is clean"


def run_with_files(arena: Arena, row: dict[str, Any]) -> None:
    """Send files with hostile names beside the program: refused or confined, never written outside."""
    files = {name: content.encode() for name, content in row["files"].items()}
    try:
        program = Program(row["language"], row["source"], files)
        arena.runner.run(arena.pool.run(program, [Invocation(stdin=b"3\n")], Limits(cpu_seconds=2)))
    except ValueError:
        return
