"""A Kimina Lean server is passed through: its answers as they are, its failures no verdict."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from aiohttp import web
from starlette.testclient import TestClient

from reward_server.http.app import create_app
from reward_server.proofs.kimina import LeanServer
from reward_server.settings import Settings
from tests.loopback import serving
from tests.reward_server.fakes import FakeLean

PROOF = "theorem t : True := trivial\n#print axioms t\n"


class Lean:
    """A Lean server of both versions, which notes what it was asked and answers a status on request."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str | None, dict[str, Any]]] = []
        self.status = 200
        self.other: web.Response | None = None
        self.url = ""
        self.connections: set[object] = set()

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.asked.append((request.path, request.headers.get("Authorization"), body))
        self.connections.add(request.transport)
        if self.other is not None:
            return self.other
        if self.status != 200:
            return web.json_response({"detail": "told so"}, status=self.status)
        if request.path == "/verify":
            return web.json_response(FakeLean().reply(body["codes"][0]["proof"]))
        results = FakeLean().reply(body["snippets"][0]["code"])["results"]
        return web.json_response({"results": [{**results[0], "id": body["snippets"][0]["id"], "time": 0.1}]})

    async def elsewhere(self, _request: web.Request) -> web.Response:
        """Answer as Lean would; nobody is to come here."""
        self.asked.append(("/elsewhere", None, {}))
        return web.json_response({"results": []})


@pytest.fixture(scope="module")
def lean() -> Iterator[Lean]:
    server, app = Lean(), web.Application()
    app.router.add_post("/verify", server.answer)
    app.router.add_post("/api/check", server.answer)
    app.router.add_route("*", "/elsewhere", server.elsewhere)
    with serving(app) as server.url:
        yield server


@pytest.fixture(scope="module")
def client(lean: Lean) -> Iterator[TestClient]:
    settings = Settings(
        sandbox="none", cache_file="memory", redis_url=None, api_token=None, lean_server=lean.url, lean_token="key"
    )
    with TestClient(create_app(settings)) as running:
        yield running


@pytest.mark.parametrize("path", ["/api/check", "/kimina/api/check"])
def test_version_2_is_passed_through(path: str, client: TestClient, lean: Lean):
    body = {"snippets": [{"id": "a", "code": PROOF}], "timeout": 5, "reuse": True, "infotree": "original"}
    told = client.post(path, json=body).json()
    assert told["results"][0]["id"] == "a"
    assert "axioms" in told["results"][0]["response"]["messages"][0]["data"]
    assert ("/api/check", "Bearer key", body) in lean.asked  # among what self-tests ask


def test_version_1_is_passed_through_under_its_name_and_nemo_gym_keeps_verify(client: TestClient, lean: Lean):
    body = {"codes": [{"custom_id": "proof", "proof": PROOF}], "timeout": 5}
    assert client.post("/kimina/verify", json=body).json() == FakeLean().reply(PROOF)
    assert ("/verify", "Bearer key", body) in lean.asked  # among what self-tests ask
    refused = client.post("/verify", json=body)
    assert (refused.status_code, "response" in refused.json()["detail"]) == (422, True)


@pytest.mark.parametrize(
    ("status", "told"),
    [(400, 400), (422, 422), *((status, 503) for status in (202, 401, 402, 408, 413, 418, 429, 500))],
)
def test_refusals_are_passed_on_and_failures_are_503(status: int, told: int, client: TestClient, lean: Lean):
    lean.status = status
    try:
        assert client.post("/api/check", json={"snippets": [{"id": "a", "code": PROOF}]}).status_code == told
    finally:
        lean.status = 200


@pytest.mark.parametrize(
    "made",
    [
        lambda: web.Response(status=302, headers={"Location": "/elsewhere"}),
        lambda: web.Response(status=307, headers={"Location": "/elsewhere"}),
        lambda: web.Response(status=204),
        lambda: web.Response(text="<p>Sign in</p>", content_type="text/html"),
        lambda: web.Response(text='{"results": []}', content_type="text/html"),
        lambda: web.Response(text="{", content_type="application/json"),
        lambda: web.json_response({"ok": 1}),
        lambda: web.json_response([]),
        lambda: web.Response(status=422, text="<p>no</p>", content_type="text/html"),
    ],
)
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/check", {"snippets": [{"id": "a", "code": PROOF}]}),
        ("/kimina/verify", {"codes": [{"custom_id": "a", "proof": PROOF}]}),
    ],
)
def test_an_answer_that_is_no_verdict_of_lean_is_503(
    made: Callable[[], web.Response], path: str, body: dict[str, Any], client: TestClient, lean: Lean
):
    lean.other, before = made(), len(lean.asked)
    try:
        assert client.post(path, json=body).status_code == 503
    finally:
        lean.other = None
    asked = [asked[0] for asked in lean.asked[before:]]  # the service's own look at the Lean server may be among them
    assert path.replace("/kimina", "") in asked
    assert "/elsewhere" not in asked, "a redirect is not followed"


def test_requests_share_the_connections_of_the_service(client: TestClient, lean: Lean):
    lean.connections.clear()
    for _ in range(12):
        assert client.post("/api/check", json={"snippets": [{"id": "a", "code": PROOF}]}).status_code == 200
    assert len(lean.connections) <= 3, "the service's own look at its Lean server may have opened others"


def test_a_few_dozen_are_asked_at_once_and_no_more():
    async def most() -> int:
        now = highest = 0

        async def answer(_request: web.Request) -> web.Response:
            nonlocal now, highest
            now += 1
            highest = max(highest, now)
            await asyncio.sleep(0.1)
            now -= 1
            return web.json_response({"results": []})

        app = web.Application()
        app.router.add_post("/verify", answer)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        server = LeanServer(f"http://127.0.0.1:{runner.addresses[0][1]}")
        await asyncio.gather(*(server.forward("/verify", {}, 5) for _ in range(90)))
        await server.close()
        await runner.cleanup()
        return highest

    assert asyncio.run(most()) <= 64


@pytest.mark.parametrize(
    "body", [{}, {"snippets": "x"}, {"snippets": [], "timeout": 0}, {"snippets": [], "timeout": "1"}]
)
def test_what_is_no_request_is_refused_here(body: dict[str, Any], client: TestClient):
    assert client.post("/api/check", json=body).status_code == 422


def test_without_a_lean_server_it_says_so(alone: TestClient):
    answer = alone.post("/api/check", json={"snippets": [{"id": "a", "code": PROOF}]})
    assert (answer.status_code, "REWARD_LEAN_SERVER" in answer.json()["detail"]) == (503, True)
