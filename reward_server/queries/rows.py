"""Which rows a query gives: clauses of other dialects that SQLite lacks, and what sqlglot says in their place."""

from collections.abc import Callable

from sqlglot import exp

from reward_server.queries.building import integer
from reward_server.queries.dialects import NotAQuery

_FIRST, _PLACE = "_first", "_place"


def _select(node: exp.Expr, _dialect: str) -> exp.Expr:
    source = node.args.get("from_") or node.args.get("from")
    if source is not None and source.name.upper() == "DUAL":
        if node.args.get("joins"):
            raise NotAQuery("DUAL beside other tables cannot be said in SQLite")
        source.pop()
    distinct = node.args.get("distinct")
    on = None if distinct is None else distinct.args.get("on")
    limited = any(node.args.get(clause) is not None for clause in ("order", "limit", "offset"))
    if isinstance(node, exp.Select) and (on is not None or (node.args.get("qualify") is not None and limited)):
        return _ordered_outside(node, on)
    return node


def _ordered_outside(node: exp.Select, on: exp.Expr | None) -> exp.Expr:
    """Put ORDER BY and LIMIT around a SELECT whose DISTINCT ON or QUALIFY drops rows first.

    sqlglot leaves them inside, where they count what is dropped, and gives DISTINCT ON no order at all.
    """
    inner = node.copy()
    names = _named(inner)
    order = inner.args.pop("order", None)
    keys = [_meant(key, inner) for key in order.expressions] if order is not None else []
    around = {clause: inner.args.pop(clause, None) for clause in ("limit", "offset")}
    if on is not None:
        inner.set("distinct", None)
        one_each = [_meant(part, inner) for part in (on.expressions if isinstance(on, exp.Tuple) else [on])]
        first = exp.Window(
            this=exp.RowNumber(),
            partition_by=one_each,
            order=exp.Order(expressions=[key.copy() for key in keys or one_each]),
            over="OVER",
        )
        inner.select(exp.alias_(first, _FIRST), copy=False)
    elif inner.args.get("distinct") is not None:
        raise NotAQuery("DISTINCT beside QUALIFY and an order cannot be said in SQLite")
    if keys:
        place = exp.Window(this=exp.Anonymous(this="RANK"), order=exp.Order(expressions=keys), over="OVER")
        inner.select(exp.alias_(place, _PLACE), copy=False)
    outer = exp.select(*(exp.column(exp.to_identifier(name, quoted=True)) for name in names))
    outer = outer.from_(inner.subquery("_t"))
    if on is not None:
        outer = outer.where(exp.column(_FIRST).eq(1))
    if keys:
        outer = outer.order_by(exp.column(_PLACE))
    for clause, limit in around.items():
        outer.set(clause, limit)
    return outer


def _named(select: exp.Expr) -> list[str]:
    """Return the names of a SELECT's columns, which are given to those that have none."""
    columns: list[exp.Expr] = []
    for number, column in enumerate(select.expressions):
        if column.is_star:
            raise NotAQuery("* beside DISTINCT ON or QUALIFY cannot be said in SQLite")
        columns.append(column if column.alias_or_name else exp.alias_(column.copy(), f"_c{number}"))
    select.set("expressions", columns)
    names = [column.alias_or_name for column in columns]
    if len(set(map(str.lower, names))) < len(names):
        raise NotAQuery("two columns of one name beside DISTINCT ON or QUALIFY cannot be said in SQLite")
    return names


def _meant(key: exp.Expr, select: exp.Expr) -> exp.Expr:
    """Return what is ordered by, where a column's number or new name stands for it: in a window it would not."""
    one = key.this if isinstance(key, exp.Ordered) else key
    place = integer(one)
    if place is not None and 0 < place <= len(select.expressions):
        found = select.expressions[place - 1]
    else:
        bare = one.name.lower() if isinstance(one, exp.Column) and not one.table else None
        found = next((each for each in select.expressions if each.alias and each.alias.lower() == bare), one)
    meant: exp.Expr = found.unalias().copy()
    if not isinstance(key, exp.Ordered):
        return meant
    ordered: exp.Expr = key.copy()
    ordered.set("this", meant)
    return ordered


def _limited(node: exp.Expr, _dialect: str) -> exp.Expr:
    for option, name in (("with_ties", "WITH TIES"), ("percent", "PERCENT")):
        if node.args.get(option):
            raise NotAQuery(f"a limit {name} cannot be said in SQLite")
    return node


ROWS: dict[type[exp.Expr], Callable[[exp.Expr, str], exp.Expr]] = {
    exp.Select: _select,
    exp.LimitOptions: _limited,
}
