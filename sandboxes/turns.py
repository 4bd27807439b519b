"""Turns at the slots: first come, first served within a tenant, round robin between tenants.

A request with a thousand programs therefore delays another tenant's single one by one program, not by a thousand.
The tenant is a context variable, so that nothing between the HTTP surface and the pool has to pass it on.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar

from sandboxes.stages import stage

tenant: ContextVar[str] = ContextVar("tenant", default="")
"""Whose work this is; set it where a request comes in."""


class Turns:
    """`capacity` turns at once."""

    def __init__(self, capacity: int) -> None:
        self.free = capacity
        """How many may be taken at once."""
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    def waiting(self) -> int:
        """How many wait for a turn."""
        return sum(map(len, self._waiting.values()))

    @asynccontextmanager
    async def take(self) -> AsyncIterator[None]:
        """Wait for a turn, hold it for the block."""
        with stage("queue"):
            if self.free > 0:
                self.free -= 1
            else:
                await self._wait()
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(tenant.get(), deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        """To the longest waiting of the next tenant."""
        while self._waiting:
            name, queue = self._waiting.popitem(last=False)
            turn = queue.popleft()
            if queue:
                self._waiting[name] = queue
            if not turn.done():
                turn.set_result(None)
                return
        self.free += 1
