"""Texts that other dialects join, measure, match, cut and print in ways of their own."""

import re
from collections.abc import Callable

from sqlglot import exp

from reward_server.queries.building import call, integer, quoted
from reward_server.queries.dialects import NotAQuery

_TEXT = exp.DataType.build("text")
_FORMAT = re.compile(r"%([dfHjJmMsSwWY%])")
"""What every SQLite's STRFTIME knows; anything else makes NULL of all dates."""
_PATTERNS = frozenset({"postgres", "oracle", "snowflake", "tsql"})
"""Those in whose formats letters and digits stand for something, so that what is left of them is not known."""
_ESCAPING = frozenset({"postgres", "mysql", "bigquery", "spark", "hive"})
_FROM_BEHIND = frozenset({"mysql", "oracle", "snowflake", "bigquery", "spark", "hive", "presto", "duckdb"})
_FROM_BEFORE = frozenset({"postgres", "tsql"})
"""Those that count a place 0 as one in front of the text, as SQLite does."""


def _concat(node: exp.Expr, dialect: str) -> exp.Expr:
    """Join texts with `||`; where the dialect leaves NULL out, it is an empty text."""
    if not node.expressions:
        raise NotAQuery("CONCAT of nothing")
    parts: list[exp.Expr] = [exp.Cast(this=part.copy(), to=_TEXT.copy()) for part in node.expressions]
    if node.args.get("coalesce") or dialect == "oracle":
        parts = [exp.Coalesce(this=part, expressions=[quoted("")]) for part in parts]
    joined = parts[0]
    for part in parts[1:]:
        joined = exp.DPipe(this=joined, expression=part, safe=True)
    return exp.Paren(this=joined)


def _joined(node: exp.Expr, dialect: str) -> exp.Expr:
    """Oracle's `||` leaves NULL out, which is its empty text."""
    if dialect != "oracle":
        return node
    left, right = (exp.Coalesce(this=part.copy(), expressions=[quoted("")]) for part in (node.this, node.expression))
    return call("NULLIF", exp.DPipe(this=left, expression=right, safe=True), quoted(""))


def _literal(node: exp.Expr, dialect: str) -> exp.Expr:
    """Oracle's empty text is NULL where it is compared."""
    compared = isinstance(node.parent, exp.EQ | exp.NEQ | exp.In | exp.Is | exp.Coalesce | exp.Nullif | exp.Tuple)
    return exp.Null() if dialect == "oracle" and node.is_string and not node.this and compared else node


def _length(node: exp.Expr, dialect: str) -> exp.Expr:
    """T-SQL does not count spaces at the end; MySQL's LENGTH counts bytes."""
    if dialect == "tsql":
        return call("LENGTH", call("RTRIM", node.this))
    if node.args.get("binary"):
        return call("LENGTH", exp.cast(node.this.copy(), "blob"))
    return node


def _like(node: exp.Expr, dialect: str) -> exp.Expr:
    pattern = str(node.expression.this) if isinstance(node.expression, exp.Literal) else ""
    if dialect == "tsql" and "[" in pattern:
        raise NotAQuery("a set of characters in LIKE cannot be said in SQLite")
    if dialect in _ESCAPING and "\\" in pattern and not isinstance(node.parent, exp.Escape):
        return exp.Escape(this=node.copy(), expression=quoted("\\"))
    return node


def _substring(node: exp.Expr, dialect: str) -> exp.Expr:
    start = integer(node.args.get("start"))
    if start is not None and (
        (start < 0 and dialect not in _FROM_BEHIND) or (start == 0 and dialect not in _FROM_BEFORE)
    ):
        raise NotAQuery(f"SUBSTRING from {start} cannot be said in SQLite")
    return node


def _formatted(node: exp.Expr, dialect: str) -> exp.Expr:
    form = node.args.get("format")
    rest = _FORMAT.sub("", str(form.this)) if isinstance(form, exp.Literal) and form.is_string else "%"
    if "%" in rest or (dialect in _PATTERNS and any(map(str.isalnum, rest))):
        raise NotAQuery("this form of a date or number cannot be said in SQLite")
    return node


WRITING: dict[type[exp.Expr], Callable[[exp.Expr, str], exp.Expr]] = {
    exp.Concat: _concat,
    exp.DPipe: _joined,
    exp.Literal: _literal,
    exp.Length: _length,
    exp.Like: _like,
    exp.ILike: _like,
    exp.Substring: _substring,
    exp.TimeToStr: _formatted,
}
