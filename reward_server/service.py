"""The only place where parts meet: settings → cache, sandboxes, workers → scoring; started and stopped together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from reward_server import graders
from reward_server.audit import AuditLog
from reward_server.cache import Cache
from reward_server.cache.embedded import EmbeddedCache
from reward_server.cache.lenient import LenientCache
from reward_server.cache.verdicts import VerdictCache
from reward_server.executors import Executor
from reward_server.executors.local import LocalExecutor
from reward_server.graders import Completion, Grader, Resources
from reward_server.grading.admission import Admission
from reward_server.grading.programs import Asked, run_program
from reward_server.grading.sandboxing import make_pool
from reward_server.grading.scoring import Job, Scoring
from reward_server.grading.workers import WorkerPool
from reward_server.proofs.kimina import LeanServer
from reward_server.settings import OF_SANDBOXES, Settings
from reward_server.telemetry.capacity import show_executor, show_service, show_slots, show_workers
from reward_server.telemetry.metrics import Metrics
from reward_server.telemetry.tracing import start_tracing
from reward_server.telemetry.traffic import Traffic, no_traffic
from reward_server.verdict import Outcome
from sandboxes.execution import Execution
from sandboxes.pool import SandboxPool, WeakIsolationError
from sandboxes.stages import watched

if TYPE_CHECKING:  # what speaks to Redis takes a tenth of a second to import, and is imported where it is asked for
    from reward_server.executors.ray import RayNodes
    from reward_server.executors.streams import Streams

_SECONDS_A_DAY = 86_400.0
_AGAIN_SECONDS = 1.0
"""Between self-tests, while no sandbox serves."""
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
    lacking: str = ""
    """Why there are no sandboxes."""
    failed_examples: dict[str, list[str]] = field(default_factory=dict)
    tested: set[str] = field(default_factory=set)
    """Kinds whose examples were graded, rightly or not: where no sandbox serves, those that need one cannot be."""

    async def self_test(self) -> None:
        """Grade every grader's examples, those that need a sandbox as soon as one serves."""
        try:
            await self._test_all()
        except Exception:
            _log.exception("self_test_died")  # nobody awaits it before the server ends, and it would never be ready
            raise

    async def _test_all(self) -> None:
        here = {kind for kind, grader in graders.discover().items() if not grader.lacking(self.scoring.resources)}
        while True:
            with no_traffic():
                await self._test(sorted(here - self.tested))
            if here <= self.tested or (self.sandboxes is None and self.settings.executor == "local"):
                return
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _test(self, kinds: list[str]) -> None:
        """Grade examples of all kinds at once: the inline ones need not wait for those that start a process."""
        await asyncio.gather(*map(self._test_kind, kinds))

    async def _test_kind(self, kind: str) -> None:
        """Grade the examples of a kind; what comes out otherwise is kept in `failed_examples`."""
        grader, gradable, failed = graders.discover()[kind], True, []
        jobs = await asyncio.to_thread(_read_examples, grader)
        for example, graded in zip(grader.examples, await self.scoring.score(jobs), strict=True):
            verdict = graded.verdict
            if verdict.outcome is Outcome.UNGRADABLE and grader.needs_sandbox:
                gradable = False
            elif verdict.outcome is not example.outcome:
                told = f"expected {example.outcome}, got {verdict.outcome}: {verdict.evidence}"
                failed.append(f"{example.completion[:80]!r}: {told}"[:600])
        if failed:
            self.failed_examples[kind] = failed
            _log.error("self_test_failed", kind=kind, failed=failed)
        if gradable or failed:
            self.tested.add(kind)

    async def run(self, asked: Asked) -> Execution:
        """Run a program as it is, without a verdict; raises as `programs.run_program`."""
        with watched(self.scoring.watcher):
            return await run_program(asked, self.scoring.resources, self.scoring.admission)

    def language_versions(self) -> dict[str, str]:
        """Return the languages that programs may be in here, with the version as far as it is known."""
        if self.sandboxes is None:
            return {}
        families = self.sandboxes.describe()["families"].values()
        return {name: about["version"] for family in families for name, about in family["languages"].items()}

    def about_programs(self) -> dict[str, Any]:
        """Return what can be run here, as JSON, for servers that leave programs to this process."""
        assert self.sandboxes is not None, "who works has sandboxes"
        return {
            "slots": self.settings.sandbox_slots or self.settings.cores,
            "isolation_level": self.sandboxes.describe()["isolation_level"],
            "languages": self.language_versions(),
        }

    def unready(self, kind: str) -> str:
        """Return why items of this kind cannot be graded now, empty if they can."""
        if kind in self.failed_examples:
            return "its self-test failed"
        grader = graders.discover()[kind]
        if lacking := grader.lacking(self.scoring.resources):
            return lacking
        if not grader.needs_sandbox:
            return "" if kind in self.tested else "its self-test has not ended"
        return self._unready_sandboxes() or ("" if kind in self.tested else "its self-test has not ended")

    def _unready_sandboxes(self) -> str:
        if self.settings.executor != "local":
            return self.scoring.executor.lacking()
        if self.sandboxes is None:
            return self.lacking or "this server has no sandboxes"
        if self.sandboxes.live == 0:
            return "no sandbox slot lives"
        alarm = self.sandboxes.alarm
        return f"a sandbox gave a wrong verdict on a known program: {alarm}" if alarm else ""

    def describe(self) -> dict[str, Any]:
        """Return the state of every part, as JSON. Ready is who can grade all that needs no sandbox and no extra."""
        known = graders.discover()
        lacks = {kind: self.unready(kind) for kind in known}
        alone = [
            kind
            for kind, grader in known.items()
            if not (grader.needs_sandbox or grader.lacking(self.scoring.resources))
        ]
        return {
            "ready": not self.failed_examples and not any(lacks[kind] for kind in alone),
            "graders": {
                kind: {
                    "version": grader.version,
                    "ready": not lacks[kind],
                    "reason": lacks[kind],
                    "failed_examples": self.failed_examples.get(kind, []),
                }
                for kind, grader in known.items()
            },
            "sandbox": {
                "launcher": self.settings.sandbox,
                **({} if self.sandboxes is None else self.sandboxes.describe()),
            },
            "executor": dict(self.scoring.executor.describe()),
            "cache": {
                "backend": "redis" if self.settings.redis_url else "embedded",
                "reachable": self.cache.healthy,
                "failures": self.cache.failures,
            },
            "queued_cpu_seconds": round(self.scoring.admission.queued_cpu_seconds, 3),
        }


def _read_examples(grader: Grader[Any, Any]) -> list[Job]:
    """Return a grader's examples, each read once: what is loaded at first use would keep the event loop for 40 ms."""
    jobs = [Job(grader.task.model_validate(each.task), Completion(each.completion)) for each in grader.examples]
    for job in jobs:
        with suppress(Exception):  # it is read again where errors count
            grader.read(grader.compile(job.task), job.completion)
    return jobs


@asynccontextmanager
async def open_service(settings: Settings) -> AsyncIterator[Service]:
    """Start everything the settings ask for, and stop it at the end.

    Raises:
        sandboxes.sandbox.SandboxError: the sandboxes could not be started.
    """
    metrics = Metrics()
    traffic = Traffic(metrics)
    async with AsyncExitStack() as stack:
        stack.callback(start_tracing())
        await metrics.stalls.start()
        stack.push_async_callback(metrics.stalls.close)
        sandboxes, lacking = await _start_sandboxes(settings, stack)
        workers = WorkerPool(slots=settings.math_workers or settings.cores)
        stack.push_async_callback(workers.close)
        cache = LenientCache(_backend(settings))
        slots = settings.sandbox_slots or settings.cores
        resources = Resources(sandboxes, lacking, workers, await _lean(settings, stack), settings.minimum_trust)
        scoring = Scoring(
            graders.discover(),
            VerdictCache(cache),
            resources,
            Admission(slots=slots, queue_cpu_seconds=settings.queue_cpu_seconds),
            observe=traffic.graded,
            watcher=traffic.stage,
            executor=await _executor(settings, resources, stack),
        )
        stack.push_async_callback(scoring.close)
        show_service(metrics, scoring.admission, cache)
        show_workers(metrics, workers)
        if settings.executor != "local":
            show_executor(metrics, scoring.executor)
        if sandboxes is not None:
            show_slots(metrics, sandboxes)
        audit = AuditLog(settings.audit_file) if settings.audit_file else None
        if audit is not None:
            stack.push_async_callback(audit.close)
        yield Service(settings, scoring, cache, sandboxes, metrics, audit, lacking)


async def _executor(settings: Settings, resources: Resources, stack: AsyncExitStack) -> Executor:
    local = LocalExecutor(resources)
    if settings.executor == "local":
        return local
    from reward_server.executors.elsewhere import ProgramsElsewhere  # noqa: PLC0415 - what speaks to Redis

    elsewhere = _nodes(settings) if settings.executor == "ray" else _streams(settings)
    await elsewhere.start()
    stack.push_async_callback(elsewhere.close)
    return ProgramsElsewhere(local, elsewhere)


def _streams(settings: Settings) -> "Streams":
    from reward_server.executors.streams import Streams  # noqa: PLC0415

    assert settings.orders_url is not None, "the settings refuse this"
    return Streams(settings.orders_url, lease_seconds=settings.lease_seconds, minimum_trust=settings.minimum_trust)


def _nodes(settings: Settings) -> "RayNodes":
    from reward_server.executors.ray import RayNodes  # noqa: PLC0415

    return RayNodes(
        settings.ray_address,
        chosen=settings.model_dump(include=OF_SANDBOXES),
        resource=settings.ray_resource,
        patience_seconds=settings.lease_seconds,
    )


async def _lean(settings: Settings, stack: AsyncExitStack) -> LeanServer | None:
    if settings.lean_server is None:
        return None
    server = LeanServer(settings.lean_server, settings.lean_token.get_secret_value() if settings.lean_token else None)
    stack.push_async_callback(server.close)
    return server


async def _start_sandboxes(settings: Settings, stack: AsyncExitStack) -> tuple[SandboxPool | None, str]:
    """Start the pool; where this machine isolates too little, serve without one and say what to do about it."""
    if settings.executor != "local":
        return None, "this server leaves programs to its workers (REWARD_EXECUTOR)"
    pool = make_pool(settings)
    if pool is None:
        return None, "this server was started without sandboxes (--sandbox none)"
    try:
        await pool.start()
    except WeakIsolationError as weak:
        await pool.close()
        lacking = f"{weak}: programs are not run here; use Linux, `docker compose up`, or --allow-weak-isolation"
        _log.warning("no_sandboxes", reason=lacking)
        return None, lacking
    except BaseException:
        await pool.close()
        raise
    stack.push_async_callback(pool.close)
    return pool, ""


def _backend(settings: Settings) -> Cache:
    ttl_seconds = settings.cache_ttl_days * _SECONDS_A_DAY
    if settings.redis_url:
        from reward_server.cache.redis import RedisCache  # noqa: PLC0415

        return RedisCache(settings.redis_url, ttl_seconds=ttl_seconds)
    path = settings.cache_file if isinstance(settings.cache_file, Path) else None
    return EmbeddedCache(path, ttl_seconds=ttl_seconds)
