"""Fixtures every test may use; what needs a real server, engine or data set says why it was skipped.

`REWARD_TEST_REQUIRE="redis docker shared"` turns a skip of a test with such a mark into a failure: in CI a skipped
test is not a passed one.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

_SHARED = Path(os.environ.get("REWARD_SHARED_DIR", Path(__file__).parents[2] / "shared"))
_PROGRAMS = {"redis": "redis-server", "browser": "chromium"}
_REQUIRED = frozenset(os.environ.get("REWARD_TEST_REQUIRE", "").split())


@cache
def _docker_lacks() -> str | None:
    if shutil.which("docker") is None:
        return "no docker command on PATH"
    try:
        done = subprocess.run(["docker", "info"], capture_output=True, timeout=20, check=False)
    except subprocess.TimeoutExpired:
        return "the Docker engine does not answer"
    return None if done.returncode == 0 else "no Docker engine answers"


def _lacks(mark: str) -> str | None:
    if mark == "docker":
        return _docker_lacks()
    if (program := _PROGRAMS.get(mark)) is not None:
        return None if shutil.which(program) else f"no {program} on PATH"
    if mark == "cluster":
        return None if os.environ.get("REWARD_TEST_CLUSTER") else "no machine of its own: set REWARD_TEST_CLUSTER=1"
    if mark == "site":
        return None if (Path(sys.prefix) / "site" / "bin" / "mkdocs").exists() else "no generator: run `make site`"
    if mark == "shared":
        return None if (_SHARED / "data").is_dir() else f"no labelled data at {_SHARED} (set REWARD_SHARED_DIR)"
    return None


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose mark names something this machine lacks; fail where it is required."""
    for mark in ("docker", "redis", "cluster", "browser", "site", "shared"):
        if item.get_closest_marker(mark) and (reason := _lacks(mark)):
            if mark in _REQUIRED:
                pytest.fail(f"{mark} is required here: {reason}")
            pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Turn a skip for a lack ("no …") into a failure where the mark is required; other skips say what cannot be."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and call.excinfo is not None:
        marks = {mark.name for mark in item.iter_markers()} & _REQUIRED
        reason = str(call.excinfo.value)
        if marks and reason.removeprefix("Skipped: ").startswith("no "):
            report.outcome = "failed"
            report.longrepr = f"{', '.join(sorted(marks))} is required here, but the test was skipped: {reason}"
    return report


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder of labelled data and attacks beside the checkout; skips where it is absent."""
    if not (_SHARED / "data").is_dir():
        pytest.skip(f"no labelled data at {_SHARED} (set REWARD_SHARED_DIR)")
    return _SHARED


_LAGS: dict[str, float] = {}
"""The worst lag of the event loop, in seconds, by test; a report and no judgement, for it is the machine's too."""
_SHOWN_LAGS, _WORTH_SHOWING = 5, 0.1


@pytest.fixture(autouse=True)
def _stall_watcher(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what the service's own watcher measures while a test runs."""
    stalls = sys.modules.get("reward_server.stalls")
    if stalls is None or request.module.__name__.endswith("test_stalls"):
        return
    note = stalls.StallWatcher.note

    def kept(watcher: object, lag_seconds: float) -> None:
        name = request.node.nodeid
        _LAGS[name] = max(lag_seconds, _LAGS.get(name, 0.0))
        note(watcher, lag_seconds)

    monkeypatch.setattr(stalls.StallWatcher, "note", kept)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the tests in which an event loop of the service was kept longest."""
    worst = sorted(_LAGS.items(), key=lambda pair: -pair[1])[:_SHOWN_LAGS]
    for name, seconds in worst:
        if seconds > _WORTH_SHOWING:
            terminalreporter.write_line(f"event loop kept for {seconds:.2f} s: {name}")
