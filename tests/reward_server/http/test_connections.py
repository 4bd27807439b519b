"""Connections end when a client takes too long, and answers leave at once."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import uvicorn

from reward_server.http import connections
from reward_server.http.connections import TimedProtocol


async def _application(scope: Any, receive: Any, send: Any) -> None:
    """Answers with the body it was sent; `/much` with more than any buffer takes."""
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return
        body += message["body"]
        if not message["more_body"]:
            break
    answer = b"x" * 100_000_000 if scope["path"] == "/much" else body
    await send({"type": "http.response.start", "status": 200, "headers": [
        (b"connection", b"close"), (b"content-length", str(len(answer)).encode())]})  # fmt: skip
    await send({"type": "http.response.body", "body": answer})


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    for name in ("HEAD_SECONDS", "BODY_SECONDS", "WRITE_SECONDS"):
        monkeypatch.setattr(connections, name, 0.3)
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(_application, http=TimedProtocol, lifespan="off", log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join()


def _said(port: int, *parts: bytes) -> bytes:
    """Send the parts, then read to the end that the server makes."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        for part in parts:
            connection.sendall(part)
        text = b""
        while part := connection.recv(65536):
            text += part
    return text


_HEAD = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n"


def test_who_says_nothing_is_hung_up_on(port: int):
    assert _said(port) == b""


@pytest.mark.parametrize("parts", [(b"POST / HT",), (_HEAD[:-2],), (_HEAD,), (_HEAD, b"12345")])
def test_who_does_not_finish_is_told_and_hung_up_on(port: int, parts: tuple[bytes, ...]):
    head, _, body = _said(port, *parts).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 ")
    assert f"content-length: {len(body)}".encode() in head


def test_who_finishes_is_answered(port: int):
    assert _said(port, _HEAD, b"1234567890").partition(b"\r\n\r\n")[2] == b"1234567890"


def _taken_after(port: int, pause: float) -> int:
    """Ask for much, take none of it for a while, then all there is: how many bytes that were."""
    taken = 0
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(b"GET /much HTTP/1.1\r\nhost: x\r\n\r\n")
        time.sleep(pause)
        with suppress(ConnectionResetError):
            while part := connection.recv(1 << 20):
                taken += len(part)
    return taken


def test_who_does_not_take_the_answer_is_hung_up_on(port: int):
    # a busy machine looks at its connections late
    assert any(_taken_after(port, pause) < 100_000_000 for pause in (1.0, 5.0, 20.0))
