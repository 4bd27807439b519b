"""Families whose parameter is declared on one side alone, or on none: `x = π/6 + kπ`."""

from collections.abc import Callable

from reward_server.mathematics.comparing.identity import Finding, is_closed
from reward_server.mathematics.comparing.naming import named_value
from reward_server.mathematics.comparing.solutions.families import Family, as_family, compare_families
from reward_server.mathematics.comparing.solutions.parameters import domain_of, is_term
from reward_server.mathematics.tree.nodes import Expr, Group, Listing, Measure, Relation, SetOf
from reward_server.mathematics.tree.walk import contains, contains_constant, free_symbols

_PARAMETERS = frozenset(["k", "n", "m", "l", "t", "j", "p", "q"])


def compare_as_families(truth: Expr, answer: Expr, compare: Callable[[Expr, Expr], Finding]) -> Finding | None:
    """Compare two families; None where one side is none."""
    if is_closed(truth) or is_closed(answer):
        return None
    first, second = as_family(truth), as_family(answer)
    if first is None and second is None:
        named = isinstance(truth, Relation | Listing) or _likely_parameter(truth) != _likely_parameter(answer)
        if not (named and _is_periodic(truth) and _is_periodic(answer)):
            return None
    if (first is None) != (second is None) and _is_sequence(*((answer, truth) if first is None else (truth, answer))):
        return None
    if first is None and second is not None:
        tuples = _tuple_family(truth, second)
        if tuples is not None and (found := compare_families(tuples, second, compare)).equal:
            return found
    if first is None:
        first = as_family(truth, parameter=_likely_parameter(truth))
    if second is None:
        second = as_family(answer, parameter=_likely_parameter(answer))
    if first is None or second is None:
        return None
    return compare_families(first, second, compare)


def _is_sequence(declaring: Expr, other: Expr) -> bool:
    """Tell whether a side is a sequence with its range, `a_n = 2n, n ∈ N*`, beside its formula alone."""
    if isinstance(other, Listing) or not (isinstance(declaring, Listing) and len(declaring.items) == 2):
        return False
    formula, condition = declaring.items
    declared = domain_of(condition)
    return declared is not None and is_term(named_value(formula)[0], *declared)


def _tuple_family(node: Expr, other: Family) -> Family | None:
    """Return a tuple that depends on one letter, in all its components, as the family that the other side declares."""
    value = named_value(node)[1]
    names = free_symbols(value)
    if not isinstance(value, Group) or len(names) != 1 or not all(map(free_symbols, value.items)):
        return None
    return Family((value,), next(iter(names)), other.domain, named_value(node)[0])


def _is_periodic(node: Expr) -> bool:
    """Tell whether a node looks like `x = π/6 + kπ` without its condition: π or degrees, and one likely parameter."""
    parameter = _likely_parameter(node)
    if parameter not in {"k", "n", "m"} or not (contains_constant(node, "pi") or contains(node, Measure)):
        return False
    parts = node.items if isinstance(node, Listing | SetOf) else (node,)
    unnamed = [named_value(part)[1] for part in parts]
    return all(free_symbols(value) <= {parameter} for value in unnamed) and any(map(free_symbols, unnamed))


def _likely_parameter(node: Expr) -> str | None:
    """Return the letter that is likely an undeclared integer parameter."""
    parts = node.items if isinstance(node, Listing) else (node,)
    likely = frozenset[str]().union(*(free_symbols(named_value(part)[1]) for part in parts)) & _PARAMETERS
    return next(iter(likely)) if len(likely) == 1 else None
