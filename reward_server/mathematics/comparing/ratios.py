"""Ratios such as `1 : 2 : 3`, equal up to a common factor."""

from flint import fmpq

from reward_server.mathematics.comparing.identity import Finding, same_function
from reward_server.mathematics.comparing.sequences import every
from reward_server.mathematics.tree.nodes import Expr, Number, Product, Quotient, Ratio
from reward_server.mathematics.values.balls import Budget


def compare_ratios(truth: Expr, answer: Expr, budget: Budget) -> Finding:
    """Compare ratios up to a common factor; two terms also as a quotient."""
    first, second = _terms(truth), _terms(answer)
    if len(first) != len(second):
        return Finding(False, "ratio", {"witness": {"terms": [len(first), len(second)]}})
    return every(
        [
            same_function(Product((first[j], second[k])), Product((second[j], first[k])), budget)
            for k in range(1, len(first))
            for j in range(k)
        ]
    )


def _terms(node: Expr) -> tuple[Expr, ...]:
    if isinstance(node, Ratio):
        return node.items
    if isinstance(node, Quotient):
        return node.numerator, node.denominator
    return node, Number(fmpq(1))
