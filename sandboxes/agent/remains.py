"""What a run could leave in a warden's place by calls that the agent does not hear of: looked at from outside.

The warden sends descriptors of the places before its first run, when nothing of the submission has run yet; the agent
compares what they say after each run with what they said then. Directories are root's. The source is the program's
own: its attributes too are looked at. Sockets that only hold each other keep what they carry.
"""

import contextlib
import os
import socket
from typing import NamedTuple

from sandboxes.agent.jail import SCRATCH_PARTS
from sandboxes.agent.system import sockets

MOST_DESCRIPTORS = len(SCRATCH_PARTS) + 2
_LISTED = b"+"
"""Behind the word, where the list of sockets is among the descriptors."""
_WORD_BYTES = 16
State = tuple[object, ...]


class Places(NamedTuple):
    """Descriptors of where a run may write."""

    open: tuple[int, ...]
    """The scratch's parts, then the source if there is one."""
    listing: int
    """The list of unix sockets; -1 without one."""

    def state(self) -> State:
        """What they say now."""
        room = os.fstatvfs(self.open[0])
        seen = [
            (one.st_mode, one.st_nlink, one.st_size, one.st_atime_ns, one.st_mtime_ns, one.st_ctime_ns)
            for one in map(os.fstat, self.open)
        ]
        return room.f_bfree, room.f_ffree, seen, os.listxattr(self.open[-1]), sockets.seen(self.listing)

    def close(self) -> None:
        """Let go of them."""
        for descriptor in (*self.open, *([self.listing] if self.listing >= 0 else [])):
            os.close(descriptor)


def send(channel: socket.socket, word: bytes, scratch: str, files: list[str]) -> None:
    """In a warden: say the word, and give the places with it; it keeps none of them."""
    opened = [os.open(f"{scratch}/{part}", os.O_RDONLY | os.O_CLOEXEC) for part in SCRATCH_PARTS]
    opened += [os.open(file, os.O_RDONLY | os.O_CLOEXEC) for file in files]
    listing = sockets.listing()
    given = [*([] if listing < 0 else [listing]), *opened]
    socket.send_fds(channel, [word + (b"" if listing < 0 else _LISTED)], given)
    for descriptor in given:
        os.close(descriptor)


def receive(channel: socket.socket, word: bytes) -> Places | None:
    """In the agent: the places, if that is what was said."""
    said, descriptors = b"", list[int]()
    with contextlib.suppress(OSError):
        said, descriptors, _, _ = socket.recv_fds(channel, _WORD_BYTES, MOST_DESCRIPTORS, socket.MSG_CMSG_CLOEXEC)
    listed = said.endswith(_LISTED)
    if said.removesuffix(_LISTED) == word and len(descriptors) >= len(SCRATCH_PARTS) + listed:
        return Places(tuple(descriptors[listed:]), descriptors[0] if listed else -1)
    for descriptor in descriptors:
        os.close(descriptor)
    return None
