"""One line in the log for each request, with its id; how many there were, by route and status.

The client's `X-Request-ID` is taken over if it is short and of plain characters, else one is made; the answer has it.
Probes, scrapes and files of the page that went well are counted and not logged.
"""

import re
import secrets
import time
from collections import Counter

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reward_server.grading.quotas import asking
from reward_server.http.origin import note_origin

_ID = re.compile(rb"[\w.:+=/@-]{1,128}", re.ASCII)
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
"""Paths that are asked all the time, and are no traffic."""
_FILES = "/window/static/"
_FAILED = 400
_NO_ANSWER = 499
"""Counted where the client was gone before the answer began."""
_log = structlog.get_logger()


class Logbook:
    """Wraps everything else, refusals included."""

    def __init__(self, app: ASGIApp, requests: Counter[tuple[str, str]]) -> None:
        self._app, self._requests = app, requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, note what became of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        given = headers.get(b"x-request-id", b"")
        identity = given if _ID.fullmatch(given) else secrets.token_hex(8).encode()
        note_origin(headers, identity.decode())
        started, status = time.perf_counter(), _NO_ANSWER

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message.get("headers", ()), (b"x-request-id", identity)]}
            await send(message)

        try:
            await self._app(scope, receive, note)
        finally:
            route = getattr(scope.get("route"), "path", "") or "other"  # never a path that a client made up
            self._requests[route, str(status)] += 1
            quiet = scope["path"] in PROBES or scope["path"].startswith(_FILES)
            if not quiet or status >= _FAILED:
                milliseconds = round((time.perf_counter() - started) * 1000, 1)
                _log.info(
                    "request",
                    request_id=identity.decode(),
                    method=scope["method"],
                    path=scope["path"][:200],
                    status=status,
                    milliseconds=milliseconds,
                    **({"tenant": tenant} if (tenant := asking.get().name) else {}),
                )
