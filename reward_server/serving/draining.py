"""Leaving without losing anything: requests in progress are finished, new ones are sent elsewhere.

On SIGTERM new requests get 503 with Retry-After, also on new connections, so that a proxy or a client's retry goes to
another server; `/readyz` says 503. Where a successor has taken over the sockets, new connections are its own, and what
still comes on kept connections is served, each time for the last time. When nothing is in progress, or after
`drain_seconds`, the process ends. A second signal ends it at once.
"""

import asyncio
import gc
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reward_server.http.connections import TimedProtocol
from reward_server.serving.turnstile import Turnstile

_ALWAYS = frozenset({"/healthz", "/metrics"})
_RETRY_AFTER = b"2"
_REFUSAL = b'{"detail":"this server is ending: ask again, another one answers","problems":[]}'
_SWITCH_SECONDS = 0.001
"""How long a thread that reads large tasks and completions may keep the event loop waiting."""
_DUE, _OVERDUE = 400, 20_000
"""Collections of the young after which a full one is due: twenty million objects, and a thousand million."""
_LINGER_SECONDS = 2.0
"""After the sockets were handed over: for connections whose next request is on its way."""


def calm() -> None:
    """Set the interpreter up for a process that serves: few and short collections, few and short waits for threads.

    Imports stay for good, and a batch makes thousands of short-lived objects: full collections rarely pay. Young ones
    stay short, for each holds up everybody: 40 ms for 50,000 objects on a busy machine. Full ones wait until nobody
    does (`collect`): one takes 130 ms where a task holds two million lists.
    """
    gc.freeze()
    gc.set_threshold(10_000, 5, 1_000_000)


def collect(*, idle: bool) -> None:
    """Collect all garbage where that is due and nothing is in progress, or long overdue."""
    if gc.get_count()[2] >= (_DUE if idle else _OVERDUE):
        gc.collect()
    sys.setswitchinterval(_SWITCH_SECONDS)


class Door:
    """The outermost of the application: knows what is in progress, and refuses once it is closed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.in_progress = 0
        """Requests; WebSockets are not waited for."""
        self.closed = False
        self.last_words = False
        """Answers end their connections."""
        self._turnstile = Turnstile()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif self.closed and scope["path"] not in _ALWAYS:
            headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(_REFUSAL))]
            headers += [(b"retry-after", _RETRY_AFTER), (b"connection", b"close")]
            await send({"type": "http.response.start", "status": 503, "headers": headers})
            await send({"type": "http.response.body", "body": _REFUSAL})
        else:
            self.in_progress += 1
            try:
                if scope["path"] not in _ALWAYS:
                    await self._turnstile.enter()
                await self._app(scope, receive, self._closing(send) if self.last_words else send)
            finally:
                self.in_progress -= 1

    @staticmethod
    def _closing(send: Send) -> Send:
        async def closing(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), (b"connection", b"close")]}
            await send(message)

        return closing


class DrainingServer(uvicorn.Server):
    """uvicorn, which ends by draining."""

    def __init__(self, app: ASGIApp, *, drain_seconds: float, hears_signals: bool = True) -> None:
        self.door = Door(app)
        super().__init__(
            uvicorn.Config(
                self.door,
                http=TimedProtocol,
                lifespan="off",
                log_level="warning",
                access_log=False,
                timeout_graceful_shutdown=1,
            )
        )
        self._drain_seconds, self._hears_signals = drain_seconds, hears_signals
        self._earliest, self._latest = 0.0, float("inf")
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to accept connections."""
        await super().startup(sockets)
        self.listening.set()

    def leave(self) -> None:
        """Refuse what is new, finish what is in progress, end."""
        self.door.closed, self._latest = True, time.monotonic() + self._drain_seconds
        self._earliest = 0.0

    def hand_over(self) -> None:
        """Accept no more connections, since another process does; finish what there is, end."""
        now = time.monotonic()
        self.door.last_words, self._earliest, self._latest = True, now + _LINGER_SECONDS, now + self._drain_seconds
        for server in self.servers:
            server.close()

    def handle_exit(self, sig: int, _frame: FrameType | None) -> None:
        """Begin to drain; end at once the second time."""
        if self._latest == float("inf"):
            self._captured_signals.append(sig)
            self.leave()
        else:
            self.should_exit = self.force_exit = True

    async def on_tick(self, counter: int) -> bool:
        """End when there is nothing to wait for; clean up when nobody waits."""
        collect(idle=not self.door.in_progress)
        now = time.monotonic()
        leaving = self._latest < float("inf")
        if leaving and (now >= self._latest or (now >= self._earliest and not self.door.in_progress)):
            self.should_exit = True
        return await super().on_tick(counter)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the parent, in a process that has one."""
        if self._hears_signals:
            with super().capture_signals():
                yield
        else:
            yield
