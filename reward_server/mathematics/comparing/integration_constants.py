"""Antiderivatives: expressions with an arbitrary additive constant are the same when they differ by a constant."""

from reward_server.mathematics.comparing.identity import Finding, same_function
from reward_server.mathematics.tree.nodes import Expr, Negation, Sum, Symbol
from reward_server.mathematics.tree.walk import free_symbols, substitute
from reward_server.mathematics.values.balls import Budget

_CERTAIN = frozenset({"C", "C_1", "C_0", "const", "constant"})
_CONSTANTS = _CERTAIN | {"c", "K", "k", "c_1"}


def _without_constant(node: Expr) -> Expr | None:
    """Return a sum without its arbitrary constant; None where it has none."""
    if not isinstance(node, Sum):
        return None
    rest = tuple(term for term in node.terms if not (isinstance(term, Symbol) and term.name in _CONSTANTS))
    if len(rest) != len(node.terms) - 1 or any(free_symbols(term) & _CONSTANTS for term in rest):
        return None
    return rest[0] if len(rest) == 1 else Sum(rest)


def compare_up_to_constant(truth: Expr, answer: Expr, budget: Budget) -> Finding | None:
    """Compare two antiderivatives; None where either has no arbitrary constant."""
    left, right = _without_constant(truth), _without_constant(answer)
    if left is None or right is None:
        return None
    names = free_symbols(left) | free_symbols(right)
    if not names or not (free_symbols(truth) | free_symbols(answer)) & _CERTAIN:
        return None
    difference = Sum((left, Negation(right)))
    moved: dict[str, Expr] = {name: Symbol(name + "'moved") for name in names}
    found = same_function(difference, substitute(difference, moved), budget)
    return Finding(found.equal, "up_to_constant", found.evidence)
