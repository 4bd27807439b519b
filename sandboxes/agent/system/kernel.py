"""Linux system calls the standard library lacks on Python 3.11, by ctypes; raw numbers only where libc has no wrapper.

Every wrapper raises `OSError` with the call's name, so that a probe can say which call the machine refused.
"""

import ctypes
import os
from collections.abc import Iterable

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_NOATIME, MS_BIND, MS_REC, MS_PRIVATE = 1024, 4096, 16384, 1 << 18
MNT_DETACH = 2

_MOUNT_ATTR_RDONLY, _MOUNT_ATTR_NOSUID, _MOUNT_ATTR_NODEV = 1, 2, 4
_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_KEEPCAPS, _PR_SET_NO_NEW_PRIVS = 1, 4, 8, 38
_PR_CAPBSET_DROP, _PR_SET_CHILD_SUBREAPER, _PR_SET_SECUREBITS = 24, 36, 28
_LAST_CAPABILITY = 63
_CAPABILITY_VERSION_3 = 0x20080522
CAP_CHECKPOINT_RESTORE = 40
"""Lets a process say which pid its namespace gives out next, and little else."""

MACHINE = os.uname().machine
# Numbers above 403 are the same on every architecture.
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}.get(MACHINE, -1)
_MOUNT_SETATTR = 442
LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF = 444, 445, 446

_libc = ctypes.CDLL(None, use_errno=True)


def check(result: int, call: str) -> int:
    """Turn libc's -1 into `OSError` naming the call."""
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{call}: {os.strerror(code)}")
    return result


def syscall(call: str, number: int, *arguments: object) -> int:
    """A raw system call."""
    return check(_libc.syscall(ctypes.c_long(number), *arguments), call)


def unshare(flags: int) -> None:
    """Leave the namespaces named by `flags` for new ones."""
    check(_libc.unshare(flags), "unshare")


def setns(descriptor: int, kind: int) -> None:
    """Enter the namespace behind `descriptor`."""
    check(_libc.setns(descriptor, kind), "setns")


def mount(source: str, target: str, kind: str | None, flags: int, options: str = "") -> None:
    """Mount, with libc's arguments."""
    check(
        _libc.mount(
            source.encode(), target.encode(), kind.encode() if kind else None, ctypes.c_ulong(flags), options.encode()
        ),
        f"mount {target}",
    )


def let(start: int, end: int, rights: int) -> bool:
    """Set what this process may do with memory; whether it could be set."""
    return int(_libc.mprotect(ctypes.c_void_p(start), ctypes.c_size_t(end - start), rights)) == 0


def mount_processes() -> None:
    """Mount this process's pid namespace on /proc, where nobody sees what he may not look into."""
    mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, "hidepid=2")


def unmount(target: str) -> None:
    """Detach a mount, whatever still uses it."""
    check(_libc.umount2(target.encode(), MNT_DETACH), f"umount {target}")


def pivot_root(new_root: str) -> None:
    """Make `new_root` the root of this mount namespace and drop the old one out of reach."""
    os.chdir(new_root)
    syscall("pivot_root", _PIVOT_ROOT, b".", b".")
    unmount(".")
    os.chdir("/")


class _MountAttributes(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("set", "clear", "propagation", "userns")]


def protect_mount(target: str, recursive: bool = True) -> None:
    """Make a mount, and all below it if `recursive`, read-only, without devices and set-uid programs."""
    wanted = _MountAttributes(_MOUNT_ATTR_RDONLY | _MOUNT_ATTR_NOSUID | _MOUNT_ATTR_NODEV, 0, 0, 0)
    syscall(
        f"mount_setattr {target}",
        _MOUNT_SETATTR,
        ctypes.c_int(_AT_FDCWD),
        target.encode(),
        ctypes.c_uint(_AT_RECURSIVE if recursive else 0),
        ctypes.byref(wanted),
        ctypes.c_size_t(ctypes.sizeof(wanted)),
    )


def prctl(option: int, value: int) -> None:
    """Set one property of this process."""
    zero = ctypes.c_ulong(0)
    check(_libc.prctl(option, ctypes.c_ulong(value), zero, zero, zero), f"prctl {option}")


def die_with_parent(signal: int = 9) -> None:
    """Ask for `signal` when the parent dies. A change of uid clears this: call it afterwards."""
    prctl(_PR_SET_PDEATHSIG, signal)


def set_dumpable() -> None:
    """Undo what a change of uid does: without this /proc/self, hence /dev/stdin, belongs to root."""
    prctl(_PR_SET_DUMPABLE, 1)


def set_no_new_privileges() -> None:
    """No set-uid program run from here on gains anything; a condition for seccomp and Landlock."""
    prctl(_PR_SET_NO_NEW_PRIVS, 1)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose parent dies: then `ECHILD` proves that none is left."""
    prctl(_PR_SET_CHILD_SUBREAPER, 1)


def create_as(uid: int) -> None:
    """Own what this thread creates from here on as `uid`, keeping all else."""
    _libc.setfsuid(uid)


def act_as(uid: int | None) -> None:
    """Be `uid` to the file system, hence to /proc, where reading another's memory asks for it; None: oneself again."""
    _libc.setfsgid(os.getegid() if uid is None else uid)
    _libc.setfsuid(os.geteuid() if uid is None else uid)


def drop_bounding_set() -> None:
    """Let no process from here on gain a capability by execve; what this one holds it keeps.

    Without CAP_SETPCAP, as in our containers, the kernel refuses, and `set_no_new_privileges` alone does the same.
    """
    for capability in range(_LAST_CAPABILITY + 1):
        if _libc.prctl(_PR_CAPBSET_DROP, ctypes.c_ulong(capability), 0, 0, 0) < 0:
            break


def keep_capabilities(kept: bool) -> None:
    """Whether what is permitted survives a change of all uids from root's."""
    prctl(_PR_SET_KEEPCAPS, kept)


def hold_only(capabilities: Iterable[int]) -> None:
    """Give up every capability but these."""
    wanted = sum(1 << capability for capability in capabilities)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    low, high = wanted & 0xFFFFFFFF, wanted >> 32
    check(_libc.capset(header, (ctypes.c_uint32 * 6)(low, low, 0, high, high, 0)), "capset")


def drop_capabilities() -> None:
    """Give up every capability for good, also across execve as root of a user namespace."""
    drop_bounding_set()
    _libc.prctl(_PR_SET_SECUREBITS, ctypes.c_ulong(0b101111), 0, 0, 0)
    hold_only(())
