"""Casts that other dialects round, cut or refuse where SQLite's does not."""

from collections.abc import Callable

from sqlglot import exp

from reward_server.queries.building import call, integer, is_short, quoted
from reward_server.queries.dialects import NotAQuery

_ROUNDING = frozenset({"postgres", "mysql", "oracle", "duckdb", "bigquery", "snowflake", "presto"})
"""Those that make 3 of 2.7; the others cut it off, as SQLite does."""
_WHOLE = frozenset({"mysql", "tsql", "snowflake", "spark", "hive", "presto"})
"""Those whose DECIMAL without a scale holds integers."""
_LENIENT = frozenset({"spark", "hive", "mysql"})
"""Those whose ordinary cast gives NULL or 0 for what it cannot read, so that sqlglot names it so."""
_TEXTS = (exp.DType.CHAR, exp.DType.NCHAR, exp.DType.VARCHAR, exp.DType.NVARCHAR)


def _cast(node: exp.Expr, dialect: str) -> exp.Expr:
    kind = node.args["to"]
    if not isinstance(kind, exp.DataType):
        return node
    if isinstance(node, exp.TryCast) and dialect not in _LENIENT:
        raise NotAQuery("a cast that gives NULL for what it cannot read cannot be said in SQLite")
    if kind.is_type(*exp.DataType.INTEGER_TYPES):
        return _to_integer(node) if dialect in _ROUNDING else node
    if kind.is_type(exp.DType.DECIMAL):
        scale = _parameter(kind, 1)
        if scale is None and (kind.expressions or dialect in _WHOLE):
            scale = 0
        return node if scale is None else call("ROUND", exp.cast(node.this.copy(), "double"), exp.Literal.number(scale))
    return _cut(exp.cast(node.this.copy(), "text"), kind) or node


def _to_integer(node: exp.Expr) -> exp.Expr:
    one = node.this
    if isinstance(one, exp.Count | exp.Length) or (isinstance(one, exp.Literal) and (one.is_string or one.is_int)):
        return node
    rounded = call("ROUND", one)
    if is_short(one):  # ROUND makes a float of an integer, which has no more than 53 bits
        rounded = call("IIF", exp.EQ(this=call("TYPEOF", one), expression=quoted("real")), rounded, one)
    return exp.cast(rounded, "bigint")


def _parameter(kind: exp.DataType, place: int) -> int | None:
    given = kind.expressions
    return integer(given[place].this) if place < len(given) else None


def _cut(value: exp.Expr, kind: exp.Expr) -> exp.Expr | None:
    """Return a text as long as its type is; None where that says nothing of it."""
    length = _parameter(kind, 0) if isinstance(kind, exp.DataType) and kind.is_type(*_TEXTS) else None
    if length is None:
        return None
    return exp.Substring(this=value, start=exp.Literal.number(1), length=exp.Literal.number(length))


def _convert(node: exp.Expr, dialect: str) -> exp.Expr:
    """T-SQL's CONVERT is a cast; with a style it is a date in a form."""
    if node.args.get("style") is None:
        return _cast(exp.Cast(this=node.expression.copy(), to=node.this.copy()), dialect)
    return _cut(node.copy(), node.this) or node


CASTS: dict[type[exp.Expr], Callable[[exp.Expr, str], exp.Expr]] = {
    exp.Cast: _cast,
    exp.TryCast: _cast,
    exp.Convert: _convert,
}
