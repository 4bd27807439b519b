"""Backpressure: the queue of slow work is bounded in estimated CPU-seconds, not in requests.

A request is admitted whole or refused whole (429 with Retry-After), before any of its slow work starts. An empty queue
admits anything, however large, so that no request is refused for ever.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from reward_server.errors import Overloaded

_SHORTEST_RETRY_SECONDS = 1.0
_LONGEST_RETRY_SECONDS = 60.0


class Admission:
    """Counts the CPU-seconds admitted and not yet spent."""

    def __init__(self, *, slots: int, queue_cpu_seconds: float) -> None:
        self._slots = max(1, slots)
        self._limit = queue_cpu_seconds
        self.queued_cpu_seconds = 0.0

    def admit(self, cpu_seconds: float) -> None:
        """Take `cpu_seconds` into the queue.

        Raises:
            Overloaded: the queue is full; carries the seconds after which half of it will have drained.
        """
        if self.queued_cpu_seconds and self.queued_cpu_seconds + cpu_seconds > self._limit:
            wait = self.queued_cpu_seconds / self._slots / 2
            raise Overloaded(
                f"{self.queued_cpu_seconds:.0f} CPU-seconds of work are queued, the limit is {self._limit:.0f}",
                min(max(wait, _SHORTEST_RETRY_SECONDS), _LONGEST_RETRY_SECONDS),
            )
        self.queued_cpu_seconds += cpu_seconds

    @contextmanager
    def release(self, cpu_seconds: float) -> Iterator[None]:
        """Give the share of one job back when it ends, however it ends."""
        try:
            yield
        finally:
            self.queued_cpu_seconds = max(0.0, self.queued_cpu_seconds - cpu_seconds)
