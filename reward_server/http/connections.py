"""HTTP connections with limits on how long a client may take: to send a request's head, its body, to take the answer.

uvicorn closes connections that are idle between requests, and no others. Here a connection has one timer, which is
looked at when it fires and set again for what is left: a request costs a few assignments. Writes are sent at once
(TCP_NODELAY): an answer leaves in two parts, and the second would wait for the client's delayed acknowledgement, 40 ms.
"""

import asyncio
import socket
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 20.0
"""For a new connection's first bytes, and for the head of a request."""
BODY_SECONDS = 30.0
"""For a body, beside what its size grants."""
BODY_BYTES_A_SECOND = 64 * 1024
"""The pace that a body must keep in the long run."""
WRITE_SECONDS = 60.0
"""For the client to take what fills the buffers."""
_NEVER = float("inf")
_TOO_SLOW = (
    b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-type: application/json\r\n"
    b"content-length: 49\r\n\r\n"
    b'{"detail":"the request took too long to arrive"}\n'
)


class TimedProtocol(HttpToolsProtocol):
    """uvicorn's connection with deadlines."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._read_by = self._write_by = _NEVER
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Set the socket up and wait for the first request."""
        super().connection_made(transport)
        connection = transport.get_extra_info("socket")
        if connection is not None and connection.family in (socket.AF_INET, socket.AF_INET6):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._read_by = self.loop.time() + HEAD_SECONDS
        self._timer = self.loop.call_later(HEAD_SECONDS, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the deadlines."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Give the head its time."""
        super().on_message_begin()
        self._read_by = self.loop.time() + HEAD_SECONDS

    def on_headers_complete(self) -> None:
        """Give the body its time."""
        super().on_headers_complete()
        self._read_by = self.loop.time() + BODY_SECONDS

    def on_body(self, body: bytes) -> None:
        """Give a body that keeps coming more time."""
        super().on_body(body)
        self._read_by += len(body) / BODY_BYTES_A_SECOND

    def on_message_complete(self) -> None:
        """Nothing is owed by the client any more: what follows is ours to do."""
        super().on_message_complete()
        self._read_by = _NEVER

    def pause_writing(self) -> None:
        """Wait for the client to take what fills the buffers, but not for ever."""
        super().pause_writing()
        self._write_by = self.loop.time() + WRITE_SECONDS

    def resume_writing(self) -> None:
        """Go on: it was taken."""
        super().resume_writing()
        self._write_by = _NEVER

    def _look(self) -> None:
        """End the connection if a deadline has passed; look again later if not."""
        now = self.loop.time()
        if now >= self._write_by:
            self.transport.abort()
        elif now >= self._read_by and not self.pipeline:  # a request in the pipeline waits for us
            begun = self.headers is not None  # a client that only connected ahead of need gets no answer
            if begun and (self.cycle is None or not self.cycle.response_started):
                self.transport.write(_TOO_SLOW)
            self.transport.close()
        else:
            soonest = min(self._read_by, self._write_by, now + HEAD_SECONDS)
            self._timer = self.loop.call_later(max(soonest - now, 0.0) + 0.1, self._look)
