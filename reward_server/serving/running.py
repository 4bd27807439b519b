"""A service from its first connection to its last: one process, or a hub with several in front."""

import asyncio
import signal
import socket
from collections.abc import Callable
from typing import Literal

from fastapi import FastAPI

from reward_server.serving.draining import DrainingServer, calm
from reward_server.serving.fronts import Fronts
from reward_server.serving.hub import Hub
from reward_server.serving.listening import address_of, listen
from reward_server.serving.succession import Succession, offer
from reward_server.settings import Settings

How = Literal["leave", "hand_over"]


async def run(app: FastAPI, settings: Settings, greet: Callable[[str], None]) -> None:
    """Serve until a signal, or a successor, ends it in order. `greet` is told the address once connections are taken.

    Raises:
        OSError: somebody else listens there, or there is nobody to take over from.
    """
    succession = Succession(f"{settings.host}:{settings.port}") if settings.take_over else None
    listeners = succession.listeners if succession else listen(settings.host, settings.port, settings.workers)
    address = address_of(listeners[0])
    async with app.router.lifespan_context(app):
        served = _OneProcess(app, settings) if settings.workers == 1 else _SeveralProcesses(app, settings)

        async def announce() -> None:
            await served.started()
            if succession is not None:
                succession.is_ready()
            greet(address)
            await offer(address, listeners, served.hand_over)

        announcing = asyncio.create_task(announce())
        try:
            await served.serve(listeners)
        finally:
            announcing.cancel()
            await asyncio.gather(announcing, return_exceptions=True)


class _OneProcess:
    """This process speaks HTTP itself."""

    def __init__(self, app: FastAPI, settings: Settings) -> None:
        self._server = DrainingServer(app, drain_seconds=settings.drain_seconds)
        self.hand_over = self._server.hand_over

    async def serve(self, listeners: list[socket.socket]) -> None:
        calm()
        await self._server.serve(sockets=listeners)

    async def started(self) -> None:
        await self._server.listening.wait()


class _SeveralProcesses:
    """Others speak HTTP, this one is their hub."""

    def __init__(self, app: FastAPI, settings: Settings) -> None:
        self._hub = Hub(app, settings)
        self._settings = settings
        self._end: asyncio.Future[How] = asyncio.get_running_loop().create_future()
        self._fronts: Fronts | None = None

    def hand_over(self) -> None:
        if not self._end.done():
            self._end.set_result("hand_over")

    async def serve(self, listeners: list[socket.socket]) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, self._hear)
        calm()
        self._fronts = Fronts(self._hub, listeners, self._settings.workers, self._settings.drain_seconds)
        self._fronts.start()
        await self._fronts.end(await self._end)

    async def started(self) -> None:
        """Wait for all processes, so that whoever is told the address finds none of them missing."""
        for _ in range(self._settings.workers):
            await self._hub.ready.acquire()

    def _hear(self) -> None:
        """Drain on a signal, end at once on the second."""
        if not self._end.done():
            self._end.set_result("leave")
        elif self._fronts is not None:
            self._fronts.kill()
