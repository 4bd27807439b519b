"""The agent's side of a warden (`warden.py`): let one stand for a submission's runs, give it runs, notice its death."""

import contextlib
import os
import select
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass

from sandboxes.agent import meters, notices, remains, warden
from sandboxes.agent.configuration import RunOrder
from sandboxes.agent.system import descriptors
from sandboxes.agent.zygotes import Report, Zygote

_READY_SECONDS = 60.0
"""On a machine overloaded ten-fold."""
_MOST_SECONDS, _LOOK_SECONDS = 0.25, 0.05
"""CPU time that a warden may take until it is ready, and how often that is looked at."""


class WardenError(Exception):
    """A warden is gone or out of step: the run it had is to be made anew, elsewhere."""


@dataclass(slots=True)
class Warden:
    """A warden, and what it stands for."""

    zygote: Zygote
    pid: int
    process: int
    """A descriptor of the process: its pid might be another's by now."""
    channel: socket.socket
    listener: int
    places: remains.Places | None
    untouched: remains.State
    """What the places said before the first run."""
    serves: RunOrder | None = None
    """What its runs are to be."""
    runs: int = 0
    counters: meters.Counters | None = None
    """What the group's counters said when its last run had ended, if it had one and left nothing."""

    @property
    def is_untouched(self) -> bool:
        """Whether all is as it was before the first run. To be asked while none is under way."""
        return self.places is not None and self.places.state() == self.untouched

    def give(self, handles: descriptors.Handles) -> None:
        """Give what the next run needs; it may be under way with the one before.

        Raises:
            WardenError: it is gone.
        """
        asked = warden.SCRIPT_ASKED if len(handles.inside) == warden.FEWEST else warden.VALUE_ASKED
        try:
            socket.send_fds(self.channel, [asked], handles.inside)
        except OSError as error:
            raise WardenError(str(error)) from error

    def begin(self) -> None:
        """Let the run begin that was given what it needs.

        Raises:
            WardenError: it is gone.
        """
        self.runs += 1
        try:
            self.channel.send(warden.BEGIN)
        except OSError as error:
            raise WardenError(str(error)) from error

    def report(self) -> Report:
        """The end of the run, once the channel is readable; what it left is dead by then, and its warden too.

        Raises:
            WardenError: there is none to be had.
        """
        try:
            answer = self.channel.recv(warden.FINISHED.size)
        except OSError as error:
            raise WardenError(str(error)) from error
        if len(answer) != warden.FINISHED.size:
            raise WardenError("it died during a run")
        said = Report(*warden.FINISHED.unpack(answer))
        if said.killed:
            self.destroy()
        return said

    def destroy(self) -> None:
        """Kill the warden; return when its namespace is empty: the kernel ends an init only then."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.process, signal.SIGKILL)
        select.select([self.process], [], [])

    def kill(self) -> None:
        """End the run: the process that the warden forked, and nothing else that took its number."""
        try:
            first = _first_child(self.pid)
            with contextlib.suppress(ProcessLookupError):
                victim = os.pidfd_open(first)
                if _first_child(self.pid) == first:
                    signal.pidfd_send_signal(victim, signal.SIGKILL)
                os.close(victim)
        except (OSError, ValueError, IndexError):
            return  # it has just ended


def _first_child(pid: int) -> int:
    """The eldest: what a warden has adopted comes later."""
    with open(f"/proc/{pid}/task/{pid}/children", "rb") as file:
        return int(file.read().split()[0])


def stand(zygote: Zygote, order: RunOrder, source: int, uid: int | None, spent: Callable[[], float]) -> Warden | None:
    """Start a warden for the submission; None where it cannot have one. `spent` is the CPU time of runs so far.

    Raises:
        ZygoteError: the zygote failed.
    """
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    nexts = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with descriptors.for_run(uid, b"", b"") as ends, its, nexts[0], nexts[1]:
        stdin, stdout, stderr, record, _ = ends.inside
        given = [stdin, stdout, stderr, record, its.fileno(), source, *(side.fileno() for side in nexts)]
        pid = zygote.begin(order, given)
        for side in nexts:
            side.close()
        ends.close_inside.close()
        its.close()
        try:
            process = os.pidfd_open(pid)
        except ProcessLookupError:  # it is gone and reaped: we were late
            ours.close()
            zygote.hear_of_reserve()
            zygote.report()
            return None
        places = remains.receive(ours, warden.READY) if _has_said_something(ours, spent) else None
        zygote.hear_of_reserve()
        listener = notices.receive_listener(ends.record)[1] if places is not None else None
        state = () if places is None else places.state()
        standing = Warden(zygote, pid, process, ours, -1 if listener is None else listener, places, state)
        if listener is None:
            end(standing)
            return None
        return standing


def _has_said_something(channel: socket.socket, spent: Callable[[], float]) -> bool:
    """Whether a warden speaks; it does not if it takes more than a moment to compile, which is nobody's time."""
    most, started = spent() + _MOST_SECONDS, time.monotonic()
    while spent() < most and time.monotonic() - started < _READY_SECONDS:
        if select.select([channel], [], [], _LOOK_SECONDS)[0]:
            return True
    return False


def end(standing: Warden) -> None:
    """Kill it and all in its namespace; return when nothing of them is left.

    Raises:
        ZygoteError: the zygote failed.
    """
    standing.channel.close()
    standing.destroy()
    os.close(standing.process)
    if standing.listener >= 0:
        os.close(standing.listener)
    if standing.places is not None:
        standing.places.close()
    standing.zygote.report()
