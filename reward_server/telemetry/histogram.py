"""Durations counted in buckets: plain lists, since the client library's histograms cost a fifth of a fast verdict."""

from bisect import bisect_left
from itertools import accumulate


class Histogram:
    """Seconds, by upper edges that never change."""

    def __init__(self, edges: tuple[float, ...]) -> None:
        self.edges = edges
        self.buckets = [0] * (len(edges) + 1)
        self.total_seconds = 0.0

    def note(self, seconds: float) -> None:
        """Count one duration."""
        self.buckets[bisect_left(self.edges, seconds)] += 1
        self.total_seconds += seconds

    def cumulative(self) -> tuple[list[tuple[str, float]], float]:
        """Return counts up to each edge, as Prometheus has them, and the sum of all durations."""
        edges = [*map(str, self.edges), "+Inf"]
        return list(zip(edges, map(float, accumulate(self.buckets)), strict=True)), self.total_seconds
