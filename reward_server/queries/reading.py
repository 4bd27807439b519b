"""One read-only statement in the words of SQLite, whatever dialect it was written in."""

from typing import NamedTuple

import sqlglot
from sqlglot import exp

from reward_server.queries.dialects import LONGEST, UNREADABLE, NotAQuery, first_line
from reward_server.queries.rewording import said


class Query(NamedTuple):
    """A query that only reads."""

    sql: str
    """In SQLite's words."""
    ordered: bool
    """Whether its outermost level has an ORDER BY, so that the order of its rows is part of its meaning."""
    turned: tuple[str, str]
    """The query twice, with the rows that its ORDER BY leaves tied in the one and in the other order."""
    literals: tuple[str | float | int, ...]
    """The constants in it, in the order in which they stand."""


def read_query(text: str, dialect: str) -> Query:
    """Read one SELECT (also with WITH, UNION, VALUES) and translate it.

    Raises:
        NotAQuery: no statement, several, one that does not only read, a syntax error, or no translation to SQLite.
    """
    if len(text) > LONGEST:
        raise NotAQuery(f"longer than {LONGEST} characters")
    try:
        statements = [statement for statement in sqlglot.parse(text, read=dialect) if statement is not None]
    except UNREADABLE as error:
        raise NotAQuery(f"syntax error: {first_line(error)}") from None
    if len(statements) != 1:
        raise NotAQuery(f"{len(statements)} statements, not one")
    tree = statements[0]
    if not isinstance(tree, exp.Query) or isinstance(tree, exp.Subquery):
        raise NotAQuery(f"a {tree.key.upper()} statement is no query")
    for kind in (
        exp.Insert,
        exp.Update,
        exp.Delete,
        exp.Drop,
        exp.Create,
        exp.Into,
        exp.Command,
        exp.Pragma,
        exp.Attach,
    ):
        if tree.find(kind):
            raise NotAQuery(f"{kind.__name__.upper()} inside the query")
    literals = _literals(tree)
    sql = _as_sqlite(tree, text, dialect)
    try:
        ordered, turned = _turned(sql)
    except UNREADABLE as error:
        raise NotAQuery(f"cannot be said in SQLite: {first_line(error)}") from None
    return Query(sql, ordered, turned, literals)


def _turned(sql: str) -> tuple[bool, tuple[str, str]]:
    """Return whether a query has an outermost ORDER BY, and it with that continued by its columns, up and down."""
    found = []
    for descending in (False, True):
        tree = sqlglot.parse_one(sql, read="sqlite")
        if tree.args.get("order") is None:
            return False, (sql, sql)
        columns = 1 if tree.find(exp.Star) else len(getattr(tree, "selects", ())) or 1
        for number in range(1, columns + 1):
            more = exp.Ordered(this=exp.Literal.number(number), desc=descending)
            tree.args["order"].append("expressions", more)
        found.append(tree.sql(dialect="sqlite"))
    return True, (found[0], found[1])


def _as_sqlite(tree: exp.Query, text: str, dialect: str) -> str:
    if dialect == "sqlite":
        return text.strip().rstrip(";").strip()
    try:
        return said(tree, dialect)
    except UNREADABLE as error:
        raise NotAQuery(f"cannot be said in SQLite: {first_line(error)}") from None


def _literals(tree: exp.Query) -> tuple[str | float | int, ...]:
    found: list[str | float | int] = []
    for literal in tree.find_all(exp.Literal):
        text = str(literal.this)
        if literal.is_string:
            found.append(text)
        else:
            try:
                found.append(int(text) if text.isdigit() else float(text))
            except (ValueError, OverflowError):
                continue
    return tuple(dict.fromkeys(found))
