"""A process in front: HTTP, validation and the fast tier; the slow tier, and what is kept, are the hub's.

Started by `fronts` with the number of its end of a socket pair and those of the sockets to listen on. It ends with the
hub, however that ends.
"""

import asyncio
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from reward_server import graders
from reward_server.audit import AuditLog
from reward_server.cache.embedded import EmbeddedCache
from reward_server.cache.lenient import LenientCache
from reward_server.cache.verdicts import VerdictCache
from reward_server.errors import Overloaded
from reward_server.executors import Work
from reward_server.files.registry import open_registry
from reward_server.graders import Completion, Grader, Resources
from reward_server.grading.admission import Admission
from reward_server.grading.landing import Awaited, Graded, Same, Started
from reward_server.grading.quotas import asking
from reward_server.grading.scoring import Job, Scoring
from reward_server.http.app import create_app
from reward_server.service import Service
from reward_server.serving.channel import Channel, Exchange, Lost
from reward_server.serving.draining import DrainingServer, calm
from reward_server.settings import Settings
from reward_server.telemetry.logs import configure_logging
from reward_server.telemetry.metrics import Metrics
from reward_server.telemetry.tracing import carried, start_tracing
from reward_server.telemetry.traffic import Traffic
from reward_server.verdict import ungradable

_HERE = frozenset({"/score", "/graders", "/rewards", "/healthz", "/docs", "/openapi.json"})
"""Paths that this process answers; below `/docs` too."""
_SCOPE = (
    "type", "asgi", "http_version", "server", "client", "scheme", "method", "root_path", "path", "raw_path",
    "query_string", "headers", "subprotocols",
)  # fmt: skip
_UNAVAILABLE = 503


class RemoteScoring(Scoring):
    """Grades fast what can be, and has the hub grade the rest."""

    def __init__(self, channel: Channel, traffic: Traffic, known: Mapping[str, Grader[Any, Any]]) -> None:
        never_asked = VerdictCache(LenientCache(EmbeddedCache(None, ttl_seconds=1.0)))
        admission = Admission(slots=1, queue_cpu_seconds=1.0)
        super().__init__(known, never_asked, Resources(), admission, observe=traffic.graded, watcher=traffic.stage)
        self._channel = channel

    async def _start(self, slow: Mapping[Same, Work], items: int, deadline: float | None) -> Started:
        """Hand in what is slow; the hub admits it, asks quota and cache, and keeps the deadline."""
        if not slow and asking.get().items_a_minute is None:
            return Started({}, deadline)
        futures = [asyncio.get_running_loop().create_future() for _ in slow]
        admitted = asyncio.get_running_loop().create_future()
        left = None if deadline is None else max(0.0, deadline - time.perf_counter())
        jobs = [Job(each.task, Completion(*same[1:])) for same, each in slow.items()]
        labels = [each.compiled.label for each in slow.values()]
        fetching = asyncio.create_task(
            _fetch(self._channel, (asking.get(), carried(), jobs, items, left), admitted, futures, labels)
        )
        for future in futures:  # whoever waits for none any more has gone away
            future.add_done_callback(lambda _: fetching.cancel() if all(map(_is_done, futures)) else None)
        try:
            refusal = await admitted
        except asyncio.CancelledError:
            fetching.cancel()
            raise
        if refusal is not None:
            raise Overloaded(*refusal)
        return Started({future: Awaited(same, None) for future, same in zip(futures, slow, strict=True)}, None)


def _is_done(future: "asyncio.Future[Any]") -> bool:
    return future.done()


async def _fetch(
    channel: Channel,
    asked: Any,
    admitted: "asyncio.Future[tuple[str, float] | None]",
    futures: "list[asyncio.Future[Graded]]",
    labels: list[str],
) -> None:
    """Have the hub grade; fill `admitted` with None or the refusal, then the futures. A lost hub is our failure."""
    try:
        async with channel.call("score", asked) as exchange:
            admitted.set_result(await exchange.receive())
            async for index, graded in exchange:
                if not futures[index].done():
                    futures[index].set_result(graded)
    except (Lost, StopAsyncIteration) as lost:
        if not admitted.done():
            admitted.set_result(None)
        for future, label in zip(futures, labels, strict=True):
            if not future.done():
                future.set_result(Graded(ungradable(f"the work was lost: {lost}"), label, "flight"))


class FrontService(Service):
    """What `/score` needs of a service."""

    async def self_test(self) -> None:
        """Test nothing: the hub does."""


@asynccontextmanager
async def _open_front(channel: Channel, settings: Settings) -> AsyncIterator[Service]:
    async with AsyncExitStack() as stack:
        metrics = Metrics()
        stack.callback(start_tracing())
        await metrics.stalls.start()
        stack.push_async_callback(metrics.stalls.close)
        worst = "The latest that the event loop has woken since the service started"
        metrics.gauge("reward_event_loop_worst_lag_seconds", worst, lambda: metrics.stalls.worst_seconds)
        scoring = RemoteScoring(channel, Traffic(metrics), graders.discover())
        stack.push_async_callback(scoring.close)
        audit = AuditLog(settings.audit_file) if settings.audit_file else None
        if audit is not None:
            stack.push_async_callback(audit.close)
        never_asked = LenientCache(EmbeddedCache(None, ttl_seconds=1.0))
        yield FrontService(settings, scoring, never_asked, None, metrics, audit)


class Tunnel:
    """Answers some paths by this process's application, all others by the hub's."""

    def __init__(self, app: ASGIApp, channel: Channel) -> None:
        self._app, self._channel = app, channel

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or WebSocket."""
        if scope.get("path", "") in _HERE or scope.get("path", "").startswith("/docs/"):
            await self._app(scope, receive, send)
            return
        try:
            async with self._channel.call("http", {key: scope[key] for key in _SCOPE if key in scope}) as exchange:
                feeding = asyncio.create_task(_feed(receive, exchange))
                try:
                    async for message in exchange:
                        await send(message)
                finally:
                    feeding.cancel()
        except Lost:
            if scope["type"] == "http":
                with suppress(RuntimeError):  # the answer had begun: it stays unfinished
                    headers = [(b"retry-after", b"2"), (b"content-length", b"0")]
                    await send({"type": "http.response.start", "status": _UNAVAILABLE, "headers": headers})
                    await send({"type": "http.response.body", "body": b""})


async def _feed(receive: Receive, exchange: Exchange) -> None:
    with suppress(Lost):
        while True:
            message = await receive()
            await exchange.send(message)
            if message["type"] in ("http.disconnect", "websocket.disconnect"):
                return


class Front:
    """This process: one channel to the hub, one server."""

    def __init__(self) -> None:
        self._server: DrainingServer | None = None
        self._made = asyncio.Event()
        self._service: Service | None = None

    async def answer(self, name: str, _argument: Any, exchange: Exchange) -> None:
        """Answer the hub (`channel.Handler`)."""
        if name == "metrics" and self._service is not None:
            await exchange.send(list(self._service.metrics.registry.collect()))
        elif name == "ready":
            await self._listening()
            await exchange.send(None)
        elif name == "leave":
            (await self._listening()).leave()
        elif name == "hand_over":
            (await self._listening()).hand_over()

    async def _listening(self) -> DrainingServer:
        """Return the server once it listens: who is told to end before that has to begin first."""
        await self._made.wait()
        assert self._server is not None
        await self._server.listening.wait()
        return self._server

    async def run(self, end: socket.socket, listeners: list[socket.socket]) -> None:
        """Serve until the hub says so or is gone."""
        channel = Channel(*await asyncio.open_connection(sock=end), self.answer, first=1)
        hearing = asyncio.create_task(channel.serve())
        settings: Settings = await channel.ask("settings")
        configure_logging(settings.log_format)
        app = create_app(settings, open_registry(settings.tasks_file), partial(_open_front, channel))
        async with app.router.lifespan_context(app):
            self._service = app.state.service
            self._server = DrainingServer(
                Tunnel(app, channel), drain_seconds=settings.drain_seconds, hears_signals=False
            )
            self._made.set()
            hearing.add_done_callback(lambda _: self._end())
            calm()
            await self._server.serve(sockets=listeners)
        hearing.cancel()

    def _end(self) -> None:
        if self._server is not None:
            self._server.should_exit = self._server.force_exit = True


def main() -> None:
    """Run with descriptors as arguments: the channel's, then those to listen on."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # a terminal's go to the hub too, which tells us
        signal.signal(number, signal.SIG_IGN)
    end, *listeners = (socket.socket(fileno=int(descriptor)) for descriptor in sys.argv[1:])
    with suppress(Lost):
        asyncio.run(Front().run(end, listeners))


if __name__ == "__main__":
    main()
