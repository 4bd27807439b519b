"""One task, in every run or in one: its groups, and its rewards, outcomes and times by step."""

from collections import Counter
from sqlite3 import Connection
from typing import Any

from reward_server.window.records.asking import mean_of
from reward_server.window.records.curves import columns
from reward_server.window.records.figures import bucket_of, quantiles
from reward_server.window.records.heads import heads
from reward_server.window.records.index import LogIndex

_GROUPS = 400
"""The latest ones, which are told."""


def task(index: LogIndex, number: int) -> dict[str, Any] | None:
    """Return what became of a task in every run: its groups, the latest step first; None where it is not known."""
    with index.reading() as connection:
        found = connection.execute(
            "SELECT k.name, t.n, t.scored, t.solved, t.nulls, t.last FROM tasks t JOIN names k ON k.id = t.kind "
            "WHERE t.run = 0 AND t.id = ?",
            (number,),
        ).fetchone()
        if found is None:
            return None
        total = connection.execute("SELECT count(*) FROM groups WHERE task = ?", (number,)).fetchone()[0]
        rows = connection.execute(
            "SELECT n.name, g.step, g.n, g.rewarded, g.low, g.high, g.total, g.first FROM groups g "
            f"JOIN names n ON n.id = g.run WHERE g.task = ? ORDER BY g.step DESC, n.name LIMIT {_GROUPS}",
            (number,),
        ).fetchall()
        head = heads(connection, [found[-1]]).get(found[-1], "")
    told = [
        {"run": run, "step": step, "n": n, "rewarded": rewarded, "low": low, "high": high,
         "mean": mean_of(sum_, rewarded), "first": first}
        for run, step, n, rewarded, low, high, sum_, first in rows
    ]  # fmt: skip
    fields = ("kind", "n", "scored", "solved", "nulls", "id")
    return {"task": str(number), "head": head, "total": total, "groups": told} | dict(zip(fields, found, strict=True))


def curve(index: LogIndex, number: int, run: str = "") -> dict[str, Any] | None:
    """Return a task's columns by step as those of a run are, of its latest groups; None where it is not known."""
    with index.reading() as connection:
        found = connection.execute(
            "SELECT k.name, t.last FROM tasks t JOIN names k ON k.id = t.kind WHERE t.run = 0 AND t.id = ?", (number,)
        ).fetchone()
        if found is None:
            return None
        rows = _verdicts(connection, number, run)
        head = heads(connection, [found[1]]).get(found[1], "")
    times: Counter[int] = Counter(bucket_of(elapsed) for *_, elapsed, _ in rows)
    causes: dict[str, dict[str, Any]] = {}
    for _, outcome, _, score, _, identity in rows:
        if score is None:
            known = causes.setdefault(outcome, {"kind": found[0], "outcome": outcome, "cause": "–", "n": 0})
            known |= {"n": known["n"] + 1, "id": max(identity, known.get("id", 0))}
    return {
        "run": run, "task": str(number), "head": head, "width": 1, "kinds": [found[0]],
        **columns([(step, outcome, 1, reward is not None, reward or 0.0, elapsed)
                   for step, outcome, reward, _, elapsed, _ in rows]),
        "parts": {},
        "figures": {
            "cached_share": None,
            "milliseconds": {found[0]: quantiles(sorted(times.items()))} if rows else {},
            "causes": list(causes.values()),
        },
    }  # fmt: skip


def _verdicts(connection: Connection, number: int, run: str) -> list[tuple[Any, ...]]:
    """Return step, outcome, reward, score, time and number of each verdict in a task's latest groups."""
    narrowed = "AND g.run = (SELECT id FROM names WHERE name = ?)" if run else ""
    return connection.execute(
        f"SELECT g.step, o.name, v.reward, v.score, v.elapsed_ms, v.id FROM "
        f"(SELECT id, step FROM groups g WHERE task = ? {narrowed} ORDER BY step DESC LIMIT {_GROUPS}) g "
        f"JOIN verdicts v ON v.grp = g.id JOIN names o ON o.id = v.outcome LIMIT {_GROUPS * 64}",
        (number, *([run] if run else [])),
    ).fetchall()
