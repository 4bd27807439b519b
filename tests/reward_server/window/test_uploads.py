"""Logs that are opened through the page: bounded, never executed, gone when they are closed, and off unless wanted."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from reward_server import window
from reward_server.http.app import create_app
from reward_server.settings import Settings
from reward_server.window.uploads import KEPT, Uploads

from .browsing import Browser
from .recorded import HARM

_GIVEN: dict[str, Any] = {"sandbox": "none", "cache_file": "memory"}
_NDJSON = {"Content-Type": "application/x-ndjson"}
_LIMIT = 100_000


def _line(**more: Any) -> bytes:
    record = {"outcome": "correct", "score": 1.0, "reward": 1.0, "step": 3, "grader": "math/3", "completion": "7",
              "task": {"kind": "math", "ground_truth": "7"}}  # fmt: skip
    return json.dumps(record | more).encode() + b"\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "opened"


@pytest.fixture
def client(folder: Path) -> Iterator[TestClient]:
    settings = Settings(**_GIVEN, page_uploads=folder, page_upload_bytes=_LIMIT)
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client


def _send(client: TestClient, content: bytes, name: str = "run.jsonl", **headers: str) -> Any:
    return client.post("/window/api/logs", content=content, headers={**_NDJSON, "X-Reward-Log": name, **headers})


def test_an_opened_log_is_asked_by_its_name_until_it_is_closed(client: TestClient, folder: Path):
    assert client.get("/window/api/runs").status_code == 404
    told = _send(client, _line() + _line(run="mine", reward=0.0), "my%20run.jsonl")
    assert told.status_code == 201
    log = told.json()["log"]
    runs = client.get(f"/window/api/runs?log={log}").json()["runs"]
    assert {run["run"]: run["mean_reward"] for run in runs} == {"my-run": 1.0, "mine": 0.0}
    assert client.get(f"/window/api/verdict?id=1&log={log}").json()["record"]["completion"] == "7"
    assert client.get(f"/window/api/verdict?id=1&log={'0' * 32}").status_code == 404
    assert client.delete(f"/window/api/logs/{log}").status_code == 204
    assert client.get(f"/window/api/runs?log={log}").status_code == 404
    assert list(folder.iterdir()) == []


def test_a_clients_journal_is_opened(client: TestClient):
    verdict = {"outcome": "correct", "score": 1.0, "reward": 1.0, "parts": {"accuracy": 1.0}, "grader": "math/3"}
    row = {"step": 1, "kind": "train", "prompt": "1+1", "completion": "2", "verdict": verdict}
    log = _send(client, json.dumps(row).encode(), "samples.jsonl").json()["log"]  # its last line has no end
    assert [run["verdicts"] for run in client.get(f"/window/api/runs?log={log}").json()["runs"]] == [1]


def test_what_is_too_large_or_no_log_leaves_nothing_behind(client: TestClient, folder: Path, tmp_path: Path):
    packed = tmp_path / "bomb.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("run.jsonl", _line() * 1000)
    hostile = {
        "empty": b"", "html": b"<script>alert(1)</script>", "zip": packed.read_bytes(), "gzip": b"\x1f\x8b" * 90,
        "binary": bytes(range(256)) * 40, "nested": b"[" * 90_000, "no verdicts": b'{"a": 1}\n' * 1000,
        "python": b"import os; os.system('touch harmed')\n",
    }  # fmt: skip
    assert {name: _send(client, content).status_code for name, content in hostile.items()} == dict.fromkeys(
        hostile, 422
    )
    assert _send(client, _line() * 1000).status_code == 413

    def endless() -> Iterator[bytes]:
        for _ in range(10_000):
            yield _line()

    streamed = client.post("/window/api/logs", content=endless(), headers=_NDJSON)
    assert streamed.status_code == 413
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "name", ["../../../etc/cron.d/x.jsonl", "%2e%2e%2fx", "a\\b.jsonl", "x%00y", ".jsonl", "é" * 90]
)
def test_a_name_is_never_a_path(name: str, client: TestClient, folder: Path):
    told = client.post("/window/api/logs", content=_line(), headers={**_NDJSON, "X-Reward-Log": name.encode()})
    assert told.status_code == 201
    (kept,) = folder.iterdir()
    (log,) = kept.glob("*.jsonl")
    assert log.stem.replace("-", "").replace("_", "").isalnum()
    assert log.resolve().is_relative_to(folder.resolve())
    for other in ("../opened", "..%2fopened", "."):
        assert client.get(f"/window/api/runs?log={other}").status_code == 404
        assert client.delete(f"/window/api/logs/{other}").status_code in {404, 405}


def _nested(depth: int) -> list[Any]:
    within: list[Any] = []
    for _ in range(depth):
        within = [within]
    return within


def test_lines_that_mean_harm_are_only_lines(client: TestClient):
    unread = [
        _line(task=_nested(500)), _line(group=_nested(500)), b'{"outcome": "\\ud800"}\n', b"\xff\xfe\n", b"null\n",
        _line().replace(b'"reward": 1.0', b'"reward": 1e400'), b"\0" * 50 + b"\n",
    ]  # fmt: skip
    lines = [
        _line(), _line(run="r" * 5000), _line(outcome=HARM), _line(grader=["x"]), _line(step=2**70), _line(parts=[1]),
        _line(parts={str(number): number for number in range(500)}), _line(answer={"a": 1}), _line(elapsed_ms=-5),
        _line(time=-1e308), _line(evidence="x"), _line(prompt=[{"content": HARM}], completion=None),
        _line(label={"x": 1}), _line(parts={"x" * 5000: 1}), _line(outcome="x" * 5000), _line(grader="y" * 5000),
    ]  # fmt: skip
    deep = _line(evidence={"deep": _nested(252)})  # what can be read, and is too deep to be written again
    log = _send(client, b"".join([*lines, *unread, deep])).json()["log"]
    asked = ["runs", "look", "verdicts", "verdicts?outcome=correct", "groups?run=run&step=3", "curve?run=run"]
    asked += ["look?run=run", f"curve?run={'r' * 512}", *(f"verdict?id={at}" for at in range(1, len(lines) + 1))]
    answers = {path: client.get(f"/window/api/{path}{'&' if '?' in path else '?'}log={log}") for path in asked}
    assert {path: told.status_code for path, told in answers.items()} == dict.fromkeys(asked, 200)
    assert answers["runs"].json()["progress"]["unread"] == len(unread)
    assert client.get(f"/window/api/verdict?id={len(lines) + 1}&log={log}").status_code == 503


def test_the_oldest_make_room(client: TestClient, folder: Path):
    sent = [_send(client, _line()).json()["log"] for _ in range(KEPT + 2)]
    assert len(list(folder.iterdir())) == KEPT
    assert client.get(f"/window/api/runs?log={sent[-1]}").status_code == 200


def test_another_page_cannot_send_one(client: TestClient):
    plain = {"Content-Type": "text/plain"}
    assert client.post("/window/api/logs", content=_line(), headers=plain).status_code == 415
    assert _send(client, _line(), Host="evil.example").status_code == 403
    preflight = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    assert "access-control-allow-origin" not in client.options("/window/api/logs", headers=preflight).headers


def test_only_who_may_read_completions_opens_logs(folder: Path):
    settings = Settings(**_GIVEN, page_uploads=folder, api_token="one", reader_token="two")
    with TestClient(create_app(settings)) as client:
        wanted = {"": 401, "one": 401, "two": 201}
        for token, status in wanted.items():
            assert _send(client, _line(), Authorization=f"Bearer {token}").status_code == status
    with TestClient(create_app(Settings(**_GIVEN, page_uploads=folder, api_token="one"))) as client:
        assert _send(client, _line()).status_code == 401
        assert _send(client, _line(), Authorization="Bearer one").status_code == 201


def test_a_service_takes_none_unless_told(tmp_path: Path):
    with TestClient(create_app(Settings(**_GIVEN, audit_file=tmp_path / "audit.jsonl"))) as client:
        assert client.get("/window/api/about").json()["uploads"] == 0
        assert _send(client, _line()).status_code == 404


@pytest.mark.browser
def test_a_log_is_opened_in_the_browser(browser: Browser, folder: Path, tmp_path: Path, serve):
    log = tmp_path / "mine.jsonl"
    log.write_bytes(b"".join(_line(step=step, completion=HARM, group=step) for step in range(4)))
    (tmp_path / "wrong.jsonl").write_text("<script>")
    app = FastAPI()
    window.mount(app, window.of_log(None, uploads=Uploads(folder, _LIMIT)))
    with serve(app) as address:
        browser.open(address, "#opened")
        assert browser.axe() == []
        browser.one("#opened").send_keys(str(tmp_path / "wrong.jsonl"))
        browser.one(".opener [role=status]", "no line of it is a verdict")
        browser.one("#opened").send_keys(str(log))
        browser.one("td a", "mine").click()
        browser.one("td a", "step 3").click()
        browser.one("td a", "group 1").click()
        browser.one(".completion", "or not" if "or not" in HARM else "img")
        assert browser.run("return window.harmed") is None
        assert browser.axe() == []
        browser.photograph("opened-log")
        browser.one("#bar button", "close the log").click()
        browser.one("#opened")
        assert list(folder.iterdir()) == []
