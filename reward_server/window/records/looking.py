"""Where a person should look first: signals by run and kind, and tasks that teach nothing or that break."""

from sqlite3 import Connection
from typing import Any

from reward_server.signals import SIGNALS
from reward_server.window.records.heads import heads
from reward_server.window.records.index import LogIndex

_LEAST, _POINTS = 4, 400
_SETS = {
    "nobody": f"t.run = ? AND solved = 0 AND scored >= {_LEAST} ORDER BY scored DESC LIMIT 40",
    "everybody": f"t.run = ? AND solved = scored AND scored >= {_LEAST} ORDER BY scored DESC LIMIT 40",
    "breaks": "t.run = ? AND nulls >= 2 ORDER BY nulls DESC LIMIT 40",
}
_TASK = "SELECT t.id, k.name, t.n, t.scored, t.solved, t.nulls, t.last FROM tasks t JOIN names k ON k.id = t.kind WHERE"
_TASK_FIELDS = ("task", "kind", "n", "scored", "solved", "nulls", "id")


def look(index: LogIndex, run: str = "") -> dict[str, Any]:
    """Return counts of signals by kind and over steps, and the tasks nobody or everybody solves or that break."""
    with index.reading() as connection:
        condition, given = ("WHERE s.run = (SELECT id FROM names WHERE name = ?)", (run,)) if run else ("", ())
        rows = connection.execute(
            "SELECT n.name, k.name, count FROM (SELECT signal, kind, sum(n) AS count FROM signal_counts s "
            f"{condition} GROUP BY 1, 2) s JOIN names n ON n.id = s.signal JOIN names k ON k.id = s.kind",
            given,
        ).fetchall()
        found = connection.execute("SELECT id FROM names WHERE name = ?", (run,)).fetchone() if run else (0,)
        number = found[0] if found else -1
        sets = {name: connection.execute(f"{_TASK} {which}", (number,)).fetchall() for name, which in _SETS.items()}
        words = heads(connection, (row[-1] for rows_of in sets.values() for row in rows_of))
        over = _over(connection, number) if run else None
    tasks = {name: [_task(row) | {"head": words.get(row[-1], "")} for row in found] for name, found in sets.items()}
    signals = [
        {"signal": name, "meaning": meaning, "n": sum(row[2] for row in rows if row[0] == name),
         "kinds": {row[1]: row[2] for row in rows if row[0] == name}}
        for name, meaning in SIGNALS.items()
    ]  # fmt: skip
    return {"signals": signals, "tasks": tasks, "over": over}


def _task(row: tuple[Any, ...]) -> dict[str, Any]:
    return {**dict(zip(_TASK_FIELDS, row, strict=True)), "task": str(row[0])}


def _over(connection: Connection, run: int) -> dict[str, Any]:
    """Return how often each signal is met by step of a run, and signs of cheating by kind."""
    steps = "SELECT min(step), max(step), max(named) FROM cells WHERE run = ?"
    low, high, named = connection.execute(steps, (run,)).fetchone()
    if low is None:
        return {"width": 1, "step": [], "signals": {}, "cheating": {}}
    if named:
        low, high = connection.execute(f"{steps.replace(', max(named)', '')} AND named", (run,)).fetchone()
    width = max(1, -(-(high - low + 1) // _POINTS))
    rows = connection.execute(
        f"SELECT s.step / {width} * {width}, n.name, k.name, sum(s.n) FROM signal_counts s "
        "JOIN names n ON n.id = s.signal JOIN names k ON k.id = s.kind "
        "WHERE s.run = ? AND s.step BETWEEN ? AND ? GROUP BY 1, 2, 3",
        (run, low, high),
    ).fetchall()
    at = list(range(low // width * width, high + 1, width))
    signals: dict[str, list[int]] = {}
    cheating: dict[str, list[int]] = {}
    for step, signal, kind, n in rows:
        place = (step - at[0]) // width
        signals.setdefault(signal, [0] * len(at))[place] += n
        if signal == "cheating":
            cheating.setdefault(kind, [0] * len(at))[place] += n
    return {"width": width, "step": at, "signals": signals, "cheating": cheating}
