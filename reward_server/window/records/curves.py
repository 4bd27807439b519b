"""A run by step: rewards, outcomes and parts, with what it amounts to in a few figures."""

from collections.abc import Sequence
from sqlite3 import Connection
from typing import Any

from reward_server.window.records.asking import Wanted, cells_where, mean_of
from reward_server.window.records.figures import figures
from reward_server.window.records.index import LogIndex

_POINTS = 1000
"""Of a curve; more steps are told several at a time."""


def curve(index: LogIndex, run: str, kind: str = "") -> dict[str, Any]:
    """Return a run's columns by step: size, mean reward, share without a reward, reward parts, outcomes.

    Where a run names steps, what was asked in its name without one stands in lists alone.
    """
    with index.reading() as connection:
        where, given = cells_where(connection, Wanted(run=run, kind=kind))
        if connection.execute(f"SELECT max(named) FROM spans c {where}", given).fetchone()[0]:
            where += " AND c.named"
        low, high = connection.execute(f"SELECT min(low), max(high) FROM spans c {where}", given).fetchone()
        width = 1 if low is None else max(1, -(-(high - low + 1) // _POINTS))
        rows = connection.execute(
            f"SELECT step / {width} * {width}, outcome, sum(c.n), sum(rewarded), sum(reward), sum(c.elapsed_ms) "
            f"FROM cells c {where} GROUP BY 1, 2",
            given,
        ).fetchall()
        names = dict(connection.execute("SELECT id, name FROM names WHERE id IN (SELECT outcome FROM spans)"))
        part_rows = _part_rows(connection, given, width)
        of_run = connection.execute(
            "SELECT DISTINCT n.name FROM spans c JOIN names n ON n.id = c.kind WHERE run = ? ORDER BY 1", given[:1]
        )
        kinds = [name for (name,) in of_run]
        told = figures(connection, given[0], given[1] if kind else None)
    by_step = columns([(step, names[outcome], *more) for step, outcome, *more in rows])
    at = {step: place for place, step in enumerate(by_step["step"])}
    parts = _parts(part_rows, at)
    return {"run": run, "width": width, "kinds": kinds, **by_step, "parts": parts, "figures": told}


def columns(rows: Sequence[tuple[Any, ...]]) -> dict[str, Any]:
    """Return columns by step, of rows of step, outcome, and sums: how many, with a reward, reward, milliseconds."""
    steps = sorted({row[0] for row in rows})
    at = {step: place for place, step in enumerate(steps)}
    sums: list[list[Any]] = [[0, 0, 0.0, 0.0] for _ in steps]
    outcomes: dict[str, list[int]] = {}
    for step, outcome, *more in rows:
        for place, figure in enumerate(more):
            sums[at[step]][place] += figure
        outcomes.setdefault(outcome, [0] * len(steps))[at[step]] += more[0]
    return {
        "step": steps, "n": [n for n, *_ in sums],
        "reward": [mean_of(reward, rewarded) for _, rewarded, reward, _ in sums],
        "nulls": [1 - rewarded / n for n, rewarded, *_ in sums],
        "elapsed_ms": [elapsed / n for n, _, _, elapsed in sums],
        "outcomes": outcomes,
    }  # fmt: skip


def _part_rows(connection: Connection, given: Sequence[Any], width: int) -> list[tuple[Any, ...]]:
    narrowed = "AND p.kind = ?" if len(given) > 1 else ""
    return connection.execute(
        f"SELECT at, n.name, count, total FROM (SELECT step / {width} * {width} AS at, name, sum(n) AS count, "
        f"sum(total) AS total FROM parts p WHERE p.run = ? {narrowed} GROUP BY 1, 2) s JOIN names n ON n.id = s.name",
        given,
    ).fetchall()


def _parts(rows: Sequence[tuple[Any, ...]], at: dict[int, int]) -> dict[str, list[float | None]]:
    parts: dict[str, list[float | None]] = {}
    for step, name, n, total in rows:
        if step in at:
            parts.setdefault(name, [None] * len(at))[at[step]] = mean_of(total, n)
    return parts
