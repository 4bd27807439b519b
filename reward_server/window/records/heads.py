"""The first words of what was asked, read from the log, so that a list of tasks can be told apart."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from reward_server import exact_json
from reward_server.window.records.entry import verdict_of

_LETTERS = 120
_LONGEST = 256 << 10
"""Bytes of a line that is read for its first words."""


def heads(connection: Connection, numbers: Iterable[int]) -> dict[int, str]:
    """Return the first words of what these verdicts are about; nothing where it cannot be said quickly."""
    wanted = list(dict.fromkeys(numbers))
    marks = ",".join("?" * len(wanted))
    rows = connection.execute(
        "SELECT v.id, v.place, v.size, s.path FROM verdicts v JOIN segments s ON s.id = v.segment "
        f"WHERE v.id IN ({marks}) AND v.size <= {_LONGEST} ORDER BY s.id, v.place",
        wanted,
    ).fetchall()
    told: dict[int, str] = {}
    for path in dict.fromkeys(row[3] for row in rows):
        with suppress(OSError), Path(path).open("rb") as file:
            for number, place, size, _ in (row for row in rows if row[3] == path):
                file.seek(place)
                with suppress(ValueError):
                    told[number] = head_of(verdict_of(exact_json.loads(file.read(size).decode())))
    return told


def head_of(row: Mapping[str, Any]) -> str:
    """Return the first words of a prompt, its last message's where it is a chat, or the ground truth."""
    said = row.get("prompt")
    if isinstance(said, list) and said and isinstance(said[-1], dict):
        said = said[-1].get("content")
    task = row.get("task")
    if not isinstance(said, str) or not said.strip():
        truth = task.get("ground_truth", task.get("tests")) if isinstance(task, dict) else None
        said = truth if isinstance(truth, str) else exact_json.dumps(truth).decode() if truth else ""
    return " ".join(said[: 4 * _LETTERS].split())[:_LETTERS]
