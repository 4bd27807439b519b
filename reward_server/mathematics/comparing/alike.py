r"""Spellings of one answer: `P(2, -3)` is a named point, `\{(1, 2)\}` one solution, `x \in \{1, 2\}` lists two."""

from reward_server.mathematics.tree.nodes import Expr, Group, Listing, Product, Relation, SetOf, Symbol

_LISTS = (Listing, Group)


def spelled_alike(node: Expr, other: Expr) -> Expr:
    """Return a node in the spelling that the other side has, where it is one of these; else the node itself."""
    if isinstance(node, Product) and isinstance(other, Group) and _is_point(node, other):
        return node.factors[1]
    if isinstance(node, SetOf) and len(node.items) == 1 and isinstance(node.items[0], Group):
        return node.items[0] if isinstance(other, _LISTS) and not _holds_groups(other) else node
    if isinstance(node, Relation) and node.operators == ("in",) and isinstance(other, Listing):
        name, values = node.sides
        if isinstance(values, SetOf) and values.items:
            return Listing(tuple(Relation((name, value), ("=",)) for value in values.items), "or")
    return node


def _is_point(node: Product, other: Group) -> bool:
    """Tell whether a product is a capital letter in front of coordinates."""
    if len(node.factors) != 2 or (other.opening, other.closing) != ("(", ")"):
        return False
    name, place = node.factors
    return isinstance(name, Symbol) and name.name.isupper() and isinstance(place, Group) and place.opening == "("


def _holds_groups(node: Expr) -> bool:
    return isinstance(node, Listing) and any(isinstance(item, Group) for item in node.items)
