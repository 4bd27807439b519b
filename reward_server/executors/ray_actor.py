"""What runs on each node of a Ray cluster: a service without HTTP, which grades the orders that it is sent."""

import asyncio
import threading
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any, TypeVar

from reward_server.executors.fulfilment import replied, settings_to_work
from reward_server.executors.orders import unpacked
from reward_server.service import Service, open_service
from reward_server.telemetry.logs import configure_logging

T = TypeVar("T")


class Actor:
    """One on each node; Ray calls its methods, many at a time, on a loop of its own.

    That loop may be uvloop's, which cannot start a process as another user: the service has one in a thread.
    """

    def __init__(self, chosen: dict[str, Any]) -> None:
        """`chosen` are the server's settings of sandboxes and cache; all others are the node's own."""
        self._chosen = chosen
        self._opened: asyncio.Task[Service] | None = None
        self._stack = AsyncExitStack()
        asyncio.set_event_loop_policy(asyncio.DefaultEventLoopPolicy())  # Ray's loop is there already, and stays
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="service", daemon=True).start()

    async def about(self) -> dict[str, Any]:
        """Return what this node is, as soon as it can run programs.

        Raises:
            RuntimeError: it cannot; the message says why.
        """
        return await self._there(self._about())

    async def grade(self, data: bytes) -> bytes:
        """Return the reply to an order, both packed."""
        return await self._there(self._grade(data))

    async def close(self) -> None:
        """End the sandboxes."""
        await self._there(self._stack.aclose())

    async def _there(self, work: Coroutine[Any, Any, T]) -> T:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    async def _about(self) -> dict[str, Any]:
        return (await self._service()).about_programs()

    async def _grade(self, data: bytes) -> bytes:
        order = await asyncio.to_thread(unpacked, data)
        return await replied(order, (await self._service()).scoring)

    async def _service(self) -> Service:
        if self._opened is None:
            self._opened = asyncio.create_task(self._open())
        return await asyncio.shield(self._opened)

    async def _open(self) -> Service:
        settings = settings_to_work(**self._chosen)
        configure_logging(settings.log_format)
        service = await self._stack.enter_async_context(open_service(settings))
        if service.sandboxes is None:
            raise RuntimeError(f"no programs can be run there: {service.lacking}")
        return service
