"""Clients that hang up before they are answered: what was done for them alone is given up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NoReturn

from fastapi import HTTPException, Request

_WATCHED_AFTER_SECONDS = 0.1
"""Into a request: most are answered before, and pay nothing for being watched."""
_CLIENT_GONE = 499
"""Never seen by anybody."""


@asynccontextmanager
async def while_connected(request: Request) -> AsyncIterator[None]:
    """Cancel the block when the client hangs up; the request's body must have been read. WebSockets are not watched.

    Raises:
        HTTPException: the client is gone.
    """
    if request.scope["type"] != "http":
        yield
        return
    loop, working = asyncio.get_running_loop(), asyncio.current_task()
    assert working is not None
    watcher: list[asyncio.Task[NoReturn]] = []
    gone = False

    async def watch() -> NoReturn:
        nonlocal gone
        while (await request.receive())["type"] != "http.disconnect":
            pass
        gone = True
        working.cancel()
        await asyncio.Event().wait()
        raise AssertionError

    timer = loop.call_later(_WATCHED_AFTER_SECONDS, lambda: watcher.append(asyncio.ensure_future(watch())))
    try:
        yield
    except asyncio.CancelledError:
        if not gone or working.uncancel():
            raise
        raise HTTPException(_CLIENT_GONE, "the client is gone") from None
    finally:
        timer.cancel()
        for task in watcher:
            task.cancel()
