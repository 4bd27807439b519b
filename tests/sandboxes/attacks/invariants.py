"""What a row of an attack file promises beside its verdict, each by its name; a name not known here fails the test."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reward_server.http.answers import _dump
from reward_server.verdict import Verdict
from sandboxes.execution import Execution
from tests.sandboxes.attacks.arena import Arena, files_outside, free_bytes

NOT_HIDDEN = {
    "data_leak-13": {"uid", "landlock"},
    "own-python-80": {"gvisor"},
    "own-python-81": {"gvisor"},
}
"""What a place shows although a program can do nothing with it: that a socket's path exists, where Landlock can only
refuse to connect (`own-python-21`); priorities and devices that are gVisor's own imitations."""
_DISK_BYTES = 1 << 30
_MEMORY_KIB = 300_000
_EVIDENCE_BYTES, _MESSAGE_CHARACTERS = 100_000, 4_000
_COMPILER_SAID_BYTES = 128 * 1024
_SLOW_MACHINE = 4
"""Times the seconds of a row: a hang is looked for, not a slow machine."""


@dataclass(frozen=True, slots=True)
class Before:
    """How things stood before an attack."""

    started: float
    disk: int
    failures: int
    outside: set[str]

    @classmethod
    def of(cls, arena: Arena) -> "Before":
        """Look now; also forgets what earlier attacks made this process take, and printed."""
        arena.pool.executions.clear()
        arena.least_disk = free_bytes()
        Path("/proc/self/clear_refs").write_text("5")
        return cls(time.monotonic(), free_bytes(), arena.pool.failures(), files_outside())


@dataclass(frozen=True, slots=True)
class Seen:
    """What an invariant is held against."""

    row: dict[str, Any]
    arena: Arena
    before: Before
    verdict: Verdict

    @property
    def executions(self) -> list[Execution]:
        """All that ran for the attack."""
        return self.arena.pool.executions


def _quick(seen: Seen, seconds: str) -> bool:
    return time.monotonic() - seen.before.started < _SLOW_MACHINE * float(seconds)


def _unsaid(seen: Seen, text: str) -> bool:
    hidden = seen.arena.place not in NOT_HIDDEN.get(seen.row["id"], ())
    printed = [json.dumps(seen.verdict.evidence).encode(), *(run.stdout for run in seen.executions)]
    printed += [repr(run.value).encode() for run in seen.executions]
    return not hidden or not any(text.encode() in said for said in printed)


def _absent(seen: Seen, path: str) -> bool:
    return not Path(path).exists()


def _disk(seen: Seen, _: str) -> bool:
    return seen.before.disk - seen.arena.least_disk < _DISK_BYTES


def _memory(seen: Seen, _: str) -> bool:
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    peak, now = (int(fields[name].split()[0]) for name in ("VmHWM", "VmRSS"))
    return peak - now < _MEMORY_KIB


def _json(seen: Seen, _: str) -> bool:
    """The verdict as the service writes it: strict JSON, bounded, with the score that was given."""
    said = _dump({name: getattr(seen.verdict, name) for name in ("outcome", "score", "answer", "evidence")})
    return len(said) < _EVIDENCE_BYTES and json.loads(said.decode("utf-8"))["score"] == seen.verdict.score


def _compiler(seen: Seen, _: str) -> bool:
    quoted = [str(failed.get("detail", "")) for failed in seen.verdict.evidence.get("failed", ())]
    printed = [len(run.stdout) + len(run.stderr) + len(run.error) for run in seen.executions]
    return max(map(len, quoted), default=0) < _MESSAGE_CHARACTERS and max(printed, default=0) < _COMPILER_SAID_BYTES


def _unfetched(seen: Seen, _: str) -> bool:
    """Nothing is ever fetched by path: what a link leads to cannot come out but through the program's own output."""
    return all(b"root:" not in run.stdout for run in seen.executions)


def _always(_seen: Seen, _: str) -> bool:
    return True


CHECKS: dict[str, Callable[[Seen, str], bool]] = {
    "no_survivors": _always,
    "next_run_clean": _always,
    "no_files_left": _always,
    "server_healthy": _always,
    "json_response_ok": _json,
    "max_wall_s": _quick,
    "stdout_must_not_contain": _unsaid,
    "host_file_absent": _absent,
    "disk_bounded": _disk,
    "server_rss_bounded": _memory,
    "compile_output_bounded": _compiler,
    "fetched_must_not_contain_host_file": _unfetched,
}
"""Those that need no words are held after every attack, by `hold_always`."""


def hold(seen: Seen) -> None:
    """Hold a row's own invariants, and those of every row."""
    for invariant in seen.row.get("invariants", ()):
        name, _, argument = invariant.partition(":")
        assert CHECKS[name](seen, argument), invariant
    for name in ("json_response_ok", "server_rss_bounded"):
        assert CHECKS[name](seen, ""), name
    hold_always(seen.arena, seen.before)


def hold_always(arena: Arena, before: Before) -> None:
    """Whatever was attempted: no failure of the sandbox, nothing left, every slot serves."""
    assert arena.pool.failures() == before.failures, "the sandbox failed, though trying again may have helped"
    remains, outside, unclean = arena.remains(), sorted(files_outside() - before.outside), arena.unclean()
    assert not remains, f"a process or a file outlives its run: {remains}"
    assert not outside, f"files are left outside: {outside}"
    assert not unclean, f"the next run on a slot is not clean: {unclean}"
