r"""Spellings of one answer: `P(2, -3)` is a named point, `\{(1, 2)\}` one solution, `x \in \{1, 2\}` lists two."""

from reward_server.mathematics.tree.nodes import (
    Expr,
    Group,
    Listing,
    NamedSet,
    Product,
    Relation,
    SetBuilder,
    SetOf,
    SetOperation,
    Symbol,
)

_LISTS, _RANGES = (Listing, Group), (Group, SetOf, SetBuilder, NamedSet, SetOperation)


def spelled_alike(node: Expr, other: Expr) -> Expr:
    """Return a node in the spelling that the other side has, where it is one of these; else the node itself."""
    if isinstance(node, Product) and isinstance(other, Group) and _is_point(node, other):
        return node.factors[1]
    if isinstance(node, Listing) and node.word == "or" and isinstance(other, SetOperation):
        return SetOperation("union", node.items) if all(isinstance(item, _RANGES) for item in node.items) else node
    if isinstance(node, SetOf) and len(node.items) > 1 and isinstance(other, Listing | Group) and _are_values(node):
        return Listing(node.items, ",")
    if isinstance(node, SetOf) and len(node.items) == 1 and isinstance(node.items[0], Group):
        return node.items[0] if isinstance(other, _LISTS) and not _holds_groups(other) else node
    if isinstance(node, Relation) and node.operators == ("in",) and isinstance(other, Listing):
        name, values = node.sides
        if isinstance(values, SetOf) and values.items:
            return Listing(tuple(Relation((name, value), ("=",)) for value in values.items), "or")
    return node


def _are_values(node: SetOf) -> bool:
    r"""Tell whether braces hold the values of several unknowns, `\{x = 1, y = 2\}`."""
    names = [item.sides[0] for item in node.items if isinstance(item, Relation) and item.operators == ("=",)]
    distinct = {name.name for name in names if isinstance(name, Symbol)}
    return len(distinct) == len(node.items)


def _is_point(node: Product, other: Group) -> bool:
    """Tell whether a product is a capital letter in front of coordinates."""
    if len(node.factors) != 2 or (other.opening, other.closing) != ("(", ")"):
        return False
    name, place = node.factors
    return isinstance(name, Symbol) and name.name.isupper() and isinstance(place, Group) and place.opening == "("


def _holds_groups(node: Expr) -> bool:
    return isinstance(node, Listing) and any(isinstance(item, Group) for item in node.items)
