"""Trees of SQL as rules build them."""

from sqlglot import exp

from reward_server.queries.dialects import NotAQuery

_MOST_NODES = 80
"""Of an operand that is written several times."""


def figure(value: int) -> exp.Expr:
    """Return a number as it is written."""
    return exp.Literal.number(value) if value >= 0 else exp.Neg(this=exp.Literal.number(-value))


def call(name: str, *operands: exp.Expr) -> exp.Expr:
    """Return a call of a function of SQLite's."""
    return exp.Anonymous(this=name, expressions=[operand.copy() for operand in operands])


def quoted(value: str) -> exp.Expr:
    """Return a text as it is written."""
    return exp.Literal.string(value)


def is_short(operand: exp.Expr) -> bool:
    """Tell whether an operand may be written several times."""
    return sum(1 for _ in operand.walk()) <= _MOST_NODES


def repeated(operand: exp.Expr) -> exp.Expr:
    """Return an operand that is written several times.

    Raises:
        NotAQuery: it is too long for that.
    """
    if not is_short(operand):
        raise NotAQuery("an operand is too long to be said in SQLite")
    return operand


def integer(node: exp.Expr | None) -> int | None:
    """Return the integer that a literal is, None for anything else."""
    if isinstance(node, exp.Neg):
        inner = integer(node.this)
        return None if inner is None else -inner
    text = str(node.this).strip() if isinstance(node, exp.Literal) else ""
    digits = text.removeprefix("-").removeprefix("+")
    return int(text) if digits.isascii() and digits.isdecimal() and len(digits) <= 9 else None  # noqa: PLR2004
