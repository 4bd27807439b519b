"""What runs inside of a worker's process: its limits, its timer, and the end that comes with the server's."""

import os
import resource
import select
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Generic, Literal, TypeVar

_LOOK_SECONDS = 2.0

A = TypeVar("A")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Ran(Generic[R]):
    """What one run came to: a value, or the limit it exceeded."""

    value: R | None
    exceeded: Literal["cpu", "memory"] | None
    cpu_seconds: float
    """CPU time used; NaN where the process was ended from outside."""


class _BudgetExceeded(BaseException):
    """Raised by the timer inside the running function; not an Exception, so that no library swallows it."""


def _on_timer(_signal: int, _frame: FrameType | None) -> None:
    raise _BudgetExceeded


def prepare(memory_bytes: int, server: int) -> None:
    """Set up a fresh worker: its memory limit and its timer; interrupts are the parent's business."""
    threading.Thread(target=_end_with, args=(server,), daemon=True).start()
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGPROF, _on_timer)


def _end_with(server: int) -> None:
    """End this process when the server does, however that ends: the fork server lives on as long as a worker does."""
    try:
        descriptor = os.pidfd_open(server)
    except (AttributeError, OSError):  # not Linux, a kernel without it, or the server is gone already
        while _is_alive(server):
            time.sleep(_LOOK_SECONDS)
    else:
        select.select([descriptor], [], [])
    os._exit(0)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's: it is there
        pass
    return True


def _timed(function: Callable[[A], R], argument: A, cpu_seconds: float) -> R:
    """Run with the timer armed; the handler's exception is caught one frame further out, where it cannot slip by."""
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
    try:
        return function(argument)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def limited(function: Callable[[A], R], argument: A, cpu_seconds: float) -> Ran[R]:
    """Run one piece of work, under its CPU budget."""
    before = time.process_time()
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(before + 2 * cpu_seconds) + 1, hard))
    try:
        try:
            value = _timed(function, argument, cpu_seconds)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        return Ran(value, None, time.process_time() - before)
    except _BudgetExceeded:
        return Ran(None, "cpu", time.process_time() - before)
    except MemoryError:
        return Ran(None, "memory", time.process_time() - before)
