"""One control group for the runs of one agent, where this machine lets us make one: version 1, hybrid or 2.

Used for what nothing else can do exactly: memory of the whole tree (with memfd and tmpfs pages), CPU time of processes
nobody waits for, a cap on processes. Limits go where their controller is; what is missing is left to rlimits and
polling. Inside a container the groups are read-only, but the container's own counters still tell: the slot is alone.
"""

import contextlib
import fcntl
import os
import re
import signal
import time
from dataclasses import dataclass

_NAME = "reward-sandbox-"
_OURS = re.compile(_NAME + r"\d+-[0-9a-f]{8}")
_MAKING_ATTEMPTS = 20
_V1 = ("memory", "pids", "cpuacct")
_REMOVAL_ATTEMPTS, _REMOVAL_PAUSE_SECONDS = 100, 0.02
_NO_LIMIT = 1 << 60
_MOUNT_POINT, _KIND_AFTER_DASH = 4, 1
_COUNTER_BYTES = 1 << 16
_counters: dict[str, int] = {}
"""Descriptors of files of counters."""


@dataclass(frozen=True, slots=True)
class Groups:
    """Directories by controller; the same one for all three in version 2."""

    memory: str = ""
    pids: str = ""
    cpu: str = ""
    unified: bool = False
    owned: tuple[str, ...] = ()
    """Directories we made and remove; empty where the counters are only read."""
    locks: tuple[int, ...] = ()
    """Descriptors that keep other agents from taking them for abandoned."""

    @property
    def joined(self) -> tuple[str, ...]:
        """The files a child, which has one thread, writes itself into.

        In version 1 that of threads: to move a whole process the kernel first lets every processor come to rest, which
        takes ten milliseconds and holds up every fork on the machine.
        """
        return tuple(f"{directory}/{'cgroup.procs' if self.unified else 'tasks'}" for directory in self.owned)

    def cpu_seconds(self) -> float:
        """CPU time of everything that ever ran in the group."""
        if self.unified:
            return _field(f"{self.cpu}/cpu.stat", "usage_usec") / 1e6
        return _number(f"{self.cpu}/cpuacct.usage") / 1e9

    def out_of_memory_kills(self) -> int:
        """How often the kernel killed a process of the group for memory."""
        name = "memory.events" if self.unified else "memory.oom_control"
        return _field(f"{self.memory}/{name}", "oom_kill")

    def limit_hits(self) -> int:
        """How often the group's own limit was in the way: a kill without one was for somebody else's limit."""
        if self.unified:
            return _field(f"{self.memory}/memory.events", "oom")
        return _number(f"{self.memory}/memory.failcnt")

    def room_bytes(self) -> int | None:
        """What the group could still hold beside memory that cannot be given back; None where it has no limit."""
        held = ("anon", "shmem") if self.unified else ("total_rss", "total_shmem")
        limit = _number(f"{self.memory}/{'memory.max' if self.unified else 'memory.limit_in_bytes'}")
        if not 0 < limit < _NO_LIMIT:
            return None
        return limit - sum(_field(f"{self.memory}/memory.stat", name) for name in held)

    def shared_bytes(self) -> int:
        """Memory that processes share for writing and files in memory, whoever still maps them."""
        return _field(f"{self.memory}/memory.stat", "shmem" if self.unified else "total_shmem")

    def pids_inside(self) -> list[int]:
        """Every process of the run."""
        return [int(line) for line in _lines(f"{self.owned[0]}/cgroup.procs")]

    def prepare(self, memory_bytes: int, processes: int) -> None:
        """Set the limits of the next run."""
        if not self.owned:
            return
        if self.memory:
            limit = "memory.max" if self.unified else "memory.limit_in_bytes"
            with contextlib.suppress(OSError):
                _write(f"{self.memory}/{limit}", str(memory_bytes))
        if self.pids:
            _write(f"{self.pids}/pids.max", str(processes))

    def remove(self) -> None:
        """Kill who is left in the groups and remove what `create` made; a dying process may still take a moment."""
        for lock in self.locks:
            os.close(lock)
        for directory in self.owned:
            for _ in range(_REMOVAL_ATTEMPTS):
                try:
                    os.rmdir(directory)
                    break
                except FileNotFoundError:
                    break
                except OSError:
                    for line in _lines(f"{directory}/cgroup.procs"):
                        with contextlib.suppress(ProcessLookupError):
                            os.kill(int(line), signal.SIGKILL)
                    time.sleep(_REMOVAL_PAUSE_SECONDS)


def create(own_uid: bool) -> Groups:
    """Groups of our own, or an empty record where the machine grants none.

    With a uid of its own a program's processes are counted by RLIMIT_NPROC; joining a third group would cost more.
    """
    places = _parents()
    unified = _create_unified(places.pop("", ""))
    if unified.owned:
        return unified
    wanted = [kind for kind in _V1 if kind in places and not (own_uid and kind == "pids")]
    by_place = {place: _make(place) for place in dict.fromkeys(places[kind] for kind in wanted)}
    made = {kind: by_place[places[kind]][0] for kind in wanted}
    owned = [(directory, lock) for directory, lock in by_place.values() if directory]
    groups = Groups(
        made.get("memory", ""), made.get("pids", ""), made.get("cpuacct", ""),
        owned=tuple(directory for directory, _ in owned), locks=tuple(lock for _, lock in owned),
    )  # fmt: skip
    return _if_joinable(groups)


def _create_unified(place: str) -> Groups:
    """In version 2 a group holds processes or groups with limits: look upwards for one that holds the latter."""
    while place:
        directory, lock = _make(place)
        if directory:
            groups = Groups(directory, directory, directory, unified=True, owned=(directory,), locks=(lock,))
            if all(os.path.exists(f"{directory}/{file}") for file in ("memory.max", "pids.max")):
                return _if_joinable(groups)
            groups.remove()
        above = os.path.dirname(place)
        place = above if os.path.exists(f"{above}/cgroup.procs") else ""
    return Groups()


def _if_joinable(groups: Groups) -> Groups:
    """The groups if a process may be moved into them, which takes more than making them."""
    child = os.fork()
    if child == 0:
        try:
            for path in groups.joined:
                _write(path, "0")
        except OSError:
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        return groups
    groups.remove()
    return Groups()


def container() -> Groups:
    """The counters of the container this agent has to itself, read-only."""
    parents = _parents()
    unified = parents.get("", "")
    if unified and os.access(f"{unified}/memory.events", os.R_OK):
        return Groups(unified, "", unified if os.access(f"{unified}/cpu.stat", os.R_OK) else "", unified=True)
    found = {kind: parents[kind] for kind in _V1 if os.access(f"{parents.get(kind, '')}/tasks", os.R_OK)}
    return Groups(found.get("memory", ""), "", found.get("cpuacct", ""))


def _parents() -> dict[str, str]:
    """Where this process's own group lies, by controller; version 2 under the empty name."""
    own = {}
    for line in _lines("/proc/self/cgroup"):
        _, kinds, path = line.split(":", 2)
        own.update(dict.fromkeys(kinds.split(","), path))
    parents = {}
    for line in _lines("/proc/self/mountinfo"):
        left, _, right = line.partition(" - ")
        kind, _, options = right.split(" ", 2)
        root, point = left.split()[3], left.split()[_MOUNT_POINT]
        names = [""] if kind == "cgroup2" else options.rpartition(" ")[2].split(",") if kind == "cgroup" else []
        for name in names:
            if name in own:
                path = own[name]
                inside = path[len(root) :] if root != "/" and path.startswith(root) else path if root == "/" else ""
                parents[name] = (point + "/" + inside.strip("/")).rstrip("/")
    return parents


def _make(parent: str) -> tuple[str, int]:
    """A new group and the lock that says that its agent lives; an empty name where none can be made."""
    for _ in range(_MAKING_ATTEMPTS):
        directory = f"{parent}/{_NAME}{os.getpid()}-{os.urandom(4).hex()}"
        try:
            for left in filter(_OURS.fullmatch, os.listdir(parent)):
                _remove_abandoned(f"{parent}/{left}")
            os.mkdir(directory)
        except OSError:
            return "", -1
        with contextlib.suppress(OSError):  # another agent takes it for abandoned before it is locked: another name
            return directory, _lock(directory)
    return "", -1


def _lock(directory: str) -> int:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.stat(f"{directory}/cgroup.procs")
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _remove_abandoned(directory: str) -> None:
    """A group whose agent was killed: nobody holds its lock. Pids say nothing: their namespace may be another."""
    with contextlib.suppress(OSError):
        lock = _lock(directory)
        with contextlib.suppress(OSError):
            os.rmdir(directory)
        os.close(lock)


def _lines(path: str) -> list[str]:
    try:
        return _read(path).splitlines()
    except OSError:
        return []


def _number(path: str) -> int:
    try:
        return int(_counter(path))
    except (OSError, ValueError):
        return 0


def _read(path: str) -> str:
    """All of a file."""
    with open(path, "rb") as file:
        return file.read().decode()


def _counter(path: str) -> str:
    """What a file of counters says now; it stays open, since it is read before and after each run."""
    descriptor = _counters.get(path)
    if descriptor is None:
        descriptor = _counters[path] = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    return os.pread(descriptor, _COUNTER_BYTES, 0).decode()


def _field(path: str, name: str) -> int:
    try:
        lines = _counter(path).splitlines()
    except OSError:
        return 0
    return next((int(line[len(name) + 1 :]) for line in lines if line.startswith(f"{name} ")), 0)


def _write(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)
