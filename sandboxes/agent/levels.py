"""What this machine grants, found by trying it in a forked child, and the level of isolation that follows.

3  namespaces, as root or inside an unprivileged user namespace: own pids, mounts, network, IPC, host name
2  a uid of its own, from root that may make no namespaces (a hardened container): Landlock, seccomp, kill by uid
1  the agent's own uid: Landlock and seccomp (a locked-down pod, a user's shell where namespaces are refused)
0  less than that: rlimits only. Called weak; a server refuses to use it unless told to by name

All levels use seccomp; levels 1 and 2 need Landlock too, but for level 2 in a container, whose whole file system is
the slot's own (gVisor has no Landlock).
"""

import ctypes
import os
import random
import resource
import sys
from collections.abc import Callable
from dataclasses import dataclass

from sandboxes.agent.system import kernel, landlock, seccomp

NAMES = {3: "namespaces", 2: "uid", 1: "landlock", 0: "weak"}
_NAMESPACES = kernel.CLONE_NEWNS | kernel.CLONE_NEWPID | kernel.CLONE_NEWNET | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS
_FIRST_UID, _UIDS = 0x60000000, 1 << 24


@dataclass(frozen=True, slots=True)
class Grants:
    """What was tried and what came of it."""

    level: int
    user_namespace: bool
    seccomp: bool
    listener: bool
    landlock: int
    reasons: tuple[str, ...]
    """Why no higher level: one line for each thing the machine refused."""


def probe(wanted: int | None, contained: bool) -> Grants:
    """The best level this machine grants, or the `wanted` one if it does.

    Raises:
        OSError: the wanted level is above what the machine grants.
    """
    if sys.platform != "linux":
        return Grants(0, user_namespace=False, seccomp=False, listener=False, landlock=0, reasons=("not Linux",))
    reasons: list[str] = []
    filters = seccomp.supported() and _try("seccomp", _load_filter, reasons)
    listener = filters and _try("seccomp listener", _load_listening_filter, reasons)
    version = landlock.abi()
    if not version:
        reasons.append("Landlock: not in this kernel")
    level, user_namespace = _best(wanted, contained, filters, version, reasons)
    if wanted is not None and level != wanted:
        raise OSError(f"isolation level {wanted} is not granted here: " + "; ".join(reasons))
    return Grants(level, user_namespace, filters, listener, version, tuple(reasons))


def _best(wanted: int | None, contained: bool, filters: bool, version: int, reasons: list[str]) -> tuple[int, bool]:
    def allowed(level: int) -> bool:
        return filters and (wanted is None or wanted == level)

    root = os.geteuid() == 0
    if allowed(3) and root and _try("namespaces as root", _make_namespaces, reasons):
        return 3, False
    if allowed(3) and _try("namespaces in a user namespace", _make_user_namespaces, reasons):
        return 3, True
    if allowed(2) and (version or contained):
        if not root:
            reasons.append("a uid of its own: the agent is not root")
        elif _try("a uid of its own", _change_uid, reasons):
            return 2, False
    if allowed(1) and version:
        return 1, False
    return 0, False


def choose_uid() -> int:
    """A uid nobody else has, so that a limit on its processes and a kill by uid touch this slot alone."""
    return _FIRST_UID + random.SystemRandom().randrange(_UIDS)


def enter_user_namespace() -> None:
    """Become root of a new user namespace that maps this user alone."""
    uid, gid = os.getuid(), os.getgid()
    kernel.unshare(kernel.CLONE_NEWUSER | kernel.CLONE_NEWNS)
    for name, text in (("setgroups", "deny"), ("gid_map", f"0 {gid} 1"), ("uid_map", f"0 {uid} 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def _try(what: str, attempt: Callable[[], None], reasons: list[str]) -> bool:
    """Whether `attempt` works in a forked child; its error is noted."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            attempt()
        except OSError as error:
            os.write(writer, str(error.strerror or error).encode())
            os._exit(1)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as answer:
        message = answer.read().decode()
    _, status = os.waitpid(child, 0)
    if status:
        reasons.append(f"{what}: {message or 'killed'}")
    return status == 0


def _make_namespaces() -> None:
    kernel.unshare(_NAMESPACES)
    child = os.fork()
    if child == 0:
        try:
            kernel.mount("none", "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
            kernel.mount("probe", "/mnt" if os.path.isdir("/mnt") else "/tmp", "tmpfs", 0)
            kernel.mount("proc", "/proc", "proc", 0, "hidepid=2")
        except OSError as error:
            os.write(2, f"{error.strerror}\n".encode())
            os._exit(error.errno or 1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if status:
        code = os.waitstatus_to_exitcode(status)
        raise OSError(code, f"mounts: {os.strerror(code)}")


def _make_user_namespaces() -> None:
    enter_user_namespace()
    _make_namespaces()


def _change_uid() -> None:
    uid = choose_uid()
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    library = os.path.dirname(os.__file__)
    if not os.access(f"{library}/os.py", os.R_OK):
        raise OSError(13, f"{library} cannot be read by another user")


def _policy(listen: bool) -> seccomp.Policy:
    return seccomp.Policy(listen=listen, unix_sockets=True, memfd=True, signals=True)


def _load_filter() -> None:
    kernel.set_no_new_privileges()
    seccomp.load(seccomp.assemble(_policy(listen=False)), listen=False)
    if ctypes.CDLL(None).unshare(kernel.CLONE_NEWUSER) == 0:
        raise OSError(0, "the filter was loaded and does not filter")


def _load_listening_filter() -> None:
    kernel.set_no_new_privileges()
    seccomp.load(seccomp.assemble(_policy(listen=True)), listen=True)


def tasks_of_user() -> int:
    """Processes and threads of this user, which RLIMIT_NPROC counts together with a program's own at level 1."""
    count, own = 0, os.getuid()
    for name in os.listdir("/proc"):
        try:
            if name.isdigit() and os.stat(f"/proc/{name}").st_uid == own:
                count += len(os.listdir(f"/proc/{name}/task"))
        except OSError:
            continue
    ceiling = resource.getrlimit(resource.RLIMIT_NPROC)[1]
    return count if ceiling == resource.RLIM_INFINITY else min(count, ceiling)
