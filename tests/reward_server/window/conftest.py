"""A service with its page, and a Chromium that reaches no other host."""

import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI

from reward_server.http.app import create_app
from reward_server.settings import Settings

from .browsing import Browser, open_chromium

SCREENSHOTS = Path(__file__).parents[3] / "runs" / "screenshots"


@contextlib.contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve an application in a thread; yields its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    until = time.monotonic() + 60
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    assert server.started
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    server.should_exit = True
    thread.join(20)
    listener.close()


@pytest.fixture(scope="session")
def serve() -> Callable[[FastAPI], contextlib.AbstractContextManager[str]]:
    """How an application is served."""
    return served


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Of a service with its page, without sandboxes and without a token."""
    folder = tmp_path_factory.mktemp("window")
    settings = Settings(sandbox="none", cache_file=folder / "cache.sqlite", audit_file=folder / "audit.jsonl")
    with served(create_app(settings)) as url:
        yield url


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests."""
    opened = open_chromium(SCREENSHOTS)
    yield opened
    opened.driver.quit()


@pytest.fixture
def browser(chromium: Browser) -> Iterator[Browser]:
    """The browser, wide and light, with nothing kept; afterwards nothing may have gone wrong in its console."""
    chromium.fresh()
    yield chromium
    assert chromium.complaints() == []
    assert chromium.hosts() <= {"127.0.0.1", "localhost"}


os.environ.setdefault("SE_OFFLINE", "true")
