"""Scripts of another dialect in the words of SQLite, which is what runs programs in SQL.

The task names the dialect by its language (`mysql`, `postgresql`, `mssql`, …; `sql` and `sqlite` are SQLite's own).
What SQLite has under another name is said with that (`rewording`); what it cannot be told is refused with its reason,
and the program is wrong: a null could be bought with it. Types of columns are not known: T-SQL's `first + last` is read
as a sum, and as joined texts only where a text stands in it; its AVG of integers keeps what is behind the point, and a
column of dates plus 1 counts years.
"""

from typing import NamedTuple

import sqlglot
from sqlglot import exp

from reward_server.queries.dialects import CASED, LONGEST, UNREADABLE, NotAQuery, first_line
from reward_server.queries.rewording import said

_DIALECTS = {
    "postgres": ("postgresql", "postgres", "psql", "pgsql", "plpgsql", "redshift"),
    "mysql": ("mysql", "mariadb"),
    "tsql": ("mssql", "tsql", "t-sql", "sql server", "sqlserver", "ms sql server", "mssqlserver"),
    "oracle": ("oracle", "oraclesql", "plsql", "pl/sql"),
    "duckdb": ("duckdb",),
    "bigquery": ("bigquery",),
    "snowflake": ("snowflake",),
}
_NAMED = {name: dialect for dialect, names in _DIALECTS.items() for name in names}


def dialect_of(spelling: str | None) -> str | None:
    """Return sqlglot's name of the dialect that an alias of SQL names; None for SQLite's and other languages'."""
    return _NAMED.get(spelling or "")


class Script(NamedTuple):
    """A script and what it is written in."""

    text: str
    dialect: str


class Translation(NamedTuple):
    """A script in SQLite's words, or why there is none."""

    script: str
    refused: str = ""


_CASED = "PRAGMA case_sensitive_like=ON;\n"
OVER_TIME = Translation("", "reading it takes too long")


def as_sqlite(script: Script) -> Translation:
    """Translate a script, statement by statement; refused if it is too long, broken, or beyond SQLite."""
    text, dialect = script
    if len(text) > LONGEST:
        return Translation("", f"longer than {LONGEST} characters")
    try:
        trees = [tree for tree in sqlglot.parse(text, read=dialect) if tree is not None]
        cased = dialect in CASED and any(tree.find(exp.Like) for tree in trees)
        return Translation(_CASED * cased + "".join(f"{_said(tree, dialect)};\n" for tree in trees))
    except (NotAQuery, *UNREADABLE) as error:
        return Translation("", f"{dialect} that SQLite cannot be told: {first_line(error)}")


def _said(tree: exp.Expr, dialect: str) -> str:
    if isinstance(tree, exp.Command | exp.Set):
        raise NotAQuery(f"{tree.sql()[:20]!r} cannot be said in SQLite")
    return said(tree, dialect)
