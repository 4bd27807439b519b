"""Slow work that runs programs leaves this process; all other slow work stays."""

import asyncio
import uuid
from collections.abc import Mapping
from typing import Any, Protocol

from reward_server.errors import ServiceError, blame
from reward_server.executors import Executor, Work
from reward_server.executors.orders import Order, packed
from reward_server.graders import Completion
from reward_server.grading.compilation import CompiledTask
from reward_server.grading.quotas import asking
from reward_server.telemetry.tracing import carried
from reward_server.verdict import Verdict, ungradable


class Elsewhere(Protocol):
    """Other machines."""

    replies: str
    """Where they are to put a reply, if they are not just asked."""

    async def fulfil(self, number: str, order: bytes) -> Verdict:
        """Return the verdict of a packed order of that number; `ungradable` where nobody could do it."""

    def lacking(self) -> str:
        """Return why nobody would take an order now, empty if somebody would."""

    def describe(self) -> Mapping[str, Any]:
        """Return who lives there and what is awaited, as JSON."""


class ProgramsElsewhere:
    """Sends what runs programs to other machines, and leaves the rest to the executor of this process."""

    def __init__(self, local: Executor, elsewhere: Elsewhere) -> None:
        self._local, self._elsewhere = local, elsewhere
        self.lacking, self.describe = elsewhere.lacking, elsewhere.describe

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
            with blame(ServiceError, "the work could not be given to a worker"):
                return await self._elsewhere.fulfil(number, data)
        except ServiceError as error:
            return ungradable(str(error))
