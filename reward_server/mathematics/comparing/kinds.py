"""The kind of a tree, for reports: what sort of answer a data set asks for."""

from reward_server.mathematics.comparing.identity import is_closed, is_complex
from reward_server.mathematics.comparing.solutions.families import as_family
from reward_server.mathematics.comparing.solutions.sets import is_set
from reward_server.mathematics.tree.nodes import (
    BasedInteger,
    CalendarDate,
    Clock,
    Constant,
    Derivative,
    Expr,
    Group,
    Listing,
    Matrix,
    Measure,
    NamedSet,
    Negation,
    Number,
    Percent,
    Piecewise,
    PlusMinus,
    Power,
    Product,
    Quotient,
    Ratio,
    Relation,
    Root,
    Series,
    SetBuilder,
    SetOf,
    SetOperation,
    Sum,
    Symbol,
    Words,
)
from reward_server.mathematics.tree.walk import contains, free_symbols, nodes
from reward_server.mathematics.values.exact import rational

_MARKED = (Measure, Percent)
SCALARS = frozenset({Number, Symbol, Sum, Product, Quotient, Negation, Power, Root})
"""What only the comparison of scalars is about."""
WITHOUT_FAMILIES = SCALARS | {Group, Listing}
"""Of these no family is written: neither a declared parameter nor π or degrees."""
NUMERIC = (WITHOUT_FAMILIES - {Symbol}) | {Constant, Measure, Percent, PlusMinus, Matrix, SetOf}
"""Of these, without letters, only the values count: no families, lines, sets of letters or conditions."""
_KINDS: dict[type, str] = {
    Words: "text", Clock: "time", CalendarDate: "date", Listing: "list", SetOf: "set", SetBuilder: "set",
    SetOperation: "set", NamedSet: "set", Matrix: "matrix", Piecewise: "piecewise", Ratio: "ratio",
    BasedInteger: "based_integer", Symbol: "symbol", Percent: "percent", Measure: "quantity",
}  # fmt: skip


def kind_of(node: Expr) -> str:
    """Return the kind of a tree in one word; `unread` for mathematics that is not in the grammar."""
    if isinstance(node, Listing | SetBuilder | Relation) and as_family(node) is not None:
        return "family"
    if isinstance(node, Words) and node.unread:
        return "unread"
    kind = _KINDS.get(type(node))
    if kind is not None:
        return kind
    if isinstance(node, Group):
        return _group(node)
    if isinstance(node, Relation):
        return "inequality" if is_set(node) else "equation"
    if isinstance(node, Number) and node.places is not None:
        return "decimal"
    if node == Constant("infinity"):
        return "infinity"
    value = rational(node)
    if value is not None:
        return "integer" if value.q == 1 else "fraction"
    if contains(node, PlusMinus):
        return "plus_minus"
    if contains(node, Series, Derivative):
        return "analysis"
    if free_symbols(node):
        return "expression"
    return "complex" if is_complex(node) else "real"


def _group(node: Group) -> str:
    if len(node.items) == 2 and (node.opening, node.closing) != ("(", ")") and node.opening in "([]":
        return "interval"
    return "interval" if any(item == Constant("infinity") for item in node.items) else "tuple"


def types_in(left: Expr, right: Expr) -> set[type]:
    """Return the types of the nodes of two trees."""
    return {*map(type, nodes(left)), *map(type, nodes(right))}


def is_quantity(node: Expr) -> bool:
    """Tell whether a tree is a plain number, with or without a unit or percent sign: no other rule is about those."""
    while isinstance(node, _MARKED):
        node = node.value if isinstance(node, Measure) else node.argument
    return is_closed(node)
