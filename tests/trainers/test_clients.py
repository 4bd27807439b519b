"""Client packages of SandboxFusion, Judge0, Piston, OpenEnv and ORS, unmodified, against the live server."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.trainer_client.live import live_service


@pytest.mark.trainers
def test_clients_of_other_systems_change_a_url(run_in: Callable[..., dict[str, Any]], tmp_path: Path):
    tasks = tmp_path / "tasks.jsonl"
    tasks.write_text(json.dumps({"id": "sum", "question": "2 + 2?", "answer": "4"}))
    with live_service("--tasks-file", str(tasks), "--sandbox-slots", "1") as url:
        seen = run_in("clients", "clients.py", url, "k")
    assert seen == {
        "sandbox_fusion": ["hi\n", "TimeLimitExceeded", {"a.txt": "eW8h"}],
        "judge0": ["Accepted", ["Accepted", "Wrong Answer"], "Accepted"],
        "piston": "hi\n",
        "openenv": [["2 + 2?", 1.0, True], ["2 + 2?", 0.0, True]],
        "ors": [["2 + 2?", 1.0, True], ["2 + 2?", 0.0, True]],
    }
