"""Durations counted in buckets: plain lists, since the client library's histograms cost a fifth of a fast verdict."""

import time
from bisect import bisect_left
from itertools import accumulate

from prometheus_client.samples import Exemplar

_Bucket = tuple[str, float] | tuple[str, float, Exemplar]


class Histogram:
    """Seconds, by upper edges that never change."""

    def __init__(self, edges: tuple[float, ...]) -> None:
        self.edges = edges
        self.buckets = [0] * (len(edges) + 1)
        self.total_seconds = 0.0
        self._traced: dict[int, tuple[str, float, float]] = {}
        """Of each bucket the last duration that belongs to a trace: the trace, the seconds, when."""

    def note(self, seconds: float, trace: str = "") -> None:
        """Count one duration, and keep the trace that it is from, if any."""
        place = bisect_left(self.edges, seconds)
        self.buckets[place] += 1
        self.total_seconds += seconds
        if trace:
            self._traced[place] = trace, seconds, time.time()

    def cumulative(self) -> tuple[list[_Bucket], float]:
        """Return counts up to each edge, as Prometheus has them with exemplars, and the sum of all durations."""
        counts = zip([*map(str, self.edges), "+Inf"], map(float, accumulate(self.buckets)), strict=True)
        return [self._shown(place, *count) for place, count in enumerate(counts)], self.total_seconds

    def _shown(self, place: int, edge: str, count: float) -> _Bucket:
        if (traced := self._traced.get(place)) is None:
            return edge, count
        trace, seconds, when = traced
        return edge, count, Exemplar({"trace_id": trace}, seconds, when)
