"""Databases on which two queries that mean different things are likely to differ.

After test-suite accuracy (Zhong, Yu, Klein 2020): rows are drawn around what the query talks about. Each constant of
the query and each value of the task's own rows is drawn together with its neighbours (n−1, n, n+1; another case, a
prefix, a longer text), keys mostly match and sometimes do not, values repeat so that DISTINCT and GROUP BY matter, and
columns that may be NULL sometimes are. All from a seed: the same task always gives the same databases.
"""

import math
import random
from collections.abc import Sequence
from typing import Any

from reward_server.queries.tables import Column, Table

_ROWS = (0, 1, 3, 6, 8, 10, 12)
_NULLS = 0.12
_LARGEST = 1 << 62
"""Numbers of this size and larger are in no generated row: SQLite's integers and their neighbours end at 64 bits."""
_LONGEST = 200
"""Characters of a text in a generated row."""
_MATCHING_KEYS = 0.85

Database = dict[str, list[list[Any]]]
"""Rows by table name, each row in the order of the table's columns."""


def generate(tables: Sequence[Table], literals: Sequence[Any], seed: int, count: int) -> list[Database]:
    """Return `count` databases for these tables around these constants; the first is empty."""
    rng = random.Random(seed)
    empty: Database = {table.name: [] for table in tables}
    return [empty, *(_database(tables, literals, rng) for _ in range(count - 1))]


def _database(tables: Sequence[Table], literals: Sequence[Any], rng: random.Random) -> Database:
    database: Database = {}
    keys: dict[tuple[str, str], list[Any]] = {}
    common = rng.choice(_ROWS[3:])
    for table in _parents_first(tables):
        rows_wanted = common if rng.random() < 0.8 else rng.choice(_ROWS)  # noqa: PLR2004 - a share
        pools = [_pool(column, literals, keys, rng) for column in table.columns]
        rows: list[list[Any]] = []
        used: list[set[Any]] = [set() for _ in table.columns]
        for number in range(rows_wanted):
            row = [
                _value(column, pool, taken, number, rng)
                for column, pool, taken in zip(table.columns, pools, used, strict=True)
            ]
            if rows and rng.random() < 0.25:  # noqa: PLR2004 - a share: repeat another row where keys allow
                other = rng.choice(rows)
                row = [
                    value if column.unique else old
                    for column, value, old in zip(table.columns, row, other, strict=True)
                ]
            for taken, value in zip(used, row, strict=True):
                taken.add(value)
            rows.append(row)
        database[table.name] = rows
        for position, column in enumerate(table.columns):
            keys[table.name.lower(), column.name.lower()] = [row[position] for row in rows if row[position] is not None]
    return database


def _parents_first(tables: Sequence[Table]) -> list[Table]:
    placed: list[Table] = []
    waiting = list(tables)
    while waiting:
        done = {table.name.lower() for table in placed}
        names = {table.name.lower() for table in waiting}
        ready = [
            table
            for table in waiting
            if all(
                column.references is None
                or column.references[0] in done | {table.name.lower()}
                or column.references[0] not in names
                for column in table.columns
            )
        ] or waiting[:1]
        placed += ready
        waiting = [table for table in waiting if table not in ready]
    return placed


def _pool(
    column: Column, literals: Sequence[Any], keys: dict[tuple[str, str], list[Any]], rng: random.Random
) -> list[Any]:
    """Return what a column's values are drawn from; interesting values stand in it more than once."""
    if column.references is not None and keys.get(column.references) and rng.random() < 0.97:  # noqa: PLR2004
        parents = keys[column.references]
        return [
            *parents * max(1, int(len(parents) * _MATCHING_KEYS)),
            *_neighbours(rng.choice(parents), column.affinity),
        ]
    mentioned = [value for value in literals if _fits(value, column.affinity)]
    if column.affinity == "int":
        mentioned = [math.floor(value) for value in mentioned]
    own = [value for value in column.values if _fits(value, column.affinity)]
    chosen = rng.sample(mentioned, min(len(mentioned), 3)) + rng.sample(own, min(len(own), 3))
    pool = [neighbour for value in chosen for neighbour in [value, *_neighbours(value, column.affinity)]]
    if column.affinity == "text":
        return pool + own[:6] + ["a", "b", "B", "ab", ""] if not own else pool + own[:6]
    return pool + own[:6] + [0, 1, 2, 3, 5, 10, -1]


def _fits(value: Any, affinity: str) -> bool:
    """Whether a constant may stand in a column: a number that is finite and not too large, a text not too long."""
    if affinity == "text":
        return isinstance(value, str) and len(value) <= _LONGEST
    return isinstance(value, int | float) and abs(value) < _LARGEST


def _neighbours(value: Any, affinity: str) -> list[Any]:
    if isinstance(value, str):
        text = value.replace("%", "zz").replace("_", "y")
        return [text, text, text.swapcase(), f"{text}x", f"x{text}", f" {text}", text[:-1], *_next_dates(value)]
    step = [value, value - 1, value + 1]
    return [round(number) for number in step] if affinity == "int" else [*step, value + 0.5, value - 0.5, value + 0.3]


def _next_dates(value: str) -> list[str]:
    """Return ISO dates around one, and its neighbours in other years; nothing for other texts."""
    if len(value) >= 10 and value[4:5] == "-" == value[7:8] and value[:4].isdecimal():  # noqa: PLR2004 - YYYY-MM-DD
        year, rest = int(value[:4]), value[4:]
        return [f"{year - 1:04d}{rest}", f"{year + 1:04d}{rest}", f"{value[:8]}28", f"{value[:8]}01"]
    if len(value) == 4 and value.isdecimal():  # noqa: PLR2004 - a year as text
        return [str(int(value) - 1), str(int(value) + 1), f"{value}-01-01", f"{value}-12-31"]
    return []


def _value(column: Column, pool: list[Any], taken: set[Any], number: int, rng: random.Random) -> Any:
    if column.nullable and rng.random() < _NULLS:
        return None
    value = rng.choice(pool)
    if not column.unique:
        return value
    free = [candidate for candidate in pool if candidate not in taken]
    if free:
        return rng.choice(free)
    return f"k{number}" if column.affinity == "text" else 1000 + number
