"""A pool at one place with the event loop it lives on: what ran there is kept, what was left there is found."""

import asyncio
import contextlib
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reward_server.graders import Completion, Resources
from reward_server.graders.code import GRADER, CodeTask
from reward_server.verdict import Verdict
from sandboxes.execution import Execution, Invocation, Limits, Program, Status
from sandboxes.pool import Family, SandboxPool
from sandboxes.sandbox import LanguageUnavailable, Stop
from sandboxes.slot import Slot
from tests.sandboxes.places import NOBODY, descendants, engine

_HONEST = """
import os
def seen(folder):
    try:
        return sorted(f.name for f in os.scandir(folder) if f.stat(follow_symlinks=False).st_uid == os.getuid())
    except OSError:
        return []
others = {"/tmp", "/dev/shm", "/var/tmp", os.path.expanduser("~")} - {os.getcwd()}
print(2 * int(input()), seen("."), *map(seen, others))
"""
_CLEAN = b"14 ['solution.py']"
_LOOK = """
echo $$
cat /proc/[0-9]*/stat 2>/dev/null
echo files
find /scratch/box /scratch/tmp /tmp /var/tmp /dev/shm -mindepth 1 ! -uid 0 2>&1 | head -n 20
"""
"""Processes, and files of programs, of a container, for its own shell: the engine cannot look into every runtime."""
_FIRST_UID = 0x60000000
_TELLING = ("LEAK", "PWNED", "left-behind")
_POLL_SECONDS = 0.05


class RecordingPool(SandboxPool):
    """Keeps every execution, so that a test can look at the whole output and not at what evidence quotes of it."""

    def __init__(self, families: Sequence[Family], *, slots: int) -> None:
        super().__init__(families, slots=slots)
        self.executions: list[Execution] = []

    async def run(
        self, program: Program, invocations: Sequence[Invocation], limits: Limits, stop: Stop | None = None
    ) -> list[Execution]:
        done = await super().run(program, invocations, limits, stop)
        self.executions += done
        return done

    def failures(self) -> int:
        """How often the sandbox itself failed, whether or not trying again helped."""
        return self._counts["failures"]

    def idle(self) -> list[Slot]:
        return [slot for family in self._families for slot in family.idle]


@dataclass(slots=True)
class Arena:
    """Shared by all attacks of one place."""

    runner: asyncio.Runner
    pool: RecordingPool
    place: str
    slots: int = 2
    least_disk: int = 0
    """The least free space that was seen while the last attack ran."""
    looked_at: dict[str, int] = field(default_factory=dict)
    """The runs of each slot when what remains of them was looked at."""

    def run(self, program: Program, invocation: Invocation) -> Execution:
        """Run a program once."""
        return self.runner.run(self.pool.run(program, [invocation], Limits(cpu_seconds=10)))[0]

    def grade(self, task: dict[str, Any], source: str, helper: str | None = None) -> Verdict:
        """Grade a program as the service does, beside another program where the attack wants company."""
        compiled = GRADER.compile(CodeTask.model_validate(task))
        completion = Completion(f"````{task['language']}\n{source}\n````")
        assert GRADER.slow is not None
        if GRADER.fast is not None and (at_once := GRADER.fast(compiled, completion)) is not None:
            return at_once
        grading = GRADER.slow(compiled, completion, Resources(sandboxes=self.pool))

        async def with_company() -> Verdict:
            watching = asyncio.get_running_loop().create_task(self._watch_disk())
            try:
                if helper is None:
                    return await grading
                company = self.pool.run(Program("python", helper), [Invocation()], Limits(2, 4))
                return (await asyncio.gather(grading, company))[0]
            finally:
                watching.cancel()

        return self.runner.run(with_company())

    async def _watch_disk(self) -> None:
        self.least_disk = free_bytes()
        while True:
            await asyncio.sleep(_POLL_SECONDS)
            self.least_disk = min(self.least_disk, free_bytes())

    def offers(self, language: str) -> bool:
        """Say whether the language is installed here."""
        try:
            self.runner.run(self.pool._family_for(language))
        except LanguageUnavailable:
            return False
        return True

    def imports(self, modules: Sequence[str]) -> bool:
        """Say whether Python has the modules here."""
        return (
            not modules or self.run(Program("python", f"import {', '.join(modules)}"), Invocation()).status is Status.OK
        )

    def unclean(self) -> list[str]:
        """Run an honest program on every slot at once: what any of them printed or found beyond what it should."""

        async def all_slots() -> list[list[Execution]]:
            program, invocation = Program("python", _HONEST), Invocation(stdin=b"7\n")
            return await asyncio.gather(
                *(SandboxPool.run(self.pool, program, [invocation], Limits(5)) for _ in range(self.slots))
            )

        return [
            repr(run)
            for (run,) in self.runner.run(all_slots())
            if run.status is not Status.OK or run.stdout.replace(b" []", b"").strip() != _CLEAN
        ]

    def remains(self) -> list[str]:
        """What is left of runs since the last look, seen from outside: processes, zombies too, and files."""
        served = [slot for slot in self.pool.idle() if self.looked_at.get(slot.name) != slot.runs]
        self.looked_at |= {slot.name: slot.runs for slot in served}
        return [f"{slot.name}: {what}" for slot in served for what in self._remains_of(slot)]

    def _remains_of(self, slot: Slot) -> list[str]:
        kind, name = slot.name.split()
        said = self.runner.run(slot.statistics())
        tiers, reserves = len(said["tiers"]), [int(pid) for pid in said["reserves"]]
        if kind == "container":
            return _remains_in_container(name, own_processes=1 + tiers)
        assert slot.hello is not None
        each = 2 if slot.hello.level == 3 else 1  # a namespace's init beside each zygote
        found = descendants(int(name))
        own = [pid for pid in found if pid not in reserves]
        extra = [] if len(own) == each * tiers and len(reserves) <= tiers else [_told(pid) for pid in found]
        members = (each for each in _members(slot.hello.residue) if int(each.split()[-1]) not in reserves)
        return [*extra, *members, *_files(own, slot.hello.residue), *_strangers(reserves, own)]


def _remains_in_container(name: str, own_processes: int) -> list[str]:
    import docker.errors

    try:
        container = engine().containers.get(name)
        answer = ""
        for _ in range(3):  # under load the engine at times closes a look's stream before the first byte of it
            answer = answer or container.exec_run(["sh", "-c", _LOOK]).output.decode(errors="replace")
    except docker.errors.NotFound:
        return []
    processes, _, files = answer.partition("files\n")
    looker, *lines = processes.splitlines()
    parents = {line: line.rpartition(") ")[2].split()[1] for line in lines}
    others = [line[:80] for line in lines if looker not in (line.split()[0], parents[line])]
    return [*(others if len(others) != own_processes else []), *files.splitlines()]


def _told(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().strip()[:100]
    return f"{pid}, gone"


def _strangers(reserves: Sequence[int], own: Sequence[int]) -> Iterator[str]:
    """Those said to be wardens that have met no submission which anybody else forked, or that forked something."""
    for pid in reserves:
        with contextlib.suppress(OSError):
            parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
            if parent not in own or descendants(pid):
                yield f"no warden to be: {_told(pid)}"


def _members(residue: Sequence[str]) -> Iterator[str]:
    """Processes in the control groups of a slot, wherever they stand in the tree."""
    for directory in residue:
        with contextlib.suppress(OSError):
            yield from (f"in {directory}: {pid}" for pid in Path(directory, "cgroup.procs").read_text().split())


def _files(pids: Sequence[int], residue: Sequence[str]) -> Iterator[str]:
    scratch = [Path(directory, part) for directory in residue for part in ("box", "tmp", "shm")]
    inside = [Path(f"/proc/{pid}/root/scratch/run") for pid in pids]
    for directory in (*scratch, *inside):
        with contextlib.suppress(OSError):
            yield from (str(path) for path in directory.iterdir() if path.name not in ("box", "tmp", "shm"))


def files_outside() -> set[str]:
    """What this machine's shared directories hold that only a program can have put there."""
    found = set()
    for directory in ("/tmp", "/var/tmp", "/dev/shm", "/", Path.home()):
        with contextlib.suppress(OSError):
            found |= {entry.path for entry in os.scandir(directory) if _is_suspect(entry)}
    return found


def _is_suspect(entry: "os.DirEntry[str]") -> bool:
    if any(word in entry.name for word in _TELLING):
        return True
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError:
        return False
    return _FIRST_UID <= status.st_uid < 1 << 31 or (status.st_uid == NOBODY and stat.S_ISREG(status.st_mode))


def free_bytes() -> int:
    found = os.statvfs("/")
    return found.f_bavail * found.f_frsize
