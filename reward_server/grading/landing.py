"""Verdicts as they land: of what a request waits for, each when it is there, at its deadline the rest without one."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from reward_server.grading.flights import Flight
from reward_server.verdict import Verdict, ungradable

DEADLINE = "deadline"
"""Why what a request did not wait for is ungradable."""
Source = Literal["fast", "cache", "joined", "flight"]
"""Where a verdict came from: the fast tier, the cache, work in flight for somebody else, or work of its own."""


@dataclass(frozen=True, slots=True)
class Graded:
    """A verdict with how it was come by."""

    verdict: Verdict
    grader: str
    source: Source = "fast"
    elapsed_seconds: float = 0.0

    @property
    def cached(self) -> bool:
        """Whether the cache had it."""
        return self.source == "cache"


Observer = Callable[[Graded], None]
Same = tuple[bytes, str, str | None]
"""What makes two jobs one piece of work: the task's fingerprint, the text, the thinking."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """A distinct slow job that was admitted."""

    same: Same
    flight: Flight | None
    """None where the verdict was known, or is in flight in another process."""


@dataclass(frozen=True, slots=True)
class Started:
    """What a request waits for, and until when, as `time.perf_counter` counts."""

    waiting: Mapping[asyncio.Future[Graded], Awaited]
    deadline: float | None


@contextmanager
def _ended(waiting: Iterable[asyncio.Future[Graded]]) -> Iterator[None]:
    """Leave nobody waiting when the request has gone away; what becomes of the work itself is its own matter."""
    try:
        yield
    finally:
        for waiter in waiting:
            waiter.cancel()


async def deliver(
    done: list[tuple[int, Graded]],
    pending: Mapping[Same, list[int]],
    started: Started,
    labels: Mapping[Same, str],
    observe: Observer,
) -> AsyncIterator[tuple[int, Graded]]:
    """Yield (index, graded): first what is done, then what is waited for; `pending` has the indices of equal jobs."""
    with _ended(started.waiting):
        for index, one in done:
            observe(one)
            yield index, one
        async for same, one in _land(started, labels):
            for index in pending[same]:
                observe(one)
                yield index, one


def ignore(_graded: Graded) -> None:
    """Count nothing: whoever sent a part of a request counts the whole."""


async def _land(started: Started, labels: Mapping[Same, str]) -> AsyncIterator[tuple[Same, Graded]]:
    """Yield what is waited for as it finishes; at the deadline, what is left without a verdict."""
    waiting, remaining = started.waiting, set(started.waiting)
    while remaining:
        left = None if started.deadline is None else max(0.0, started.deadline - time.perf_counter())
        finished, remaining = await asyncio.wait(remaining, timeout=left, return_when=asyncio.FIRST_COMPLETED)
        for one in finished:
            yield waiting[one].same, one.result()
        if not finished:
            break
    for awaited in (waiting[one] for one in remaining):
        if awaited.flight is not None:
            awaited.flight.goes_on = True
        label = labels[awaited.same]
        yield awaited.same, Graded(ungradable(DEADLINE), label, "flight")


async def wait_for(label: str, hit: Verdict | None, flight: Flight | None, *, joined: bool) -> Graded:
    """Return what was known, or wait for it; `joined` where the work was in flight before this request."""
    started = time.perf_counter()
    if flight is None:
        verdict = hit if hit is not None else ungradable("the work in flight was lost")
        return Graded(verdict, label, "flight" if hit is None else "cache")
    verdict = await flight.verdict()
    return Graded(verdict, label, "joined" if joined else "flight", time.perf_counter() - started)
