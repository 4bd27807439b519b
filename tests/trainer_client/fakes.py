"""A small honest service for tests of the client: real HTTP on loopback, the real wire, and failures on request.

It grades `{"kind": "exact", "ground_truth": …}` by equality, and `{"kind": "broken"}` as ungradable. `moods` are
used up one a request: each is a failure of a kind that real services and networks have.
"""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web

from tests.loopback import serving

Mood = Literal[
    "busy",
    "down",
    "error",
    "hang up",
    "break off",
    "too few",
    "swapped",
    "hang",
    "slow",
    "locked",
    "gibberish",
    "too many",
]


@dataclass
class FakeService:
    """What the service was sent, and how it will misbehave."""

    moods: list[Mood] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    streams: bool = True
    broken_for: int = 10**9
    """How many gradings of a `broken` task stay ungradable."""
    takes_gzip: bool = True
    most_items: int = 10**9
    """What more than so many items are is 413."""
    url: str = ""
    port: int = 0
    """Where to listen; a free port where 0."""
    connections: set[Any] = field(default_factory=set)

    async def score(self, request: web.Request) -> web.StreamResponse:
        self.headers.append(dict(request.headers))
        self.connections.add(request.transport)
        if request.headers.get("Content-Encoding") == "gzip" and not self.takes_gzip:
            return web.json_response({"detail": "no gzip"}, status=415)
        body = json.loads(await request.read())
        self.requests.append(body)
        mood = self.moods.pop(0) if self.moods else None
        mood = "too many" if len(body["items"]) > self.most_items else mood
        if mood in _SECONDS:
            await asyncio.sleep(_SECONDS[mood])
        if mood == "hang up":
            request.transport.close()
        if mood in _REFUSALS:
            status, headers = _REFUSALS[mood]
            return web.json_response({"detail": mood}, status=status, headers=headers)
        problems = _problems(body)
        if problems:
            return web.json_response({"detail": problems[0]["message"], "problems": problems}, status=422)
        verdicts = [self._grade(row, item, body) for row, item in enumerate(body["items"])]
        if "ndjson" in request.headers["Accept"] and self.streams:
            return await self._stream(request, verdicts, break_off=mood == "break off")
        if mood == "too few":
            verdicts.pop()
        if mood == "swapped":
            verdicts.reverse()
        if mood == "gibberish":
            return web.json_response({"verdicts": [{"reward": 1.0}]})
        return web.json_response({"verdicts": verdicts, "new_field": 1})

    async def _stream(
        self, request: web.Request, verdicts: list[dict[str, Any]], *, break_off: bool
    ) -> web.StreamResponse:
        """Send the last item first, so that a client which relies on the order is found out."""
        response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
        response.enable_chunked_encoding()
        await response.prepare(request)
        for index in reversed(range(len(verdicts))):
            await response.write(json.dumps(verdicts[index] | {"index": index}).encode() + b"\n")
            if break_off:
                request.transport.close()
                break
        return response

    def _grade(self, row: int, item: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        task = body.get("tasks", {})[item["task"]] if isinstance(item["task"], str) else item["task"]
        ours = task["kind"] == "broken" and self.broken_for > 0
        self.broken_for -= task["kind"] == "broken"
        correct = item["completion"] == task.get("ground_truth")
        score = None if ours else float(correct)
        return {
            "id": item.get("id", row),
            "outcome": "ungradable" if ours else "correct" if correct else "incorrect",
            "score": score,
            "reward": score,
            "parts": {"accuracy": score},
            "answer": None,
            "evidence": {},
            "grader": f"{task['kind']}/1",
            "cached": False,
            "elapsed_ms": 0.1,
            "retryable": ours,
        }

    async def consensus(self, request: web.Request) -> web.Response:
        self.requests.append(await request.json())
        return web.json_response({"answer": "4"})


_REFUSALS = {
    "too many": (413, {}),
    "busy": (429, {"Retry-After": "0.05"}),
    "down": (503, {"Retry-After": "0.05"}),
    "error": (500, {}),
    "locked": (401, {}),
}
_SECONDS = {"hang": 60.0, "slow": 1.0}


def _problems(body: dict[str, Any]) -> list[dict[str, Any]]:
    shared = [
        {"row": None, "field": f"tasks.{name}.kind", "message": "unknown kind", "input": ""}
        for name, task in body.get("tasks", {}).items()
        if task.get("kind") == "misspelt"
    ]
    return shared + [
        {"row": row, "field": "task.kind", "message": "unknown kind", "input": ""}
        for row, item in enumerate(body["items"])
        if isinstance(item["task"], dict) and item["task"].get("kind") == "misspelt"
    ]


@contextmanager
def fake_service(**settings: Any) -> Iterator[FakeService]:
    """Serve on a free loopback port from a thread of its own, until the block ends."""
    service = FakeService(**settings)
    app = web.Application(client_max_size=1 << 28)
    app.router.add_post("/score", service.score)
    app.router.add_post("/consensus", service.consensus)
    with serving(app, service.port) as service.url:
        yield service
