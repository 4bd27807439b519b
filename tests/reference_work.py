"""A measure of processor time that a slow machine does not change: what work costs beside work of known size."""

import time
from collections.abc import Callable


def in_references(work: Callable[[], object], most: float) -> float:
    """Return a thread's processor time for some work, in units of what summing a million integers takes it there.

    The least of three runs, of which no further one is made once the work took less than `most`.
    """
    return min(_until(work, most), default=0.0)


def _until(work: Callable[[], object], most: float) -> list[float]:
    taken: list[float] = []
    while len(taken) < 3 and (not taken or min(taken) >= most):
        unit = min(_seconds(lambda: sum(range(1_000_000))) for _ in range(3))
        taken.append(_seconds(work) / unit)
    return taken


def _seconds(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return time.thread_time() - began
