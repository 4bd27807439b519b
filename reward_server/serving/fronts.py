"""The processes in front: started, started again when they die, told to leave, waited for."""

import asyncio
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Literal

import structlog

from reward_server.serving.channel import Channel, Lost
from reward_server.serving.hub import Hub
from reward_server.serving.listening import share_of

_REST_SECONDS, _MOST_REST_SECONDS = 0.5, 30.0
"""Before a process that died is started again; doubled while it dies young."""
_YOUNG_SECONDS = 60.0
_log = structlog.get_logger()


class Fronts:
    """N processes at one port."""

    def __init__(self, hub: Hub, listeners: Sequence[socket.socket], count: int, drain_seconds: float) -> None:
        self._hub, self._listeners, self._count = hub, listeners, count
        self._drain_seconds = drain_seconds
        self._leaving = asyncio.Event()
        self._keepers: list[asyncio.Task[None]] = []
        self._processes: set[asyncio.subprocess.Process] = set()

    def start(self) -> None:
        """Start all of them; connections wait in the sockets until they accept."""
        self._keepers = [asyncio.create_task(self._keep(place)) for place in range(self._count)]

    async def end(self, how: Literal["leave", "hand_over"]) -> None:
        """Have all of them drain, and wait for that."""
        self._leaving.set()
        await asyncio.gather(*(self._tell(channel, how) for channel in self._hub.fronts))
        await asyncio.gather(*self._keepers)

    def kill(self) -> None:
        """End all of them at once."""
        for process in self._processes:
            with suppress(ProcessLookupError):
                process.kill()

    async def _tell(self, channel: Channel, how: str) -> None:
        with suppress(Lost):
            async with channel.call(how) as exchange:
                async for _ in exchange:
                    pass

    async def _keep(self, place: int) -> None:
        rest = _REST_SECONDS
        while not self._leaving.is_set():
            began = time.monotonic()
            await self._run(place)
            if self._leaving.is_set():
                return
            rest = _REST_SECONDS if time.monotonic() - began > _YOUNG_SECONDS else min(2 * rest, _MOST_REST_SECONDS)
            _log.error("front_process_died", place=place, again_in_seconds=rest)
            with suppress(TimeoutError):
                async with asyncio.timeout(rest):
                    await self._leaving.wait()

    async def _run(self, place: int) -> None:
        """Run one process until it ends."""
        ours, theirs = socket.socketpair()
        descriptors = [each.fileno() for each in share_of(self._listeners, place, self._count)]
        with theirs:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "reward_server.serving.front", str(theirs.fileno()), *map(str, descriptors)),
                pass_fds=[theirs.fileno(), *descriptors],
            )
        self._processes.add(process)
        channel = Channel(*await asyncio.open_connection(sock=ours), self._hub.answer, first=-1)
        if self._leaving.is_set():  # meanwhile, so that nobody tells this one
            process.kill()
        try:
            await self._hub.serve(channel)  # until its end is closed
            async with asyncio.timeout(self._drain_seconds + 10):
                await process.wait()
        except TimeoutError:
            pass
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
            self._processes.discard(process)
