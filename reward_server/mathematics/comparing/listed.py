"""Lists and sets side by side: whether they are of one kind before their values are matched."""

from reward_server.mathematics.comparing.identity import Finding
from reward_server.mathematics.comparing.sequences import (
    Compare,
    are_numbered,
    distinct_names,
    every,
    items_of,
    unordered,
)
from reward_server.mathematics.tree.nodes import PARTS, Expr, Group, Listing, SetOf, Symbol


def differ_in_kind(left: Expr, right: Expr) -> bool:
    """Tell whether of two sets one holds sets and the other does not, or the values of one have several names."""
    if joined_otherwise(left, right) or _lists_sets(left) != _lists_sets(right):
        return True
    if not isinstance(left, SetOf):
        return (
            isinstance(right, SetOf)
            and distinct_names(given := items_of(left)) > 1
            and not are_numbered([item.name for item in given])
        )
    if distinct_names(items := items_of(right)) > 1 and not are_numbered([item.name for item in items]):
        return True
    inner = any(isinstance(item, SetOf) for item in left.items)
    return isinstance(right, SetOf) and inner != any(isinstance(item, SetOf) for item in right.items)


def joined_otherwise(left: Expr, right: Expr) -> bool:
    """Tell whether of two lists one gives each of several unknowns its value and the other offers them by "or".

    The same of capital letters, which are names of things: "A or B" is not "A and B".
    """
    if not (isinstance(left, Listing) and isinstance(right, Listing)) or (left.word == "or") == (right.word == "or"):
        return False
    sides = items_of(left), items_of(right)
    if all(isinstance(item.value, Symbol) and item.value.name.isupper() for side in sides for item in side):
        return True
    return all(distinct_names(items) == len(items) > 1 for items in sides)


def _lists_sets(node: Expr) -> bool:
    return isinstance(node, Listing) and len(node.items) > 1 and all(isinstance(item, SetOf) for item in node.items)


def is_in_parts(node: Expr) -> bool:
    """Tell whether a node holds the answers to several questions."""
    return isinstance(node, Listing) and node.word == PARTS


def compare_parts(truth: Expr, answer: Expr, compare: Compare) -> Finding:
    """Compare answers to several questions, one by one: a side without labels gives its own in their order.

    A ground truth that is a bare list has no order, whatever labels the answer writes.
    """
    if isinstance(truth, Listing) and isinstance(answer, Listing) and PARTS != truth.word != "or":
        return unordered(truth.items, answer.items, compare)
    sides: list[tuple[Expr, ...]] = []
    for side in (truth, answer):
        if not isinstance(side, Listing | Group) or getattr(side, "word", ",") in {"or", "land"}:
            return Finding(False, "parts", {"witness": "answers to several questions, and another answer"})
        sides.append(side.items)
    if len(sides[0]) != len(sides[1]):
        return Finding(False, "count", {"witness": {"values": [len(sides[0]), len(sides[1])]}})
    return every([compare(a, b) for a, b in zip(*sides, strict=True)])
