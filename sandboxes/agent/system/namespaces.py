"""The namespaces of a slot at level 3: a zygote's own, and those of pids, in which runs live and are proved dead."""

import os
import signal
import socket
import struct
from types import FrameType
from typing import NamedTuple, NoReturn

from sandboxes.agent.system import kernel, sockets, sweep

_LEFT = struct.Struct("=dI")
_SOCKETS_SECONDS = 30.0
"""Far more than the kernel takes to find sockets that only hold each other."""


class Slot(NamedTuple):
    """What a zygote keeps of the namespaces of its slot."""

    init: socket.socket
    """To the process that empties the pid namespace of runs."""
    own: int
    """This process's own pid namespace."""
    runs: int
    """The one in which runs live."""

    def empty(self) -> tuple[float, int]:
        """Kill what a run left in the namespace of runs: the CPU seconds of that, and how many had to be killed."""
        self.init.send(b"k")
        answer = self.init.recv(_LEFT.size)
        if len(answer) != _LEFT.size:
            os._exit(5)
        seconds, killed = _LEFT.unpack(answer)
        return seconds, killed

    def fork_elsewhere(self) -> int:
        """As `os.fork`, but the child is process 1 of a pid namespace of its own."""
        kernel.setns(self.own, kernel.CLONE_NEWPID)
        kernel.unshare(kernel.CLONE_NEWPID)
        child = os.fork()
        if child:
            kernel.setns(self.runs, kernel.CLONE_NEWPID)
        return child

    def close(self) -> None:
        """In a child: let go of what no program may have."""
        self.init.close()
        os.close(self.own)
        os.close(self.runs)


def enter(root: str) -> Slot:
    """Own mounts, network, host name; a pid namespace for the children, whose init this starts."""
    namespaces = os.open("/proc/self/ns", os.O_RDONLY | os.O_DIRECTORY)
    kernel.unshare(kernel.CLONE_NEWNS | kernel.CLONE_NEWNET | kernel.CLONE_NEWUTS | kernel.CLONE_NEWIPC)
    socket.sethostname("sandbox")
    kernel.pivot_root(root)
    kernel.unshare(kernel.CLONE_NEWPID)
    ours, its = socket.socketpair()
    if os.fork() == 0:
        ours.close()
        os.close(namespaces)
        _be_init(its)
    its.close()
    if ours.recv(1) != b"r":
        os._exit(4)
    own, runs = (os.open(name, os.O_RDONLY, dir_fd=namespaces) for name in ("pid", "pid_for_children"))
    os.close(namespaces)
    return Slot(ours, own, runs)


def _be_init(channel: socket.socket) -> NoReturn:
    """Process 1 of the slot's pid namespace: reap orphans as they die; on request kill everything and report."""
    kernel.die_with_parent()
    kernel.mount_processes()
    cpu = 0.0

    def reap(_number: int, _frame: FrameType | None) -> None:
        nonlocal cpu
        cpu += sweep.reap_all()[0]

    signal.signal(signal.SIGCHLD, reap)
    listing = sockets.listing()
    few = sockets.count(listing)
    channel.send(b"r")
    while channel.recv(1):
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
        seconds, killed = sweep.kill_all_others()
        if not sockets.await_few(listing, few, _SOCKETS_SECONDS):
            os._exit(6)
        _restart_pids()  # before the answer, behind which the next run may be forked at once
        channel.send(_LEFT.pack(cpu + seconds, killed))
        cpu = 0.0
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
    os._exit(0)


def _restart_pids() -> None:
    try:
        descriptor = os.open("/proc/sys/kernel/ns_last_pid", os.O_WRONLY)
        os.write(descriptor, b"1")
        os.close(descriptor)
    except OSError:
        return
