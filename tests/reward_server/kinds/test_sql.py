"""SQL in real sandboxes: mutants of golds are refused."""

import os
import random
from collections.abc import Callable, Iterator

import sqlglot
from sqlglot import exp

from reward_server.cases import Case, sql
from reward_server.queries.comparison import Rows, read_rows, same_rows
from reward_server.verdict import Verdict

_EVERY = bool(os.environ.get("REWARD_KINDS_WHOLE"))
_SAMPLE = 25
Grade = Callable[[str, Case], Verdict]
Change = Callable[[exp.Expression], object]


def _sample(items: list, size: int = _SAMPLE) -> list:
    return items if _EVERY else random.Random(7).sample(items, min(size, len(items)))


_SWAPS: list[tuple[type[exp.Expression], type[exp.Expression]]] = [
    (exp.LT, exp.LTE), (exp.LTE, exp.LT), (exp.GT, exp.GTE), (exp.GTE, exp.GT), (exp.EQ, exp.NEQ), (exp.And, exp.Or),
    (exp.Or, exp.And), (exp.Max, exp.Min), (exp.Min, exp.Max), (exp.Sum, exp.Avg), (exp.Avg, exp.Sum),
]  # fmt: skip


_OUTER_JOIN_IS_SAME = {15, 16, 32, 33, 37, 43, 48, 53, 64, 72, 78, 82, 83}
"""Golds in which LEFT JOIN means what JOIN does: a condition, an aggregate or a foreign key drops what it would add."""


def mutants(gold: str) -> list[str]:
    """Return the gold query with one thing changed, each in its own query."""
    tree = sqlglot.parse_one(gold, read="sqlite")
    found = [_changed(tree, number, change) for number, node in enumerate(tree.walk()) for change in _changes(node)]
    return [mutant for mutant in dict.fromkeys(found) if mutant != tree.sql("sqlite")]


def _changes(node: exp.Expression) -> Iterator[Change]:
    for old, new in _SWAPS:
        if type(node) is old and not isinstance(node.parent, exp.Join):
            yield lambda n, new=new: n.replace(new(**n.args))
    if isinstance(node, exp.Where | exp.Having) or (
        isinstance(node, exp.Distinct) and isinstance(node.parent, exp.Select)
    ):
        yield lambda n: n.pop()
    elif isinstance(node, exp.And):
        yield lambda n: n.replace(n.this)
    elif isinstance(node, exp.Join):
        yield lambda n: n.set("side", None if n.side == "LEFT" else "LEFT")
    elif isinstance(node, exp.Ordered):
        yield lambda n: n.set("desc", not n.args.get("desc"))
    elif isinstance(node, exp.Literal) and not node.is_string and not isinstance(node.parent, exp.Limit):
        yield lambda n: n.replace(exp.Literal.number(float(n.this) + 1))


def _changed(tree: exp.Expression, number: int, change: Change) -> str:
    copy = tree.copy()
    change(list(copy.walk())[number])
    return copy.sql("sqlite")


def test_97_of_100_mutants_are_refused(grade: Grade):
    survived, total = [], 0
    for index in _sample(list(range(len(sql.GOLDS)))):
        task = sql.task(index)
        for mutant in mutants(task["ground_truth"]):
            if index in _OUTER_JOIN_IS_SAME and "LEFT JOIN" in mutant:
                continue
            total += 1
            verdict = grade("sql", Case(task, f"```sql\n{mutant}\n```", ""))
            if verdict.score != 0:
                survived.append((task["ground_truth"], mutant))
    assert len(survived) <= 0.03 * total, (total, survived)


def test_results_of_any_shape_are_read():
    shapes = '[{}, {"rows": 3, "columns": 1}, {"rows": [[[1]]], "columns": 1}, {"rows": [7], "columns": 1}, 5]'
    found = read_rows(shapes, 7)
    assert [bool(rows.error) for rows in found] == [True, True, False, True, True, True, True]
    assert not same_rows(Rows([(1,)], 1), found[2], ordered=False)
    assert read_rows("[{}, {}]", 1) == [Rows([], 0, "no result")]
