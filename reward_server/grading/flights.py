"""Slow work in flight: each piece once, for all requests that ask for it, and for none.

Work belongs to the service, not to the request: a client that goes away and comes back finds it done, or in its place
in the queue. Work that nobody waits for any more goes on if it has begun, for then it is better finished and kept;
where it only waits for a turn it gives up its place, a little later, so that a client that comes back at once joins it.
What a deadline left unfinished keeps its place: it will be asked for again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from reward_server.executors import Work
from reward_server.graders import Completion
from reward_server.grading.admission import Admission
from reward_server.verdict import Verdict, ungradable
from sandboxes.turns import on_turn

KEPT_SECONDS = 5.0
"""For the last client that waits to come back, before work that has not begun is given up."""
Grade = Callable[[str, Work, Completion], Awaitable[Verdict]]


class Flight:
    """One piece of work in progress."""

    def __init__(self, fly: Callable[["Flight"], Awaitable[Verdict]], forget: Callable[[], None]) -> None:
        self.begun = False
        """It has had a turn at a sandbox or a worker."""
        self.goes_on = False
        """It is to be done though nobody waits."""
        self._waiting = 0
        self._task = asyncio.ensure_future(fly(self))
        self._forget = forget
        self._giving_up: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Note that the work has a turn."""
        self.begun = True

    def board(self, waiter: "asyncio.Task[Any]") -> None:
        """Count somebody who waits for the verdict, until that task is done or cancelled."""
        self._waiting += 1
        if self._giving_up is not None:
            self._giving_up.cancel()
            self._giving_up = None
        waiter.add_done_callback(self._leave)

    def _leave(self, _waiter: "asyncio.Task[Any]") -> None:
        self._waiting -= 1
        if not self._waiting and not self._task.done():
            self._giving_up = asyncio.get_running_loop().call_later(KEPT_SECONDS, self._give_up)

    def _give_up(self) -> None:
        if not (self._waiting or self.begun or self.goes_on):
            self._forget()
            self._task.cancel()

    async def verdict(self) -> Verdict:
        """Wait for the verdict; whoever is cancelled meanwhile leaves the work to the others."""
        try:
            return await asyncio.shield(self._task)
        except asyncio.CancelledError:
            if not self._task.cancelled():
                raise
            return ungradable("the service is shutting down")

    async def end(self) -> None:
        """Cancel the work and wait for its end."""
        if self._giving_up is not None:
            self._giving_up.cancel()
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


class Flights:
    """Everything in flight, by cache key."""

    def __init__(self, grade: Grade, admission: Admission) -> None:
        self._grade, self._admission = grade, admission
        self._flying: dict[str, Flight] = {}

    def __contains__(self, key: str) -> bool:
        return key in self._flying

    def get(self, key: str) -> Flight | None:
        """Return the work in flight under this key."""
        return self._flying.get(key)

    def start(self, key: str, work: Work, completion: Completion, cost: float) -> None:
        """Start work that was admitted at this estimate, in CPU-seconds."""

        async def fly(this: Flight) -> Verdict:
            on_turn.set(this.begin)
            try:
                with self._admission.release(cost):
                    verdict = await self._grade(key, work, completion)
                spent = verdict.evidence.get("cpu_seconds")
                if isinstance(spent, float):
                    self._admission.learn(cost, spent)
                return verdict
            finally:
                forget()

        def forget() -> None:
            if self._flying.get(key) is flight:
                del self._flying[key]

        flight = self._flying[key] = Flight(fly, forget)

    async def close(self) -> None:
        """Cancel everything."""
        await asyncio.gather(*(flight.end() for flight in list(self._flying.values())))
