"""Metrics and logs. Labels are kinds and outcomes only: no completion, task or identifier ever becomes a label."""

import logging
import sys
from typing import Literal

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from reward_server.scoring import Graded

_SECONDS = (0.00005, 0.0002, 0.001, 0.005, 0.02, 0.1, 0.5, 2.0, 10.0, 60.0, 300.0)


class Metrics:
    """The service's own Prometheus metrics, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.verdicts = Counter(
            "reward_verdicts", "Verdicts given", ["kind", "outcome", "cached"], registry=self.registry
        )
        self.seconds = Histogram(
            "reward_grading_seconds", "Wall time of one item", ["kind"], buckets=_SECONDS, registry=self.registry
        )
        self.requests = Counter("reward_requests", "Requests by status", ["path", "status"], registry=self.registry)
        self.queued = Gauge("reward_queued_cpu_seconds", "Estimated CPU-seconds admitted", registry=self.registry)
        self.cache_failures = Gauge("reward_cache_failures", "Times the cache was out of reach", registry=self.registry)
        self._children: dict[tuple[str, str, bool], Counter] = {}
        self._histograms: dict[str, Histogram] = {}

    def observe(self, graded: Graded) -> None:
        """Count one verdict."""
        kind = graded.grader.partition("/")[0]
        key = (kind, graded.verdict.outcome.value, graded.cached)
        child = self._children.get(key)
        if child is None:
            child = self._children[key] = self.verdicts.labels(kind, key[1], str(graded.cached).lower())
            self._histograms.setdefault(kind, self.seconds.labels(kind))
        child.inc()
        self._histograms[kind].observe(graded.elapsed_seconds)


def configure_logging(log_format: Literal["console", "json"]) -> None:
    """Log one line an event to stderr, for people or for machines."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
