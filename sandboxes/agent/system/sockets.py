"""Unix sockets that outlive who made them: those on their way through each other, with names and memory of theirs.

Linux looks for such whenever any socket is closed, and a little later; gVisor never does. A network namespace that runs
share would carry them from one to the next.
"""

import os
import socket
import time

_LISTING = "/proc/self/net/unix"
_BYTES = 4096
"""The kernel gives a page at a time; before a run the list is shorter."""
_PAUSE_SECONDS = 0.001


def listing() -> int:
    """A descriptor of the list of all in this network namespace; -1 where there is no such list."""
    try:
        return os.open(_LISTING, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return -1


def seen(descriptor: int) -> bytes:
    """The list's beginning, which any that is added changes."""
    return os.pread(descriptor, _BYTES, 0) if descriptor >= 0 else b""


def count(descriptor: int) -> int:
    """How many there are, as far as the list's beginning tells."""
    return seen(descriptor).count(b"\n")


def await_few(descriptor: int, few: int, seconds: float) -> bool:
    """Whether within a time there are no more than `few`."""
    started = time.monotonic()
    while count(descriptor) > few:
        if time.monotonic() - started > seconds:
            return False
        for each in socket.socketpair():
            each.close()
        time.sleep(_PAUSE_SECONDS)
    return True
