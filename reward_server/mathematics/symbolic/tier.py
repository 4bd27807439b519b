"""Tier 1: what exact numbers and balls leave undecided, decided by SymPy in a worker process.

`applicable` runs in the server: it reads both sides and tells, without SymPy, whether sending them is worth it.
`decide` runs in a worker: it reads the same texts again (trees do not travel) and compares the SymPy objects. The cost
of building is bounded before anything is built: nodes, digits, exponents, factorials and the length of finite sums;
the rest is the worker's CPU budget.
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import NamedTuple

from reward_server.mathematics.comparison import Comparison
from reward_server.mathematics.grading import parse
from reward_server.mathematics.tree import nodes
from reward_server.mathematics.tree.nodes import Expr

_MAX_NODES = 200
_MAX_DIGITS_BITS = 1_000
_MAX_EXPONENT = 200
_MAX_FACTORIAL = 200
_REFUSED = nodes.Words | nodes.Dots | nodes.Clock | nodes.CalendarDate | nodes.Apply | nodes.PlusMinus | nodes.Ratio
_MAX_TERMS = 1_000
_POLYNOMIAL = nodes.Number | nodes.Symbol | nodes.Sum | nodes.Product | nodes.Negation
_NUMERIC_GROWTH = ("factorial", "double_factorial", "binomial", "permutations", "gamma")


class Question(NamedTuple):
    """Two texts to compare: what travels to the worker."""

    ground_truths: tuple[str, ...]
    """Any of them may be right."""
    answer: str


def applicable(question: Question) -> bool:
    """Tell whether SymPy could decide the question at a bounded cost."""
    answer = _read(question.answer)
    return answer is not None and any(_read(text) is not None for text in question.ground_truths)


def decide(question: Question) -> Comparison:
    """Compare the answer with each ground truth, in a worker."""
    # SymPy costs 60 MB and 0.4 s; the server process that imports this module must not pay for it.
    from reward_server.mathematics.symbolic.comparison import compare_trees  # noqa: PLC0415

    answer = _read(question.answer)
    comparisons = [
        compare_trees(truth, answer)
        for text in question.ground_truths
        if answer is not None and (truth := _read(text)) is not None
    ]
    for comparison in comparisons:
        if comparison.equal:
            return comparison
    undecided = [comparison for comparison in comparisons if comparison.equal is None]
    if undecided or len(comparisons) < len(question.ground_truths):
        return undecided[0] if undecided else Comparison(equal=None, method="sympy")
    return comparisons[0]


def _read(text: str) -> Expr | None:
    """Return the tree of a text if SymPy may be given it."""
    tree = parse(text)
    return tree if is_dataclass(tree) and affordable(tree) else None


def affordable(tree: Expr) -> bool:
    """Tell whether SymPy may be given a tree: it is mathematics, and evaluating it cannot make it huge."""
    for count, (node, grows) in enumerate(_walk(tree)):
        if count > _MAX_NODES or isinstance(node, _REFUSED) or grows:
            return False
    return True


def _walk(tree: object) -> Iterator[tuple[object, bool]]:
    """Yield every node below `tree`, and whether evaluating it may need numbers too large to hold."""
    if isinstance(tree, tuple):
        for item in tree:
            yield from _walk(item)
    elif is_dataclass(tree):
        yield tree, _grows(tree)
        for field in fields(tree):
            value = getattr(tree, field.name)
            if isinstance(value, tuple) or is_dataclass(value):
                yield from _walk(value)


def _grows(tree: object) -> bool:
    if isinstance(tree, nodes.Number):
        return max(int(tree.value.p).bit_length(), int(tree.value.q).bit_length()) > _MAX_DIGITS_BITS
    if isinstance(tree, nodes.Power):
        return _above(tree.exponent, _MAX_EXPONENT)
    if isinstance(tree, nodes.Call) and tree.name in _NUMERIC_GROWTH:
        return any(_above(argument, _MAX_FACTORIAL) for argument in tree.arguments)
    if isinstance(tree, nodes.Series):
        return _long(tree)
    return False


def _long(tree: nodes.Series) -> bool:
    """Tell whether a sum or product has many terms, other than a sum of polynomials, which has a closed form."""
    if tree.kind not in ("sum", "product") or tree.upper is None or not _above(tree.upper, _MAX_TERMS):
        return False
    return tree.kind == "product" or not all(
        isinstance(node, _POLYNOMIAL) or (isinstance(node, nodes.Power) and isinstance(node.exponent, nodes.Number))
        for node, _ in _walk(tree.body)
    )


def _above(tree: Expr, bound: int) -> bool:
    """Tell whether a tree may be a number beyond the bound: a larger numeral, or anything numeric that grows."""
    if isinstance(tree, nodes.Number):
        return bool(abs(tree.value) > bound)
    numeric = [node for node, _ in _walk(tree)]
    if any(isinstance(node, nodes.Symbol) for node in numeric):
        return False
    return any(
        isinstance(node, nodes.Power | nodes.Call) or (isinstance(node, nodes.Number) and abs(node.value) > bound)
        for node in numeric
    )
