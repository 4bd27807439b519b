"""What one client has seen of its service: counts, and latency over the last requests."""

import threading
from collections import Counter, deque
from dataclasses import dataclass, field

from reward_server.verdict import Outcome
from reward_server.wire import ItemVerdict

_KEPT_LATENCIES = 4096


@dataclass(frozen=True, slots=True)
class ClientStatistics:
    """A snapshot; latencies are of answered requests, in seconds, retries and waiting not included."""

    requests: int
    retries: int
    items: int
    cached: int
    ungradable: int
    """Verdicts delivered as `ungradable`, after all retries."""
    latency_p50_seconds: float | None
    latency_p95_seconds: float | None

    @property
    def cached_share(self) -> float:
        """Part of the items that the service had graded before, in [0, 1]."""
        return self.cached / self.items if self.items else 0.0


@dataclass
class Counters:
    """Counts from any thread and loop."""

    _counts: Counter[str] = field(default_factory=Counter)
    _latencies: deque[float] = field(default_factory=lambda: deque(maxlen=_KEPT_LATENCIES))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answered(self, seconds: float) -> None:
        """Count one answered request."""
        with self._lock:
            self._counts["requests"] += 1
            self._latencies.append(seconds)

    def retried(self) -> None:
        """Count one more try, after a failure or for an ungradable item."""
        with self._lock:
            self._counts["retries"] += 1

    def delivered(self, verdict: ItemVerdict) -> None:
        """Count one verdict handed to the trainer."""
        with self._lock:
            self._counts["items"] += 1
            self._counts["cached"] += verdict.cached
            self._counts["ungradable"] += verdict.outcome is Outcome.UNGRADABLE

    def snapshot(self) -> ClientStatistics:
        """Return the counts so far."""
        with self._lock:
            ordered = sorted(self._latencies)
            names = ("requests", "retries", "items", "cached", "ungradable")
            counts = {name: self._counts[name] for name in names}
        return ClientStatistics(
            **counts, latency_p50_seconds=_quantile(ordered, 0.5), latency_p95_seconds=_quantile(ordered, 0.95)
        )


def _quantile(ordered: list[float], share: float) -> float | None:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None
