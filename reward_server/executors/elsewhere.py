"""Slow work that runs programs leaves this process; all other slow work stays."""

import asyncio
import uuid
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from reward_server.errors import ServiceError, blame
from reward_server.executors import Executor, Work
from reward_server.executors.orders import Order, packed
from reward_server.graders import Completion
from reward_server.grading.compilation import CompiledTask
from reward_server.grading.quotas import asking
from reward_server.telemetry.tracing import carried
from reward_server.verdict import Verdict, ungradable
from sandboxes.turns import Turns, on_turn

_ANY = 1 << 30


class Elsewhere(Protocol):
    """Other machines."""

    replies: str
    """Where they are to put a reply, if they are not just asked."""
    changed: Callable[[], None]
    """To be called when `room` may have changed."""

    def room(self) -> int | None:
        """Return how many orders they are to have at a time; None where nobody is there to say."""

    async def fulfil(self, number: str, order: bytes, lacked: Callable[[], None]) -> Verdict:
        """Return the verdict of a packed order of that number; `ungradable` where nobody could do it.

        `lacked` is called where somebody could not for what is not installed there.
        """

    def lacking(self) -> str:
        """Return why nobody would take an order now, empty if somebody would."""

    def describe(self) -> Mapping[str, Any]:
        """Return who lives there and what is awaited, as JSON."""


class ProgramsElsewhere:
    """Sends what runs programs to other machines, and leaves the rest to the executor of this process.

    What they have no room for waits here, where tenants have turns; there it would be first come, first served. What
    waits for the one machine that has its language has had its turn: it keeps nothing else from the others.
    """

    def __init__(self, local: Executor, elsewhere: Elsewhere) -> None:
        self._local, self._elsewhere = local, elsewhere
        self._turns = Turns(_ANY)
        elsewhere.changed = self._fit
        self.lacking = elsewhere.lacking
        self._fit()

    def describe(self) -> Mapping[str, Any]:
        """Return who lives there, what is awaited, and what waits for its turn to be sent."""
        return {**self._elsewhere.describe(), "waiting": self._turns.waiting()}

    def _fit(self) -> None:
        """Have as many turns as there is room; where nobody lives, all is sent, to be given up at its time."""
        room = self._elsewhere.room()
        self._turns.resize(_ANY if room is None else max(1, room))

    def keeps(self, compiled: CompiledTask) -> bool:
        """Leave to the other machines, which know what ran, to keep verdicts of programs."""
        return not compiled.grader.runs_programs(compiled.compiled)

    async def grade(self, work: Work, completion: Completion) -> Verdict:
        """Return the verdict of whoever does the work."""
        if self.keeps(work.compiled):
            return await self._local.grade(work, completion)
        number, whose = uuid.uuid4().hex, (asking.get().name, carried())

        def order() -> bytes:
            task = work.task.model_dump()  # as JSON, numbers that are infinite would be null
            return packed(Order(number, self._elsewhere.replies, task, completion, *whose))

        try:
            with blame(ServiceError, "the task cannot be sent to a worker"):
                data = await asyncio.to_thread(order)
        except ServiceError as error:
            return ungradable(str(error), retryable=False)
        try:
            on_turn.set(None)  # what was sent is still taken back where nobody has begun it
            with blame(ServiceError, "the work could not be given to a worker"):
                async with self._turns.take() as give_up:
                    return await self._elsewhere.fulfil(number, data, give_up)
        except ServiceError as error:
            return ungradable(str(error))
