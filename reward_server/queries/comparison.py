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


def read_rows(value: Any) -> list[Rows]:
    """Return the results that the harness gave, whatever shape untrusted values have."""
    try:
        results = json.loads(value) if isinstance(value, str) else None
    except (ValueError, RecursionError):
        results = None
    found = []
    for result in results if isinstance(results, list) else []:
        if not isinstance(result, dict) or "error" in result:
            error = result.get("error") if isinstance(result, dict) else "no result"
            found.append(Rows([], 0, str(error)[:300]))
            continue
        found.append(Rows([tuple(map(_cell, row)) for row in result["rows"]], int(result["columns"])))
    return found


def _cell(value: Any) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(f"{value:.{_DIGITS}g}") if isinstance(value, float) else value
    return value


def same_rows(gold: Rows, other: Rows, *, ordered: bool) -> bool:
    """Whether two results are the same."""
    if other.error or gold.columns != other.columns or len(gold.rows) != len(other.rows):
        return False
    if ordered:
        return gold.rows == other.rows
    return Counter(gold.rows) == Counter(other.rows)
