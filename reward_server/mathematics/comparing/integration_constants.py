"""Arbitrary constants: an antiderivative's `+ C`, and the constants of a general solution called something else.

Antiderivatives are the same when they differ by a constant. A ground truth that marks its constants (`C`, `C_1`, `c_2`)
is the same under other names for them (`A`, `B`, `K`), one for each; its own names in another order are the same only
where one multiplies a function that no given quantity would (an exponential, a sine, a logarithm).
"""

import re
from itertools import permutations

from reward_server.mathematics.comparing.identity import Finding, same_function
from reward_server.mathematics.tree.nodes import Call, Expr, Negation, Number, Power, Product, Quotient, Sum, Symbol
from reward_server.mathematics.tree.walk import free_symbols, nodes, substitute
from reward_server.mathematics.values.balls import Budget

_CERTAIN = frozenset({"C", "C_1", "C_0", "const", "constant"})
_CONSTANTS = _CERTAIN | {"c", "K", "k", "c_1"}
_MARKED = re.compile(r"C|[Cc]_\{?\d\}?")
_RENAMED = re.compile(r"[ABCDKcbk]|[ABCKabck]_\{?\d\}?|alpha|beta")
_VARIABLES = frozenset({"x", "t", "s", "z", "r", "n", "y", "u", "theta", "rho"})
_MOST = 3


def is_marked(name: str) -> bool:
    """Tell whether a letter is written as an arbitrary constant."""
    return name in _CERTAIN or _MARKED.fullmatch(name) is not None


def _without_constant(node: Expr) -> Expr | None:
    """Return a sum without its arbitrary constant; None where it has none."""
    if isinstance(node, Quotient) and isinstance(node.denominator, Number) and node.denominator.value:
        inner = _without_constant(node.numerator)
        return None if inner is None else Quotient(inner, node.denominator)
    if not isinstance(node, Sum):
        return None
    rest = tuple(term for term in node.terms if not (isinstance(term, Symbol) and term.name in _CONSTANTS))
    if len(rest) != len(node.terms) - 1 or any(free_symbols(term) & _CONSTANTS for term in rest):
        return None
    return rest[0] if len(rest) == 1 else Sum(rest)


def compare_up_to_constant(truth: Expr, answer: Expr, budget: Budget) -> Finding | None:
    """Compare two antiderivatives; None where either has no arbitrary constant."""
    left = _without_constant(truth)
    right = _without_constant(answer) if left is not None else None
    if left is None or right is None:
        return None
    names = free_symbols(left) | free_symbols(right)
    if not names or not (free_symbols(truth) | free_symbols(answer)) & _CERTAIN:
        return None
    difference = Sum((left, Negation(right)))
    moved: dict[str, Expr] = {name: Symbol(name + "'moved") for name in names}
    found = same_function(difference, substitute(difference, moved), budget)
    return Finding(found.equal, "up_to_constant", found.evidence)


def compare_renamed_constants(truth: Expr, answer: Expr, budget: Budget) -> Finding | None:
    """Tell whether two general solutions are the same up to the names of their constants; None where they are not."""
    names = free_symbols(truth)
    marked = sorted(name for name in names if _MARKED.fullmatch(name))
    if not 1 <= len(marked) <= _MOST:
        return None
    given, variables = free_symbols(answer), names - set(marked)
    called = sorted(given - variables)
    if len(called) != len(marked) or not variables & _VARIABLES:
        return None
    if not variables <= given or any(_RENAMED.fullmatch(name) is None for name in called):
        return None
    if any(name.isupper() for name in variables) or (set(called) & set(marked) and not _are_arbitrary(truth, marked)):
        return None
    for order in permutations(marked):
        change: dict[str, Expr] = {name: Symbol(other) for name, other in zip(called, order, strict=True)}
        if same_function(truth, substitute(answer, change), budget).equal:
            renamed = {name: other for name, other in zip(called, order, strict=True) if name != other}
            return Finding(True, "renamed_constants", {"renamed": renamed})
    return None


def _are_arbitrary(node: Expr, marked: list[str]) -> bool:
    """Tell whether a sum holds each constant once and multiplies one of them by a transcendental function.

    So general solutions do: `C_1 e^x + C_2 e^{-x}`, `C_1 e^x + C_2`, `(C_1 + C_2 x) e^x`.
    """
    outer: tuple[Expr, ...] = ()
    if isinstance(node, Product):
        sums = [factor for factor in node.factors if isinstance(factor, Sum)]
        outer = tuple(factor for factor in node.factors if not isinstance(factor, Sum))
        node = sums[0] if len(sums) == 1 else node
    if not isinstance(node, Sum):
        return False
    holders = [[term for term in node.terms if name in free_symbols(term)] for name in marked]
    if not all(len(terms) == 1 for terms in holders) or any(free_symbols(factor) & set(marked) for factor in outer):
        return False
    return any(map(_is_transcendental, outer)) or any(_is_transcendental(terms[0]) for terms in holders)


def _is_transcendental(term: Expr) -> bool:
    return any(
        (isinstance(part, Call) and free_symbols(part)) or (isinstance(part, Power) and free_symbols(part.exponent))
        for part in nodes(term)
    ) and not isinstance(term, Number)
