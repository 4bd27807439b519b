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
_MOMENTS = (exp.DType.TIMESTAMPTZ, exp.DType.TIMESTAMPLTZ, exp.DType.DATETIME2, exp.DType.SMALLDATETIME)
_AS_THEY_ARE = (
    *exp.DataType.INTEGER_TYPES, *exp.DataType.FLOAT_TYPES, *exp.DataType.TEXT_TYPES,
    exp.DType.DATE, exp.DType.TIME, exp.DType.DATETIME, exp.DType.TIMESTAMP, exp.DType.TIMESTAMPNTZ,
    exp.DType.BINARY, exp.DType.VARBINARY, exp.DType.BLOB, exp.DType.LONGBLOB,
)  # fmt: skip
"""Those that sqlglot says in SQLite's words; of another name SQLite makes a number: 2020 of a moment, 0 of a UUID."""
_TRUE = frozenset({"t", "true", "y", "yes", "on", "1"})


def _cast(node: exp.Expr, dialect: str) -> exp.Expr:
    kind = node.args["to"]
    if not isinstance(kind, exp.DataType):
        return node
    if isinstance(node, exp.TryCast) and dialect not in _LENIENT:
        raise NotAQuery("a cast that gives NULL for what it cannot read cannot be said in SQLite")
    if kind.is_type(exp.DType.BOOLEAN, exp.DType.BIT):
        if kind.is_type(exp.DType.BIT) and dialect != "tsql":
            raise NotAQuery("a cast to bits cannot be said in SQLite")
        return _to_boolean(node.this)
    if kind.is_type(*exp.DataType.INTEGER_TYPES):
        return _to_integer(node) if dialect in _ROUNDING else node
    if kind.is_type(exp.DType.DECIMAL):
        scale = _parameter(kind, 1)
        if scale is None and (kind.expressions or dialect in _WHOLE):
            scale = 0
        return node if scale is None else call("ROUND", exp.cast(node.this.copy(), "double"), exp.Literal.number(scale))
    return _to_named(node, kind)


def _to_named(node: exp.Expr, kind: exp.DataType) -> exp.Expr:
    if kind.is_type(*_MOMENTS):
        return call("DATETIME", node.this)
    if kind.is_type(exp.DType.UUID):
        return call("LOWER", node.this)
    if not kind.is_type(*_AS_THEY_ARE):
        raise NotAQuery(f"a cast to {kind.sql()[:30]} cannot be said in SQLite")
    return _cut(exp.cast(node.this.copy(), "text"), kind) or node


def _to_boolean(one: exp.Expr) -> exp.Expr:
    if isinstance(one, exp.Literal) and one.is_string:
        return exp.Boolean(this=one.name.strip().lower() in _TRUE)
    return exp.paren(exp.NEQ(this=exp.paren(one.copy()), expression=exp.Literal.number(0)))


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
