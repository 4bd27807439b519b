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
from functools import cache
from typing import Any, NamedTuple

from sandboxes.agent import kernel

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
_OPEN_TO_WRITE = 0o1 | 0o2 | 0o100 | 0o1000
"""O_WRONLY, O_RDWR, O_CREAT, O_TRUNC."""
_EVERYBODY = 0xFFFFFFFF
"""`kill(-1)`."""

# name: (x86_64, aarch64); -1 where the architecture has no such call
_CALLS: dict[str, tuple[int, int]] = {
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "pidfd_getfd": (438, 438), "process_madvise": (440, 440),
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "open_tree": (428, 428),
    "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432),
    "fspick": (433, 433), "mount_setattr": (442, 442), "unshare": (272, 97), "setns": (308, 268),
    "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264), "fanotify_init": (300, 262),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106), "kexec_load": (246, 104),
    "kexec_file_load": (320, 294), "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225),
    "acct": (163, 89), "quotactl": (179, 60), "quotactl_fd": (443, 443), "iopl": (172, -1), "ioperm": (173, -1),
    "sethostname": (170, 161), "setdomainname": (171, 162), "settimeofday": (164, 170), "clock_settime": (227, 112),
    "adjtimex": (159, 171), "clock_adjtime": (305, 266), "bpf": (321, 280), "perf_event_open": (298, 241),
    "userfaultfd": (323, 282), "syslog": (103, 116), "vhangup": (153, 58), "lookup_dcookie": (212, 18),
    "memfd_secret": (447, 447), "modify_ldt": (154, -1), "uselib": (134, -1),
}  # fmt: skip
_SILENT: dict[str, tuple[int, int, int]] = {
    "clone3": (435, 435, _ENOSYS), "io_uring_setup": (425, 425, _ENOSYS), "io_uring_enter": (426, 426, _ENOSYS),
    "io_uring_register": (427, 427, _ENOSYS), "keyctl": (250, 219, _ENOSYS), "add_key": (248, 217, _ENOSYS),
    "request_key": (249, 218, _ENOSYS), "mbind": (237, 235, _EPERM), "set_mempolicy": (238, 237, _EPERM),
    "migrate_pages": (256, 238, _EPERM), "move_pages": (279, 239, _EPERM), "personality": (135, 92, _EPERM),
    "flock": (73, 32, _EPERM), "mq_open": (240, 180, _ENOSYS), "mq_unlink": (241, 181, _ENOSYS),
    "shmget": (29, 194, _ENOSYS), "shmat": (30, 196, _ENOSYS), "shmctl": (31, 195, _ENOSYS),
    "semget": (64, 190, _ENOSYS), "semctl": (66, 191, _ENOSYS), "semop": (65, 193, _ENOSYS),
    "semtimedop": (220, 192, _ENOSYS), "msgget": (68, 186, _ENOSYS), "msgsnd": (69, 189, _ENOSYS),
    "msgrcv": (70, 188, _ENOSYS), "msgctl": (71, 187, _ENOSYS), "statmount": (457, 457, _ENOSYS),
    "listmount": (458, 458, _ENOSYS), "setxattrat": (463, 463, _ENOSYS), "removexattrat": (466, 466, _ENOSYS),
    "open_tree_attr": (467, 467, _ENOSYS), "file_setattr": (469, 469, _ENOSYS),
}  # fmt: skip
_NEWEST = 469
_OWNED: dict[str, tuple[int, int]] = {
    "chmod": (90, -1), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452), "chown": (92, -1),
    "fchown": (93, 55), "lchown": (94, -1), "fchownat": (260, 54), "setxattr": (188, 5), "lsetxattr": (189, 6),
    "fsetxattr": (190, 7), "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16),
    "utime": (132, -1), "utimes": (235, -1), "futimesat": (261, -1), "utimensat": (280, 88),
}  # fmt: skip
"""What Landlock leaves to whoever owns a file."""
_ARGUED: dict[str, tuple[int, int]] = {
    "socket": (41, 198), "socketpair": (53, 199), "clone": (56, 220), "fcntl": (72, 25), "ioctl": (16, 29),
    "prlimit64": (302, 261), "setpriority": (141, 140), "sched_setaffinity": (203, 122),
    "sched_setscheduler": (144, 119), "sched_setparam": (142, 118), "sched_setattr": (314, 274),
    "ioprio_set": (251, 30), "mknod": (133, -1), "mknodat": (259, 33), "memfd_create": (319, 279),
    "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240), "pidfd_send_signal": (424, 424), "pidfd_open": (434, 434),
}  # fmt: skip

WRITES: dict[str, tuple[int, int, int, int]] = {
    "open": (2, -1, -1, 0), "openat": (257, 56, 0, 1), "creat": (85, -1, -1, 0), "openat2": (437, 437, 0, 1),
    "truncate": (76, 45, -1, 0), "mkdir": (83, -1, -1, 0), "mkdirat": (258, 34, 0, 1), "rmdir": (84, -1, -1, 0),
    "unlink": (87, -1, -1, 0), "unlinkat": (263, 35, 0, 1), "rename": (82, -1, -1, 1), "renameat": (264, 38, 2, 3),
    "renameat2": (316, 276, 2, 3), "link": (86, -1, -1, 1), "linkat": (265, 37, 2, 3), "symlink": (88, -1, -1, 1),
    "symlinkat": (266, 36, 1, 2), "chmod": (90, -1, -1, 0), "fchmodat": (268, 53, 0, 1),
}  # fmt: skip
"""Calls that change what a path names: their numbers, and which arguments are the directory (-1: none) and the path."""
_FLAGS_OF_OPEN = {"open": 1, "openat": 2}
SIGNALS = ("kill", "tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_open")
"""Calls whose first argument says whom a signal is for."""

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
    """Signals are confined by uid, pid namespace or Landlock; else only the process itself may be signalled."""
    modes: bool = True
    """Modes, owners and times of files may be changed: the program's user owns none but its own. Otherwise that is
    refused, but for the times of an open file, where it succeeds without effect: `touch` insists."""
    helpers: tuple[int, ...] = ()
    """Processes of ours, by the pids a program knows them by: signals to them are refused and notified."""
    writes: bool = False
    """Calls of `WRITES` are notified."""


def supported() -> bool:
    """Whether this machine's architecture has a table here."""
    return kernel.MACHINE in _ARCHITECTURE


def name_of(number: int) -> str:
    """The name of a refused call, for evidence."""
    column = _column()
    tables: tuple[dict[str, Any], ...] = (_CALLS, _ARGUED, WRITES, _OWNED)
    for table in tables:
        for name, numbers in table.items():
            if numbers[column] == number:
                return name
    return str(number)


def goes_on(policy: Policy, name: str, first_argument: int) -> bool:
    """Whether a notified call is only noted; every other one is to be refused."""
    if name in WRITES:
        return policy.modes or name not in _OWNED
    return policy.signals and name == "kill" and first_argument & 0xFFFFFFFF == 0


@cache
def assemble(policy: Policy, own_pid: int = 0) -> bytes:
    """The filter's instructions. `own_pid` matters only where signals are not confined otherwise."""
    refuse = _NOTIFY if policy.listen else _EPERM
    column = _column()
    program: list[_Instruction] = [
        (_LOAD, 0, 0, 4),
        (_JUMP_EQUAL, 1, 0, _ARCHITECTURE[kernel.MACHINE]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),
        (_JUMP_GREATER_EQUAL, 0, 1, _X32),
        (_RETURN, 0, 0, _KILL),
        (_JUMP_GREATER_EQUAL, 0, 1, _NEWEST + 1),
        (_RETURN, 0, 0, _ENOSYS),
    ]
    for numbers in _CALLS.values():
        program += _when(numbers[column], [(_RETURN, 0, 0, refuse)])
    for x86_64, aarch64, action in _SILENT.values():
        program += _when((x86_64, aarch64)[column], [(_RETURN, 0, 0, action)])
    for name, numbers in _OWNED.items() if not policy.modes else ():
        body: list[_Instruction] = [(_RETURN, 0, 0, refuse)]
        program += _when(numbers[column], _pretended(body) if name == "utimensat" else body)
    for name, body in _argument_checks(policy, refuse, own_pid):
        program += _when(_ARGUED[name][column], body)
    if policy.listen and policy.writes:
        for name, call in WRITES.items():
            program += _when(call[column], _noted_write(name))
    program.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in program)


def _column() -> int:
    return 0 if kernel.MACHINE == "x86_64" else 1


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
        ("setpriority", _only_if_equal(1, 0, _EPERM)),
        ("ioprio_set", _only_if_equal(1, 0, _EPERM)),
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
        checks += [(name, ours if name != "kill" else [*ours[:-1], *_noted_suicide(policy)]) for name in SIGNALS]
    return checks


def _pretended(refuse: list[_Instruction]) -> list[_Instruction]:
    """`utimensat` without a path is of an open file."""
    return [_argument(1), (_JUMP_EQUAL, 0, 1, 0), (_RETURN, 0, 0, _ERRNO), *refuse]


def _noted_suicide(policy: Policy) -> list[_Instruction]:
    """`kill(0, SIGKILL)`: in a pid namespace the parent's pid reads 0, so who aims at the parent ends here."""
    note: _Instruction = (_RETURN, 0, 0, _NOTIFY if policy.listen else _ALLOW)
    allow: _Instruction = (_RETURN, 0, 0, _ALLOW)
    return [(_JUMP_EQUAL, 1, 0, 0), allow, _argument(1), *_when(9, [note]), *_when(19, [note]), allow]


def _noted_write(name: str) -> list[_Instruction]:
    if name not in _FLAGS_OF_OPEN:
        return [(_RETURN, 0, 0, _NOTIFY)]
    write: list[_Instruction] = [(_JUMP_SET, 0, 1, _OPEN_TO_WRITE), (_RETURN, 0, 0, _NOTIFY), (_RETURN, 0, 0, _ALLOW)]
    return [_argument(_FLAGS_OF_OPEN[name]), *write]


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
