"""The only place where parts meet: settings → cache, sandboxes, workers → scoring; started and stopped together."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog

from reward_server import graders
from reward_server.audit import AuditLog
from reward_server.cache import Cache
from reward_server.cache.embedded import EmbeddedCache
from reward_server.cache.lenient import LenientCache
from reward_server.cache.redis import RedisCache
from reward_server.cache.verdicts import VerdictCache
from reward_server.graders import Completion, Resources
from reward_server.grading.admission import Admission
from reward_server.grading.sandboxing import make_pool
from reward_server.grading.scoring import Job, Scoring
from reward_server.grading.workers import WorkerPool
from reward_server.settings import Settings
from reward_server.telemetry import Metrics
from reward_server.verdict import Outcome
from sandboxes.pool import SandboxPool

_SECONDS_A_DAY = 86_400.0
_log = structlog.get_logger()


@dataclass
class Service:
    """A running service; `describe` and `self_test` are what `/readyz` and `doctor` show."""

    settings: Settings
    scoring: Scoring
    cache: LenientCache
    sandboxes: SandboxPool | None
    metrics: Metrics
    audit: AuditLog | None = None
    failed_examples: dict[str, list[str]] = field(default_factory=dict)
    tested: bool = False

    async def self_test(self) -> None:
        """Grade every grader's examples; what comes out otherwise is kept in `failed_examples` by kind."""
        failed: dict[str, list[str]] = {}
        for kind, grader in graders.discover().items():
            jobs = [Job(grader.task.model_validate(e.task), Completion(e.completion)) for e in grader.examples]
            for example, graded in zip(grader.examples, await self.scoring.score(jobs), strict=True):
                verdict = graded.verdict
                unavailable = verdict.outcome is Outcome.UNGRADABLE and grader.needs_sandbox and self.sandboxes is None
                if verdict.outcome is not example.outcome and not unavailable:
                    told = f"expected {example.outcome}, got {verdict.outcome}: {verdict.evidence}"
                    failed.setdefault(kind, []).append(f"{example.completion[:80]!r}: {told}"[:600])
        self.failed_examples = failed
        self.tested = True
        if failed:
            _log.error("self_test_failed", failed=failed)

    def describe(self) -> dict[str, Any]:
        """Return the state of every part, as JSON."""
        return {
            "ready": self.tested and not self.failed_examples,
            "graders": {
                kind: {"version": grader.version, "failed_examples": self.failed_examples.get(kind, [])}
                for kind, grader in graders.discover().items()
            },
            "sandbox": {
                "launcher": self.settings.sandbox,
                **({} if self.sandboxes is None else self.sandboxes.describe()),
            },
            "cache": {
                "backend": "redis" if self.settings.redis_url else "embedded",
                "reachable": self.cache.healthy,
                "failures": self.cache.failures,
            },
            "queued_cpu_seconds": round(self.scoring.admission.queued_cpu_seconds, 3),
        }


@asynccontextmanager
async def open_service(settings: Settings) -> AsyncIterator[Service]:
    """Start everything the settings ask for, and stop it at the end.

    Raises:
        sandboxes.pool.WeakIsolationError: this machine isolates too little and the settings do not allow that.
        sandboxes.sandbox.SandboxError: the sandboxes could not be started.
    """
    metrics = Metrics()
    async with AsyncExitStack() as stack:
        await metrics.stalls.start()
        stack.push_async_callback(metrics.stalls.close)
        sandboxes = make_pool(settings)
        if sandboxes is not None:
            stack.push_async_callback(sandboxes.close)
            await sandboxes.start()
        workers = WorkerPool(slots=settings.math_workers or settings.cores)
        stack.push_async_callback(workers.close)
        cache = LenientCache(_backend(settings))
        slots = settings.sandbox_slots or settings.cores
        scoring = Scoring(
            graders.discover(),
            VerdictCache(cache),
            Resources(sandboxes=sandboxes, workers=workers, minimum_trust=settings.minimum_trust),
            Admission(slots=slots, queue_cpu_seconds=settings.queue_cpu_seconds),
            metrics.observe,
        )
        stack.push_async_callback(scoring.close)
        queued, failures = "Estimated CPU-seconds admitted", "Times the cache was out of reach"
        metrics.gauge("reward_queued_cpu_seconds", queued, lambda: scoring.admission.queued_cpu_seconds)
        worst = "The latest that the event loop has woken since the service started"
        metrics.gauge("reward_event_loop_worst_lag_seconds", worst, lambda: metrics.stalls.worst_seconds)
        metrics.gauge("reward_cache_failures", failures, lambda: cache.failures)
        audit = AuditLog(settings.audit_file) if settings.audit_file else None
        if audit is not None:
            stack.push_async_callback(audit.close)
        yield Service(settings, scoring, cache, sandboxes, metrics, audit)


def _backend(settings: Settings) -> Cache:
    ttl_seconds = settings.cache_ttl_days * _SECONDS_A_DAY
    if settings.redis_url:
        return RedisCache(settings.redis_url, ttl_seconds=ttl_seconds)
    path = settings.cache_file if isinstance(settings.cache_file, Path) else None
    return EmbeddedCache(path, ttl_seconds=ttl_seconds)
