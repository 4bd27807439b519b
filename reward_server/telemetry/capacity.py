"""What the service can do at a time and how much of it is in use: slots, workers, the queue, the cache, the loop."""

from collections.abc import Iterable, Mapping
from functools import partial

from reward_server.cache.lenient import LenientCache
from reward_server.executors import Executor
from reward_server.grading.admission import Admission
from reward_server.grading.workers import ENDINGS, WorkerPool
from reward_server.telemetry.metrics import Metrics
from sandboxes.pool import SandboxPool
from sandboxes.supply import CAUSES


def show_service(metrics: Metrics, admission: Admission, cache: LenientCache) -> None:
    """Show the queue of slow work, the cache's failures and the event loop's worst lag."""
    queued, failures = "Estimated CPU-seconds admitted", "Times the cache was out of reach"
    metrics.gauge("reward_queued_cpu_seconds", queued, lambda: admission.queued_cpu_seconds)
    metrics.counter("reward_cache_failures", failures, lambda: cache.failures)
    worst = "The latest that the event loop has woken since the service started"
    metrics.gauge("reward_event_loop_worst_lag_seconds", worst, lambda: metrics.stalls.worst_seconds)


def show_slots(metrics: Metrics, pool: SandboxPool) -> None:
    """Show the slots of the sandboxes."""
    for name, documentation in (
        ("live", "Sandbox slots that live"),
        ("busy", "Submissions that have a turn at the sandboxes"),
        ("waiting", "Submissions that wait for a turn"),
    ):
        metrics.gauge(f"reward_sandbox_slots_{name}", documentation, partial(_of_pool, pool, name))
    retries = "Submissions that went on in another slot, since theirs failed"
    metrics.counter("reward_sandbox_retries", retries, partial(_of_pool, pool, "retries"))
    replaced = "Slots ended, worn or broken"
    metrics.counter("reward_sandbox_slots_replaced", replaced, partial(_of_pool, pool, "replaced"))
    lost = "Slots lost and launches that failed"
    metrics.counters("reward_sandbox_failures", lost, "cause", lambda: _from_zero(CAUSES, pool.describe()["lost"]))
    level = "The weakest isolation of a family of slots: 3 namespaces, 2 own user, 1 Landlock, 0 weak"
    metrics.gauge("reward_isolation_level", level, partial(_of_pool, pool, "isolation_level"))
    canaries = "Known right and wrong programs that slots were asked to run, by whether their verdicts were right"
    results = ("passed", "failed")
    metrics.counters("reward_canaries", canaries, "result", lambda: _from_zero(results, pool.describe()["canaries"]))


def show_workers(metrics: Metrics, workers: WorkerPool) -> None:
    """Show the processes for CPU-bound work."""
    metrics.gauge("reward_workers", "Worker processes there may be", lambda: workers.slots)
    for name, documentation in (
        ("live", "Worker processes that were started and not ended"),
        ("busy", "Pieces of work that worker processes do"),
        ("waiting", "Pieces of work that wait for a worker process"),
    ):
        metrics.gauge(f"reward_workers_{name}", documentation, partial(_of_workers, workers, name))
    ended = "Worker processes that were ended: spent, over their CPU time, cancelled, hung, or dead"
    metrics.counters("reward_workers_ended", ended, "cause", lambda: _from_zero(ENDINGS, workers.ended))


def show_executor(metrics: Metrics, executor: Executor) -> None:
    """Show who lives elsewhere to run programs, and what they have not answered."""
    known = executor.describe
    metrics.gauge("reward_work_awaited", "Programs given to workers on other machines", lambda: known()["awaited"])
    waiting = "Programs that wait for a turn to be given to one"
    metrics.gauge("reward_work_waiting", waiting, lambda: known()["waiting"])
    nodes = "Workers that live, on this machine or others"
    metrics.gauge("reward_work_nodes", nodes, lambda: len(known()["workers"]))
    slots = "Sandbox slots of workers that live"
    metrics.gauge("reward_work_slots", slots, lambda: sum(one["slots"] for one in known()["workers"].values()))


def _from_zero(values: Iterable[str], counts: Mapping[str, float]) -> Mapping[str, float]:
    """Every value of a label from the start: a rate sees the first loss only if a 0 was read before it."""
    return {**dict.fromkeys(values, 0), **counts}


def _of_pool(pool: SandboxPool, name: str) -> float:
    figure = pool.describe()[name]
    return float("nan") if figure is None else float(figure)


def _of_workers(workers: WorkerPool, name: str) -> float:
    return float(workers.describe()[name])
