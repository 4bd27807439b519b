"""Scripts of another dialect in the words of SQLite, which is what runs programs in SQL.

The task names the dialect by its language (`mysql`, `postgresql`, `mssql`, …; `sql` and `sqlite` are SQLite's own).
What SQLite has under another name is said with that; what it cannot be told is refused with its reason, and the program
is wrong: a null could be bought with it.
"""

from collections.abc import Callable
from typing import NamedTuple

import sqlglot
from sqlglot import exp

from reward_server.queries.dialects import LONGEST, UNREADABLE, NotAQuery, first_line

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
_PARTS = {"YEAR": "%Y", "MONTH": "%m", "DAY": "%d", "HOUR": "%H", "MINUTE": "%M", "SECOND": "%S"}
_STARTS = {"YEAR": "start of year", "MONTH": "start of month", "DAY": "start of day"}


def dialect_of(spelling: str | None) -> str | None:
    """Return sqlglot's name of the dialect that an alias of SQL names; None for SQLite's and other languages'."""
    return _NAMED.get(spelling or "")


class Translation(NamedTuple):
    """A script in SQLite's words, or why there is none."""

    script: str
    refused: str = ""


def as_sqlite(script: str, dialect: str) -> Translation:
    """Translate a script, statement by statement; refused if it is too long, broken, or beyond SQLite."""
    if len(script) > LONGEST:
        return Translation("", f"longer than {LONGEST} characters")
    try:
        trees = [tree for tree in sqlglot.parse(script, read=dialect) if tree is not None]
        return Translation("".join(f"{_said(tree)};\n" for tree in trees))
    except (NotAQuery, *UNREADABLE) as error:
        return Translation("", f"{dialect} that SQLite cannot be told: {first_line(error)}")


def _said(tree: exp.Expr) -> str:
    if isinstance(tree, exp.Command | exp.Set):
        raise NotAQuery(f"{tree.sql()[:20]!r} cannot be said in SQLite")
    told = tree.transform(_in_other_words)
    return told.sql(dialect="sqlite", unsupported_level=sqlglot.ErrorLevel.RAISE)


def _in_other_words(node: exp.Expr) -> exp.Expr:
    rule = _RULES.get(type(node))
    return node if rule is None else rule(node)


def _left(node: exp.Expr) -> exp.Expr:
    return exp.Substring(this=node.this, start=exp.Literal.number(1), length=node.expression)


def _right(node: exp.Expr) -> exp.Expr:
    return exp.Substring(this=node.this, start=exp.Neg(this=exp.paren(node.expression, copy=False)))


def _concat(node: exp.Expr) -> exp.Expr:
    """Join texts with `||`; where the dialect leaves NULL out, it is an empty text."""
    parts: list[exp.Expr] = [exp.cast(part, "TEXT") for part in node.expressions]
    if node.args.get("coalesce"):
        parts = [exp.func("COALESCE", part, exp.Literal.string("")) for part in parts]
    joined: exp.Expr = parts[0]
    for part in parts[1:]:
        joined = exp.DPipe(this=joined, expression=part, safe=True)
    return exp.paren(joined, copy=False)


def _part(unit: str, moment: exp.Expr) -> exp.Expr:
    if unit not in _PARTS:
        raise NotAQuery(f"{unit} of a date cannot be said in SQLite")
    return exp.cast(exp.Anonymous(this="STRFTIME", expressions=[exp.Literal.string(_PARTS[unit]), moment]), "INTEGER")


def _extract(node: exp.Expr) -> exp.Expr:
    return _part(node.name.upper(), node.expression)


def _field(unit: str) -> Callable[[exp.Expr], exp.Expr]:
    return lambda node: _part(unit, node.this)


def _now(node: exp.Expr) -> exp.Expr:
    """Name the moment as SQLite does: sqlglot leaves MySQL's NOW() as a function it does not know."""
    return exp.CurrentTimestamp() if node.name.upper() == "NOW" and not node.expressions else node


def _without_dual(node: exp.Expr) -> exp.Expr:
    source = node.args.get("from_") or node.args.get("from")
    if source is not None and source.name.upper() == "DUAL":
        source.pop()
    return node


def _truncated(node: exp.Expr) -> exp.Expr:
    unit = str(node.args["unit"].name).upper()
    if unit not in _STARTS:
        raise NotAQuery(f"the start of a {unit} cannot be said in SQLite")
    return exp.Anonymous(this="DATETIME", expressions=[node.this, exp.Literal.string(_STARTS[unit])])


def _shifted(sign: str) -> Callable[[exp.Expr], exp.Expr]:
    def moved(node: exp.Expr) -> exp.Expr:
        interval = node.expression if isinstance(node, exp.Binary) else node
        if isinstance(node, exp.Binary) and not isinstance(interval, exp.Interval):
            return node
        count, unit = interval.expression or interval.this, interval.args.get("unit")
        if not isinstance(count, exp.Literal) or unit is None:
            raise NotAQuery("an interval that is no constant cannot be said in SQLite")
        number, days = str(count.this), {"WEEK": 7}.get(str(unit.name).upper())
        if days is not None:
            number, unit = str(int(number) * days), exp.var("DAY")
        name = "DATETIME" if str(unit.name).upper() in {"HOUR", "MINUTE", "SECOND"} else "DATE"
        return exp.Anonymous(this=name, expressions=[node.this, exp.Literal.string(f"{sign}{number} {unit.name}")])

    return moved


_RULES: dict[type[exp.Expr], Callable[[exp.Expr], exp.Expr]] = {
    exp.Left: _left,
    exp.Right: _right,
    exp.Concat: _concat,
    exp.Extract: _extract,
    exp.Year: _field("YEAR"),
    exp.Month: _field("MONTH"),
    exp.Day: _field("DAY"),
    exp.TimestampTrunc: _truncated,
    exp.DateTrunc: _truncated,
    exp.Anonymous: _now,
    exp.Select: _without_dual,
    exp.DateAdd: _shifted("+"),
    exp.DateSub: _shifted("-"),
    exp.Add: _shifted("+"),
    exp.Sub: _shifted("-"),
}
