"""The system-call filter every program runs under: classic BPF, assembled here, loaded by one system call.

A deny list, since a judge runs numpy, threads, subprocesses and whole language runtimes: what is refused is what
reaches other processes, the network, mounts, kernel interfaces a judge has no use for, and locks that two runs could
signal through. Three ways to refuse:

- `EPERM` or `ENOSYS`, silently, where honest runtimes try and fall back (`clone3`, `io_uring`, memory policies, every
  call newer than this table);
- notified: the call waits until the agent, who holds the filter's listener, answers `EPERM` and notes it as evidence.
  Where the kernel has no listeners (gVisor) these are silent too;
- death of the process, for another architecture's call numbers, which exist to get round filters.

Calls that change files by path are notified and go on: whether the path may be written is for mounts, Landlock and
modes to decide, the agent only notes those that lead outside.

Not covered: what an allowed call does with a kernel bug. That is what gVisor is for.
"""

import ctypes
import errno
import struct
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from sandboxes.agent.system import calls, kernel

_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32 = 0x40000000

_LOAD, _JUMP_EQUAL, _JUMP_GREATER_EQUAL, _JUMP_SET, _RETURN, _AND = 0x20, 0x15, 0x35, 0x45, 0x06, 0x54
_ALLOW, _KILL, _ERRNO, _NOTIFY = 0x7FFF0000, 0x80000000, 0x00050000, 0x7FC00000
_EPERM, _ENOSYS = _ERRNO | errno.EPERM, _ERRNO | errno.ENOSYS

_SET_MODE_FILTER, _NEW_LISTENER = 1, 8
_NUMBER = {"x86_64": 317, "aarch64": 277}

_NAMESPACES = 0x7E020000 | 0x80
_AF_UNIX, _SOCK_DGRAM, _SOCK_TYPE = 1, 2, 0xF
_FORMAT_MASK, _CHARACTER, _BLOCK = 0o170000, 0o020000, 0o060000
_SET_LEASE, _NOTIFY_DIRECTORY = 1024, 1026
_INSERT_INPUT, _LINUX_CONSOLE, _SET_FLAGS, _SET_ATTRIBUTES = 0x5412, 0x541C, 0x40086602, 0x401C5820
_ACCESS_MODE, _TRUNCATE = 0o3, 0o1000
_OPEN_TO_WRITE = 0o1 | 0o2 | 0o100 | _TRUNCATE
"""O_WRONLY, O_RDWR, O_CREAT, O_TRUNC."""
_PRIO_PROCESS, _IOPRIO_PROCESS = 0, 1
_EVERYBODY = 0xFFFFFFFF
"""`kill(-1)`."""

_Instruction = tuple[int, int, int, int]


class Policy(NamedTuple):
    """What depends on the level a program runs at."""

    listen: bool
    """Refused calls are notified to the agent."""
    unix_sockets: bool
    """AF_UNIX sockets may be named: nothing outside the run can be reached by path or abstract name."""
    memfd: bool
    """memfd_create is allowed: its pages are charged to a memory cgroup."""
    signals: bool
    """Signals are confined by uid, pid namespace or Landlock; else who listens decides about each to another process,
    and where nobody listens only the process itself may be signalled."""
    modes: bool = True
    """Modes, owners and times of files may be changed: the program's user owns none but its own. Otherwise that is
    refused, but for the times of an open file, where it succeeds without effect: `touch` insists."""
    truncates: bool = True
    """Who may not write a file cannot truncate it either: older Landlocks let its owner."""
    helpers: tuple[int, ...] = ()
    """Processes of ours, by the pids a program knows them by: signals to them are refused and notified."""
    writes: bool = False
    """Calls of `calls.WRITES` are notified."""


def supported() -> bool:
    """Whether this machine's architecture has a table here."""
    return kernel.MACHINE in _ARCHITECTURE


def goes_on(policy: Policy, name: str, arguments: Sequence[int], is_own: Callable[[int], bool]) -> bool:
    """Whether a notified call is only noted; every other one is to be refused.

    `is_own` says whether a pid, or a process group if negative, is the program's own.
    """
    if name in calls.WRITES:
        return (policy.modes or name not in calls.OWNED) and (policy.truncates or name != "truncate")
    if name not in calls.SIGNALS or name == "tkill":
        return False
    target = ctypes.c_int32(arguments[0] & 0xFFFFFFFF).value
    return target == 0 and name == "kill" if policy.signals else is_own(target)


@cache
def assemble(policy: Policy, own_pid: int = 0) -> bytes:
    """The filter's instructions. `own_pid` matters only where signals are not confined otherwise."""
    refuse = _NOTIFY if policy.listen else _EPERM
    column = calls.column(kernel.MACHINE)
    program: list[_Instruction] = [
        (_LOAD, 0, 0, 4),
        (_JUMP_EQUAL, 1, 0, _ARCHITECTURE[kernel.MACHINE]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),
        (_JUMP_GREATER_EQUAL, 0, 1, _X32),
        (_RETURN, 0, 0, _KILL),
        (_JUMP_GREATER_EQUAL, 0, 1, calls.NEWEST + 1),
        (_RETURN, 0, 0, _ENOSYS),
    ]
    for numbers in calls.REFUSED.values():
        program += _when(numbers[column], [(_RETURN, 0, 0, refuse)])
    for x86_64, aarch64, action in calls.SILENT.values():
        program += _when((x86_64, aarch64)[column], [(_RETURN, 0, 0, _ERRNO | action)])
    for name, numbers in calls.OWNED.items() if not policy.modes else ():
        body: list[_Instruction] = [(_RETURN, 0, 0, refuse)]
        program += _when(numbers[column], _pretended(body) if name == "utimensat" else body)
    for name, body in _argument_checks(policy, refuse, own_pid):
        program += _when(calls.ARGUED[name][column], body)
    if not policy.truncates:
        program += _when(calls.WRITES["openat2"][column], [(_RETURN, 0, 0, _ENOSYS)])
    if policy.listen and policy.writes:
        for name, call in calls.WRITES.items():
            program += _when(call[column], _noted_write(name, policy))
    program.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in program)


def _when(number: int, body: list[_Instruction]) -> list[_Instruction]:
    """`body`, which always returns, for one call number."""
    return [] if number < 0 else [(_JUMP_EQUAL, 0, len(body), number), *body]


def _argument(index: int, high: bool = False) -> _Instruction:
    return (_LOAD, 0, 0, 16 + 8 * index + (4 if high else 0))


def _only_if_equal(index: int, value: int, otherwise: int) -> list[_Instruction]:
    return [_argument(index), (_JUMP_EQUAL, 0, 1, value), (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, otherwise)]


def _refused_if_equal(index: int, values: tuple[int, ...], action: int, mask: int = 0xFFFFFFFF) -> list[_Instruction]:
    tests: list[_Instruction] = []
    for value in values:
        tests += [(_JUMP_EQUAL, 0, 1, value), (_RETURN, 0, 0, action)]
    return [_argument(index), (_AND, 0, 0, mask), *tests, (_RETURN, 0, 0, _ALLOW)]


def _argument_checks(policy: Policy, refuse: int, own_pid: int) -> list[tuple[str, list[_Instruction]]]:
    forbidden: list[_Instruction] = [(_RETURN, 0, 0, refuse)]
    checks = [
        ("socket", _only_if_equal(0, _AF_UNIX, refuse) if policy.unix_sockets else forbidden),
        ("socketpair", _refused_if_equal(1, () if policy.unix_sockets else (_SOCK_DGRAM,), refuse, _SOCK_TYPE)),
        ("clone", [_argument(0), (_JUMP_SET, 0, 1, _NAMESPACES), (_RETURN, 0, 0, refuse), (_RETURN, 0, 0, _ALLOW)]),
        ("fcntl", _refused_if_equal(1, (_SET_LEASE, _NOTIFY_DIRECTORY), _EPERM)),
        ("ioctl", _refused_if_equal(1, (_INSERT_INPUT, _LINUX_CONSOLE, _SET_FLAGS, _SET_ATTRIBUTES), refuse)),
        ("mknod", _refused_if_equal(1, (_CHARACTER, _BLOCK), refuse, _FORMAT_MASK)),
        ("mknodat", _refused_if_equal(2, (_CHARACTER, _BLOCK), refuse, _FORMAT_MASK)),
        ("prlimit64", [_argument(0), (_JUMP_EQUAL, 0, 1, 0), (_RETURN, 0, 0, _ALLOW), *_only_if_null(2, refuse)]),
        ("setpriority", _only_of_itself(_PRIO_PROCESS)),
        ("ioprio_set", _only_of_itself(_IOPRIO_PROCESS)),
    ]
    checks += [(name, _only_if_equal(0, 0, _EPERM)) for name in ("sched_setaffinity", "sched_setscheduler")]
    checks += [(name, _only_if_equal(0, 0, _EPERM)) for name in ("sched_setparam", "sched_setattr")]
    if not policy.memfd:
        checks.append(("memfd_create", [(_RETURN, 0, 0, _ENOSYS)]))
    if not policy.signals:
        checks += [("kill", _only_own(own_pid, refuse)), ("tgkill", _only_own(own_pid, refuse))]
        others = ("tkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_send_signal", "pidfd_open")
        checks += [(name, forbidden) for name in others]
    elif policy.helpers:
        whole = tuple(-pid & 0xFFFFFFFF for pid in policy.helpers)
        ours = _refused_if_equal(0, (_EVERYBODY, *policy.helpers, *whole), refuse)
        checks += [(name, ours if name != "kill" else [*ours[:-1], *_noted_suicide(policy)]) for name in calls.SIGNALS]
    return checks


def _only_of_itself(process: int) -> list[_Instruction]:
    """Priorities: of a process, not of a group or of all that a user has, and of that which asks."""
    refuse: _Instruction = (_RETURN, 0, 0, _EPERM)
    return [_argument(0), (_JUMP_EQUAL, 1, 0, process), refuse, *_only_if_equal(1, 0, _EPERM)]


def _pretended(refuse: list[_Instruction]) -> list[_Instruction]:
    """`utimensat` without a path is of an open file."""
    return [_argument(1), (_JUMP_EQUAL, 0, 1, 0), (_RETURN, 0, 0, _ERRNO), *refuse]


def _noted_suicide(policy: Policy) -> list[_Instruction]:
    """`kill(0, SIGKILL)`: in a pid namespace the parent's pid reads 0, so who aims at the parent ends here."""
    note: _Instruction = (_RETURN, 0, 0, _NOTIFY if policy.listen else _ALLOW)
    allow: _Instruction = (_RETURN, 0, 0, _ALLOW)
    return [(_JUMP_EQUAL, 1, 0, 0), allow, _argument(1), *_when(9, [note]), *_when(19, [note]), allow]


def _noted_write(name: str, policy: Policy) -> list[_Instruction]:
    if name not in calls.FLAGS_OF_OPEN:
        return [(_RETURN, 0, 0, _NOTIFY)]
    flags = _argument(calls.FLAGS_OF_OPEN[name])
    only_truncates = [flags, (_AND, 0, 0, _ACCESS_MODE | _TRUNCATE), *_when(_TRUNCATE, [(_RETURN, 0, 0, _EPERM)])]
    write: list[_Instruction] = [(_JUMP_SET, 0, 1, _OPEN_TO_WRITE), (_RETURN, 0, 0, _NOTIFY), (_RETURN, 0, 0, _ALLOW)]
    return [*(() if policy.truncates else only_truncates), flags, *write]


def _only_if_null(index: int, otherwise: int) -> list[_Instruction]:
    refuse: _Instruction = (_RETURN, 0, 0, otherwise)
    low, high = _argument(index), _argument(index, high=True)
    return [low, (_JUMP_EQUAL, 1, 0, 0), refuse, high, (_JUMP_EQUAL, 1, 0, 0), refuse, (_RETURN, 0, 0, _ALLOW)]


def _only_own(own_pid: int, refuse: int) -> list[_Instruction]:
    allow: _Instruction = (_RETURN, 0, 0, _ALLOW)
    return [_argument(0), (_JUMP_EQUAL, 0, 1, own_pid), allow, (_RETURN, 0, 0, refuse)]


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def load(instructions: bytes, listen: bool) -> int | None:
    """Confine this thread for good; the listener's descriptor if `listen`, else None. Needs no_new_privs."""
    program = _Program(len(instructions) // 8, instructions)
    flags = ctypes.c_uint(_NEW_LISTENER if listen else 0)
    number = _NUMBER[kernel.MACHINE]
    result = kernel.syscall("seccomp", number, ctypes.c_uint(_SET_MODE_FILTER), flags, ctypes.byref(program))
    return result if listen else None
