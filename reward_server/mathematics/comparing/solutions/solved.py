"""What was to be solved is no solution: `2x = 4` does not say `x = 2`, nor `x^2 - 5x + 6 < 0` the interval (2, 3).

Both hold for the same values, and the first is what the question says. A ground truth in one unknown that stands alone,
and one that is a set of numbers, need an answer in which the unknown stands alone too. `|x| < 2` says bounds, and
`x - 2 = 0` is how lines are written: both are solved.
"""

from reward_server.mathematics.comparing.naming import is_name
from reward_server.mathematics.comparing.solutions.parameters import ORDERINGS
from reward_server.mathematics.tree.nodes import Apply, Call, Expr, Listing, Number, Relation, SetBuilder, Sum, Symbol
from reward_server.mathematics.tree.walk import free_symbols, nodes

_OPERATORS = ORDERINGS | {"=", "!="}


def leaves_unsolved(truth: Expr, answer: Expr) -> bool:
    """Tell whether an answer is a condition on the unknown that the ground truth has solved."""
    names = free_symbols(truth)
    stated = isinstance(truth, Relation | Listing | SetBuilder) or not names
    if not stated or len(names) > 1 or len(free_symbols(answer)) != 1:
        return False
    return not all(map(_is_solved, _relations(answer))) and all(map(_is_solved, _relations(truth)))


def _relations(node: Expr) -> list[Relation]:
    return [item for item in nodes(node) if isinstance(item, Relation) and _OPERATORS.issuperset(item.operators)]


def _is_solved(node: Relation) -> bool:
    """Tell whether what a relation is about stands alone in it."""
    unknown = [side for side in node.sides if free_symbols(side)]
    if len(unknown) != 1:
        return len(node.sides) > 2 and set(node.operators) == {"="}
    side = unknown[0]
    if isinstance(side, Call) and side.name == "abs":
        side = side.arguments[0]
    return is_name(side) or (isinstance(side, Apply | Symbol)) or _is_line(node, side)


def _is_line(node: Relation, side: Expr) -> bool:
    """Tell whether a relation is `x + c = 0`."""
    if node.operators != ("=",) or not isinstance(side, Sum):
        return False
    zero = next(other for other in node.sides if other is not side)
    unknown = [term for term in side.terms if free_symbols(term)]
    return isinstance(zero, Number) and not zero.value and len(unknown) == 1 and isinstance(unknown[0], Symbol)
