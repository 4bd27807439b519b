"""The next warden, forked before it is asked for: joining control groups of version 2 takes longer than all else.

It is forked by the zygote beside a warden that was asked for, joins, and waits to be told whose it is. It knows no more
than the zygote does.
"""

import os
import socket
from typing import NamedTuple

from sandboxes.agent import jail
from sandboxes.agent.configuration import RUN_DESCRIPTORS, Confinement, RunOrder, decode_run
from sandboxes.agent.system import kernel, namespaces, seccomp

MESSAGE_BYTES = 65536


class Ground(NamedTuple):
    """What all runs of this interpreter stand on."""

    jailed: Confinement
    slot: namespaces.Slot | None
    policy: seccomp.Policy
    rules: int | None
    channel: socket.socket
    """To the agent."""

    def fork(self, order: RunOrder) -> int:
        """As `os.fork`, into the place of what is ordered."""
        return self.fork_warden() if order.stands else os.fork()

    def fork_warden(self) -> int:
        """As `os.fork`, but the child is process 1 of a pid namespace of its own."""
        if self.slot is None:
            os._exit(3)
        return self.slot.fork_elsewhere()

    def leave(self) -> None:
        """In a child: let go of what no program may have."""
        self.channel.close()
        if self.slot is not None:
            self.slot.close()


class Appointment(NamedTuple):
    """What a warden is told."""

    order: RunOrder
    descriptors: list[int]


class Reserve(NamedTuple):
    """A process that will be the next warden."""

    pid: int
    channel: socket.socket

    def appoint(self, message: bytes, descriptors: list[int]) -> int:
        """Let it be the warden that is asked for: its pid, or 0 if it is gone."""
        with self.channel:
            try:
                socket.send_fds(self.channel, [message], descriptors)
            except OSError:
                os.waitpid(self.pid, 0)
                return 0
        return self.pid


def keep(ground: Ground, ours: socket.socket, its: socket.socket) -> Reserve | Appointment:
    """Fork the next warden, at a time when nothing of the one before is open here; in it, return when it is appointed.

    The pair of sockets that it is appointed over is the agent's: those that lie in the namespace of runs are counted.
    """
    child = ground.fork_warden()
    if child:
        its.close()
        return Reserve(child, ours)
    try:
        kernel.die_with_parent()
        ground.leave()
        ours.close()
        jail.join(ground.jailed)
        message, descriptors, flags, _ = socket.recv_fds(its, MESSAGE_BYTES, RUN_DESCRIPTORS)
        its.close()
        if message and not flags & socket.MSG_CTRUNC and len(descriptors) == RUN_DESCRIPTORS:
            return Appointment(decode_run(message), descriptors)
    except BaseException:  # noqa: BLE001 - the child must not return into the zygote's loop
        os._exit(jail.SETUP_FAILED)
    os._exit(0)
