"""One server with sandboxes that are processes, for the protocols that run programs; and one without any."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from reward_server.http.app import create_app
from reward_server.settings import Settings

TOKEN = "k-0"


@pytest.fixture(scope="session")
def served() -> Iterator[TestClient]:
    """A server that asks for `TOKEN`; the client sends it."""
    settings = Settings(sandbox="process", cache_file="memory", redis_url=None, api_token=TOKEN, sandbox_slots=1)
    with TestClient(create_app(settings), headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        yield client


@pytest.fixture(scope="session")
def alone() -> Iterator[TestClient]:
    """A server that cannot run programs."""
    settings = Settings(sandbox="none", cache_file="memory", redis_url=None, api_token=None)
    with TestClient(create_app(settings)) as client:
        yield client
