"""What a run amounts to: how long items took, how many came from the cache, why there was no verdict."""

from collections import defaultdict
from math import floor, log2
from sqlite3 import Connection
from typing import Any

_TO_AN_OCTAVE = 4
_FASTEST = -100
"""The bucket of what took no time: an equal item of the same request did."""
_SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


def bucket_of(milliseconds: float) -> int:
    """Return the number of a bucket of times, four to an octave: quantiles are right to a tenth."""
    return floor(_TO_AN_OCTAVE * log2(milliseconds)) if milliseconds > 1e-6 else _FASTEST  # noqa: PLR2004 - a nanosecond


def figures(connection: Connection, run: int, kind: int | None) -> dict[str, Any]:
    """Return the figures of a run, of one of its kinds if given; runs and kinds as the index numbers them."""
    narrowed, given = ("AND kind = ?", [kind]) if kind is not None else ("", [])
    n, cached = connection.execute(
        f"SELECT total(n), total(cached) FROM spans WHERE run = ? {narrowed}", [run, *given]
    ).fetchone()
    times = connection.execute(
        "SELECT k.name, bucket, t.n FROM times t JOIN names k ON k.id = t.kind "
        f"WHERE t.run = ? {narrowed} ORDER BY bucket",
        [run, *given],
    ).fetchall()
    causes = connection.execute(
        "SELECT k.name, o.name, c.name, x.n, x.last FROM causes x JOIN names k ON k.id = x.kind "
        "JOIN names o ON o.id = x.outcome JOIN names c ON c.id = x.cause "
        f"WHERE x.run = ? {narrowed} ORDER BY x.n DESC LIMIT 60",
        [run, *given],
    ).fetchall()
    of_kind: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for name, bucket, count in times:
        of_kind[name].append((bucket, count))
    fields = ("kind", "outcome", "cause", "n", "id")
    return {
        "cached_share": cached / n if n else None,
        "milliseconds": {name: quantiles(buckets) for name, buckets in sorted(of_kind.items())},
        "causes": [dict(zip(fields, row, strict=True)) for row in causes],
    }


def quantiles(buckets: list[tuple[int, int]]) -> dict[str, float]:
    """Return quantiles of times in milliseconds, each in the middle of its bucket, and how many there are."""
    total = sum(count for _, count in buckets)
    told: dict[str, float] = {"n": total}
    for name, share in _SHARES.items():
        seen = 0
        for bucket, count in buckets:
            seen += count
            if seen >= share * total:
                told[name] = 0.0 if bucket == _FASTEST else 2 ** ((bucket + 0.5) / _TO_AN_OCTAVE)
                break
    return told
