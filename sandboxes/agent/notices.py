"""System calls the kernel tells us of while they wait: refuse or let them go on, remember what they say of a program.

Evidence, not protection: what is refused here is refused by the filter, and what goes on is judged by mounts, Landlock
and modes. A program that tries again and again only burns its own time; after `MOST` refusals it is ended.
"""

import errno
import fcntl
import os
import socket
import struct
from typing import NamedTuple

from sandboxes.agent.system import calls, kernel, seccomp, sweep

MOST = 2000
_RECEIVE, _SEND = 0xC0502100, 0xC0182101
_NOTICE = struct.Struct("=QIIiIQ6Q")
_ANSWER = struct.Struct("=QqiI")
_GO_ON = 1
_LONGEST_PATH, _SHOWN_PATH = 4096, 100
_HERE = 0xFFFFFF9C
"""AT_FDCWD."""
_ALWAYS_WRITABLE = ("/tmp", "/var/tmp", "/usr/tmp", "/dev/shm", "/box")
"""Where programs look for a place of theirs, whether or not there is one."""
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/tty", "/dev/stdout", "/dev/stderr", "/dev/stdin")
_OWN = ("/dev/fd/", "/proc/self/", "/proc/thread-self/")


class Notice(NamedTuple):
    """One call that waited."""

    name: str
    refused: bool
    """The call failed with `EPERM`; else it went on."""
    helper: bool
    """It was a signal to a process of ours."""
    outside: str = ""
    """The path outside the program's own directories that it would have changed."""


def receive_listener(record: int) -> tuple[bytes, int | None]:
    """The first byte on a child's record socket and the seccomp listener that came with it, if any."""
    with socket.socket(fileno=os.dup(record)) as channel:
        try:
            first, descriptors, _, _ = socket.recv_fds(channel, 1, 1)
        except OSError:
            return b"", None
    return first, descriptors[0] if descriptors else None


class Witness(NamedTuple):
    """What has to be known of a program to answer its calls."""

    policy: seccomp.Policy
    """Of its filter, but for who our processes are."""
    scratch: str
    """Where it may write."""
    uid: int | None
    """Who it runs as; None: as we do."""
    zygote: int
    """The pid of the process all of the program descends from."""


def attend(listener: int, program: Witness, look: bool) -> Notice | None:
    """Answer one waiting call: `EPERM`, or to go on. None if the listener is of no further use.

    `look` asks for the paths of calls that go on.
    """
    waiting = bytearray(_NOTICE.size)
    try:
        fcntl.ioctl(listener, _RECEIVE, waiting)
    except OSError as error:
        return Notice("", False, False) if error.errno in (errno.EINTR, errno.EAGAIN, errno.ENOENT) else None
    call, pid, _, number, _, _, *arguments = _NOTICE.unpack(waiting)
    name = calls.name_of(number, kernel.MACHINE)
    goes_on = seccomp.goes_on(program.policy, name, arguments, lambda target: _is_own(target, program.zygote))
    path = _path(pid, name, arguments, program.uid) if look and name in calls.WRITES else ""
    answer = _ANSWER.pack(call, 0, 0, _GO_ON) if goes_on else _ANSWER.pack(call, 0, -errno.EPERM, 0)
    try:
        fcntl.ioctl(listener, _SEND, bytearray(answer))
    except OSError:
        return Notice("", False, False)
    if name == "socket" and arguments[0] == socket.AF_UNIX:  # C libraries ask for a name service: no sign of anything
        return Notice("", False, False)
    at_helper = name in calls.SIGNALS and (program.policy.signals or not goes_on)
    return Notice(name, not goes_on, at_helper, _outside(path, program.scratch))


def _is_own(target: int, zygote: int) -> bool:
    """Whether a pid, 0 for the caller's group or the negative of a group, names processes of the program alone.

    Between this answer and the signal the process could end and its number be given to another: numbers are given out
    in a circle of tens of thousands, and the program would have to win that race against itself.
    """
    own = sweep.descendants(zygote)
    if target >= 0:
        return target == 0 or target in own
    return any(_group(pid) == -target for pid in own)


def _group(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0


def _path(pid: int, name: str, arguments: list[int], uid: int | None) -> str:
    """The path a waiting call names, absolute; empty if it cannot be read."""
    _, _, directory, path = calls.WRITES[name]
    kernel.act_as(uid)
    try:
        with open(f"/proc/{pid}/mem", "rb", 0) as memory:
            text = os.fsdecode(os.pread(memory.fileno(), _LONGEST_PATH, arguments[path]).partition(b"\0")[0])
        if text.startswith("/"):
            return os.path.normpath(text)
        base = arguments[directory] & 0xFFFFFFFF if directory >= 0 else _HERE
        place = os.readlink(f"/proc/{pid}/cwd" if base == _HERE else f"/proc/{pid}/fd/{base}")
        root = os.readlink(f"/proc/{pid}/root")  # not `/` where the agent itself lives in a changed root
        return os.path.normpath(os.path.join("/", place.removeprefix(root.rstrip("/")), text))
    except (OSError, OverflowError, ValueError):
        return ""
    finally:
        kernel.act_as(None)


def _outside(path: str, scratch: str) -> str:
    """The path, shortened and in ASCII, if a program may have no business there; else empty."""
    if not path or path in ("/", *_DEVICES) or path.startswith(_OWN):
        return ""
    if any(f"{path}/".startswith(f"{place}/") for place in (scratch, *_ALWAYS_WRITABLE)):
        return ""
    return ascii(path)[1:-1][:_SHOWN_PATH]
