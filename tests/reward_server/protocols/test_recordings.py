"""Requests that other systems' clients really sent are answered as those systems' own servers answered them.

What may differ: times, memory, tokens, versions, the paths and compilers that a message quotes.
"""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

_RECORDINGS = Path(os.environ.get("REWARD_SHARED_DIR", Path(__file__).parents[4] / "shared")) / "recordings"
_FOLDERS = ("sandboxfusion-real-server", "open_instruct-real-server", "open_r1")
"""Those whose answers are a server's own."""
_MEASURED = {"execution_time", "runtimes", "executor_pod_name", "stderr"}
_OTHERWISE = {
    "09-sdk-run_jupyter.json": "the recorded server had no notebook kernel",
    "10-test_program-packed-pickle-of-list.json": "a pickle is never loaded",
    "10-sdk-get_prompts.json": "the recorded server had no database; here there are no data sets",
}


def _exchanges() -> list[Path]:
    return [path for folder in _FOLDERS for path in sorted((_RECORDINGS / folder).glob("*.json"))]


@pytest.mark.parametrize("path", _exchanges() or [None], ids=lambda path: path and f"{path.parent.name}/{path.stem}")
def test_a_recorded_request_is_answered_as_it_was(served: TestClient, path: Path | None):
    if path is None:
        pytest.skip(f"no recordings in {_RECORDINGS}: set REWARD_SHARED_DIR")
    exchange = json.loads(path.read_text())
    asked, wanted = exchange["request"], exchange["response"]
    got = served.request(asked["method"], asked["path"], json=asked["json"])
    if path.name in _OTHERWISE:
        assert got.status_code in (200, 404, 422), _OTHERWISE[path.name]
        return
    assert got.status_code == wanted["status"]
    assert _plain(got.json()) == _plain(wanted["json"])


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items() if name not in _MEASURED}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return re.sub(r"\s+$", "", value) if isinstance(value, str) else value


@pytest.mark.parametrize(
    "path", sorted((_RECORDINGS / "nemo_gym").glob("*.json")) or [None], ids=lambda path: path and path.stem
)
def test_nemo_gyms_clients_find_what_they_read(served: TestClient, path: Path | None):
    if path is None:
        pytest.skip(f"no recordings in {_RECORDINGS}: set REWARD_SHARED_DIR")
    exchange = json.loads(path.read_text())
    asked, wanted = exchange["request"], exchange["response"]["json"]
    got = served.request(asked["method"], asked["path"], json=asked["json"])
    assert got.status_code == 200
    read = {name: value for name, value in wanted.items() if name not in ("extracted_answer", "library_reward")}
    assert {name: got.json().get(name) for name in read} == read
