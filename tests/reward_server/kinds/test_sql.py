"""SQL in real sandboxes: mutants of golds are refused."""

import os
import random
from collections.abc import Callable

from benchmarks.sql_mutants import tasks_with_mutants
from reward_server.cases import Case, sql
from reward_server.queries.comparison import Rows, read_rows, same_rows
from reward_server.verdict import Verdict

_EVERY = bool(os.environ.get("REWARD_KINDS_WHOLE"))
_SAMPLE = 25
Grade = Callable[[str, Case], Verdict]


def _sample(items: list, size: int = _SAMPLE) -> list:
    return items if _EVERY else random.Random(7).sample(items, min(size, len(items)))


def test_97_of_100_mutants_are_refused(grade: Grade):
    pairs = list(tasks_with_mutants(_sample(list(range(len(sql.GOLDS))))))
    graded = [(pair, grade("sql", Case(pair[0], f"```sql\n{pair[1]}\n```", ""))) for pair in pairs]
    survived = [(task["ground_truth"], mutant) for (task, mutant), verdict in graded if verdict.score != 0]
    assert len(survived) <= 0.03 * len(pairs), (len(pairs), survived)


def test_results_of_any_shape_are_read():
    shapes = '[{}, {"rows": 3, "columns": 1}, {"rows": [[[1]]], "columns": 1}, {"rows": [7], "columns": 1}, 5]'
    found = read_rows(shapes, 7)
    assert [bool(rows.error) for rows in found] == [True, True, False, True, True, True, True]
    assert not same_rows(Rows([(1,)], 1), found[2], ordered=False)
    assert read_rows("[{}, {}]", 1) == [Rows([], 0, "no result")]
