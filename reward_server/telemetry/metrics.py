"""Metrics. Labels are kinds, outcomes and stages only: no completion, task or identifier ever becomes a label.

Verdicts are tallied in plain dictionaries and turned into Prometheus metrics when somebody asks: a fast verdict costs
tens of microseconds, and the client library's counters would be a fifth of that. Self-tests and canaries are no
traffic: who calls `observe` and `note_stage` leaves them out (`service`).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
    SummaryMetricFamily,
)
from prometheus_client.registry import Collector

from reward_server.grading.landing import DEADLINE, Graded
from reward_server.telemetry.histogram import Histogram
from reward_server.telemetry.stalls import StallWatcher

_SECONDS = (0.00005, 0.0002, 0.001, 0.005, 0.02, 0.1, 0.5, 2.0, 10.0, 60.0, 300.0)


def _histogram() -> Histogram:
    return Histogram(_SECONDS)


class Metrics(Collector):
    """The service's own metrics, with those of its process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._verdicts: defaultdict[tuple[str, str, bool], int] = defaultdict(int)
        self._nulls: defaultdict[tuple[str, str, str], int] = defaultdict(int)
        self._parts: defaultdict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
        self._slow: Counter[str] = Counter()
        self._grading: defaultdict[str, Histogram] = defaultdict(_histogram)
        self.stages: defaultdict[str, Histogram] = defaultdict(_histogram)
        """How long each stage of the work took, by its name (`sandboxes.stages`)."""
        self._gauges: dict[str, tuple[str, Callable[[], float]]] = {}
        self._counters: dict[str, tuple[str, str, Callable[[], Mapping[str, float]]]] = {}
        self.requests: Counter[tuple[str, str]] = Counter()
        """Requests by route and status, counted by who answers them."""
        self.stalls = StallWatcher()
        """How late the event loop wakes; started by whoever has one."""
        self.registry.register(self)
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)

    def observe(self, graded: Graded, trace: str = "") -> None:
        """Count one verdict; `trace` is the one it was asked for in, if any."""
        self._verdicts[graded.grader, graded.verdict.outcome, graded.cached] += 1
        if graded.verdict.score is None:
            is_late = graded.verdict.evidence.get("reason") == DEADLINE
            cause = DEADLINE if is_late else str(graded.verdict.evidence.get("method", "none"))
            self._nulls[graded.grader, graded.verdict.outcome, cause] += 1
        if graded.source != "fast":
            self._slow[graded.source] += 1
        self._grading[graded.grader].note(graded.elapsed_seconds, trace)

    def note_parts(self, grader: str, parts: Mapping[str, float | None]) -> None:
        """Count the reward parts of one verdict; those without a value are `reward_nulls`."""
        for name, value in parts.items():
            if value is not None:
                summed = self._parts[grader, name]
                summed[0] += 1
                summed[1] += value

    def note_stage(self, stage: str, seconds: float, trace: str = "") -> None:
        """Count one stage of the work on an item, in a trace, if any."""
        self.stages[stage].note(seconds, trace)

    def gauge(self, name: str, documentation: str, read: Callable[[], float]) -> None:
        """Show `read()` under `name` whenever metrics are collected."""
        self._gauges[name] = (documentation, read)

    def counter(self, name: str, documentation: str, read: Callable[[], float]) -> None:
        """Show a figure that only grows under `name`, which gets `_total` behind it."""
        self.counters(name, documentation, "", lambda: {"": read()})

    def counters(self, name: str, documentation: str, label: str, read: Callable[[], Mapping[str, float]]) -> None:
        """Show figures that only grow, one for each value of a label."""
        self._counters[name] = (documentation, label, read)

    def collect(self) -> Iterable[Metric]:
        """Yield the metrics as they stand."""
        verdicts = CounterMetricFamily("reward_verdicts", "Verdicts given", labels=["grader", "outcome", "cached"])
        for (grader, outcome, cached), count in self._verdicts.items():
            verdicts.add_metric([grader, str(outcome), str(cached).lower()], count)
        yield verdicts
        nulls = CounterMetricFamily(
            "reward_nulls", "Verdicts without a score, by cause", labels=["grader", "outcome", "cause"]
        )
        for null, count in self._nulls.items():
            nulls.add_metric(list(map(str, null)), count)
        yield nulls
        parts = SummaryMetricFamily("reward_parts", "Reward parts before their weights", labels=["grader", "part"])
        for of_part, summed in self._parts.items():
            parts.add_metric(of_part, int(summed[0]), summed[1])
        yield parts
        slow = CounterMetricFamily(
            "reward_slow_verdicts", "Verdicts the fast tier did not give: cache hit, join, or work", labels=["source"]
        )
        for source in ("cache", "joined", "flight"):
            slow.add_metric([source], self._slow[source])
        yield slow
        yield _shown("reward_grading_seconds", "Wall time of one item", "grader", self._grading)
        yield _shown("reward_stage_seconds", "Wall time of one stage of grading", "stage", self.stages)
        lag = HistogramMetricFamily("reward_event_loop_lag_seconds", "How late the event loop wakes")
        lag.add_metric([], *self.stalls.lags.cumulative())
        yield lag
        requests = CounterMetricFamily("reward_requests", "Requests answered", labels=["route", "status"])
        for labels, number in self.requests.items():
            requests.add_metric(labels, number)
        yield requests
        for name, (documentation, read) in self._gauges.items():
            yield GaugeMetricFamily(name, documentation, read())
        for name, (documentation, label, counts) in self._counters.items():
            counter = CounterMetricFamily(name, documentation, labels=[label] if label else [])
            for value, figure in counts().items():
                counter.add_metric([value] if label else [], figure)
            yield counter


def _shown(name: str, documentation: str, label: str, durations: Mapping[str, Histogram]) -> Metric:
    shown = HistogramMetricFamily(name, documentation, labels=[label])
    for value, histogram in durations.items():
        shown.add_metric([value], *histogram.cumulative())
    return shown
