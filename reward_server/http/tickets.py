"""Work that is handed in now and asked for later: protocols that answer a submission with a token.

Bounded in number and in time, in this process's memory: a token is forgotten when the server restarts, and its owner
is told that it is not known. Clients hand in again.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Coroutine
from typing import Any, Generic, TypeVar

from reward_server.errors import Overloaded

T = TypeVar("T")
MOST_TICKETS = 100_000
KEPT_SECONDS = 3600.0


class Tickets(Generic[T]):
    """Running and finished work by token; the oldest finished work goes first where room is needed."""

    def __init__(self, most: int = MOST_TICKETS, kept_seconds: float = KEPT_SECONDS) -> None:
        self._most, self._kept = most, kept_seconds
        self._held: OrderedDict[str, tuple[float, asyncio.Task[T]]] = OrderedDict()

    def submit(self, work: Coroutine[Any, Any, T], token: str) -> None:
        """Start the work under a token that nobody can guess.

        Raises:
            Overloaded: all places are held by work that has not finished.
        """
        self._forget()
        if len(self._held) >= self._most:
            work.close()
            raise Overloaded(f"{self._most} submissions are in progress", 1.0)
        self._held[token] = (time.monotonic(), asyncio.create_task(work))

    def find(self, token: str) -> "asyncio.Task[T] | None":
        """Return the work, finished or not; None for a token that is not known, or not any more."""
        held = self._held.get(token)
        return held[1] if held else None

    def _forget(self) -> None:
        oldest = time.monotonic() - self._kept
        crowded = len(self._held) >= self._most
        for token, (since, task) in list(self._held.items()):
            if not task.done():
                continue
            if since > oldest and not crowded:
                break
            if not task.cancelled():
                task.exception()
            del self._held[token]
            crowded = len(self._held) >= self._most
