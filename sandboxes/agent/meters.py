"""What a run has used so far: from its control group where there is one, else by adding up the process tree.

Adding up: every descendant of the zygote born since the run began, with the time of children it has already waited
for. A process whose parent ignores SIGCHLD is counted by nobody when it dies, so the last figure seen of each process
is kept; what lives and dies unseen between two ticks escapes, down to the wall limit, and only where there is no
control group. Memory that processes share for writing is taken from a container's counter, which only ever held this
run; without one each process is charged its part.

A run is active while a thread of it runs, waits for a processor or for the disk, or while its CPU time grows on a
machine that has more to run than processors; where processors are free, only as much as its CPU time grows. So it is
while nothing of it is seen to live: then who would reap it is waited for. Only inactive time counts against the wall
limit: a busy machine ends nobody, and a trickle of work holds no slot. Waiting for the disk is believed for a while
only, since a parent in `vfork` looks the same.
"""

import os
import time
from collections.abc import Collection
from typing import NamedTuple

from sandboxes.agent.system import sweep
from sandboxes.agent.system.cgroups import Groups

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_MOST_ENTRIES = 16384
_ENTRY_BYTES = 1024
"""Charged for a file's name and inode, so that empty files are not free."""
_PROGRESS_SECONDS = 0.001
_DISK_SECONDS = 5.0
"""How long in all a run may seem to wait for the disk."""
_ZYGOTE_SECONDS = 0.02
"""What a fork and its aftermath cost the zygote at most, which a container's counter holds too."""
_OVER = {b"Z", b"X"}
"""A run of which no thread lives waits for us, who wait for it: not yet begun, or over and not yet reaped."""
_STATE, _UTIME, _STIME, _CUTIME, _CSTIME, _BORN = 0, 11, 12, 13, 14, 19


class StarvedError(Exception):
    """The machine could not give what the limits allow: our failure, nothing is known about the program."""


class Used(NamedTuple):
    """So far, by the whole tree."""

    cpu_seconds: float
    memory_bytes: int
    scratch_bytes: int
    active: float
    """Share of the time since the last look that was no idling, 0 to 1."""
    processes: int


class Counters(NamedTuple):
    """What a group's counters said at one time."""

    cpu_seconds: float
    kills: int
    hits: int


class Meter:
    """Measures one run from the moment it is made."""

    def __init__(
        self,
        groups: Groups,
        zygote_pid: int,
        scratch: str,
        reserves: Collection[int] = (),
        *,
        ahead: bool = False,
        since: Counters | None = None,
    ) -> None:
        """`zygote_pid` forks the run, `scratch` is the directory to measure, empty where a file system bounds it.

        `reserves` are in the run's group and no part of it. `ahead`: the run's process may be there already. `since` is
        what the counters said when the run before it had ended, in a group in which nothing else has run since then.
        """
        self._groups = groups
        self._zygote = zygote_pid
        self._others = {zygote_pid, *reserves}  # a warden lives in the group
        self._scratch = scratch
        start = since or _counters_of(groups)
        self._group_start, self._kills, self._hits = start
        self._group_last = start.cpu_seconds
        self._own_start = 0.0 if groups.owned else sum(os.times()[:2])
        self._born = 0 if ahead else int(time.clock_gettime(time.CLOCK_BOOTTIME) * _TICKS_PER_SECOND) - 1
        self._seen: dict[int, float] = {}
        self._last_cpu = 0.0
        self._last_look = time.monotonic()
        self._disk_seconds = 0.0
        self._counts_shared = bool(groups.memory) and not groups.owned
        self._shared_start = groups.shared_bytes() if self._counts_shared else 0

    def read(self) -> Used:
        """Measure now."""
        if self._groups.owned:
            pids = [pid for pid in self._groups.pids_inside() if pid not in self._others]
        else:
            pids = sweep.descendants(self._zygote)
        tree_cpu, memory, states = self._add_up(pids)
        cpu = self.group_cpu_seconds() if self._groups.cpu else tree_cpu
        if self._counts_shared:
            memory += max(0, self._groups.shared_bytes() - self._shared_start)
        scratch = size_of(self._scratch) if self._scratch else 0
        return Used(cpu, memory, scratch, self._active(states, cpu), len(pids))

    def _active(self, states: set[bytes], cpu: float) -> float:
        now, grown = time.monotonic(), cpu - self._last_cpu
        elapsed = now - self._last_look
        self._last_look, self._last_cpu = now, cpu
        if b"R" in states or states <= _OVER:
            return 1.0
        if b"D" in states and self._disk_seconds < _DISK_SECONDS:
            self._disk_seconds += elapsed
            return 1.0
        if grown <= _PROGRESS_SECONDS:
            return 0.0
        return 1.0 if _is_contended() else min(1.0, grown / max(elapsed, grown))

    def group_cpu_seconds(self) -> float:
        """CPU time charged to the group since the start, without the agent's own share; 0 without a group."""
        if not self._groups.cpu:
            return 0.0
        self._group_last = self._groups.cpu_seconds()
        spent = self._group_last - self._group_start
        if self._groups.owned:
            return spent
        return max(0.0, spent - (sum(os.times()[:2]) - self._own_start) - _ZYGOTE_SECONDS)

    def at_the_end(self) -> Counters:
        """Of a run that was measured to its end, which was not for memory: what the next one begins with."""
        return Counters(self._group_last, self._kills, self._groups.limit_hits() if self._groups.memory else 0)

    def out_of_memory(self) -> bool:
        """Whether the kernel killed something of the run for memory.

        Raises:
            StarvedError: because the machine, or a group above, had none left, not because the run took too much.
        """
        if not self._groups.memory or self._groups.out_of_memory_kills() == self._kills:
            return False
        if self._groups.limit_hits() == self._hits:
            raise StarvedError("the kernel killed a program within its limits: this machine is out of memory")
        return True

    def _add_up(self, pids: list[int]) -> tuple[float, int, set[bytes]]:
        memory, with_children, states = 0, 0.0, set[bytes]()
        for pid in pids:
            try:
                fields = _fields(f"/proc/{pid}/stat")
                resident, shared = map(int, _read(f"/proc/{pid}/statm").split()[1:3])
                if int(fields[_BORN]) < self._born:
                    continue
                if b"R" not in states:
                    states |= _states(pid)
            except (OSError, ValueError, IndexError):
                continue
            own = (int(fields[_UTIME]) + int(fields[_STIME])) / _TICKS_PER_SECOND
            self._seen[pid] = max(self._seen.get(pid, 0.0), own)
            with_children += own + (int(fields[_CUTIME]) + int(fields[_CSTIME])) / _TICKS_PER_SECOND
            memory += (resident - shared) * _PAGE_BYTES
            if shared and not self._groups.memory:
                memory += _shared_for_writing(pid)
        return max(with_children, sum(self._seen.values())), memory, states


def _counters_of(groups: Groups) -> Counters:
    kills, hits = (groups.out_of_memory_kills(), groups.limit_hits()) if groups.memory else (0, 0)
    return Counters(groups.cpu_seconds() if groups.cpu else 0.0, kills, hits)


def _shared_for_writing(pid: int) -> int:
    """A process's part of the memory that it and others may write, in bytes; all of it where parts cannot be seen."""
    whole = 0
    try:
        whole = _kibibytes(f"/proc/{pid}/status", b"RssShmem:")
        return _kibibytes(f"/proc/{pid}/smaps_rollup", b"Pss_Shmem:") if whole else 0
    except OSError:
        return whole  # it has just died, or is not ours to look into


def _kibibytes(path: str, name: bytes) -> int:
    return next((int(line.split()[1]) * 1024 for line in _read(path).splitlines() if line.startswith(name)), 0)


def machine_kills() -> int:
    """How often the kernel has killed something on this machine for memory, for whichever limit."""
    try:
        return next(
            int(line.split()[1]) for line in _read("/proc/vmstat").splitlines() if line.startswith(b"oom_kill ")
        )
    except (OSError, StopIteration):
        return 0


def _states(pid: int) -> set[bytes]:
    """What the process's threads do: R for running or ready to, D for waiting for the disk."""
    return {_fields(f"/proc/{pid}/task/{thread}/stat")[_STATE] for thread in os.listdir(f"/proc/{pid}/task")}


def _is_contended() -> bool:
    """Whether there is more to run than processors, on the whole machine; if it does not tell, yes."""
    try:
        running = int(_read("/proc/loadavg").split()[3].partition(b"/")[0])
    except (OSError, ValueError, IndexError):
        return True
    return running == 0 or running > (os.cpu_count() or 1)  # we run, so 0 is no answer (gVisor)


def _fields(path: str) -> list[bytes]:
    """Of a stat file, from the state on: the name before it may hold anything."""
    return _read(path).rpartition(b")")[2].split()


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def size_of(directory: str) -> int:
    """Bytes beneath a directory, counted up to a bound on entries."""
    total, entries, waiting = 0, 0, [directory]
    while waiting and entries < _MOST_ENTRIES:
        try:
            found = list(os.scandir(waiting.pop()))
        except OSError:
            continue
        for entry in found:
            entries += 1
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            total += status.st_blocks * 512 + _ENTRY_BYTES
            if entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)
    return total if entries < _MOST_ENTRIES else 1 << 62
