"""The place an agent runs submissions in: what the machine granted, directories, control groups, zygotes."""

import os
import resource
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from typing import Any

from sandboxes.agent import commands, levels, meters, wardens, zygotes
from sandboxes.agent.configuration import NAMESPACES, UID, Confinement, RunOrder
from sandboxes.agent.jail import SCRATCH_PARTS, policy_of
from sandboxes.agent.submission import BARE, Submission, imports_of
from sandboxes.agent.system import cgroups, kernel, roots, seccomp, sockets, sweep
from sandboxes.agent.watch import Credit

_SOCKETS_SECONDS = 0.5


@dataclass(slots=True)
class Place:
    """Everything that outlives a submission."""

    grants: levels.Grants
    jail: Confinement
    groups: cgroups.Groups
    artifacts: str
    """Where compile products lie, as this process sees it."""
    policy: seccomp.Policy
    """Of every program's filter, but for who our processes are."""
    search_path: tuple[str, ...]
    """Directories of third-party packages, as this process sees them."""
    packages: tuple[str, ...]
    """The same, as a program sees them."""
    languages: dict[str, Any]
    """Those whose commands are here, argv[0] resolved."""
    warm: dict[str, zygotes.Zygote] = field(default_factory=dict)
    baselines: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Resident and virtual bytes of each zygote: what a forked child starts with."""
    submission: Submission | None = None
    standing: wardens.Warden | None = None
    """The warden of the submission's runs."""
    credit: Credit | None = None
    """Of the batch of runs under way."""
    own_directories: tuple[str, ...] = ()
    """Made here, to be removed at the end."""
    limits_set: tuple[int, int] = (0, 0)
    """Memory and processes of the control groups, which keep them from run to run."""
    machine_kills: int = field(default_factory=meters.machine_kills)
    """When the agent started."""
    sockets: int = -1
    """The list of this container's unix sockets; -1 where runs share none with each other, or the machine's."""
    serial: int = 0
    runs: int = 0
    beyond_first: float = 1.0
    """Share of the submissions of late that were asked for more than their first run, where that had to be right."""
    warden_runs: int = 0
    """Those of them that a warden had."""


def prepare_place(order: dict[str, Any]) -> Place:
    """Take what the machine grants.

    Raises:
        OSError: the level asked for is not granted, or a directory cannot be made.
    """
    grants = levels.probe(order["level"], order["contained"])
    languages = commands.resolve(order["languages"])
    search_path = commands.packages() if order["search_path"] is None else tuple(order["search_path"])
    uid = levels.choose_uid() if _own_uid(grants) else None
    groups = cgroups.container() if order["contained"] else cgroups.create(own_uid=uid is not None)
    named = (*roots.interpreter_paths(), *commands.prefixes(languages))
    directories = (*roots.interpreter_directories(), *search_path, *commands.prefixes(languages))
    scratch, root = roots.SCRATCH, roots.NONE
    if grants.level == NAMESPACES:
        root = _enter_root(grants, uid, directories, named)
        readable: tuple[str, ...] = ("/",)
    else:
        scratch = order["scratch"] or tempfile.mkdtemp(prefix="reward-sandbox-")
        _make_directories(scratch)
        readable = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", *roots.settings(), *directories)
    shared = ("/tmp", "/dev/shm") if order["contained"] else ()
    jail = Confinement(
        level=grants.level,
        uid=uid,
        user_namespace=grants.user_namespace,
        seccomp=grants.seccomp,
        listener=grants.listener,
        landlock=grants.landlock,
        contained=order["contained"],
        root=root.path,
        scratch=scratch,
        links=root.links,
        artifacts=roots.ARTIFACTS if root.path else f"{scratch}/artifacts",
        readable=readable,
        shared=shared,
        wiped=() if root.path else (*(f"{scratch}/{part}" for part in SCRATCH_PARTS), *shared),
        cgroup_descriptors=tuple(os.open(path, os.O_WRONLY | os.O_CLOEXEC) for path in groups.joined),
        memory_cgroup=bool(groups.owned and groups.memory),
    )
    artifacts = root.path + roots.ARTIFACTS if root.path else jail.artifacts
    own = () if root.path or order["scratch"] else (scratch,)
    packages = tuple(roots.place_of(path, root.moved) for path in search_path)
    listed = sockets.listing() if order["contained"] and grants.level < NAMESPACES else -1
    policy = policy_of(jail, ())
    return Place(
        grants, jail, groups, artifacts, policy, search_path, packages, languages, own_directories=own, sockets=listed
    )


def _own_uid(grants: levels.Grants) -> bool:
    return grants.level == UID or (grants.level == NAMESPACES and not grants.user_namespace)


def _enter_root(
    grants: levels.Grants, uid: int | None, directories: tuple[str, ...], named: tuple[str, ...]
) -> roots.Root:
    if grants.user_namespace:
        levels.enter_user_namespace()
    else:
        kernel.unshare(kernel.CLONE_NEWNS)
    return roots.build(uid or 0, directories, named, grants.user_namespace)


def _make_directories(scratch: str) -> None:
    os.chmod(scratch, 0o711)
    previous = os.umask(0)
    for part in SCRATCH_PARTS:
        os.makedirs(f"{scratch}/{part}", 0o1777, exist_ok=True)
        os.chmod(f"{scratch}/{part}", 0o1777)
    os.makedirs(f"{scratch}/artifacts", 0o755, exist_ok=True)
    os.umask(previous)


def check_memory(place: Place, needed: int) -> None:
    """Whether a container has the memory that the limits allow. Elsewhere it is seen when it happens (`meters`).

    Raises:
        StarvedError: it has not, and a program would be blamed for it.
    """
    room = place.groups.room_bytes() if place.jail.contained and place.groups.memory else None
    if room is not None and room < needed:
        raise meters.StarvedError(
            f"this container has room for {room >> 20} MiB of memory, the limits allow {needed >> 20}"
        )


def reserves(place: Place) -> list[int]:
    """The processes that will be wardens: in the control groups of runs, and no part of any."""
    return [zygote.reserve for zygote in place.warm.values() if zygote.reserve]


def limit_groups(place: Place, memory_bytes: int, order: RunOrder) -> None:
    """Set the control groups' limits, where they are not those of the run before.

    Raises:
        StarvedError: see `check_memory`.
    """
    wanted = (memory_bytes, order.processes + len(place.warm))  # each may keep a warden in reserve
    if place.limits_set != wanted:
        check_memory(place, 0 if order.writable_artifact else memory_bytes)
        place.groups.prepare(*wanted)
        place.limits_set = wanted


def check_kill(place: Place) -> None:
    """Whether a program that died of SIGKILL, which we did not send, may have died of the machine's lack of memory.

    Where a control group counts its own kills the meter knows better.

    Raises:
        StarvedError: it may.
    """
    if not place.groups.memory and meters.machine_kills() != place.machine_kills:
        raise meters.StarvedError("a program was killed while this machine ran out of memory")


def check_disk(place: Place, needed: int) -> None:
    """Whether what the limits allow can be written where runs share a file system with others.

    Raises:
        StarvedError: it cannot.
    """
    if place.jail.root:
        return
    disk = os.statvfs(place.jail.scratch)
    if disk.f_bavail * disk.f_frsize < needed:
        raise meters.StarvedError(f"no space for {needed >> 20} MiB is left where programs write")


def sockets_there(place: Place) -> int:
    """How many unix sockets the runs of a container could find now."""
    return sockets.count(place.sockets)


def sockets_left(place: Place, before: int) -> bool:
    """Whether a run left any in a container whose kernel does not look for those that only hold each other."""
    return not sockets.await_few(place.sockets, before, _SOCKETS_SECONDS)


def zygote_for(place: Place, tier: str) -> zygotes.Zygote:
    """The warm interpreter of a tier, started when first needed.

    Raises:
        ZygoteError: it did not start.
    """
    if tier not in place.warm:
        started = zygotes.start(place.jail, imports_of(tier), place.packages, wired=tier != BARE)
        place.warm[tier] = started
        with open(f"/proc/{started.process.pid}/statm", "rb") as file:
            virtual, resident = map(int, file.read().split()[:2])
        page = resource.getpagesize()
        place.baselines[tier] = (resident * page, virtual * page)
    return place.warm[tier]


def describe(place: Place) -> dict[str, Any]:
    """For the launcher: what it got."""
    return {
        "level": place.grants.level,
        "user_namespace": place.grants.user_namespace,
        "reasons": list(place.grants.reasons),
        "features": {
            "seccomp": place.jail.seccomp,
            "listener": place.jail.listener,
            "landlock": place.jail.landlock,
            "cgroups": sorted({part for part in ("memory", "pids", "cpu") if getattr(place.groups, part)}),
            "own_cgroups": bool(place.groups.owned),
        },
        "python": sys.version.split()[0],
        "packages": commands.fingerprint(place.search_path),
        "lacking": commands.lacking(place.search_path) if "python" in place.languages else [],
        "languages": list(place.languages),
        "residue": [*place.groups.owned, *place.own_directories],
    }


def statistics(place: Place) -> dict[str, Any]:
    """Runs so far, the processes that will be wardens, the memory of agent and zygotes in bytes."""
    pids = [os.getpid(), *sweep.descendants(os.getpid())]
    memory = sum(map(_proportional_bytes, pids))
    said = {"runs": place.runs, "warden_runs": place.warden_runs, "tiers": sorted(place.warm)}
    return {**said, "reserves": reserves(place), "memory_bytes": memory}


def _proportional_bytes(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/smaps_rollup", "rb") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith(b"Pss:"))
    except (OSError, StopIteration):
        return 0


def leave(place: Place) -> None:
    """End the zygotes, and with them whatever runs; remove the control groups."""
    for zygote in place.warm.values():
        zygote.end()
    if place.jail.level != NAMESPACES:
        sweep.clear_descendants(place.jail.uids)
    for descriptor in place.jail.cgroup_descriptors:
        os.close(descriptor)
    place.groups.remove()
    for directory in place.own_directories:
        shutil.rmtree(directory, ignore_errors=True)
