# ruff: noqa: E501 - queries stand in one line
"""Programs in SQL of other dialects than SQLite's."""

import shutil
from contextlib import suppress

import pytest

from reward_server.queries.dialects import DIALECTS, NotAQuery, read_query
from reward_server.queries.scripts import as_sqlite, dialect_of
from reward_server.testing.languages import spelling_of
from reward_server.verdict import Outcome
from sandboxes.languages import discover
from tests.reward_server.graders.conftest import Grade

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
        ("MySQL 8.0", "SELECT CONCAT(name, '!') FROM t WHERE n = 2", "Bo!\n"),
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
        ("SELECT DATE_ADD('month', INTERVAL", "cannot be told"),
    ],
)
def test_what_cannot_be_translated_is_named_and_bought_no_null(grade: Grade, query: str, reason: str):
    language = "mysql" if "DATE_ADD" in query else "postgresql"
    verdict = grade(query, fence="sql", language=language, tests=[{"input": "", "output": "1\n"}])
    assert (verdict.outcome, verdict.score) == (Outcome.COMPILE_ERROR, 0.0)
    assert reason in verdict.evidence["error"]


def test_only_other_dialects_are_translated():
    aliases = discover()["sql"].aliases
    assert [name for name in aliases if dialect_of(name) is None] == ["sqlite", "sqlite3"]
    named = ("SQLite 3", "Python 3.11", "nothing known", "PostgreSQL 16.1 (64bit)", "MS SQL Server", "Oracle")
    assert [dialect_of(spelling_of(name)) for name in named] == [None, None, None, "postgres", "tsql", "oracle"]
    assert as_sqlite("SELECT (" * 200, "mysql").refused


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("query", ["DATE_ADD ( 'month' INTERVAL", "SELECT CONCAT()", "SELECT (" * 300, "SELECT LEFT()"])
def test_a_text_that_breaks_the_parser_is_no_query(dialect: str, query: str):
    with suppress(NotAQuery):
        read_query(query, dialect)
    as_sqlite(query, dialect)
