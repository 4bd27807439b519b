# ruff: noqa: E501 - queries stand in one line
"""Programs in SQL of other dialects than SQLite's."""

import asyncio
import shutil
import time
from contextlib import suppress

import pytest

from reward_server.graders import Completion, Resources
from reward_server.graders import discover as graders
from reward_server.grading.workers import WorkerPool
from reward_server.queries.dialects import DIALECTS, NotAQuery
from reward_server.queries.reading import read_query
from reward_server.queries.scripts import Script, as_sqlite, dialect_of
from reward_server.testing.languages import spelling_of
from reward_server.verdict import Outcome, Verdict
from sandboxes.languages import discover
from tests.reward_server.graders.conftest import Grade

SQL = {"database": "CREATE TABLE t (a INT); INSERT INTO t VALUES (1);", "ground_truth": "SELECT a FROM t"}
installed = pytest.mark.skipif(shutil.which("sqlite3") is None, reason="no sqlite3 on this machine's PATH")
TABLE = """CREATE TABLE t (name TEXT, born TEXT, n INTEGER);
INSERT INTO t VALUES ('Ada', '1815-12-10', 7), ('Bo', NULL, 2);
"""


@installed
@pytest.mark.parametrize(
    ("language", "query", "printed"),
    [
        ("postgresql", "SELECT CONCAT(name, ':', born) FROM t ORDER BY n", "Bo:\nAda:1815-12-10\n"),
        ("mysql", "SELECT CONCAT(name, ':', born) IS NULL FROM t ORDER BY n", "1\n0\n"),
        ("postgres", "SELECT '12'::int + n, n / 2 FROM t ORDER BY n", "14|1\n19|3\n"),
        ("mysql", "SELECT n / 2 FROM t ORDER BY n", "1.0\n3.5\n"),
        ("psql", "SELECT name FROM t WHERE name ILIKE 'a%'", "Ada\n"),
        ("mysql", "SELECT LEFT(name, 1), RIGHT(name, 1), YEAR(born) FROM t WHERE n = 7", "A|a|1815\n"),
        ("mysql", "SELECT DATE_ADD(born, INTERVAL 1 WEEK), DATE_SUB(born, INTERVAL 10 DAY) FROM t WHERE n = 7", "1815-12-17|1815-11-30\n"),
        ("postgresql", "SELECT DATE_TRUNC('month', born::date) FROM t WHERE n = 7", "1815-12-01 00:00:00\n"),
        ("postgresql", "SELECT EXTRACT(MONTH FROM born), born::date - INTERVAL '1 day' FROM t WHERE n = 7",
         "12|1815-12-09\n"),
        ("mssql", "SELECT TOP 1 LEN(name), ISNULL(born, 'never') FROM t ORDER BY n", "2|never\n"),
        ("oracle", "SELECT NVL(NULL, 3) FROM dual", "3\n"),
        ("mysql", "SELECT NOW() IS NULL", "0\n"),
        ("mysql", "SELECT CONCAT(LEFT(name, 1), YEAR(born)) FROM t WHERE n = 7", "A1815\n"),
        ("mysql", "SELECT DATE_ADD('2024-01-31', INTERVAL 1 MONTH), DATE_SUB('2024-03-31 09:08:07', INTERVAL 1 MONTH)", "2024-02-29|2024-02-29 09:08:07\n"),
        ("mysql", "SELECT DATE_ADD('2024-01-15 10:00:00', INTERVAL -1 DAY)", "2024-01-14 10:00:00\n"),
        ("mysql", "SELECT RIGHT('abc', 0), RIGHT('abc', 5), RIGHT('abc', n) FROM t WHERE n = 2", "|abc|bc\n"),
        ("postgres", "SELECT '2020-01-01'::timestamp + INTERVAL '2 hours'", "2020-01-01 02:00:00\n"),
        ("tsql", "SELECT name + ' is ' + 'here' FROM t WHERE n = 2", "Bo is here\n"),
        ("MySQL 8.0", "SELECT CONCAT(name, '!') FROM t WHERE n = 2", "Bo!\n"),
        ("psql", "SELECT name FROM t WHERE name LIKE 'a%'", ""),
        ("tsql", "SELECT name FROM t WHERE name LIKE 'a%'", "Ada\n"),
        ("postgres", "SELECT 2.7::int, CAST(n / 4.0 AS INT), 'abc'::varchar(2), 2.345::numeric(9, 1) FROM t WHERE n = 7",
         "3|2|ab|2.3\n"),
        ("tsql", "SELECT CAST(2.7 AS INT), LEN('ab  '), CONVERT(VARCHAR(10), born, 120) FROM t WHERE n = 7",
         "2|2|1815-12-10\n"),
        ("mysql", "SELECT CAST(2.7 AS SIGNED), LENGTH('é'), CHAR_LENGTH('é'), CAST(2.5 AS DECIMAL)", "3|2|1|3.0\n"),
        ("postgres", "SELECT '2020-05-06 10:00:00'::timestamptz, '10:30'::time, 'A1'::uuid = 'B2'::uuid, 't'::bool, 5::bool",
         "2020-05-06 10:00:00|10:30:00|0|1|1\n"),
        ("tsql", "SELECT CAST('2020-05-06 10:00:00' AS DATETIME2), CAST(1.5 AS BIT)", "2020-05-06 10:00:00|1\n"),
        ("oracle", "SELECT name || born || '!' FROM t WHERE n = 2", "Bo!\n"),
        ("postgres", "SELECT DISTINCT ON (n / 5) name, n FROM t ORDER BY n / 5 DESC, n LIMIT 1", "Ada|7\n"),
        ("sqlite", "SELECT name FROM t WHERE rowid = 1", "Ada\n"),
    ],
)  # fmt: skip
def test_the_dialect_that_the_task_names_is_translated(grade: Grade, language: str, query: str, printed: str):
    task = {"language": language, "prelude": ".read /dev/stdin", "tests": [{"input": TABLE, "output": printed}]}
    verdict = grade(query, fence="sql", **task)
    assert verdict.outcome is Outcome.CORRECT, verdict.evidence


@installed
@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT FROM WHERE", "cannot be told"),
        ("SET @x = 1; SELECT @x", "cannot be said"),
        ("SELECT EXTRACT(EPOCH FROM born) FROM t", "EPOCH of a date"),
        ("SELECT 1;" * 3000, "longer than"),
        ("SELECT CONCAT()", "cannot be told"),
        ("SELECT YEAR()", "cannot be told"),
        ("SELECT '2024-01-31'::date + 1", "sum of dates"),
        ("SELECT '2024-01-31'::date - '2024-01-30'::date", "sum of dates"),
        ("SELECT LEFT('abcd', -1)", "negative length"),
        ("SELECT '2020-01-01'::date + INTERVAL '1 decade'", "interval of this kind"),
        ("SELECT DATEDIFF(month, '2024-01-31', '2024-02-01')", "MONTH"),
        ("SELECT x FROM dual, (SELECT 1 AS x) t", "DUAL"),
        ("SELECT 1 AS a ORDER BY a FETCH FIRST 1 ROWS WITH TIES", "WITH TIES"),
        ("SELECT TO_CHAR(1.5, '9.00')", "form of a date or number"),
        ("SELECT '2020-01-01'::date + '1 month'::interval", "cast to INTERVAL"),
        ("SELECT '{}'::jsonb", "cast to JSONB"),
        ("SELECT DATE_ADD('month', INTERVAL", "cannot be told"),
    ],
)
def test_what_cannot_be_translated_is_named_and_bought_no_null(grade: Grade, query: str, reason: str):
    other = {"DATE_ADD": "mysql", "YEAR()": "mysql", "DATEDIFF": "snowflake", "dual": "oracle"}
    language = next((other[word] for word in other if word in query), "postgresql")
    verdict = grade(query, fence="sql", language=language, tests=[{"input": "", "output": "1\n"}])
    assert (verdict.outcome, verdict.score) == (Outcome.COMPILE_ERROR, 0.0)
    assert reason in verdict.evidence["error"]


def test_only_other_dialects_are_translated():
    aliases = discover()["sql"].aliases
    assert [name for name in aliases if dialect_of(name) is None] == ["sqlite", "sqlite3"]
    named = ("SQLite 3", "Python 3.11", "nothing known", "PostgreSQL 16.1 (64bit)", "MS SQL Server", "Oracle")
    assert [dialect_of(spelling_of(name)) for name in named] == [None, None, None, "postgres", "tsql", "oracle"]
    assert as_sqlite(Script("SELECT (" * 200, "mysql")).refused


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("query", ["DATE_ADD ( 'month' INTERVAL", "SELECT CONCAT()", "SELECT (" * 300, "SELECT LEFT()"])
def test_a_text_that_breaks_the_parser_is_no_query(dialect: str, query: str):
    with suppress(NotAQuery):
        read_query(query, dialect)
    as_sqlite(Script(query, dialect))


BOMBS = [
    "SELECT " + "DATE(" * 40 + "1" + ")" * 40,
    "SELECT CAST(x AS " + "DECIMAL(" * 30 + "1" + ")" * 30 + ")",
    "SELECT a" + "[1]" * 6000,
    "SELECT CONCAT(" + "a," * 40000 + "a)",
    "SELECT '" + ")" * 30 + "', " + "DATE(" * 30 + "1" + ")" * 30,
    "SELECT a FROM t" + " JOIN a" * 30,
]


@pytest.mark.parametrize(
    ("grader", "query"),
    [*(("code", query) for query in BOMBS[:4]), *(("sql", query) for query in BOMBS if "CONCAT" not in query)],
    ids=lambda value: value[:14] + value[-9:],
)
def test_a_text_that_takes_for_ever_is_read_elsewhere_and_ended(grader: str, query: str):
    task = {"tests": [{"input": "", "output": "1\n"}], "language": "mysql"} if grader == "code" else SQL

    async def graded() -> Verdict:
        workers = WorkerPool(slots=1)
        subject = graders()[grader]
        compiled = subject.compile(subject.task.model_validate(task))
        completion = Completion(f"```sql\n{query}\n```")
        began = time.thread_time()
        try:
            decided = subject.fast(compiled, completion)
            assert decided is None, "not read while others wait"
            return await subject.slow(compiled, completion, Resources(sandboxes=object(), workers=workers))
        finally:
            assert time.thread_time() - began < 1
            await workers.close()

    verdict = asyncio.run(graded())
    assert verdict.score == 0, verdict
