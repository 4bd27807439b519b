"""Backpressure: the queue of slow work is bounded in estimated CPU-seconds, not in requests.

What a grader estimates is corrected by how wrong its estimates have lately been: programs that run into their limits
cost a hundred times what honest ones do, and a model that has begun to write such programs writes many.

A request is admitted whole or refused whole (429 with Retry-After), before any of its slow work starts. An empty queue
admits anything, however large, so that no request is refused for ever. What the tenant who asks has left is looked at
first (`quotas`).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from reward_server.errors import Overloaded
from reward_server.grading.quotas import Quotas

_SHORTEST_RETRY_SECONDS = 1.0
_LONGEST_RETRY_SECONDS = 60.0
_WEIGHT_OF_NEWEST = 0.02
_LEAST_FACTOR, _MOST_FACTOR = 0.1, 100.0


class Admission:
    """Counts the CPU-seconds admitted and not yet spent."""

    def __init__(self, *, slots: int, queue_cpu_seconds: float, quotas: Quotas | None = None) -> None:
        self._slots = max(1, slots)
        self._limit = queue_cpu_seconds
        self._estimated = 0.0
        self._spent_average = self._estimate_average = 1.0
        self.quotas = quotas or Quotas()

    @property
    def queued_cpu_seconds(self) -> float:
        """What the queue is expected to cost."""
        return self._estimated * self._factor

    @property
    def _factor(self) -> float:
        return min(max(self._spent_average / self._estimate_average, _LEAST_FACTOR), _MOST_FACTOR)

    def admit(self, estimate: float) -> None:
        """Take work into the queue that is estimated to cost so many CPU-seconds.

        Raises:
            Overloaded: the queue is full, or the tenant's share is used up; carries the seconds after which half of
                the queue will have drained, or the quota covers the work.
        """
        self.quotas.check_cpu(estimate, self._factor)
        queued = self.queued_cpu_seconds
        if queued and queued + estimate * self._factor > self._limit:
            wait = queued / self._slots / 2
            raise Overloaded(
                f"{queued:.0f} CPU-seconds of work are queued, the limit is {self._limit:.0f}"
                " (REWARD_QUEUE_CPU_SECONDS): send this again after what Retry-After says",
                min(max(wait, _SHORTEST_RETRY_SECONDS), _LONGEST_RETRY_SECONDS),
            )
        self._estimated = round(self._estimated + estimate, 9)
        self.quotas.begin(estimate)

    def learn(self, estimate: float, spent: float) -> None:
        """Compare an estimate with what the work cost, in CPU-seconds, and charge the tenant for it."""
        self._estimate_average += _WEIGHT_OF_NEWEST * (estimate - self._estimate_average)
        self._spent_average += _WEIGHT_OF_NEWEST * (spent - self._spent_average)
        self.quotas.charge_cpu(spent)

    @contextmanager
    def release(self, estimate: float) -> Iterator[None]:
        """Give the share of one job back when it ends, however it ends."""
        try:
            yield
        finally:
            self._estimated = max(0.0, round(self._estimated - estimate, 9))
            self.quotas.end(estimate)
