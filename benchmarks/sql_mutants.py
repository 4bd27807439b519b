"""How many mutants of the hundred gold queries are refused: one comparison, join, aggregate, predicate or order other.

Every gold is taken. LEFT JOIN for JOIN is left out where it means the same.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import sqlglot
from sqlglot import exp

from reward_server import graders
from reward_server.cases import sql
from reward_server.graders import Completion
from reward_server.grading.scoring import Job
from reward_server.service import open_service
from reward_server.settings import Settings

Change = Callable[[exp.Expression], object]
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


def tasks_with_mutants(golds: Iterable[int]) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield each task of the golds with a mutant of its query, as a query."""
    for index in golds:
        task = sql.task(index)
        for mutant in mutants(task["ground_truth"]):
            if index not in _OUTER_JOIN_IS_SAME or "LEFT JOIN" not in mutant:
                yield task, mutant


async def main() -> None:
    settings = Settings(sandbox="process", allow_weak_isolation=True, cache_file="memory", queue_cpu_seconds=1e12)
    grader = graders.discover()["sql"]
    pairs = list(tasks_with_mutants(range(len(sql.GOLDS))))
    jobs = [Job(grader.task.model_validate(task), Completion(f"```sql\n{mutant}\n```")) for task, mutant in pairs]
    async with open_service(settings) as service:
        verdicts = [graded.verdict for graded in await service.scoring.score(jobs)]
    paid = [pair for pair, verdict in zip(pairs, verdicts, strict=True) if verdict.score]
    unscored = sum(verdict.score is None for verdict in verdicts)
    refused = len(pairs) - len(paid) - unscored
    print(f"{len(pairs)} mutants of {len(sql.GOLDS)} golds: {refused} refused ({refused / len(pairs):.1%})", end="")
    print(f", {len(paid)} paid, {unscored} without a verdict")
    for task, mutant in paid:
        print(f"paid: {mutant}\n for: {task['ground_truth']}")


if __name__ == "__main__":
    asyncio.run(main())
