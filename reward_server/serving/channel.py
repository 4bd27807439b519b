"""Calls between two processes of one server, over a socket pair that nobody else can reach.

Either end may call the other by a name with an argument; a call is an exchange of any number of values in both
directions, until the answering end returns or the calling end leaves, which cancels the answer. Values are pickled:
both ends are this program, started by one another. When the other end is gone, every exchange says so (`Lost`).
"""

import asyncio
import itertools
import pickle
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import structlog

from reward_server.errors import RewardServerError, ServiceError, blame

_SIZE = struct.Struct("<Q")
_LARGE = 1 << 20
"""Bytes that are unpickled in a thread."""
_log = structlog.get_logger()


class Lost(ConnectionError):  # noqa: N818 - named after the state
    """The process at the other end is gone, or failed to answer."""


class Exchange:
    """One call, as either end sees it."""

    def __init__(self, channel: "Channel", number: int) -> None:
        self._channel, self.number = channel, number
        self._inbox: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()

    def put(self, kind: str, value: Any) -> None:
        """Take in what the other end sent."""
        self._inbox.put_nowait((kind, value))

    async def send(self, value: Any) -> None:
        """Send a value; waits while the other end does not keep up."""
        await self._channel.write(self.number, "value", value)

    async def receive(self) -> Any:
        """Return the next value.

        Raises:
            StopAsyncIteration: there are no more.
            Lost: see there.
        """
        kind, value = await self._inbox.get()
        if kind == "value":
            return value
        self._inbox.put_nowait((kind, value))  # for whoever asks again
        if kind == "end":
            raise StopAsyncIteration
        raise Lost(value)

    def __aiter__(self) -> AsyncIterator[Any]:
        return self

    async def __anext__(self) -> Any:
        return await self.receive()


Handler = Callable[[str, Any, Exchange], Awaitable[None]]
"""Answers a call: its name, its argument, the exchange."""


class Channel:
    """One end. `serve` must run for anything to arrive."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, handler: Handler, *, first: int
    ) -> None:
        """`first` is 1 at one end and -1 at the other, so that their calls have different numbers."""
        self._reader, self._writer, self._handler = reader, writer, handler
        self._numbers = itertools.count(first, first)
        self._open: dict[int, Exchange] = {}
        self._answers: dict[int, asyncio.Task[None]] = {}
        self.lost = False

    @asynccontextmanager
    async def call(self, name: str, argument: Any = None) -> AsyncIterator[Exchange]:
        """Call the other end; what it still does at the end of the block is cancelled.

        Raises:
            Lost: see there.
        """
        exchange = Exchange(self, next(self._numbers))
        self._open[exchange.number] = exchange
        try:
            await self.write(exchange.number, "call", (name, argument))
            yield exchange
        finally:
            del self._open[exchange.number]
            with suppress(Lost):
                await self.write(exchange.number, "end", None)

    async def ask(self, name: str, argument: Any = None) -> Any:
        """Call, and return the one value that is answered.

        Raises:
            Lost: see there.
        """
        async with self.call(name, argument) as exchange:
            return await exchange.receive()

    async def write(self, number: int, kind: str, value: Any) -> None:
        """Send one message.

        Raises:
            Lost: see there.
        """
        if self.lost:
            raise Lost("the other process of this server is gone")
        data = pickle.dumps((number, kind, value), pickle.HIGHEST_PROTOCOL)
        try:
            self._writer.write(_SIZE.pack(len(data)) + data)
            await self._writer.drain()
        except OSError as error:
            raise Lost(f"the other process of this server is gone: {error}") from error

    async def serve(self) -> None:
        """Take in messages until the other end is gone."""
        try:
            while True:
                (size,) = _SIZE.unpack(await self._reader.readexactly(_SIZE.size))
                data = await self._reader.readexactly(size)
                load = pickle.loads
                number, kind, value = load(data) if size < _LARGE else await asyncio.to_thread(load, data)
                self._take(number, kind, value)
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            self.lost = True
            for exchange in self._open.values():
                exchange.put("lost", "the other process of this server is gone")
            for answer in self._answers.values():
                answer.cancel()
            self._writer.close()

    def _take(self, number: int, kind: str, value: Any) -> None:
        if kind == "call":
            exchange = self._open[number] = Exchange(self, number)
            answer = self._answers[number] = asyncio.create_task(self._answer(value[0], value[1], exchange))
            answer.add_done_callback(lambda _: self._answers.pop(number))
        elif kind == "end" and number in self._answers:
            self._answers[number].cancel()
        elif number in self._open:
            self._open[number].put(kind, value)

    async def _answer(self, name: str, argument: Any, exchange: Exchange) -> None:
        kind, said = "end", None
        try:
            with blame(ServiceError, name):
                await self._handler(name, argument, exchange)
        except RewardServerError as error:
            _log.exception("call_failed", name=name)
            kind, said = "lost", str(error)
        finally:
            self._open.pop(exchange.number, None)
        with suppress(Lost):
            await self.write(exchange.number, kind, said)
