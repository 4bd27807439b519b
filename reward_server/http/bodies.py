"""Request bodies: decompressed within a bound, decoded by orjson, and errors that say where the JSON is broken.

Only `Content-Type: application/json` is taken: a web page cannot send it to a server on its visitor's machine without
being asked first (a CORS preflight, which is not answered here).
"""

import asyncio
import re
import zlib
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.routing import APIRoute

from reward_server.http.intake import HOLD
from reward_server.http.requests import decode

_JSON = re.compile(r"application/(?:[\w.-]+\+)?json\b", re.IGNORECASE)
_SMALL = 256 * 1024
"""Bytes of JSON that are decoded on the event loop: half a millisecond; repairing strings takes ten times that."""
_GZIP_WINDOW = 47
"""zlib's code for "gzip or zlib header, whichever is there", with the largest window."""


class JsonRequest(Request):
    """A request whose JSON is decoded once, by orjson (half the CPU of the standard decoder)."""

    async def body(self) -> bytes:
        """Return the body, decompressed when `Content-Encoding: gzip` says so."""
        if not hasattr(self, "_plain"):
            body = await super().body()
            encoding = self.headers.get("content-encoding", "identity")
            if encoding == "gzip":
                body = await asyncio.to_thread(_gunzip, body, self.app.state.settings.max_body_bytes)
                self._hold(len(body))
            elif encoding != "identity":
                raise HTTPException(415, f"content encoding {encoding!r} is not taken here; send gzip or none")
            self._plain = body
        return self._plain

    def _hold(self, size: int) -> None:
        """Count a decompressed body with those that are held; `Intake` knows nothing of what is inside."""
        hold = self.scope.get(HOLD)
        if hold is not None and not hold(size):
            raise HTTPException(429, "the bodies of other requests fill REWARD_MAX_HELD_BYTES", {"Retry-After": "1"})

    async def json(self) -> Any:
        """Return the decoded body.

        Raises:
            HTTPException: 422 with the position of the error.
        """
        if not hasattr(self, "_decoded"):
            try:
                body = await self.body()
                self._decoded = decode(body) if len(body) <= _SMALL else await asyncio.to_thread(decode, body)
            except ValueError as error:
                raise HTTPException(422, f"the body is not valid JSON: {error}"[:500]) from error
        return self._decoded


def _gunzip(body: bytes, limit: int) -> bytes:
    unpacker = zlib.decompressobj(_GZIP_WINDOW)
    try:
        plain = unpacker.decompress(body, limit + 1)
    except zlib.error as error:
        raise HTTPException(422, f"the body is not valid gzip: {error}") from error
    if len(plain) > limit:
        raise HTTPException(413, f"the decompressed body is larger than {limit} bytes")
    if not unpacker.eof:
        raise HTTPException(422, "the gzip body ends too early")
    return plain


class JsonRoute(APIRoute):
    """A route whose requests are `JsonRequest`s."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap FastAPI's handler."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            given = request.headers.get("content-type", "none")
            if request.method == "POST" and not _JSON.match(given):
                raise HTTPException(415, f"send the body as Content-Type: application/json, not {given!r:.80}")
            return await handler(JsonRequest(request.scope, request.receive))

        return handle
