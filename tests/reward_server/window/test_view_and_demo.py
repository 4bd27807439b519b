"""The page without a service: on a log alone, and on the bundled run."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from reward_server import window
from reward_server.cli import app as cli
from reward_server.commands.demo import has_screen, score_all
from reward_server.service import open_service
from reward_server.settings import Settings
from reward_server.window.demo import STEPS, batches
from reward_server.window.records import asking, curves, looking
from reward_server.window.records.index import LogIndex
from trainer_client import RewardClient, pair

from .browsing import Browser


def _viewing(log: Path, index: Path | None = None) -> FastAPI:
    app = FastAPI()
    window.mount(app, window.of_log(log, index))
    return app


@pytest.fixture(scope="module")
def demo_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    log = tmp_path_factory.mktemp("demo") / "demo.jsonl"

    async def score() -> None:
        async with open_service(Settings(sandbox="none", cache_file="memory", audit_file=log)) as service:
            await score_all(service)

    asyncio.run(score())
    return log


def test_the_bundled_run_has_something_to_look_at(demo_log: Path):
    index = LogIndex(demo_log)
    index.refresh()
    (run,) = asking.runs(index)
    assert (run["run"], run["steps"], run["verdicts"]) == ("demo", STEPS, sum(len(items) for _, items in batches()))
    curve = curves.curve(index, "demo", "math")
    assert sum(curve["reward"][-5:]) > sum(curve["reward"][:5])
    found = {one["signal"]: one["n"] for one in looking.look(index)["signals"]}
    assert all(found[name] for name in ("near_miss", "right_without_format", "agreed_on_wrong"))
    assert list(batches()) == list(batches())


def test_a_log_is_viewed_without_a_service_and_left_as_it_is(demo_log: Path, tmp_path: Path):
    before = demo_log.read_bytes()
    with TestClient(_viewing(demo_log, tmp_path / "kept.index")) as client:
        assert client.get("/window/api/about").json()["views"] == ["runs", "look"]
        assert client.get("/window/api/runs").json()["runs"][0]["run"] == "demo"
        assert client.get("/window/api/live").status_code == 404
        assert client.post("/score", json={}).status_code == 404
    assert demo_log.read_bytes() == before


@pytest.mark.browser
def test_a_viewed_log_in_the_browser(demo_log: Path, browser: Browser, serve):
    with serve(_viewing(demo_log)) as address:
        browser.open(address, "td a")
        assert [link.text for link in browser.all("#bar nav a")] == ["Runs", "Look here first"]
        browser.open(f"{address}#/runs/run/demo", "figure .u-over")
        browser.photograph("demo-run")
        browser.open(f"{address}#/runs/verdict/200", ".verdict")
        browser.photograph("demo-completion")
        assert browser.axe() == []


def test_a_port_that_is_taken_is_told_with_the_way_out(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for command in (["demo", "--sandbox", "none"], ["view"]):
            done = CliRunner().invoke(cli, [*command, "--port", port])
            assert (done.exit_code, "--port 0" in done.output) == (1, True), done.output


def test_what_was_opened_is_gone_when_it_is_told_to_end(tmp_path: Path):
    command = [sys.executable, "-m", "reward_server.cli", "view", "--port", "0"]
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as viewing:
        assert viewing.stdout is not None
        assert "is shown on" in viewing.stdout.readline()
        time.sleep(1)  # its server takes over the signal
        assert list(tmp_path.iterdir())
        viewing.terminate()
        assert viewing.wait(60) == 0
    assert list(tmp_path.iterdir()) == []


def test_a_browser_is_opened_only_where_it_can_be_seen(monkeypatch: pytest.MonkeyPatch):
    for name, value, seen in (("DISPLAY", "", False), ("DISPLAY", ":0", True)):
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
        monkeypatch.setenv(name, value)
        assert has_screen() is (seen or sys.platform == "darwin")


def test_a_client_names_its_run_and_step(tmp_path: Path, serve, monkeypatch: pytest.MonkeyPatch):
    import json

    from reward_server.http.app import create_app

    log = tmp_path / "audit.jsonl"
    task = {"kind": "math", "ground_truth": "1"}
    with serve(create_app(Settings(sandbox="none", cache_file="memory", audit_file=log))) as address:
        with RewardClient(address, run="büro 7") as client:
            client.begin_step(4)
            client.score(pair([task], ["\\boxed{1}"]))
        monkeypatch.setenv("REWARD_RUN", "from the environment")
        with RewardClient(address) as client:
            client.score(pair([task], ["\\boxed{1}"]))
    first, second = (json.loads(line) for line in log.read_text().splitlines())
    assert (first["run"], first["step"]) == ("büro 7", 4)
    assert second["run"] == "from the environment"
    assert "step" not in second
