"""Orders given to workers through Redis streams.

Nothing is lost: an order is sent again when its entry is gone and no verdict came, as after a Redis that restarted
empty; the verdict of one that was done twice counts once. While no worker lives, or Redis is away, work waits as long
as a lease, and is `ungradable` and retryable then.
"""

import asyncio
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import structlog

from reward_server.executors.orders import (
    GONE,
    LEASE_SECONDS,
    about,
    connect,
    replies_name,
    seconds_of,
    stream_name,
    unpacked_reply,
    workers_name,
)
from reward_server.verdict import Verdict, ungradable

_LOOK_SECONDS = 1.0
_PAUSE_SECONDS = 0.2
_BATCH = 256
_LONELY = "no worker lives: start `reward-server work`, of the same version and with the same REWARD_MINIMUM_TRUST"
_log = structlog.get_logger()


@dataclass
class _Sent:
    """An order whose verdict is awaited."""

    data: bytes
    verdict: asyncio.Future[Verdict]
    entry: bytes | None = None
    """Its place in the stream; None while it is not there."""
    since: float = field(default_factory=time.monotonic)
    looked: float = field(default_factory=time.monotonic)
    missed: int = 0
    """Times in a row that its entry was not found."""


class Streams:
    """Sends orders, hears verdicts, and looks after the orders that nobody answers."""

    def __init__(self, url: str, *, lease_seconds: float = LEASE_SECONDS, minimum_trust: str = "exit_status") -> None:
        """`minimum_trust` is what the workers must demand of tests too."""
        self._redis, self._lease = connect(url), lease_seconds
        self._stream, self.replies = stream_name(minimum_trust), replies_name(uuid.uuid4().hex)
        self._sent: dict[str, _Sent] = {}
        self._workers: dict[str, Any] = {}
        self._served = time.monotonic()
        """When a worker was last seen alive, or we began to look."""
        self._away = ""
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin to listen; Redis need not be there yet."""
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._watch())]

    async def close(self) -> None:
        """Stop listening; what is not answered is `ungradable`."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._give_up("the service is shutting down", before=time.monotonic())
        await self._redis.aclose()

    async def fulfil(self, number: str, order: bytes) -> Verdict:
        """Send an order to whoever takes it, and wait for the verdict; one nobody waits for is taken back."""
        sent = _Sent(order, asyncio.get_running_loop().create_future())
        self._sent[number] = sent
        try:
            await self._send(sent)
            return await sent.verdict
        finally:
            del self._sent[number]
            if sent.verdict.cancelled() and sent.entry is not None:  # as its waiter was
                self._tasks.append(asyncio.create_task(self._take_back(sent.entry)))

    def lacking(self) -> str:
        """Return why nobody would take an order now."""
        if self._away:
            return self._away
        return "" if self._workers else _LONELY

    def describe(self) -> dict[str, Any]:
        """Return who lives and what is awaited."""
        return {"kind": "redis", "reachable": not self._away, "awaited": len(self._sent), "workers": self._workers}

    async def _send(self, sent: _Sent) -> None:
        sent.entry = None
        try:
            sent.entry = await self._redis.xadd(self._stream, {b"order": sent.data})
        except GONE as error:  # `_watch` sends it as soon as Redis is back
            self._note_away(error)
        sent.looked, sent.missed = time.monotonic(), 0

    async def _take_back(self, entry: bytes) -> None:
        try:
            await self._redis.xdel(self._stream, entry)
        except GONE as error:
            self._note_away(error)

    async def _listen(self) -> None:
        while True:
            try:
                first = await self._redis.blpop([self.replies], timeout=_LOOK_SECONDS)
                rest = await self._redis.lpop(self.replies, _BATCH) if first else None
            except GONE as error:
                self._note_away(error)
                await asyncio.sleep(_PAUSE_SECONDS)
                continue
            for data in [first[1], *(rest or [])] if first else []:
                self._hear(data)

    def _hear(self, data: bytes) -> None:
        try:
            number, verdict = unpacked_reply(data)
        except ValueError as error:
            _log.warning("reply_unreadable", error=str(error)[:200])
            return
        sent = self._sent.get(number)
        if sent is not None and not sent.verdict.done():
            sent.verdict.set_result(verdict)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            self._tasks = [task for task in self._tasks if not task.done()]
            try:
                await self._look()
            except GONE as error:
                self._note_away(error)
            if self.lacking() and time.monotonic() - self._served > self._lease:
                self._give_up(self.lacking(), before=time.monotonic() - self._lease)

    async def _look(self) -> None:
        """See who lives, and whether each order is still where it was put."""
        alive_since = await seconds_of(self._redis) - self._lease
        self._workers = about(await self._redis.hgetall(workers_name(self._stream)), alive_since)
        if self._away:
            _log.info("workers_stream_is_back")
            self._away = ""
        if self._workers:
            self._served = time.monotonic()
        due = time.monotonic() - self._lease / 3
        for sent in [one for one in self._sent.values() if one.entry is None or one.looked < due]:
            await self._look_after(sent)

    async def _look_after(self, sent: _Sent) -> None:
        if sent.entry is not None and await self._redis.xrange(self._stream, sent.entry, sent.entry):
            sent.looked, sent.missed = time.monotonic(), 0
            return
        sent.missed += 1
        if not sent.verdict.done() and (sent.entry is None or sent.missed > 1):  # a verdict may be on its way
            await self._send(sent)

    def _give_up(self, reason: str, before: float) -> None:
        """End what has waited since before a time."""
        for sent in self._sent.values():
            if sent.since <= before and not sent.verdict.done():
                sent.verdict.set_result(ungradable(reason))

    def _note_away(self, error: BaseException) -> None:
        if not self._away:
            self._away = f"Redis is out of reach: {error or type(error).__name__}"[:200]
            _log.warning("workers_stream_out_of_reach", error=str(error)[:200])
