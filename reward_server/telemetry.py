"""Metrics and logs. Labels are kinds and outcomes only: no completion, task or identifier ever becomes a label.

Verdicts are tallied in plain dictionaries and turned into Prometheus metrics when somebody asks: a fast verdict costs
tens of microseconds, and the client library's counters would be a fifth of that.
"""

import logging
import sys
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import accumulate
from typing import Literal

import structlog
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from reward_server.grading.scoring import Graded
from reward_server.stalls import StallWatcher

_SECONDS = (0.00005, 0.0002, 0.001, 0.005, 0.02, 0.1, 0.5, 2.0, 10.0, 60.0, 300.0)


class Metrics(Collector):
    """The service's own metrics, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._verdicts: defaultdict[tuple[str, str, bool], int] = defaultdict(int)
        self._nulls: defaultdict[tuple[str, str, str], int] = defaultdict(int)
        self._buckets: defaultdict[str, list[int]] = defaultdict(lambda: [0] * (len(_SECONDS) + 1))
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._gauges: dict[str, tuple[str, Callable[[], float]]] = {}
        self._counters: dict[str, tuple[str, str, Callable[[], Mapping[str, float]]]] = {}
        self.requests: Counter[tuple[str, str]] = Counter()
        """Requests by route and status, counted by who answers them."""
        self.stalls = StallWatcher()
        """How late the event loop wakes; started by whoever has one."""
        self.registry.register(self)

    def observe(self, graded: Graded) -> None:
        """Count one verdict."""
        self._verdicts[graded.grader, graded.verdict.outcome, graded.cached] += 1
        if graded.verdict.score is None:
            cause = str(graded.verdict.evidence.get("method", "none"))
            self._nulls[graded.grader, graded.verdict.outcome, cause] += 1
        self._buckets[graded.grader][bisect_left(_SECONDS, graded.elapsed_seconds)] += 1
        self._seconds[graded.grader] += graded.elapsed_seconds

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
        seconds = HistogramMetricFamily("reward_grading_seconds", "Wall time of one item", labels=["grader"])
        edges = [*map(str, _SECONDS), "+Inf"]
        for grader, buckets in self._buckets.items():
            cumulative = list(zip(edges, map(float, accumulate(buckets)), strict=True))
            seconds.add_metric([grader], cumulative, self._seconds[grader])
        yield seconds
        lag = HistogramMetricFamily("reward_event_loop_lag_seconds", "How late the event loop wakes")
        lag.add_metric([], *self.stalls.histogram())
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


def configure_logging(log_format: Literal["console", "json"]) -> None:
    """Log one line an event to stderr, for people or for machines."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    before: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    # What libraries and the sandboxes log by the standard library comes out in the same form.
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer]
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    structlog.configure(
        processors=[*before, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
