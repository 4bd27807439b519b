"""Ground truths that are one plain number, as most are: what they state is found once, when they are compiled."""

from reward_server.mathematics.comparing.identity import Finding
from reward_server.mathematics.comparing.kinds import is_quantity
from reward_server.mathematics.comparing.scalars import Scalar, compare_scalars, take_apart
from reward_server.mathematics.comparing.sequences import MAX_ITEMS
from reward_server.mathematics.comparing.trees import compare_trees
from reward_server.mathematics.options import MathOptions
from reward_server.mathematics.tree.nodes import Expr, Listing
from reward_server.mathematics.values.balls import Budget


def as_number(node: Expr) -> Scalar | None:
    """Return the parts of a plain number, with or without a unit or percent sign; None for anything else."""
    return take_apart(node) if is_quantity(node) else None


def compare_reading(truth: Expr, number: Scalar | None, answer: Expr, options: MathOptions, budget: Budget) -> Finding:
    """Compare two trees, `number` being what `as_number` found in the ground truth's."""
    found = None if number is None else _compare_with_number(number, answer, options, budget)
    return found or compare_trees(truth, answer, options, budget)


def _compare_with_number(truth: Scalar, answer: Expr, options: MathOptions, budget: Budget) -> Finding | None:
    """Compare a number, or numbers in a row, with a number as `compare_trees` does; None for any other answer."""
    try:
        if is_quantity(answer):
            return compare_scalars(truth, take_apart(answer), options, budget)
        if type(answer) is Listing and len(answer.items) <= MAX_ITEMS and all(map(is_quantity, answer.items)):
            return Finding(False, "count", {"witness": {"values": [1, len(answer.items)]}})
    except RecursionError:
        pass  # said there
    return None
