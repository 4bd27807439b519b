"""What the page asks of an index: runs, groups of a step, tasks, lists, one verdict with its neighbours."""

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from sqlite3 import Connection
from typing import Any

from reward_server import exact_json
from reward_server.signals import SIGNALS
from reward_server.verdict import Outcome
from reward_server.window.records.entry import verdict_of
from reward_server.window.records.heads import head_of, heads
from reward_server.window.records.index import LogIndex
from reward_server.window.records.shown import shown

_LISTED = 60
_GROUPS, _HEADED = 400, 60
_NEIGHBOURS = 256
_SPREAD = 64
_COLUMNS = "v.id, v.run, v.step, v.grp, v.kind, v.outcome, v.reward, v.score, v.elapsed_ms, v.answer"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; what is None or empty is not."""

    run: str = ""
    step: int | None = None
    kind: str = ""
    outcome: str = ""
    signal: str = ""
    group: int | None = None
    after: int = 0
    """How many to pass over."""


def runs(index: LogIndex) -> list[dict[str, Any]]:
    """Return every run with its size and mean reward, the newest first."""
    with index.reading() as connection:
        rows = connection.execute(
            "SELECT n.name, (SELECT count(*) FROM steps WHERE run = s.run), sum(s.n), sum(s.rewarded), sum(s.reward), "
            "max(s.named), max(s.newest), min(s.low), max(s.high) FROM spans s JOIN names n ON n.id = s.run "
            "GROUP BY s.run"
        ).fetchall()
    told = [
        {"run": run, "steps": steps, "verdicts": n, "rewarded": rewarded, "mean_reward": mean_of(reward, rewarded),
         "named_steps": bool(named), "newest": newest, "first_step": first, "last_step": last}
        for run, steps, n, rewarded, reward, named, newest, first, last in rows
    ]  # fmt: skip
    return sorted(told, key=lambda one: (-one["newest"], one["run"]))


def groups(index: LogIndex, run: str, step: int) -> dict[str, Any]:
    """Return the groups of a step; those whose rewards differ first, for the others teach nothing."""
    with index.reading() as connection:
        given = (run, step)
        where = "WHERE g.run = (SELECT id FROM names WHERE name = ?) AND g.step = ?"
        total, even = connection.execute(
            f"SELECT count(*), total(rewarded > 0 AND low = high) FROM groups g {where}", given
        ).fetchone()
        rows = connection.execute(
            f"SELECT g.id, k.name, g.n, g.rewarded, g.low, g.high, g.total, g.first FROM groups g "
            f"JOIN names k ON k.id = g.kind {where} ORDER BY g.low IS g.high, g.n DESC, g.id LIMIT {_GROUPS}",
            given,
        ).fetchall()
        words = heads(connection, (row[-1] for row in rows[:_HEADED]))
        spread = _spread(connection, [row[0] for row in rows[:_HEADED]])
    told = [
        {"head": words.get(first, ""), "group": str(identity), "kind": kind, "n": n, "rewarded": rewarded,
         "low": low, "high": high, "mean": mean_of(sum_, rewarded), "even": rewarded > 0 and low == high,
         "first": first, "advantages": spread.get(identity)}
        for identity, kind, n, rewarded, low, high, sum_, first in rows
    ]  # fmt: skip
    return {"run": run, "step": step, "total": total, "even": int(even), "groups": told}


def verdicts(index: LogIndex, wanted: Wanted) -> dict[str, Any]:
    """Return one page of verdicts, the latest step first, and how many there are in all."""
    with index.reading() as connection:
        if wanted.group is not None:
            total, rows = _of_group(connection, wanted)
        elif wanted.signal:
            total, rows = _of_signal(connection, wanted)
        else:
            total, rows = _of_cells(connection, wanted)
        names = dict(connection.execute("SELECT id, name FROM names").fetchall())
        known = _known(connection)
    return {"total": total, "after": wanted.after, "names": known, "verdicts": [_told(row, names) for row in rows]}


def verdict(index: LogIndex, number: int) -> dict[str, Any] | None:
    """Return one line of the log with its neighbours in the group; None where there is none of this number."""
    with index.reading() as connection:
        found = connection.execute(
            "SELECT v.segment, v.place, v.size, v.grp, g.task, v.step, n.name FROM verdicts v "
            "JOIN names n ON n.id = v.run LEFT JOIN groups g ON g.id = v.grp WHERE v.id = ?",
            (number,),
        ).fetchone()
        if found is None:
            return None
        segment, place, size, group, asked, step, run = found
        _, rows = _of_group(connection, Wanted(group=group), _NEIGHBOURS)
        names = dict(connection.execute("SELECT id, name FROM names").fetchall())
        signals = [
            name
            for (name,) in connection.execute(
                "SELECT n.name FROM names n JOIN signals s ON s.signal = n.id "
                f"WHERE n.name IN ({_marks(SIGNALS)}) AND s.run = (SELECT id FROM names WHERE name = ?) AND s.id = ?",
                (*SIGNALS, run, number),
            )
        ]
    row = shown(verdict_of(exact_json.loads(index.line(segment, place, size).decode())))
    told = [_told(one, names) for one in rows]
    return {"id": number, "run": run, "step": step, "group": str(group), "task": str(asked), "signals": signals,
            "record": row, "head": head_of(row), "neighbours": _with_advantages(told)}  # fmt: skip


def _known(connection: Connection) -> dict[str, list[str]]:
    """Return the names that a list can be narrowed by."""
    told = {"outcome": [outcome.value for outcome in Outcome], "signal": list(SIGNALS)}
    for column in ("run", "kind"):
        rows = connection.execute(f"SELECT name FROM names WHERE id IN (SELECT {column} FROM times)").fetchall()
        told[column] = sorted(name for (name,) in rows)
    return told


def _spread(connection: Connection, groups: list[int]) -> dict[int, list[float]]:
    """Return the advantages of these groups' completions, the highest first, of groups that are not even."""
    query = "SELECT reward FROM verdicts WHERE grp = ? AND reward IS NOT NULL ORDER BY id LIMIT ?"
    told: dict[int, list[float]] = {}
    for group in groups:
        rows = _with_advantages([{"reward": reward} for (reward,) in connection.execute(query, (group, _SPREAD))])
        advantages = sorted((row["advantage"] for row in rows if row["advantage"] is not None), reverse=True)
        if advantages:
            told[group] = advantages
    return told


def _with_advantages(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add each reward against its group in standard deviations; None where the group is even or has no reward."""
    rewards = [row["reward"] for row in rows if row["reward"] is not None]
    mean = sum(rewards) / len(rewards) if rewards else 0.0
    deviation = math.sqrt(sum((each - mean) * (each - mean) for each in rewards) / len(rewards)) if rewards else 0.0
    for row in rows:
        told = row["reward"] is not None and deviation > 0
        row["advantage"] = (row["reward"] - mean) / deviation if told else None
    return rows


def cells_where(connection: Connection, wanted: Wanted) -> tuple[str, list[Any]]:
    """Return a condition on `cells c` and its values; a name that is not known has no cells."""
    conditions: list[str] = []
    given: list[Any] = []
    for column, name in (("run", wanted.run), ("kind", wanted.kind), ("outcome", wanted.outcome)):
        if name:
            found = connection.execute("SELECT id FROM names WHERE name = ?", (name,)).fetchone()
            conditions.append(f"c.{column} = ?")
            given.append(found[0] if found else -1)
    if wanted.step is not None:
        conditions.append("c.step = ?")
        given.append(wanted.step)
    return f"WHERE {' AND '.join(conditions)}" if conditions else "", given


def _of_cells(connection: Connection, wanted: Wanted) -> tuple[int, list[Any]]:
    where, given = cells_where(connection, wanted)
    summed = "spans" if wanted.step is None else "cells"
    total = connection.execute(f"SELECT total(c.n) FROM {summed} c {where}", given).fetchone()[0]
    rows: list[Any] = []
    for cell, skipped in _cells_from(connection, where, given, wanted.after):
        rows += connection.execute(
            f"SELECT {_COLUMNS} FROM verdicts v WHERE v.run = ? AND v.step = ? AND v.kind = ? AND v.outcome = ? "
            "ORDER BY v.id DESC LIMIT ? OFFSET ?",
            (*cell, _LISTED - len(rows), skipped),
        ).fetchall()
        if len(rows) >= _LISTED:
            break
    return int(total), rows


def _cells_from(connection: Connection, where: str, given: list[Any], after: int) -> Iterator[tuple[Any, int]]:
    """Yield cells that hold something, the latest step first, past the first `after` verdicts."""
    latest = "ORDER BY step DESC, run DESC, kind DESC, outcome DESC"  # as the index on steps has them
    query = f"SELECT run, step, kind, outcome, n FROM cells c {where} {latest}"
    for *cell, n in connection.execute(query, given):
        if after >= n:
            after -= n
            continue
        yield cell, after
        after = 0


def _of_group(connection: Connection, wanted: Wanted, limit: int = _NEIGHBOURS) -> tuple[int, list[Any]]:
    query = f"SELECT {_COLUMNS} FROM verdicts v WHERE v.grp = ? ORDER BY v.id LIMIT ?"
    rows = connection.execute(query, (wanted.group, limit)).fetchall()
    found = connection.execute("SELECT n FROM groups WHERE id = ?", (wanted.group,)).fetchone()
    return (found[0] if found else len(rows)), rows


def _of_signal(connection: Connection, wanted: Wanted) -> tuple[int, list[Any]]:
    number = "(SELECT id FROM names WHERE name = ?)"
    run, given = (f" AND run = {number}", (wanted.signal, wanted.run)) if wanted.run else ("", (wanted.signal,))
    total = connection.execute(f"SELECT total(n) FROM signal_counts WHERE signal = {number}{run}", given).fetchone()[0]
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM signals s JOIN verdicts v ON v.id = s.id WHERE s.signal = {number}"
        f"{run.replace('run', 's.run', 1)} ORDER BY s.run DESC, s.id DESC LIMIT {_LISTED} OFFSET ?",
        (*given, wanted.after),
    ).fetchall()
    return int(total), rows


def _told(row: Any, names: dict[int, str]) -> dict[str, Any]:
    identity, run, step, group, kind, outcome, reward, score, elapsed, answer = row
    return {"id": identity, "run": names.get(run, ""), "step": step, "group": str(group), "kind": names.get(kind, ""),
            "outcome": names.get(outcome, ""), "reward": reward, "score": score, "elapsed_ms": elapsed,
            "answer": answer}  # fmt: skip


def _marks(values: Collection[str]) -> str:
    return ",".join("?" * len(values))


def mean_of(total: float, count: int) -> float | None:
    """Return a mean; None of nothing."""
    return total / count if count else None
