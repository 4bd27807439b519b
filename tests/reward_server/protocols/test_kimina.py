"""A Kimina Lean server is passed through: its answers as they are, its failures no verdict."""

from collections.abc import Iterator
from typing import Any

import pytest
from aiohttp import web
from starlette.testclient import TestClient

from reward_server.http.app import create_app
from reward_server.settings import Settings
from tests.loopback import serving
from tests.reward_server.fakes import FakeLean

PROOF = "theorem t : True := trivial\n#print axioms t\n"


class Lean:
    """A Lean server of both versions, which notes what it was asked and answers a status on request."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str | None, dict[str, Any]]] = []
        self.status = 200
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.asked.append((request.path, request.headers.get("Authorization"), body))
        if self.status != 200:
            return web.json_response({"detail": "told so"}, status=self.status)
        if request.path == "/verify":
            return web.json_response(FakeLean().reply(body["codes"][0]["proof"]))
        results = FakeLean().reply(body["snippets"][0]["code"])["results"]
        return web.json_response({"results": [{**results[0], "id": body["snippets"][0]["id"], "time": 0.1}]})


@pytest.fixture(scope="module")
def lean() -> Iterator[Lean]:
    server, app = Lean(), web.Application()
    app.router.add_post("/verify", server.answer)
    app.router.add_post("/api/check", server.answer)
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
    assert lean.asked[-1] == ("/api/check", "Bearer key", body)


def test_version_1_is_passed_through_under_its_name_and_nemo_gym_keeps_verify(client: TestClient, lean: Lean):
    body = {"codes": [{"custom_id": "proof", "proof": PROOF}], "timeout": 5}
    assert client.post("/kimina/verify", json=body).json() == FakeLean().reply(PROOF)
    assert lean.asked[-1] == ("/verify", "Bearer key", body)
    refused = client.post("/verify", json=body)
    assert (refused.status_code, "response" in refused.json()["detail"]) == (422, True)


@pytest.mark.parametrize(("status", "told"), [(400, 400), (422, 422), (429, 503), (500, 503), (401, 503)])
def test_refusals_are_passed_on_and_failures_are_503(status: int, told: int, client: TestClient, lean: Lean):
    lean.status = status
    try:
        assert client.post("/api/check", json={"snippets": [{"id": "a", "code": PROOF}]}).status_code == told
    finally:
        lean.status = 200


@pytest.mark.parametrize(
    "body", [{}, {"snippets": "x"}, {"snippets": [], "timeout": 0}, {"snippets": [], "timeout": "1"}]
)
def test_what_is_no_request_is_refused_here(body: dict[str, Any], client: TestClient):
    assert client.post("/api/check", json=body).status_code == 422


def test_without_a_lean_server_it_says_so(alone: TestClient):
    answer = alone.post("/api/check", json={"snippets": [{"id": "a", "code": PROOF}]})
    assert (answer.status_code, "REWARD_LEAN_SERVER" in answer.json()["detail"]) == (503, True)
