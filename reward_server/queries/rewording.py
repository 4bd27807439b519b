"""What other dialects say in words that SQLite lacks, said in its own; what would become something else is refused.

Rules see a tree from its leaves up. Some write an operand several times, so that the size of one is bounded.
"""

from collections.abc import Callable

import sqlglot
from sqlglot import exp

from reward_server.queries.building import call, figure, integer, quoted, repeated
from reward_server.queries.casts import CASTS
from reward_server.queries.dialects import NotAQuery
from reward_server.queries.rows import ROWS
from reward_server.queries.writing import WRITING

_PARTS = {"YEAR": "%Y", "MONTH": "%m", "DAY": "%d", "HOUR": "%H", "MINUTE": "%M", "SECOND": "%S"}
_STARTS = {"YEAR": "start of year", "MONTH": "start of month", "DAY": "start of day"}
_MONTHS = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}
_DAYS = {"DAY": 1, "WEEK": 7}
_CLOCK = {"HOUR", "MINUTE", "SECOND"}
_UNITS = _CLOCK | _DAYS.keys() | _MONTHS.keys()
_DATED = (exp.CurrentDate, exp.CurrentTimestamp, exp.CurrentDatetime, exp.Date, exp.TsOrDsToDate)


def said(tree: exp.Expr, dialect: str) -> str:
    """Return a statement in SQLite's words.

    Raises:
        NotAQuery: something in it has no words there.
    """
    return reworded(tree, dialect).sql(dialect="sqlite", unsupported_level=sqlglot.ErrorLevel.RAISE)


def reworded(tree: exp.Expr, dialect: str) -> exp.Expr:
    """Return the tree in SQLite's words.

    Raises:
        NotAQuery: something in it has no words there.
    """
    for node in reversed(list(tree.walk())):
        rule = _RULES.get(type(node))
        told = node if rule is None else rule(node, dialect)
        if told is node:
            continue
        if node is tree:
            tree = told
        else:
            node.replace(told)
    return tree


def _left(node: exp.Expr, _dialect: str) -> exp.Expr:
    count = node.expression
    if (integer(count) or 0) < 0:
        raise NotAQuery("LEFT of a negative length cannot be said in SQLite")
    if not isinstance(count, exp.Literal):
        count = call("MAX", count, figure(0))
    return exp.Substring(this=node.this.copy(), start=figure(1), length=count.copy())


def _right(node: exp.Expr, _dialect: str) -> exp.Expr:
    text, count = repeated(node.this), node.expression
    if (integer(count) or 0) < 0:
        raise NotAQuery("RIGHT of a negative length cannot be said in SQLite")
    before = exp.Sub(this=call("LENGTH", text), expression=exp.paren(count.copy()))
    start = exp.Add(this=call("MAX", before, figure(0)), expression=figure(1))
    return exp.Substring(this=text.copy(), start=start)


def _part(unit: str, moment: exp.Expr) -> exp.Expr:
    if unit not in _PARTS:
        raise NotAQuery(f"{unit} of a date cannot be said in SQLite")
    return exp.cast(call("STRFTIME", quoted(_PARTS[unit]), moment), "INTEGER")


def _extract(node: exp.Expr, _dialect: str) -> exp.Expr:
    return _part(node.name.upper(), node.expression)


def _field(unit: str) -> Callable[[exp.Expr, str], exp.Expr]:
    return lambda node, _dialect: _part(unit, node.this)


def _now(node: exp.Expr, _dialect: str) -> exp.Expr:
    """Name the moment as SQLite does: sqlglot leaves MySQL's NOW() as a function it does not know."""
    return exp.CurrentTimestamp() if node.name.upper() == "NOW" and not node.expressions else node


def _truncated(node: exp.Expr, _dialect: str) -> exp.Expr:
    unit = _unit(node)
    if unit not in _STARTS:
        raise NotAQuery(f"the start of a {unit} cannot be said in SQLite")
    return call("DATETIME", node.this, quoted(_STARTS[unit]))


def _unit(node: exp.Expr) -> str:
    named = node.args.get("unit")
    written = "" if named is None else str(named.name).upper()
    return written.removesuffix("S") if written.removesuffix("S") in _UNITS else written


def _difference(node: exp.Expr, _dialect: str) -> exp.Expr:
    if _unit(node) not in ("", "DAY"):
        raise NotAQuery(f"a difference in {_unit(node)} cannot be said in SQLite")
    return node


def _moved(sign: int) -> Callable[[exp.Expr, str], exp.Expr]:
    """Return the rule of DATE_ADD or DATE_SUB."""
    return lambda node, _dialect: _shifted(node.this, node.expression, _unit(node), sign)


def _summed(sign: int) -> Callable[[exp.Expr, str], exp.Expr]:
    """Return the rule of `+` or `-`: of intervals, of dates, and of T-SQL's texts."""

    def rule(node: exp.Expr, dialect: str) -> exp.Expr:
        left, right = node.this, node.expression
        if isinstance(right, exp.Interval):
            return _shifted(left, right.this, _unit(right), sign)
        if isinstance(left, exp.Interval) or _is_dated(left) or _is_dated(right):
            raise NotAQuery("this sum of dates cannot be said in SQLite")
        if dialect == "tsql" and sign > 0 and (_is_text(left) or _is_text(right)):
            return exp.DPipe(this=left.copy(), expression=right.copy(), safe=True)
        return node

    return rule


def _is_dated(node: exp.Expr) -> bool:
    if isinstance(node, exp.Cast):
        return bool(node.to.is_type(*exp.DataType.TEMPORAL_TYPES))
    return isinstance(node, _DATED)


def _is_text(node: exp.Expr) -> bool:
    return isinstance(node, exp.DPipe) or (isinstance(node, exp.Literal) and node.is_string)


def _shifted(moment: exp.Expr, count: exp.Expr | None, unit: str, sign: int) -> exp.Expr:
    """Return a moment some units later, with a time of day where it had one; months end where they end.

    SQLite goes on into the next month where the 31st of one has none; other dialects stop at its last day.
    """
    number = integer(count)
    if number is None or unit not in _UNITS:
        raise NotAQuery(f"an interval of this kind cannot be said in SQLite: {unit[:20] or 'no unit'}")
    number *= sign
    if unit in _CLOCK:
        return call("DATETIME", moment, quoted(f"{number:+d} {unit.lower()}"))
    moment = repeated(moment)
    if unit in _DAYS:
        later = call("DATETIME", moment, quoted(f"{number * _DAYS[unit]:+d} day"))
    else:
        months = number * _MONTHS[unit]
        went = call("DATETIME", moment, quoted(f"{months:+d} month"))
        modifiers = map(quoted, ("start of month", f"{months + 1:+d} month", "-1 day"))
        later = call("MIN", went, call("DATETIME", call("DATE", moment), *modifiers, _time_of(moment)))
    return call("SUBSTR", later, figure(1), call("MAX", figure(10), call("LENGTH", moment)))


def _time_of(moment: exp.Expr) -> exp.Expr:
    """Return a modifier that adds a moment's time of day."""
    return exp.DPipe(this=quoted("+"), expression=call("TIME", moment), safe=True)


_RULES: dict[type[exp.Expr], Callable[[exp.Expr, str], exp.Expr]] = {
    exp.Left: _left,
    exp.Right: _right,
    exp.Extract: _extract,
    exp.Year: _field("YEAR"),
    exp.Month: _field("MONTH"),
    exp.Day: _field("DAY"),
    exp.TimestampTrunc: _truncated,
    exp.DateTrunc: _truncated,
    exp.DateDiff: _difference,
    exp.Anonymous: _now,
    exp.DateAdd: _moved(1),
    exp.DateSub: _moved(-1),
    exp.Add: _summed(1),
    exp.Sub: _summed(-1),
    **CASTS,
    **WRITING,
    **ROWS,
}
