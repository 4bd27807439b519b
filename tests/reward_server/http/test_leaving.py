"""A client that hangs up ends what was done for it; one that stays is served whole."""

import asyncio
from typing import Any

import pytest
from fastapi import HTTPException, Request

from reward_server.http import leaving
from reward_server.http.leaving import while_connected


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
