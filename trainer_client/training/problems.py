"""The rows a policy is trained and evaluated on: a prompt, and the task the service grades its completions against.

Two layouts of JSON lines are read: `{"prompt", "task"}` with any task of the service, and the layout of public
mathematics sets, `{"problem" or "question", "gold" or "answer"}`, which becomes a task of kind `math`.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One row."""

    id: str
    prompt: str
    task: dict[str, Any]
    """What `POST /score` takes as `task`."""
    level: str = ""
    """Difficulty, as the data set names it; accuracy is reported for each."""


def load_problems(path: Path) -> list[Problem]:
    """Read problems from JSON lines; empty lines are skipped.

    Raises:
        ValueError: a row has no prompt or no ground truth, or the file has no rows; the message names file and line.
    """
    problems = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                problems.append(_problem(dict(json.loads(line)), f"{path.stem}/{number}"))
            except (KeyError, ValueError, TypeError) as error:
                raise ValueError(f"{path}:{number}: {type(error).__name__}: {error}") from error
    if not problems:
        raise ValueError(f"{path}: no problems")
    return problems


def save_problems(path: Path, problems: list[Problem]) -> None:
    """Write problems in the first layout."""
    rows = ({"id": p.id, "prompt": p.prompt, "task": p.task, "level": p.level} for p in problems)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def _problem(row: dict[str, Any], default_id: str) -> Problem:
    prompt = _first(row, "prompt", "problem", "question")
    task = row.get("task")
    if task is None:
        task = {"kind": "math", "ground_truth": _first(row, "gold", "ground_truth", "answer", "solution")}
    level = next((row[name] for name in ("level", "difficulty") if row.get(name) is not None), "")
    return Problem(str(row.get("id", default_id)), str(prompt), task, str(level))


def _first(row: dict[str, Any], *names: str) -> Any:
    for name in names:
        if row.get(name) is not None:
            return row[name]
    raise KeyError(" or ".join(names))
