"""The commands do what a person would expect of them, in processes of their own."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from reward_server.settings import Settings

_ROOT = Path(__file__).parents[2]
_COMMAND = [sys.executable, "-m", "reward_server.cli"]


def _environment(folder: Path, **extra: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("REWARD_")}
    return {**clean, "REWARD_CACHE_FILE": str(folder / "verdicts.sqlite"), **extra}


def _run(folder: Path, *arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*_COMMAND, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=_ROOT,
        env=_environment(folder, **extra),
    )


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [*_COMMAND, "serve", "--port", "0", "--sandbox", "none", "--cache-file", "memory"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=_ROOT, env=_environment(tmp_path))
    assert process.stdout is not None
    address = next(found.group(1) for line in process.stdout if (found := re.search(r"on (http://\S+)", line)))
    yield process, address
    process.kill()
    process.wait()
    process.stdout.close()


def test_serve_says_where_it_listens_and_how_to_try_it_and_stops_when_asked(
    served: tuple[subprocess.Popen[str], str],
):
    process, address = served
    with urllib.request.urlopen(f"{address}/healthz", timeout=10) as answer:
        assert json.load(answer)["status"] == "ok"
    assert not (_ROOT / "memory").exists(), "the cache is in memory, not in a file of that name"
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    assert process.stdout is not None
    assert "try: curl" in process.stdout.read()


def test_a_setting_that_makes_no_sense_is_named(tmp_path: Path):
    done = _run(tmp_path, "serve", REWARD_PORT="many")
    assert done.returncode == 2
    assert "REWARD_PORT" in done.stderr


def test_a_misspelt_setting_is_warned_of_with_the_nearest(monkeypatch: pytest.MonkeyPatch):
    for name in [name for name in os.environ if name.startswith("REWARD_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("REWARD_SANDBX", "docker")
    monkeypatch.setenv("REWARD_SANDBOX", "none")
    for others in ("REWARD_TEST_REQUIRE", "REWARD_SERVER_URL", "REWARD_TRAINER_ENVS", "REWARD_ATTACKS_EVERYWHERE"):
        monkeypatch.setenv(others, "1")  # tests read them, or plugs in trainers
    assert Settings.unknown_names() == {"REWARD_SANDBX": "REWARD_SANDBOX"}


def test_doctor_reports_every_part_and_what_to_do(tmp_path: Path):
    done = _run(tmp_path, "doctor")
    assert done.returncode in {0, 1}, done.stderr
    for part in ("python", "isolation", "docker", "redis", "cache", "language"):
        assert part in done.stdout.lower()
    assert done.stdout.count("not on PATH") <= 1, "one line for all that is not there"


def test_doctor_without_an_engine_says_so_in_its_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    done = _run(tmp_path, "doctor", "--sandbox", "docker")
    assert done.returncode == 1
    assert "no Docker engine answers" in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("setting", "path"),
    [("REWARD_AUDIT_FILE", "."), ("REWARD_AUDIT_FILE", "file/audit.jsonl"), ("REWARD_PAGE_UPLOADS", "file")],
)
def test_what_cannot_be_written_is_told_by_its_setting_and_not_as_a_port(setting: str, path: str, tmp_path: Path):
    (tmp_path / "file").write_text("")
    done = _run(tmp_path, "serve", "--port", "0", "--sandbox", "none", **{setting: str(tmp_path / path)})
    assert done.returncode == 2
    assert done.stderr.startswith(f"reward-server: {setting}: cannot ")
    assert str(tmp_path / path) in done.stderr


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("REWARD_REDIS_URL", "foo", "begins with redis://"),
        ("REWARD_WORK_URL", "127.0.0.1:6379", "begins with redis://"),
        ("REWARD_TASKS_FILE", "nowhere.jsonl", "there is no nowhere.jsonl"),
    ],
)
def test_what_cannot_be_reached_by_its_setting_is_told_without_a_traceback(
    setting: str, value: str, said: str, tmp_path: Path
):
    done = _run(tmp_path, "serve", "--port", "0", "--sandbox", "none", **{setting: value})
    assert done.returncode == 2
    assert done.stderr.startswith(f"reward-server: {setting}: ")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_doctor_tells_a_setting_that_is_wrong_by_its_name(tmp_path: Path):
    done = _run(tmp_path, "doctor", REWARD_SANDBOX_SLOTS="many")
    assert done.returncode == 2
    assert done.stderr == "reward-server: REWARD_SANDBOX_SLOTS: takes an integer, not the text 'many' (got 'many')\n"


def test_a_port_in_use_has_a_way_out(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = _run(tmp_path, "serve", "--port", str(taken.getsockname()[1]), "--sandbox", "none")
    assert done.returncode == 1
    assert "--port 0 picks a free one" in done.stderr
