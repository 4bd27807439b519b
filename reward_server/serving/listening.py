"""Sockets to listen on: one, or one for each of several processes at the same port.

With several (`SO_REUSEPORT`) the kernel deals new connections out evenly; one socket that all processes accept from
would give a burst of them to whoever wakes first. They are made here, before the processes, and outlive each of them.
"""

import socket
from collections.abc import Sequence

_BACKLOG = 2048


def listen(host: str, port: int, count: int = 1) -> list[socket.socket]:
    """Return listening sockets, all at one port; port 0 picks a free one.

    Raises:
        OSError: somebody else listens there.
    """
    first = _bound(host, port, shared=False)
    if count == 1:
        first.listen(_BACKLOG)
        return [first]
    taken = first.getsockname()[1]  # nobody else's: now it may be shared
    first.close()
    listeners = [_bound(host, taken, shared=True) for _ in range(count)]
    for listener in listeners:
        listener.listen(_BACKLOG)
    return listeners


def share_of(listeners: Sequence[socket.socket], place: int, processes: int) -> list[socket.socket]:
    """Return which of the sockets the process at this place serves: each is served, and each process serves one."""
    return [*listeners[place::processes]] or [listeners[place % len(listeners)]]


def address_of(listener: socket.socket) -> str:
    """Return `host:port`."""
    return "{}:{}".format(*listener.getsockname()[:2])


def _bound(host: str, port: int, *, shared: bool) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener
