"""Orders given to workers through Redis streams.

Nothing is lost: an order is sent again when its entry is gone and no verdict came, as after a Redis that restarted
empty; the verdict of one that was done twice counts once. While no worker lives, or Redis is away or takes no orders,
work waits as long as a lease, and is `ungradable` and retryable then. What nobody waits for any more is taken back,
whyever: the stream has no end of its own.
"""

import asyncio
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import structlog

from reward_server.executors.orders import (
    GONE,
    HELD_FOR_EACH_SLOT,
    LEASE_SECONDS,
    Reply,
    about,
    connect,
    ended,
    entry_of,
    ignore,
    replies_name,
    seconds_of,
    stream_name,
    unpacked_reply,
    workers_name,
)
from reward_server.verdict import Verdict, ungradable

_LOOK_SECONDS = 1.0
_PAUSE_SECONDS = 0.2
_HANDED_BACK_A_SECOND = 500
"""At most, of all orders that come to workers that they are not for."""
_BATCH = 256
_SENT_TOGETHER = 16
"""Orders in one round trip; they may be large."""
_MOST_SENT = 10
_AHEAD = 2
"""Times what the workers hold: so much is in the stream or held, and the next is there when a slot is free."""
_CLOSE_SECONDS = 2.0
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
    unsent_since: float = field(default_factory=time.monotonic)
    looked: float = field(default_factory=time.monotonic)
    times: int = 0
    """How often it was put there."""
    missed: int = 0
    """Times in a row that its entry was not found."""
    lacking: dict[str, Verdict] = field(default_factory=dict)
    """What the workers have said that lack something it needs, by name."""
    lacked: Callable[[], None] = ignore
    """Told of the first."""


class Streams:
    """Sends orders, hears verdicts, and looks after the orders that nobody answers."""

    def __init__(self, url: str, *, lease_seconds: float = LEASE_SECONDS, minimum_trust: str = "exit_status") -> None:
        """`minimum_trust` is what the workers must demand of tests too."""
        self._redis, self._lease = connect(url), lease_seconds
        self._stream, self.replies = stream_name(minimum_trust), replies_name(uuid.uuid4().hex)
        self._sent: dict[str, _Sent] = {}
        self._unsent: dict[str, _Sent] = {}
        """Those of them that are not in the stream."""
        self._unwanted: list[bytes] = []
        """Entries that nobody waits for."""
        self._handed_back = 0
        """How many orders are soon sent for workers that lack less."""
        self._to_write = asyncio.Event()
        self._workers: dict[str, Any] = {}
        self._served = time.monotonic()
        """When a worker was last seen alive, or we began to look."""
        self._away = ""
        self._tasks: list[asyncio.Task[None]] = []
        self.changed: Callable[[], None] = ignore

    async def start(self) -> None:
        """Begin to listen; Redis need not be there yet."""
        self._tasks = [asyncio.create_task(loop()) for loop in (self._listen, self._watch, self._write)]

    async def close(self) -> None:
        """Stop listening; what is not answered is `ungradable`, and taken back as far as Redis answers soon."""
        self._give_up("the service is shutting down", list(self._sent.values()))
        await asyncio.sleep(0)
        await ended(*self._tasks)
        try:
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self._take_back()
        except GONE as error:
            self._note_away(error)
        await self._redis.aclose()

    def room(self) -> int | None:
        """Return how many orders keep the workers that live busy, so that none waits for the next to arrive."""
        slots = sum(int(one["slots"]) for one in self._workers.values())
        return None if self._away or not slots else slots * HELD_FOR_EACH_SLOT * _AHEAD

    async def fulfil(self, number: str, order: bytes, lacked: Callable[[], None] = ignore) -> Verdict:
        """Send an order to whoever takes it, and wait for the verdict."""
        sent = self._sent[number] = _Sent(order, asyncio.get_running_loop().create_future(), lacked=lacked)
        self._ask_to_send(number, sent)
        try:
            return await sent.verdict
        finally:
            del self._sent[number]
            self._unsent.pop(number, None)
            if sent.entry is not None:
                self._leave(sent.entry)

    def lacking(self) -> str:
        """Return why nobody would take an order now."""
        if self._away:
            return self._away
        return "" if self._workers else _LONELY

    def describe(self) -> dict[str, Any]:
        """Return who lives and what is awaited."""
        return {"kind": "redis", "reachable": not self._away, "awaited": len(self._sent), "workers": self._workers}

    def _ask_to_send(self, number: str, sent: _Sent) -> None:
        sent.entry, sent.unsent_since = None, time.monotonic()
        self._unsent[number] = sent
        self._to_write.set()

    def _leave(self, entry: bytes) -> None:
        self._unwanted.append(entry)
        self._to_write.set()

    async def _write(self) -> None:
        """Send and take back, on one connection; what Redis refuses is tried again until it is given up."""
        while True:
            await self._to_write.wait()
            try:
                await self._take_back()
                await self._send(list(islice(self._unsent.items(), _SENT_TOGETHER)))
            except GONE as error:
                self._note_away(error)
                await asyncio.sleep(_PAUSE_SECONDS)
            if not (self._unsent or self._unwanted):
                self._to_write.clear()

    async def _send(self, batch: list[tuple[str, _Sent]]) -> None:
        async with self._redis.pipeline(transaction=False) as pipeline:
            for _, sent in batch:
                pipeline.xadd(self._stream, entry_of(sent.data, sent.lacking))
            entries = await pipeline.execute(raise_on_error=False)
        for (number, sent), entry in zip(batch, entries, strict=True):
            if isinstance(entry, bytes):
                self._note_sent(number, sent, entry)
        refused = next((entry for entry in entries if isinstance(entry, Exception)), None)
        if refused is not None:
            raise refused
        self._note_back()

    def _note_sent(self, number: str, sent: _Sent, entry: bytes) -> None:
        if self._unsent.pop(number, None) is None:  # given up meanwhile
            self._leave(entry)
        sent.entry, sent.looked, sent.missed, sent.times = entry, time.monotonic(), 0, sent.times + 1

    async def _take_back(self) -> None:
        while some := self._unwanted[:_BATCH]:
            await self._redis.xdel(self._stream, *some)
            del self._unwanted[: len(some)]

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
            reply = unpacked_reply(data)
        except ValueError as error:
            _log.warning("reply_unreadable", error=str(error)[:200])
            return
        sent = self._sent.get(reply.number)
        if sent is None or sent.verdict.done():
            return
        if sent.times == 1:
            sent.entry = None  # whoever answers ends it
        if (verdict := self._last_word(sent, reply)) is not None:
            sent.verdict.set_result(verdict)
        elif sent.entry is None:
            sent.times -= 1
            self._handed_back += 1
            pause = max(_PAUSE_SECONDS, self._handed_back / _HANDED_BACK_A_SECOND)
            asyncio.get_running_loop().call_later(pause, self._send_again, reply.number, sent)

    def _last_word(self, sent: _Sent, reply: Reply) -> Verdict | None:
        """Return the verdict; None while a worker lives that may have what this one lacks."""
        if not reply.lacks:
            return reply.verdict
        sent.lacked()
        said = sent.lacking.setdefault(reply.by, reply.verdict)
        return said if self._workers and self._workers.keys() <= sent.lacking.keys() else None

    def _send_again(self, number: str, sent: _Sent) -> None:
        self._handed_back -= 1
        if self._sent.get(number) is sent and not sent.verdict.done() and sent.entry is None:
            self._ask_to_send(number, sent)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                await self._look()
            except GONE as error:
                self._note_away(error)
            long_ago = time.monotonic() - self._lease
            if self.lacking() and self._served < long_ago:
                self._give_up(self.lacking(), [one for one in self._sent.values() if one.since <= long_ago])
            unsent = [one for one in self._unsent.values() if one.unsent_since <= long_ago]
            self._give_up(self._away or "Redis did not take it in time", unsent)

    async def _look(self) -> None:
        """See who lives, and whether each order is still where it was put."""
        alive_since = await seconds_of(self._redis) - self._lease
        self._workers = about(await self._redis.hgetall(workers_name(self._stream)), alive_since)
        self.changed()
        if not self._unsent:
            self._note_back()
        if self._workers:
            self._served = time.monotonic()
        due = time.monotonic() - self._lease / 3
        for number, sent in list(self._sent.items()):
            if sent.entry is not None and sent.looked < due:
                await self._look_after(number, sent, sent.entry)

    async def _look_after(self, number: str, sent: _Sent, entry: bytes) -> None:
        if await self._redis.xrange(self._stream, entry, entry):
            sent.looked, sent.missed = time.monotonic(), 0
            return
        sent.missed += 1
        if sent.missed == 1 or sent.verdict.done():  # a verdict may be on its way
            return
        if sent.times == _MOST_SENT:
            self._give_up(f"it was sent {_MOST_SENT} times, and no verdict came that could be read", [sent])
        else:
            self._ask_to_send(number, sent)

    def _give_up(self, reason: str, orders: list[_Sent]) -> None:
        for sent in orders:
            if not sent.verdict.done():
                sent.verdict.set_result(ungradable(reason))

    def _note_away(self, error: BaseException) -> None:
        if not self._away:
            self._away = f"Redis is out of reach: {error or type(error).__name__}"[:200]
            self.changed()
            _log.warning("workers_stream_out_of_reach", error=str(error)[:200])

    def _note_back(self) -> None:
        if self._away:
            _log.info("workers_stream_is_back")
            self._away = ""
            self.changed()
