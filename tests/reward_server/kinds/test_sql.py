"""SQL in real sandboxes: mutants of golds are refused, and so is what only a wrong translation makes the same."""

import os
import random
import time
from collections.abc import Callable

import pytest

from benchmarks.sql_mutants import tasks_with_mutants
from reward_server.cases import Case, sql
from reward_server.graders import discover
from reward_server.queries.comparison import Rows, read_rows, same_rows
from reward_server.verdict import Outcome, Verdict

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


def test_thousands_of_wrong_rows_keep_nobody_waiting(grade: Grade):
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) SELECT i{} FROM n"
    task = {"kind": "sql", "database": "CREATE TABLE t (a INT)", "ground_truth": numbers.format(""), "generated": False}
    cases = [Case(task, f"```sql\n{numbers.format(more)}\n```", "") for more in ("", " + 0.5")]
    assert grade("sql", cases[0]).outcome is Outcome.CORRECT
    began = time.thread_time()
    verdict = grade("sql", cases[1])
    assert time.thread_time() - began < 1
    assert [verdict.evidence["witness"][name] for name in ("missing", "surplus")] == [
        [[1], [2], [3]],
        [[1.5], [2.5], [3.5]],
    ]


_STAFF = """CREATE TABLE staff (first VARCHAR(20), last VARCHAR(20), team VARCHAR(20), born DATE, pay FLOAT, n INT);
INSERT INTO staff VALUES ('Ada', 'Bell', 'a', '1990-01-31', 2.5, 3), ('ada', 'Cole', 'a', '1991-03-15', 7.75, 3),
('Bo', 'Dunn ', 'b', '1991-08-30', 7.25, 1), ('Cy', NULL, 'b', '1989-02-28', 1.5, 2), ('A', 'E', 'c', NULL, 4.5, 9);
"""
_APART = [
    ("tsql", "SELECT first + ' ' + last FROM staff", "SELECT last + ' ' + first FROM staff"),
    ("tsql", "SELECT DATEADD(month, 1, born) FROM staff", "SELECT DATEADD(day, 31, born) FROM staff"),
    ("tsql", "SELECT LEN(last) FROM staff", "SELECT DATALENGTH(last) FROM staff"),
    ("tsql", "SELECT CONVERT(VARCHAR(2), last) FROM staff", "SELECT last FROM staff"),
    ("postgres", "SELECT last FROM staff WHERE first LIKE 'A%'", "SELECT last FROM staff WHERE first ILIKE 'A%'"),
    ("postgres", "SELECT pay::int FROM staff", "SELECT TRUNC(pay) FROM staff"),
    ("postgres", "SELECT pay::numeric(9,1) FROM staff", "SELECT pay FROM staff"),
    ("postgres", "SELECT CAST(last AS VARCHAR(2)) FROM staff", "SELECT last FROM staff"),
    ("postgres", "SELECT DISTINCT ON (team) team, pay FROM staff ORDER BY team, pay DESC LIMIT 2",
     "SELECT DISTINCT ON (team) team, pay FROM staff ORDER BY team DESC, pay DESC LIMIT 2"),
    ("postgres", "SELECT DISTINCT ON (team) team, pay FROM staff ORDER BY 1, 2 LIMIT 2",
     "SELECT DISTINCT ON (team) team, pay FROM staff ORDER BY 1, 2 DESC LIMIT 2"),
    ("snowflake", "SELECT last FROM staff QUALIFY ROW_NUMBER() OVER (PARTITION BY team ORDER BY pay) = 1 ORDER BY last",
     "SELECT last FROM staff QUALIFY ROW_NUMBER() OVER (PARTITION BY team ORDER BY pay) = 1"),
    ("mysql", "SELECT DATE_FORMAT(born, '%Y-%m') FROM staff", "SELECT DATE_FORMAT(born, '%M') FROM staff"),
    ("mysql", "SELECT CAST(pay AS SIGNED) FROM staff", "SELECT FLOOR(pay) FROM staff"),
    ("oracle", "SELECT first || last FROM staff", "SELECT first || last FROM staff WHERE last IS NOT NULL"),
    ("oracle", "SELECT first || last FROM staff", "SELECT NVL2(last, first || last, NULL) FROM staff"),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "gold", "other"), _APART)
def test_what_the_dialect_tells_apart_is_told_apart(grade: Grade, dialect: str, gold: str, other: str):
    task = {"kind": "sql", "dialect": dialect, "database": _STAFF, "ground_truth": gold}
    wrong, right = (grade("sql", Case(task, f"```sql\n{query}\n```", "")) for query in (other, gold))
    assert right.outcome is Outcome.CORRECT, right
    assert wrong.score == 0, wrong


@pytest.mark.parametrize(
    ("dialect", "gold", "same"),
    [
        ("postgres", "SELECT DISTINCT ON (team) team, pay FROM staff ORDER BY team, pay DESC NULLS LAST",
         "SELECT team, MAX(pay) FROM staff GROUP BY team ORDER BY team"),
        ("postgres", "SELECT DISTINCT ON (team) team AS t, pay + 1 FROM staff ORDER BY t DESC NULLS LAST, 2",
         "SELECT team, MIN(pay) + 1 FROM staff GROUP BY team ORDER BY team DESC NULLS LAST"),
        ("snowflake", "SELECT last FROM staff QUALIFY ROW_NUMBER() OVER (ORDER BY pay, last, n) < 4 ORDER BY n, last",
         "SELECT last FROM (SELECT * FROM staff ORDER BY pay, last, n LIMIT 3) AS t ORDER BY n, last"),
        ("tsql", "SELECT YEAR(born) FROM staff", "SELECT DATEPART(year, born) FROM staff"),
        ("oracle", "SELECT first || last FROM staff", "SELECT NVL(first, '') || NVL(last, '') FROM staff"),
    ],
)  # fmt: skip
def test_what_the_dialect_means_by_two_words_is_one(grade: Grade, dialect: str, gold: str, same: str):
    task = {"kind": "sql", "dialect": dialect, "database": _STAFF, "ground_truth": gold}
    verdict = grade("sql", Case(task, f"```sql\n{same}\n```", ""))
    assert verdict.outcome is Outcome.CORRECT, verdict


@pytest.mark.parametrize(
    ("dialect", "query"),
    [
        ("postgres", "SELECT first FROM staff ORDER BY pay FETCH FIRST 3 ROWS WITH TIES"),
        ("oracle", "SELECT first FROM staff ORDER BY pay FETCH FIRST 50 PERCENT ROWS ONLY"),
        ("postgres", "SELECT DISTINCT ON (team) * FROM staff ORDER BY team, pay"),
        ("postgres", "SELECT TO_CHAR(pay, 'FM999.00') FROM staff"),
        ("mysql", "SELECT DATE_FORMAT(born, '%M') FROM staff"),
        ("tsql", "SELECT first FROM staff WHERE first LIKE '[A-C]%'"),
        ("tsql", "SELECT TRY_CAST(first AS INT) FROM staff"),
        ("postgres", "SELECT SUBSTR(first, -1, 3) FROM staff"),
        ("tsql", "SELECT DATEDIFF(month, born, GETDATE()) FROM staff"),
    ],
)
def test_what_sqlite_cannot_be_told_is_wrong_by_name(grade: Grade, dialect: str, query: str):
    task = {"kind": "sql", "dialect": dialect, "database": _STAFF, "ground_truth": "SELECT first FROM staff"}
    verdict = grade("sql", Case(task, f"```sql\n{query}\n```", ""))
    assert (verdict.outcome, verdict.evidence["method"]) == (Outcome.INCORRECT, "not_a_query"), verdict
    assert "cannot be said in SQLite" in verdict.evidence["reason"]


@pytest.mark.parametrize(
    ("said", "known"), [("postgresql", "postgres"), ("SQLite3", "sqlite"), ("mssql", "tsql"), ("MySQL", "mysql")]
)
def test_a_dialect_is_known_by_its_usual_names(said: str, known: str):
    given = {"ground_truth": "SELECT 1", "database": "CREATE TABLE a (b INT)", "dialect": said}
    assert discover()["sql"].task.model_validate(given).dialect == known  # type: ignore[attr-defined]
