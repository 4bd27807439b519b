"""`reward-server work`: takes orders from the stream, grades them with this machine's sandboxes, and replies.

It takes no more than it can begin. What it holds it says to be alive, some times in each lease; what another worker
held longer than that it takes over. An order that was lost with several workers is answered as `ungradable`, lest it
take the others with it.
"""

import asyncio
import os
import socket
import uuid
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import structlog
from redis.exceptions import ResponseError

from reward_server.executors.fulfilment import replied
from reward_server.executors.orders import (
    GONE,
    GROUP,
    LEASE_SECONDS,
    REPLIES_KEPT_SECONDS,
    about,
    connect,
    ended,
    handed_back,
    is_for,
    packed_reply,
    presented,
    seconds_of,
    stream_name,
    unpacked,
    workers_name,
)
from reward_server.grading.scoring import Scoring
from reward_server.verdict import ungradable

_BLOCK_MILLISECONDS = 1000
_PAUSE_SECONDS = 0.2
_MOST_DELIVERIES = 5
_MOST_LEFT = 10_000
_FORGOTTEN_LEASES = 20
_FOR_ANYBODY_MILLISECONDS = 10**9
_LOOKS = 10
_ALL_SEEN = b"0-0"
_log = structlog.get_logger()


class Worker:
    """One consumer of the group."""

    def __init__(
        self,
        url: str,
        scoring: Scoring,
        *,
        at_once: int,
        says: Callable[[], dict[str, Any]],
        lease_seconds: float = LEASE_SECONDS,
    ) -> None:
        """`at_once` is how many orders it holds; `says` returns what servers show of it, as JSON."""
        self.name = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:6]}"
        self._redis, self._scoring, self._says = connect(url), scoring, says
        self._at_once, self._lease = at_once, lease_seconds
        self._stream = stream_name(scoring.resources.minimum_trust)
        self._held: dict[bytes, asyncio.Task[None]] = {}
        self._freed = asyncio.Event()
        self._stopping = False
        self._seen = _ALL_SEEN
        """Up to where we have looked for orders that nobody does."""

    async def run(self, stop: asyncio.Event, drain_seconds: float) -> None:
        """Work until told to stop; what is not finished some seconds later is left to the others at once."""
        tending = asyncio.create_task(self._tend())
        stopping = asyncio.create_task(stop.wait())
        try:
            await self._take_until(stopping, tending)
            self._stopping = True
            if self._held:
                await asyncio.wait(self._held.values(), timeout=drain_seconds)
        finally:
            await ended(tending, stopping)
            await self._leave()

    async def _take_until(self, stopping: "asyncio.Task[Any]", tending: "asyncio.Task[None]") -> None:
        """Take orders; whoever cannot show any more that it lives must not either."""
        while not stopping.done():
            taking = asyncio.create_task(self._take())
            done, _ = await asyncio.wait({taking, stopping, tending}, return_when=asyncio.FIRST_COMPLETED)
            await ended(taking)
            for task in done:
                task.result()

    async def _take(self) -> None:
        """Hold what the stream has, as far as there is room; wait a second for it where it has nothing."""
        free = self._at_once - len(self._held)
        if free <= 0:
            self._freed.clear()
            await self._freed.wait()
            return
        try:
            found = await self._redis.xreadgroup(
                GROUP, self.name, {self._stream: ">"}, count=free, block=_BLOCK_MILLISECONDS
            )
        except ResponseError:  # no such group: it is the first worker's to make, and anew after a Redis lost it
            await self._join()
            return
        except GONE as error:
            _log.warning("stream_out_of_reach", error=str(error)[:200])
            await asyncio.sleep(_PAUSE_SECONDS)
            return
        for _, entries in found or []:
            self._hold(entries)

    async def _join(self) -> None:
        try:
            await self._redis.xgroup_create(self._stream, GROUP, id="0", mkstream=True)
        except ResponseError as error:
            if "BUSYGROUP" not in str(error):
                _log.warning("cannot_join", error=str(error)[:200])
            await asyncio.sleep(_PAUSE_SECONDS)
        except GONE:
            await asyncio.sleep(_PAUSE_SECONDS)

    def _hold(self, entries: Sequence[tuple[bytes, dict[bytes, bytes] | None]]) -> None:
        for entry, fields in entries:
            if fields and entry not in self._held:  # one that was taken back has none
                task = asyncio.create_task(self._do(entry, fields))
                self._held[entry] = task
                task.add_done_callback(partial(self._release, entry))

    def _release(self, entry: bytes, _done: asyncio.Task[None]) -> None:
        self._held.pop(entry, None)
        self._freed.set()

    async def _do(self, entry: bytes, fields: dict[bytes, bytes]) -> None:
        try:
            order = await asyncio.to_thread(unpacked, fields.get(b"order", b""))
        except ValueError as error:
            _log.warning("order_unreadable", error=str(error)[:200])
            await self._end(entry)
            return
        mine = is_for(fields, self.name)
        reply = await replied(order, self._scoring, self.name) if mine else handed_back(order.number, self.name)
        await self._end(entry, order.replies, reply)

    async def _end(self, entry: bytes, replies: str | None = None, reply: bytes = b"") -> None:
        """Push the reply and end the entry in one transaction, as soon as Redis is there."""
        while True:
            try:
                async with self._redis.pipeline(transaction=True) as transaction:
                    if replies is not None:
                        transaction.rpush(replies, reply)
                        transaction.expire(replies, REPLIES_KEPT_SECONDS)
                    transaction.xack(self._stream, GROUP, entry)
                    transaction.xdel(self._stream, entry)
                    await transaction.execute(raise_on_error=False)
            except GONE:
                await asyncio.sleep(_PAUSE_SECONDS)
            else:
                return

    async def _tend(self) -> None:
        """Show that we live, with what we hold, and take over what nobody does."""
        while True:
            try:
                if self._held:
                    await self._claim(list(self._held), min_idle_time=0)
                said = presented(self._says(), await seconds_of(self._redis))
                await self._redis.hset(workers_name(self._stream), self.name, said)
                if not self._stopping:
                    await self._take_over()
                await self._forget()
            except GONE:
                await asyncio.sleep(_PAUSE_SECONDS)
            await asyncio.sleep(self._lease / 5)

    async def _claim(self, entries: list[bytes], **how: int) -> None:
        await self._redis.xclaim(self._stream, GROUP, self.name, message_ids=entries, justid=True, **how)

    async def _take_over(self) -> None:
        for _ in range(_LOOKS):  # Redis looks at ten entries for each that is asked for, and says where it stopped
            free, lease = self._at_once - len(self._held), int(self._lease * 1000)
            self._seen, found, *_ = await self._redis.xautoclaim(
                self._stream, GROUP, self.name, lease, self._seen, count=max(1, free)
            )
            await self._take_up(found)
            if found or self._seen == _ALL_SEEN:
                return

    async def _take_up(self, found: Sequence[tuple[bytes, dict[bytes, bytes] | None]]) -> None:
        for entry, fields in found:
            if not fields or entry in self._held:  # Redis 6.2 names what was taken back, without its fields
                continue
            (pending,) = await self._redis.xpending_range(self._stream, GROUP, entry, entry, 1) or [{}]
            if pending.get("times_delivered", 0) > _MOST_DELIVERIES:
                await self._refuse(entry, fields)
            else:
                self._hold([(entry, fields)])

    async def _forget(self) -> None:
        """Strike out who is gone for long and holds nothing; one that lives would lose what it is given."""
        workers, long_ = workers_name(self._stream), _FORGOTTEN_LEASES * self._lease
        said = await self._redis.hgetall(workers)
        living = about(said, await seconds_of(self._redis) - long_)
        consumers = await self._redis.xinfo_consumers(self._stream, GROUP)
        stay = {one["name"] for one in consumers if one["pending"] or one["idle"] <= long_ * 1000}
        for name in {*said, *(one["name"] for one in consumers)} - stay:
            if name.decode(errors="replace") not in living:
                await self._redis.xgroup_delconsumer(self._stream, GROUP, name)
                await self._redis.hdel(workers, name)

    async def _refuse(self, entry: bytes, fields: dict[bytes, bytes]) -> None:
        reason = f"{_MOST_DELIVERIES} workers were lost while they had it"
        try:
            order = await asyncio.to_thread(unpacked, fields.get(b"order", b""))
        except ValueError:
            _log.exception("order_refused", reason=reason)
            await self._end(entry)
            return
        _log.error("order_refused", reason=reason, task=str(order.task)[:300])
        await self._end(entry, order.replies, packed_reply(order.number, ungradable(reason)))

    async def _leave(self) -> None:
        """Give what is held to whoever looks next, and be no consumer any more."""
        await ended(*self._held.values())
        try:
            pending = await self._redis.xpending_range(self._stream, GROUP, "-", "+", _MOST_LEFT, self.name)
            if pending:
                entries = [one["message_id"] for one in pending]
                await self._claim(entries, min_idle_time=0, idle=_FOR_ANYBODY_MILLISECONDS)
            else:
                await self._redis.xgroup_delconsumer(self._stream, GROUP, self.name)
            await self._redis.hdel(workers_name(self._stream), self.name)
        except GONE as error:
            _log.warning("left_in_silence", error=str(error)[:200])
        await self._redis.aclose()
