"""HTTP to one service: a session for each event loop, retries with jittered back-off, one deadline for each call.

Theory of operation. An aiohttp session belongs to the event loop it was opened in, and trainers use several (TRL's
private loop, one in each Ray actor, a new one for each `asyncio.run`). So the session is opened lazily inside the
running loop, by an asynchronous generator that is kept suspended: when the loop shuts down its generators, as
`asyncio.run` and `LoopThread` do before they end, the session closes with it, and nothing is leaked or complained of.

Retried until the deadline: connections that fail or break, 429 and every 5xx, waiting as long as Retry-After says
(a little longer, so that many clients do not return at once), else exponentially with jitter. Never retried: other
4xx. Repeating is safe because grading is a pure function; the same `X-Request-ID` marks the tries of one request.

Not covered: a service that accepts the connection and then hangs holds the call until its deadline.
"""

import asyncio
import gzip
import random
import time
import uuid
import weakref
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from typing import Any

import aiohttp
import stamina
from pydantic import ValidationError

from reward_server.wire import ErrorResponse, service_url
from trainer_client.client.counters import Counters
from trainer_client.client.errors import RequestRejected, Unavailable

_CONNECT_SECONDS = 10.0
_FIRST_WAIT_SECONDS = 0.1
_LONGEST_WAIT_SECONDS = 10.0
_JITTER_SECONDS = 1.0
_WORTH_COMPRESSING_BYTES = 32 << 10
_SHOWN = 200


class _Busy(Exception):  # noqa: N818 - a state of the service
    """An answer that says "not now"."""

    def __init__(self, status: int, detail: str, retry_after_seconds: float | None) -> None:
        super().__init__(f"HTTP {status}: {detail}")
        self.retry_after_seconds = retry_after_seconds


_Keeper = AsyncGenerator[aiohttp.ClientSession, None]
_Sessions = dict[asyncio.AbstractEventLoop, tuple[aiohttp.ClientSession, _Keeper]]
_kept: dict[object, _Keeper] = {}
"""Keepers of open sessions. Their loops find them here at the end even where the client is garbage by then: the
collector forgets weak references to garbage, a loop's to its generators among them, before anything can be closed."""

_closing: set[asyncio.Task[None]] = set()


class Connection:
    """What a client says to one service, from any event loop."""

    def __init__(
        self, url: str, *, connections: int, headers: Mapping[str, str], compress: bool, counters: Counters
    ) -> None:
        """Raises: ValueError if `url` is no address of a service."""
        self._url = service_url(url)
        self._connections = connections
        self._headers = dict(headers)
        self._compress = compress
        self._counters = counters
        self.step: int | None = None
        """Of training, which requests are named after."""
        self._sessions: _Sessions = {}
        weakref.finalize(self, _release, self._sessions).atexit = False
        self._last_failure = ""

    async def close(self) -> None:
        """Close the session of the running loop."""
        opened = self._sessions.get(asyncio.get_running_loop())
        if opened is not None:
            await opened[1].aclose()

    @asynccontextmanager
    async def deadline(self, seconds: float, what: str) -> AsyncIterator[None]:
        """Bound everything inside to `seconds`.

        Raises:
            Unavailable: the time is over.
        """
        self._last_failure = ""
        try:
            async with asyncio.timeout(seconds):
                yield
        except TimeoutError as error:
            raise Unavailable(f"{self._url} did not answer {what} within {seconds:g} s{self._last_failure}") from error

    async def until_answered(self, attempt: Callable[[str], Awaitable[None]]) -> None:
        """Run `attempt(request_id)` until it neither fails to connect nor is told to come back later.

        It tries for ever: bound it with `deadline`. Raises what else `attempt` raises.
        """
        request_id = uuid.uuid4().hex
        retries = stamina.retry_context(
            on=self._back_off,
            attempts=None,
            timeout=None,
            wait_initial=_FIRST_WAIT_SECONDS,
            wait_max=_LONGEST_WAIT_SECONDS,
            wait_jitter=_JITTER_SECONDS,
        )
        async for trial in retries:
            if trial.num > 1:
                self._counters.retried()
            with trial:
                await attempt(request_id)

    def _back_off(self, error: Exception) -> bool | float:
        if not isinstance(error, _Busy | aiohttp.ClientConnectionError | aiohttp.ClientPayloadError):
            return False
        self._last_failure = f"; last failure: {error or type(error).__name__}"
        if isinstance(error, _Busy) and error.retry_after_seconds is not None:
            return error.retry_after_seconds * random.uniform(1.0, 1.25)
        return True

    @asynccontextmanager
    async def open(
        self, method: str, path: str, *, request_id: str, body: bytes | None = None, accept: str = "application/json"
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Send one request and yield its answer, of which only the headers have been read.

        Raises:
            RequestRejected: the service answered 4xx.
        """
        headers = {"Accept": accept, "X-Request-ID": request_id}
        if self.step is not None:
            headers["X-Reward-Step"] = str(self.step)
        if body is not None:
            headers["Content-Type"] = "application/json"
            if self._compress and len(body) > _WORTH_COMPRESSING_BYTES:
                headers["Content-Encoding"] = "gzip"
                body = gzip.compress(body, compresslevel=1)
        session = await self._session()
        started = time.perf_counter()
        async with session.request(method, self._url + path, data=body, headers=headers) as response:
            if response.status == HTTPStatus.UNSUPPORTED_MEDIA_TYPE and self._compress:
                self._compress = False
                raise _Busy(response.status, "gzip is not taken here; sending plain bodies from now on", 0.0)
            if response.status >= HTTPStatus.BAD_REQUEST:
                await _refuse(response)
            yield response
            self._counters.answered(time.perf_counter() - started)

    async def _session(self) -> aiohttp.ClientSession:
        loop = asyncio.get_running_loop()
        opened = self._sessions.get(loop)
        if opened is None or opened[0].closed:
            for ended in [other for other, (session, _) in list(self._sessions.items()) if session.closed]:
                self._sessions.pop(ended, None)
            name = object()
            keeper = _kept[name] = _keep_session(name, self._connections, self._headers)
            opened = self._sessions[loop] = (await anext(keeper), keeper)
        return opened[0]


async def _keep_session(name: object, connections: int, headers: Mapping[str, str]) -> _Keeper:
    session = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=connections, keepalive_timeout=60.0),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_SECONDS),
        headers=headers,
    )
    try:
        yield session
    finally:
        _kept.pop(name, None)
        await session.close()


def _release(sessions: _Sessions) -> None:
    """Have loops that go on close the sessions of a client that is gone; at its end a loop does so itself."""
    for loop, (_, keeper) in list(sessions.items()):
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(_close_soon, loop, keeper)


def _close_soon(loop: asyncio.AbstractEventLoop, keeper: _Keeper) -> None:
    async def close() -> None:
        await keeper.aclose()

    _closing.add(task := loop.create_task(close()))
    task.add_done_callback(_closing.discard)


async def _refuse(response: aiohttp.ClientResponse) -> None:
    body = await response.read()
    if response.status == HTTPStatus.TOO_MANY_REQUESTS or response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        detail = " ".join(body.decode(errors="replace").split())[:_SHOWN]
        raise _Busy(response.status, detail, _seconds(response.headers.get("Retry-After")))
    try:
        error = ErrorResponse.model_validate_json(body, extra="ignore")
    except ValidationError:
        error = ErrorResponse(detail=body[:_SHOWN].decode(errors="replace"))
    raise RequestRejected(response.status, error.detail, error.problems)


def _seconds(retry_after: Any) -> float | None:
    """Read Retry-After in seconds; the date form is left to the back-off."""
    try:
        return max(0.0, float(retry_after))
    except (TypeError, ValueError):
        return None
