"""Turns at the slots: first come, first served within a tenant, round robin between tenants.

A request with a thousand programs therefore delays another tenant's single one by one program, not by a thousand.
The tenant is a context variable, so that nothing between the HTTP surface and the pool has to pass it on.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar

from sandboxes.stages import stage

tenant: ContextVar[str] = ContextVar("tenant", default="")
"""Whose work this is; set it where a request comes in."""
on_turn: ContextVar[Callable[[], None] | None] = ContextVar("on_turn", default=None)
"""Told when what this context does has got a turn: from then on giving it up would waste what was done."""


class Turns:
    """`capacity` turns at once."""

    def __init__(self, capacity: int) -> None:
        self.free = self._capacity = capacity
        """How many may be taken at once; below 0 where there are fewer than are taken."""
        self._waiting: OrderedDict[str, dict[asyncio.Future[None], None]] = OrderedDict()

    def waiting(self) -> int:
        """How many wait for a turn."""
        return sum(map(len, self._waiting.values()))

    def resize(self, capacity: int) -> None:
        """Have so many turns from now on; those that are taken stay taken."""
        self.free += capacity - self._capacity
        self._capacity = capacity
        while self.free > 0 and self._waiting:
            self.free -= 1
            self._pass_on()

    @asynccontextmanager
    async def take(self) -> AsyncIterator[Callable[[], None]]:
        """Wait for a turn, hold it for the block; what is yielded gives it up sooner."""
        held = True

        def give_up() -> None:
            nonlocal held
            if held:
                held = False
                self._pass_on()

        with stage("queue"):
            if self.free > 0:
                self.free -= 1
            else:
                await self._wait()
        if (tell := on_turn.get()) is not None:
            tell()
        try:
            yield give_up
        finally:
            give_up()

    async def _wait(self) -> None:
        turn, name = asyncio.get_running_loop().create_future(), tenant.get()
        self._waiting.setdefault(name, {})[turn] = None
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._pass_on()
            else:
                self._leave(name, turn)
            raise

    def _leave(self, name: str, turn: asyncio.Future[None]) -> None:
        """Give up a place in the queue."""
        queue = self._waiting.get(name, {})
        queue.pop(turn, None)
        if not queue:
            self._waiting.pop(name, None)

    def _pass_on(self) -> None:
        """To the longest waiting of the next tenant."""
        while self._waiting and self.free >= 0:
            name, queue = self._waiting.popitem(last=False)
            turn = next(iter(queue))
            del queue[turn]
            if queue:
                self._waiting[name] = queue
            if not turn.done():
                turn.set_result(None)
                return
        self.free += 1
