"""Who is let in before a body is read, and how many bytes are held."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from functools import wraps
from typing import Any

import orjson
import pytest
from pydantic import SecretStr, ValidationError

from reward_server.http.intake import HOLD, Intake
from reward_server.http.keys import KeyRing
from reward_server.settings import Settings


def _run(test: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], None]:
    @wraps(test)
    def run() -> None:
        asyncio.run(test())

    return run


class _Application:
    """Reads the body whole, waits to be let go, answers 200."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.go, self.reached = asyncio.Event(), asyncio.Event()

    async def __call__(self, _scope: Any, receive: Any, send: Any) -> None:
        self.bodies.append((await receive())["body"])
        self.reached.set()
        await self.go.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"done"})


class _Unpacking:
    """Asks to hold more than may be held."""

    def __init__(self) -> None:
        self.told: list[bool] = []

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:
        self.told.append(scope[HOLD](1000))
        await send({"type": "http.response.start", "status": 429, "headers": []})
        await send({"type": "http.response.body", "body": b""})


class _Client:
    """Sends what it is given, part by part, and keeps what is answered; counts the parts that were asked for."""

    def __init__(self, parts: Sequence[bytes], *, hang_up: bool = False) -> None:
        self._messages = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
        if hang_up:
            self._messages.append({"type": "http.disconnect"})
        else:
            self._messages[-1]["more_body"] = False
        self.asked = 0
        self.answered: list[Any] = []

    async def receive(self) -> Any:
        self.asked += 1
        return self._messages.pop(0)

    async def send(self, message: Any) -> None:
        self.answered.append(message)

    @property
    def status(self) -> int:
        return int(self.answered[0]["status"])

    @property
    def detail(self) -> str:
        return str(orjson.loads(self.answered[1]["body"])["detail"])


def _intake(application: Any, **bounds: Any) -> Intake:
    return Intake(application, **{"keys": KeyRing(), "max_body_bytes": 100, "max_held_bytes": 150} | bounds)


async def _post(intake: Intake, client: _Client, **headers: str) -> None:
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    await intake({"type": "http", "method": "POST", "headers": named}, client.receive, client.send)


@_run
async def test_without_the_token_nothing_of_a_body_is_read():
    client = _Client([b"x" * 50, b"y"])
    await _post(_intake(_Application(), keys=KeyRing(SecretStr("secret"))), client, authorization="Bearer wrong")
    assert (client.status, client.asked) == (401, 0)


@_run
async def test_a_body_that_is_announced_too_large_is_not_read():
    client = _Client([b"x"])
    await _post(_intake(_Application()), client, content_length="101")
    assert (client.status, client.asked) == (413, 0)
    assert "REWARD_MAX_BODY_BYTES" in client.detail


@_run
async def test_a_body_that_grows_too_large_is_refused_and_forgotten():
    intake, client = _intake(_Application()), _Client([b"x" * 60, b"x" * 60])
    await _post(intake, client)
    assert (client.status, intake.held_bytes) == (413, 0)


@_run
async def test_a_client_that_hangs_up_leaves_nothing_and_the_application_is_not_called():
    application = _Application()
    intake, client = _intake(application), _Client([b"x" * 60], hang_up=True)
    await _post(intake, client)
    assert (client.answered, application.bodies, intake.held_bytes) == ([], [], 0)


@_run
async def test_more_than_may_be_held_is_refused_with_a_time_to_come_back():
    application = _Application()
    intake = _intake(application)
    first = asyncio.create_task(_post(intake, _Client([b"x" * 90])))
    await application.reached.wait()
    second, third = _Client([b"y" * 61]), _Client([b"z" * 60])
    await _post(intake, second)
    assert second.status == 429
    assert (b"retry-after", b"1") in second.answered[0]["headers"]
    application.go.set()
    await _post(intake, third)
    await first
    assert (third.status, intake.held_bytes) == (200, 0)


@_run
async def test_what_a_body_holds_when_it_is_unpacked_counts_too():
    told: list[bool] = []

    async def unpacking(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        told.append(scope[HOLD](1000))
        held = intake.held_bytes
        told.append(scope[HOLD](1))
        assert held == 1060
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    intake = _intake(unpacking)
    await _post(intake, _Client([b"x" * 60]))
    assert (told, intake.held_bytes) == ([True, True], 0)
    waiting = _Application()
    intake = _intake(waiting)
    other = asyncio.create_task(_post(intake, _Client([b"x" * 60])))
    await waiting.reached.wait()
    intake._app = unpacking_too = _Unpacking()
    await _post(intake, _Client([b"x" * 60]))
    assert unpacking_too.told == [False]
    waiting.go.set()
    await other
    assert intake.held_bytes == 0


@_run
async def test_one_body_is_taken_however_little_may_be_held():
    application = _Application()
    application.go.set()
    client = _Client([b"x" * 90])
    await _post(_intake(application, max_held_bytes=10), client)
    assert (client.status, application.bodies) == (200, [b"x" * 90])


@pytest.mark.parametrize(
    ("authorization", "enters"),
    [
        ("Bearer secret", True), ("bearer secret", True), ("BEARER  secret ", True),
        ("secret", False), ("Basic secret", False), ("", False), ("Bearer", False), ("Bearer secre", False),
    ],
)  # fmt: skip
def test_the_token_comes_with_its_scheme(authorization: str, enters: bool):
    assert (KeyRing(SecretStr("secret")).holder({"authorization": authorization}) is not None) is enters


@pytest.mark.parametrize("empty", ["", "  "])
def test_a_token_that_is_set_and_empty_is_refused(monkeypatch: pytest.MonkeyPatch, empty: str):
    monkeypatch.setenv("REWARD_API_TOKEN", empty)
    with pytest.raises(ValidationError, match="REWARD_API_TOKEN"):
        Settings()
