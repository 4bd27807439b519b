"""From a request to one verdict for each item, in order: compile, fast tier, cache, single flight, slow tier, compose.

Theory of operation. Each item goes as far as it must: equal items of a batch are graded once; the fast tier decides
inline on the event loop, which is handed back every few milliseconds (long completions and large tasks are read in a
thread); what is left is looked up in the cache in one round trip, or joined to the same work already in flight for
another request; what neither covers is admitted (or the whole request refused) and started (`flights`). Every failure
of ours ends as an `ungradable` verdict of the items it touched, and of no others.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from reward_server.cache.verdicts import VerdictCache, cache_key
from reward_server.errors import GraderError, NotInstalled, Overloaded, ServiceError, blame
from reward_server.executors import Executor, Work
from reward_server.executors.local import LocalExecutor
from reward_server.graders import Completion, Grader, Resources, Task
from reward_server.grading.admission import Admission
from reward_server.grading.compilation import CompiledTask, TaskCompiler
from reward_server.grading.flights import Flights
from reward_server.grading.landing import Awaited, Graded, Observer, Same, Started, deliver, ignore, wait_for
from reward_server.verdict import Outcome, Verdict, bad_ground_truth, ungradable
from sandboxes import stages

__all__ = ["Graded", "Job", "Scoring"]
_INLINE_SECONDS = 0.005
"""The event loop is handed back after this much inline grading."""


@dataclass(frozen=True, slots=True)
class Job:
    """One completion and the task it answers."""

    task: Task
    completion: Completion


class Scoring:
    """Grades jobs with everything this process has: graders, cache, sandboxes and workers."""

    def __init__(
        self,
        graders: Mapping[str, Grader[Any, Any]],
        cache: VerdictCache,
        resources: Resources,
        admission: Admission,
        *,
        observe: Observer = lambda _graded: None,
        watcher: stages.Watcher | None = None,
        executor: Executor | None = None,
    ) -> None:
        """`observe` is told of every verdict, `watcher` of stages; who has no `executor` does slow work here."""
        self._compiler = TaskCompiler(graders)
        self._cache = cache
        self.resources = resources
        self._observe = observe
        self.watcher = watcher
        self.admission = admission
        self.executor = executor or LocalExecutor(resources)
        self._flights = Flights(self._grade_slowly, admission)

    async def score(self, jobs: list[Job], within_seconds: float | None = None) -> list[Graded]:
        """Return one graded verdict for each job, in order; `within_seconds` as in `stream`.

        Raises:
            Overloaded: as `stream`; nothing was started.
        """
        graded: list[Graded | None] = [None] * len(jobs)
        async for index, one in self.stream(jobs, within_seconds):
            graded[index] = one
        assert all(one is not None for one in graded), "a job without a verdict"
        return graded  # type: ignore[return-value] # just asserted

    async def stream(self, jobs: list[Job], within_seconds: float | None = None) -> AsyncIterator[tuple[int, Graded]]:
        """Yield (index, graded verdict) as they finish: the fast ones first, each job exactly once.

        Slow work that has not finished `within_seconds` from now is `ungradable` with reason `deadline`; it goes on,
        and whoever asks again finds it.

        Raises:
            Overloaded: before the first verdict, if the queue of slow work is full or the tenant's quota used up.
        """
        async for graded in await self.begin(jobs, within_seconds):
            yield graded

    async def begin(
        self, jobs: list[Job], within_seconds: float | None = None, items: int | None = None
    ) -> AsyncIterator[tuple[int, Graded]]:
        """Return what `stream` yields, once the slow work is admitted.

        `items` is how many count towards the tenant's quota, where these jobs are but a part of a request, whose
        verdicts are observed by who has the whole.

        Raises:
            Overloaded: as `stream`.
        """
        deadline = None if within_seconds is None else time.perf_counter() + within_seconds
        done: list[tuple[int, Graded]] = []
        pending: dict[Same, list[int]] = {}
        slow: dict[Same, Work] = {}
        known: dict[Same, Graded] = {}
        compiled_by_id: dict[int, CompiledTask | ServiceError] = {}
        lap = time.perf_counter()
        for index, job in enumerate(jobs):
            started = time.perf_counter()
            if started - lap > _INLINE_SECONDS:
                await asyncio.sleep(0)
                lap = started = time.perf_counter()
            task = await self._compiled(job.task, compiled_by_id)
            if isinstance(task, ServiceError):
                label = str(getattr(job.task, "kind", "?"))
                done.append((index, Graded(ungradable(str(task), retryable=not isinstance(task, NotInstalled)), label)))
                continue
            same = (task.fingerprint, job.completion.text, job.completion.thinking)
            if (graded := known.get(same)) is not None:
                done.append((index, graded))
            elif same in pending:
                pending[same].append(index)
            elif (verdict := await _inline(_fast, task, job.completion)) is not None:
                known[same] = Graded(verdict, task.label, "fast", time.perf_counter() - started)
                done.append((index, known[same]))
            else:
                pending[same] = [index]
                slow[same] = Work(task, job.task)
        with stages.watched(self.watcher):
            started_work = await self._start(slow, len(jobs) if items is None else items, deadline)
        labels = {same: each.compiled.label for same, each in slow.items()}
        observe = self._observe if items is None else ignore
        return deliver(done, pending, started_work, labels, observe)

    async def _compiled(self, task: Task, by_id: dict[int, CompiledTask | ServiceError]) -> CompiledTask | ServiceError:
        compiled = by_id.get(id(task))
        if compiled is None:
            try:
                with stages.watched(self.watcher):
                    compiled = await self._compiler.compile(task)
            except ServiceError as error:
                compiled = error
            by_id[id(task)] = compiled
        return compiled

    async def _start(self, slow: Mapping[Same, Work], items: int, deadline: float | None) -> Started:
        """Admit what no flight or cache entry covers, and return a waiting task for each distinct slow job.

        `items` is the size of the whole request, which the tenant's quota has to cover.
        """
        self.admission.quotas.take_items(items)
        if not slow:
            return Started({}, deadline)
        keys = {same: await _inline(self._key, each.compiled, Completion(*same[1:])) for same, each in slow.items()}
        with stages.stage("cache"):
            kept = [key for same, key in keys.items() if key and self.executor.keeps(slow[same].compiled)]
            found = await self._cache.get_many([key for key in kept if key not in self._flights])
        misses = {
            key: (each, Completion(*same[1:]))
            for same, each in slow.items()
            if (key := keys[same]) is not None and key not in found and key not in self._flights
        }
        costs = {
            key: max(0.0, float(work.compiled.grader.estimate_cpu_seconds(work.compiled.compiled)))
            for key, (work, _) in misses.items()
        }
        try:
            self.admission.admit(sum(costs.values()))
        except Overloaded:
            self.admission.quotas.return_items(items)
            raise
        for key, (work, completion) in misses.items():
            self._flights.start(key, work, completion, costs[key])
        waiting: dict[asyncio.Future[Graded], Awaited] = {}
        for same, each in slow.items():
            key = keys[same]
            hit = found.get(key) if key else ungradable("the cache key could not be made")
            flight = self._flights.get(key) if key and hit is None else None
            waiter = asyncio.create_task(wait_for(each.compiled.label, hit, flight, joined=key not in misses))
            waiting[waiter] = Awaited(same, flight)
            if flight is not None:
                flight.board(waiter)
        return Started(waiting, deadline)

    def _key(self, task: CompiledTask, completion: Completion) -> str | None:
        try:
            with blame(GraderError, f"cache key {task.label}"):
                return cache_key(task, completion, self.resources)
        except ServiceError:
            return None

    async def _grade_slowly(self, key: str, work: Work, completion: Completion) -> Verdict:
        verdict = await self.executor.grade(work, completion)
        if self.executor.keeps(work.compiled):
            self._cache.put(key, verdict)
        return verdict

    async def close(self) -> None:
        """Cancel what is in flight and close the cache."""
        await self._flights.close()
        await self._cache.close()


_Read = TypeVar("_Read")


async def _inline(read: Callable[[CompiledTask, Completion], _Read], task: CompiledTask, text: Completion) -> _Read:
    """Read a completion here, or in a thread where it is long."""
    if task.problem is not None or len(text.text) <= task.grader.inline_limit(task.compiled):
        return read(task, text)
    return await asyncio.to_thread(read, task, text)


def _fast(task: CompiledTask, completion: Completion) -> Verdict | None:
    if task.problem is not None:
        return bad_ground_truth(str(task.problem))
    return task.grader.read(task.compiled, completion)


def undecided_as_zero(verdict: Verdict) -> Verdict:
    """Return the verdict with an `undecided` outcome counted as wrong, for requests that ask for it."""
    if verdict.outcome is not Outcome.UNDECIDED:
        return verdict
    evidence = {**verdict.evidence, "undecided_as": "zero"}
    return Verdict(Outcome.INCORRECT, 0.0, verdict.answer, evidence)
