"""Where a person should look first: signals by run and kind, and tasks that teach nothing or that break."""

from typing import Any

from reward_server.window.records.index import LogIndex

_LEAST = 4
SIGNALS = {
    "disagreement": "The verdict is not the label that the row has.",
    "agreed_on_wrong": "Most of a group give one and the same answer, and the ground truth says no.",
    "near_miss": "The same number or letters as the ground truth, in another unit or form.",
    "right_without_format": "A right answer that is not paid for its format.",
    "cheating": "A program tried what it has no reason to try, or was ended for it.",
    "undecided": "The grader could not tell.",
    "bad_ground_truth": "The task is broken.",
    "ungradable": "The service failed.",
}
_SETS = {
    "nobody": f"solved = 0 AND scored >= {_LEAST} ORDER BY scored DESC LIMIT 40",
    "everybody": f"solved = scored AND scored >= {_LEAST} ORDER BY scored DESC LIMIT 40",
    "breaks": "nulls >= 2 ORDER BY nulls DESC LIMIT 40",
}
_TASK = "SELECT t.id, k.name, t.n, t.scored, t.solved, t.nulls, t.last FROM tasks t JOIN names k ON k.id = t.kind WHERE"
_TASK_FIELDS = ("task", "kind", "n", "scored", "solved", "nulls", "id")


def look(index: LogIndex, run: str = "") -> dict[str, Any]:
    """Return counts of signals by kind and over steps, and the tasks nobody or everybody solves or that break."""
    with index.reading() as connection:
        condition, given = ("WHERE s.run = (SELECT id FROM names WHERE name = ?)", (run,)) if run else ("", ())
        rows = connection.execute(
            "SELECT n.name, k.name, sum(s.n), min(s.step), max(s.step) FROM signal_counts s "
            f"JOIN names n ON n.id = s.signal JOIN names k ON k.id = s.kind {condition} GROUP BY 1, 2",
            given,
        ).fetchall()
        tasks = {name: [_task(row) for row in connection.execute(f"{_TASK} {which}")] for name, which in _SETS.items()}
    signals = [
        {"signal": name, "meaning": meaning, "n": sum(row[2] for row in rows if row[0] == name),
         "kinds": {row[1]: row[2] for row in rows if row[0] == name}}
        for name, meaning in SIGNALS.items()
    ]  # fmt: skip
    return {"signals": signals, "tasks": tasks}


def _task(row: tuple[Any, ...]) -> dict[str, Any]:
    return {**dict(zip(_TASK_FIELDS, row, strict=True)), "task": str(row[0])}
