"""Refused system calls, as the kernel tells them: answer `EPERM`, remember the name. Evidence, not protection.

The call waits in the kernel until it is answered, so a program that tries again and again only burns its own time,
and after `MOST` attempts it is ended.
"""

import errno
import fcntl
import os
import socket
import struct

from sandboxes.agent import seccomp

MOST = 2000
_RECEIVE, _SEND = 0xC0502100, 0xC0182101
_NOTICE_BYTES = 80
_NUMBER_OFFSET = 16
_ANSWER = struct.Struct("=QqiI")


def receive_listener(record: int) -> tuple[bytes, int | None]:
    """The first byte on a child's record socket and the seccomp listener that came with it, if any."""
    with socket.socket(fileno=os.dup(record)) as channel:
        try:
            first, descriptors, _, _ = socket.recv_fds(channel, 1, 1)
        except OSError:
            return b"", None
    return first, descriptors[0] if descriptors else None


def refuse(listener: int) -> str | None:
    """Answer one waiting call; its name, empty if it went away meanwhile, None if the listener is of no further use."""
    notice = bytearray(_NOTICE_BYTES)
    try:
        fcntl.ioctl(listener, _RECEIVE, notice)
    except OSError as error:
        return "" if error.errno in (errno.EINTR, errno.EAGAIN) else None
    (call,) = struct.unpack_from("=Q", notice)
    (number,) = struct.unpack_from("=i", notice, _NUMBER_OFFSET)
    try:
        fcntl.ioctl(listener, _SEND, bytearray(_ANSWER.pack(call, 0, -errno.EPERM, 0)))
    except OSError:
        return ""
    return seccomp.name_of(number)
