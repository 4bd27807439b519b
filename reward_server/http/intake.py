"""What stands in front of the application: whose request is let in, and how many bytes of requests are held.

Who may come in is decided by the head of a request, before any of its body is read. Bodies are read here, whole, so
that a client that hangs up in the middle leaves nothing behind: no exception is raised that would keep what was read
alive. How long a client may take is the connection's matter (`connections`).
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from reward_server.grading.quotas import ask_as
from reward_server.http.keys import WRONG_KEY, KeyRing
from reward_server.wire import ErrorResponse

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

HOLD = "reward_server.hold"
"""Key in a request's scope of the function that counts more bytes as held by it; False where they are too many."""
_BODILESS = frozenset({"GET", "HEAD", "OPTIONS"})
_JOINED_HERE = 2 * 1024 * 1024
_RETRY_AFTER_SECONDS = b"1"


class _Refused(Exception):  # noqa: N818 - named after what happened
    """The body is not taken; carries the status and one line for a person."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status


@dataclass(slots=True)
class _Body:
    """What has come of a body."""

    parts: list[bytes] = field(default_factory=list)
    size: int = 0

    async def joined(self) -> bytes:
        """Return all of it; what is long is joined in a thread, which lets others run meanwhile."""
        parts, self.parts = self.parts, []
        return b"".join(parts) if self.size <= _JOINED_HERE else await asyncio.to_thread(b"".join, parts)


class Intake:
    """Reads bodies for the application it wraps, within the bounds of one body and of all bodies held at a time."""

    def __init__(
        self, app: Application, *, keys: KeyRing, max_body_bytes: int, max_held_bytes: int, streamed: str = ""
    ) -> None:
        """Whose route reads its body a piece at a time, and guards itself, is `streamed`: the path of one, if any."""
        self._app, self._keys, self._streamed = app, keys, streamed
        self._max_body, self._max_held = max_body_bytes, max_held_bytes
        self.held_bytes = 0
        """Of bodies whose requests are being read or answered."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection event as ASGI has it."""
        streamed = bool(self._streamed) and scope.get("path", "").startswith(self._streamed)
        if scope["type"] != "http" or scope["method"] in _BODILESS or streamed:
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if (tenant := self._keys.holder(headers)) is None:
            await _answer(send, 401, WRONG_KEY, (b"www-authenticate", b"Bearer"))
            return
        ask_as(tenant)
        body, more_bytes = _Body(), 0

        def hold(size: int) -> bool:
            nonlocal more_bytes
            others = self.held_bytes - body.size - more_bytes
            if others and self.held_bytes + size > self._max_held:
                return False
            more_bytes += size
            self.held_bytes += size
            return True

        scope[HOLD] = hold
        try:
            whole = await self._read(body, headers.get("content-length", ""), receive)
            if whole:
                await self._app(scope, _replay(await body.joined(), receive), send)
        except _Refused as refused:
            more = ((b"retry-after", _RETRY_AFTER_SECONDS),) if refused.status == 429 else ()  # noqa: PLR2004
            await _answer(send, refused.status, str(refused), *more)
        finally:
            self.held_bytes -= body.size + more_bytes

    async def _read(self, body: _Body, announced: str, receive: Receive) -> bool:
        """Read the body into `body`; False where the client hung up before its end.

        Raises:
            _Refused: it is too large, or too much is held already.
        """
        if announced.isdecimal():
            self._check_size(int(announced))
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return False
            part = message.get("body", b"")
            if self.held_bytes > body.size and self.held_bytes + len(part) > self._max_held:
                detail = (
                    f"{self.held_bytes} bytes of other requests are held, REWARD_MAX_HELD_BYTES is {self._max_held}"
                )
                raise _Refused(429, detail)
            body.parts.append(part)
            body.size += len(part)
            self.held_bytes += len(part)
            self._check_size(body.size)
            if not message.get("more_body", False):
                return True

    def _check_size(self, size: int) -> None:
        if size > self._max_body:
            raise _Refused(
                413, f"the body is larger than the {self._max_body} bytes of REWARD_MAX_BODY_BYTES: send several"
            )


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the body first and what happens on the connection afterwards."""
    unread = [body]

    async def replayed() -> MutableMapping[str, Any]:
        if unread:
            return {"type": "http.request", "body": unread.pop(), "more_body": False}
        return await receive()

    return replayed


async def _answer(send: Send, status: int, detail: str, *headers: tuple[bytes, bytes]) -> None:
    body = ErrorResponse(detail=detail).model_dump_json().encode()
    given = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body)), *headers]
    await send({"type": "http.response.start", "status": status, "headers": given})
    await send({"type": "http.response.body", "body": body})
