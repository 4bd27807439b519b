"""Are two results the same rows? As a list where the gold query orders them, else as a bag.

Numbers are equal within one part in 10⁹ and whatever their type (`1` is `1.0`), texts exactly, NULL only with NULL.
Column names do not count, their order and number do.
"""

import json
from collections import Counter
from typing import Any, NamedTuple

_DIGITS = 9


class Rows(NamedTuple):
    """The result of one query on one database; `error` where it failed."""

    rows: list[tuple[Any, ...]]
    columns: int
    error: str = ""


def read_rows(value: Any, count: int) -> list[Rows]:
    """Return the `count` results that the harness gave; one that has another shape is an error, one too many is none.

    `value` comes from where the completion's query ran, so it may have any shape.
    """
    try:
        results = json.loads(value) if isinstance(value, str) else None
    except (ValueError, RecursionError):
        results = None
    found = list(map(_rows, results[:count] if isinstance(results, list) else []))
    return found + [Rows([], 0, "no result")] * (count - len(found))


def _rows(result: Any) -> Rows:
    if not isinstance(result, dict):
        return Rows([], 0, "no result")
    rows, columns = result.get("rows"), result.get("columns")
    if "error" in result or not isinstance(columns, int) or not isinstance(rows, list):
        return Rows([], 0, str(result.get("error") or "no result")[:300])
    if not all(isinstance(row, list) for row in rows):
        return Rows([], 0, "a row that is none")
    return Rows([tuple(map(_cell, row)) for row in rows], columns)


def _cell(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{_DIGITS}g}")
    return value if isinstance(value, str | int | None) else json.dumps(value)


def same_rows(gold: Rows, other: Rows, *, ordered: bool) -> bool:
    """Whether two results are the same."""
    if other.error or gold.columns != other.columns or len(gold.rows) != len(other.rows):
        return False
    if ordered:
        return gold.rows == other.rows
    return Counter(gold.rows) == Counter(other.rows)
