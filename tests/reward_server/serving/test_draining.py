"""A server that ends finishes what it began; a successor takes the port over without a refused connection."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from reward_server.serving import draining
from reward_server.serving.draining import DrainingServer
from reward_server.serving.listening import listen, share_of

_ROOT = Path(__file__).parents[3]
_LISTENING = re.compile(r"on http://[\d.]+:(\d+)")
_ITEM = {"task": {"kind": "math", "ground_truth": "1/2"}, "completion": "\\boxed{0.5}"}


def _started(folder: Path, *options: str) -> subprocess.Popen[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("REWARD_")}
    environment = {**clean, "REWARD_CACHE_FILE": str(folder / "verdicts.sqlite"), "REWARD_DRAIN_SECONDS": "20"}
    command = [sys.executable, "-m", "reward_server.cli", "serve", "--sandbox", "none", *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=_ROOT, env=environment)


@contextmanager
def _server(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    process = _started(folder, *options)
    assert process.stdout is not None
    try:
        port = next(int(found[1]) for line in process.stdout if (found := _LISTENING.search(line)))
        yield process, port
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def _ask(port: int, path: str = "/score") -> Any:
    body = json.dumps({"items": [_ITEM]}).encode() if path == "/score" else None
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", body, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.read().decode()


def _fronts_of(hub: subprocess.Popen[str]) -> list[str]:
    children = Path(f"/proc/{hub.pid}/task/{hub.pid}/children").read_text().split()
    return [pid for pid in children if "serving.front" in Path(f"/proc/{pid}/cmdline").read_text()]


def _right(port: int) -> bool:
    return json.loads(_ask(port))["verdicts"][0]["outcome"] == "correct"


class _Slow:
    """Answers when it is let go."""

    def __init__(self) -> None:
        self.go, self.reached = asyncio.Event(), asyncio.Event()

    async def __call__(self, _scope: Any, _receive: Any, send: Any) -> None:
        self.reached.set()
        await self.go.wait()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4")]})
        await send({"type": "http.response.body", "body": b"done"})


async def _get(port: int) -> tuple[int, dict[str, str], bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /x HTTP/1.1\r\nhost: x\r\n\r\n")
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower().split("\r\n")
    headers = dict(line.split(": ", 1) for line in head[1:] if ": " in line)
    body = await reader.readexactly(int(headers["content-length"]))
    writer.close()
    return int(head[0].split()[1]), headers, body


def test_what_is_in_progress_is_finished_and_what_is_new_is_sent_elsewhere():
    async def run() -> None:
        app = _Slow()
        (listener,) = listen("127.0.0.1", 0)
        port = listener.getsockname()[1]
        server = DrainingServer(app, drain_seconds=20.0, hears_signals=False)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        first = asyncio.create_task(_get(port))
        await app.reached.wait()
        server.leave()
        status, headers, _ = await _get(port)
        assert (status, headers["retry-after"], headers["connection"]) == (503, "2", "close")
        await asyncio.sleep(0.3)
        assert not serving.done()
        app.go.set()
        assert (await first)[::2] == (200, b"done")
        await asyncio.wait_for(serving, 5)

    asyncio.run(run())


def test_who_does_not_finish_in_time_is_not_waited_for():
    async def run() -> None:
        app = _Slow()
        (listener,) = listen("127.0.0.1", 0)
        server = DrainingServer(app, drain_seconds=0.1, hears_signals=False)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        first = asyncio.create_task(_get(listener.getsockname()[1]))
        await app.reached.wait()
        server.leave()
        await asyncio.wait_for(serving, 5)
        assert (await first)[0] == 500

    asyncio.run(run())


def test_a_connection_from_before_the_successor_is_served_once_more():
    async def run() -> None:
        app = _Slow()
        app.go.set()
        (listener,) = listen("127.0.0.1", 0)
        heir = listener.dup()
        server = DrainingServer(app, drain_seconds=20.0, hears_signals=False)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        await server.listening.wait()
        reader, writer = await asyncio.open_connection(*heir.getsockname())
        for closing in (b"", b"connection: close"):
            writer.write(b"GET /x HTTP/1.1\r\nhost: x\r\n\r\n")
            assert closing in await reader.readuntil(b"\r\n\r\n")
            assert await reader.readexactly(4) == b"done"
            server.hand_over()
        assert await reader.read() == b""
        await asyncio.wait_for(serving, 10)
        writer.close()
        _, waiting = await asyncio.open_connection(*heir.getsockname())  # the heir's own, though nobody accepts yet
        waiting.close()
        heir.close()

    asyncio.run(run())


def test_a_port_is_not_shared_unasked():
    first = listen("127.0.0.1", 0, 3)
    port = first[0].getsockname()[1]
    assert {each.getsockname()[1] for each in first} == {port}
    for count in (1, 2):
        with pytest.raises(OSError):
            listen("127.0.0.1", port, count)
    assert [len(share_of(first, place, 2)) for place in range(2)] == [2, 1]
    assert [share_of(first, place, 4)[0] in first for place in range(4)] == [True] * 4
    for each in first:
        each.close()


def test_a_successor_takes_over_and_no_connection_is_refused(tmp_path: Path):
    failed: list[str] = []
    answered = 0
    stop = threading.Event()

    def hammer() -> None:
        nonlocal answered
        while not stop.is_set():
            try:
                assert _right(port)
                answered += 1
            except (OSError, AssertionError) as error:
                failed.append(repr(error))

    with _server(tmp_path, "--port", "0", "--workers", "2") as (old, port):
        thread = threading.Thread(target=hammer)
        thread.start()
        with _server(tmp_path, "--port", str(port), "--take-over", "--workers", "1") as (new, same):
            assert same == port
            assert old.wait(30) == 0
            time.sleep(0.3)
            stop.set()
            thread.join()
            assert _right(port)
            new.send_signal(signal.SIGTERM)
            assert new.wait(30) == 0
    assert failed == []
    assert answered > 10


def test_several_processes_serve_one_port_and_one_that_dies_is_replaced(tmp_path: Path):
    with _server(tmp_path, "--port", "0", "--workers", "2") as (hub, port):
        assert all(_right(port) for _ in range(20))
        metrics = _ask(port, "/metrics")
        assert 'reward_requests_total{route="/score",status="200"} 20.0' in metrics
        fronts = _fronts_of(hub)
        assert len(fronts) == 2
        os.kill(int(fronts[0]), signal.SIGKILL)
        deadline, right = time.monotonic() + 30, 0
        while right < 20 and time.monotonic() < deadline:
            try:
                right += _right(port)
            except (OSError, urllib.error.URLError):  # it was that process's own
                right = 0
        assert right == 20
        assert json.loads(_ask(port, "/readyz"))["ready"]
        hangs_up = signal.getsignal(signal.SIGHUP) is signal.SIG_DFL  # not below nohup, which servers heed
        hub.send_signal(signal.SIGHUP if hangs_up else signal.SIGTERM)
        assert hub.wait(30) == 0
        assert not [pid for pid in fronts if Path(f"/proc/{pid}").exists()]


def test_a_server_that_is_told_to_end_while_its_processes_start_ends(tmp_path: Path):
    hub = _started(tmp_path, "--port", "0", "--workers", "2")
    try:
        while not _fronts_of(hub):  # they take a second to import what they need
            time.sleep(0.01)
        hub.send_signal(signal.SIGTERM)
        assert hub.wait(30) == 0
    finally:
        hub.kill()
        hub.communicate()


@pytest.mark.parametrize(
    ("young", "idle", "collected"), [(399, True, 0), (400, True, 1), (400, False, 0), (20_000, False, 1)]
)
def test_full_collections_wait_until_nothing_is_in_progress(young, idle, collected, monkeypatch):
    done: list[int] = []
    monkeypatch.setattr(draining.gc, "get_count", lambda: (0, 0, young))
    monkeypatch.setattr(draining.gc, "collect", lambda: done.append(1))
    draining.collect(idle=idle)
    assert len(done) == collected
