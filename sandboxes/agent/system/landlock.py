"""Landlock: an allow list of directories, no TCP, no signals or abstract sockets out of the domain. Needs no privilege.

What the running kernel's ABI lacks is left out and visible in `Ruleset.abi`. Not covered by any ABI up to 7: connecting
to a socket by its path and looking up names along a path, which the system-call filter and file modes must cover.
"""

import ctypes
import os
from collections.abc import Iterable

from sandboxes.agent.system import kernel

_VERSION = 1
_PATH_BENEATH = 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_REFER, _TRUNCATE, _IOCTL_DEVICE = 1 << 13, 1 << 14, 1 << 15
_ALL_OF_ABI_1 = (1 << 13) - 1
_MAKE_CHARACTER, _MAKE_BLOCK = 1 << 6, 1 << 11
_FILE_RIGHTS = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEVICE

_ABI_REFER, ABI_TRUNCATE, _ABI_NETWORK, _ABI_IOCTL, ABI_SCOPES = 2, 3, 4, 5, 6


class _RulesetAttributes(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("filesystem", "network", "scopes")]


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = [("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32)]


def abi() -> int:
    """The kernel's Landlock version, 0 where there is none."""
    try:
        return kernel.syscall(
            "landlock_create_ruleset",
            kernel.LANDLOCK_CREATE_RULESET,
            None,
            ctypes.c_size_t(0),
            ctypes.c_uint32(_VERSION),
        )
    except OSError:
        return 0


def rules(readable: Iterable[str], writable: Iterable[str], devices: Iterable[str], version: int) -> int:
    """A ruleset's descriptor: read and execute beneath `readable`, do anything beneath `writable`, no more.

    Paths that do not exist are passed over. What is mounted beneath a path later is beneath it too.
    """
    handled = _handled(version)
    attributes = _RulesetAttributes(handled, 3 if version >= _ABI_NETWORK else 0, 3 if version >= ABI_SCOPES else 0)
    size = 24 if version >= ABI_SCOPES else 16 if version >= _ABI_NETWORK else 8
    ruleset = kernel.syscall(
        "landlock_create_ruleset",
        kernel.LANDLOCK_CREATE_RULESET,
        ctypes.byref(attributes),
        ctypes.c_size_t(size),
        ctypes.c_uint32(0),
    )
    for path in readable:
        _allow(ruleset, path, handled & (_EXECUTE | _READ_FILE | _READ_DIR))
    for path in writable:
        _allow(ruleset, path, handled & ~(_MAKE_CHARACTER | _MAKE_BLOCK))
    for path in devices:
        _allow(ruleset, path, handled & (_READ_FILE | _WRITE_FILE | _TRUNCATE))
    return ruleset


def confine(ruleset: int) -> None:
    """Allow this thread no more than the rules do, for good. Needs no_new_privs."""
    kernel.syscall("landlock_restrict_self", kernel.LANDLOCK_RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint(0))


def _handled(version: int) -> int:
    handled = _ALL_OF_ABI_1
    handled |= _REFER if version >= _ABI_REFER else 0
    handled |= _TRUNCATE if version >= ABI_TRUNCATE else 0
    return handled | (_IOCTL_DEVICE if version >= _ABI_IOCTL else 0)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not os.path.isdir(path):
            rights &= _FILE_RIGHTS
        rule = _PathBeneath(rights, descriptor)
        kernel.syscall(
            "landlock_add_rule",
            kernel.LANDLOCK_ADD_RULE,
            ctypes.c_int(ruleset),
            ctypes.c_int(_PATH_BENEATH),
            ctypes.byref(rule),
            ctypes.c_uint32(0),
        )
    finally:
        os.close(descriptor)
