"""One server makes way for the next at the same port, and no connection is refused or lost.

A server offers its listening sockets at an abstract unix socket that is named by user, host and port. Whoever is to
succeed takes them, starts, and says when it is ready; only then does the predecessor stop accepting and drain. The
sockets, and connections that wait in them, are the same ones throughout. Only processes of the same user are answered;
untrusted programs may name no unix socket (`sandboxes.agent.system.seccomp`). Linux only.
"""

import asyncio
import os
import socket
import struct
import sys
from collections.abc import Callable, Sequence

_READY = b"r"
_MOST = 253
"""Descriptors in one message, says the kernel."""
_PATIENCE_SECONDS = 300.0
"""For a successor to start."""


class NobodyServes(OSError):  # noqa: N818 - named after the state
    """There is no server to succeed at this address."""


def _name(address: str) -> str:
    return f"\0reward-server/{os.getuid()}/{address}"


def _is_ours(connection: socket.socket) -> bool:
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _, user, _ = struct.unpack("3i", credentials)
    return int(user) == os.getuid()


async def offer(address: str, listeners: Sequence[socket.socket], hand_over: Callable[[], None]) -> None:
    """Give the sockets to who asks for them, and call `hand_over` when it is ready; runs until then or cancelled."""
    if sys.platform != "linux":
        return
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        door.setblocking(False)
        while True:
            try:
                door.bind(_name(address))
                break
            except OSError:  # the predecessor still drains
                await asyncio.sleep(1.0)
        door.listen(1)
        while True:
            connection, _ = await loop.sock_accept(door)
            with connection:
                if not _is_ours(connection):
                    continue
                try:
                    socket.send_fds(connection, [b"s"], [each.fileno() for each in listeners[:_MOST]])
                    async with asyncio.timeout(_PATIENCE_SECONDS):
                        said = await loop.sock_recv(connection, 1)
                except OSError:  # it went away before it was ready; TimeoutError is one too
                    continue
                if said == _READY:
                    break
    hand_over()


class Succession:
    """The sockets of a predecessor, until it is told that they are served."""

    def __init__(self, address: str) -> None:
        """Take the sockets.

        Raises:
            NobodyServes: no server of this user offers them.
        """
        self._connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._connection.connect(_name(address))
            if not _is_ours(self._connection):
                raise PermissionError("another user's server")
            _, descriptors, _, _ = socket.recv_fds(self._connection, 1, _MOST)
        except OSError as error:
            self._connection.close()
            raise NobodyServes(f"no server of this user to take over from at {address}: {error}") from error
        self.listeners = [socket.socket(fileno=descriptor) for descriptor in descriptors]

    def is_ready(self) -> None:
        """Tell the predecessor that connections are accepted here."""
        with self._connection:
            self._connection.sendall(_READY)
