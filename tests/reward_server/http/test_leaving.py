"""A client that hangs up ends what was done for it; one that stays is served whole."""

import asyncio
import json
from typing import Any

import pytest
from fastapi import HTTPException, Request

from reward_server.grading.scoring import Scoring
from reward_server.http import leaving
from reward_server.http.app import create_app
from reward_server.http.leaving import while_connected
from reward_server.settings import Settings


@pytest.fixture(autouse=True)
def _watched_at_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(leaving, "_WATCHED_AFTER_SECONDS", 0.0)


def _request(gone: asyncio.Event) -> Request:
    async def receive() -> dict[str, Any]:
        await gone.wait()
        return {"type": "http.disconnect"}

    return Request({"type": "http", "method": "POST", "headers": []}, receive)


def test_the_work_is_cancelled_when_the_client_is_gone():
    async def run() -> None:
        gone, ended = asyncio.Event(), []

        async def serve() -> None:
            async with while_connected(_request(gone)):
                try:
                    await asyncio.sleep(60)
                finally:
                    ended.append(True)

        serving = asyncio.create_task(serve())
        await asyncio.sleep(0.01)
        assert not ended
        gone.set()
        with pytest.raises(HTTPException, match="gone"):
            await serving
        assert ended

    asyncio.run(run())


def test_who_is_cancelled_for_another_reason_stays_cancelled_and_who_is_answered_is_left_alone():
    async def run() -> None:
        gone = asyncio.Event()

        async def serve(seconds: float) -> str:
            async with while_connected(_request(gone)):
                await asyncio.sleep(seconds)
            return "answered"

        serving = asyncio.create_task(serve(60))
        await asyncio.sleep(0.01)
        serving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await serving
        assert await serve(0.01) == "answered"
        gone.set()
        await asyncio.sleep(0.01)

    asyncio.run(run())


def test_a_client_that_hung_up_is_counted_as_one_and_is_no_error_of_ours(monkeypatch: pytest.MonkeyPatch):
    body = json.dumps({"items": [{"task": {"kind": "exact", "ground_truth": "x"}, "completion": "x"}]}).encode()
    sent: list[int] = []

    async def never(*_given: Any) -> list[Any]:
        await asyncio.sleep(60)
        return []

    async def run() -> dict[tuple[str, str], int]:
        app = create_app(Settings(sandbox="none", cache_file="memory", redis_url=None, api_token=None))
        messages = [{"type": "http.request", "body": body}, {"type": "http.disconnect"}]

        async def receive() -> dict[str, Any]:
            await asyncio.sleep(0.01)
            return messages.pop(0) if len(messages) > 1 else messages[0]

        async def send(message: dict[str, Any]) -> None:
            sent.append(message.get("status", 0))

        headers = [(b"content-type", b"application/json")]
        scope = {"type": "http", "method": "POST", "path": "/score", "headers": headers, "query_string": b""}
        async with app.router.lifespan_context(app):
            monkeypatch.setattr(Scoring, "score", never)
            await app(scope, receive, send)
            return dict(app.state.service.metrics.requests)

    assert asyncio.run(run()) == {("/score", "499"): 1}
    assert sent[:1] == [499]
