"""Are two scalar expressions the same function? Decided by residues, balls and seeded points.

Numbers: exact rationals, else balls at rising precision. Disjoint balls are a proof of difference, with a lower bound
of the distance as witness. Balls that still overlap at `PRECISIONS[-1]` bits are taken as equal: no two different
numbers written in a short answer are known to be that close, but it is not a proof.

Functions: residues modulo a prime where all operations are rational; else balls at points that depend on the names of
the symbols alone. A point counts where both sides have a value; real mode skips points outside either domain, so the
functions must agree wherever both are defined over the reals. `POINTS` agreeing points are taken as equality; step
functions such as the floor must agree at all of `step_points`, whose letters are integers or real by their names.
"""

from collections.abc import Iterable
from dataclasses import field
from typing import Any

from flint import arb, ctx, fmpq

from reward_server.mathematics.comparing.places import BENT, STEP_ROUNDS, bent_points, points, step_points
from reward_server.mathematics.tree.nodes import (
    Apply,
    Call,
    Constant,
    Expr,
    Negation,
    Number,
    Power,
    Product,
    Quotient,
    Root,
    Series,
    Sum,
    Symbol,
)
from reward_server.mathematics.tree.record import record
from reward_server.mathematics.tree.walk import contains, free_symbols, nodes, rebuild, substitute
from reward_server.mathematics.values.balls import Ball, Balls, Budget, Undefined
from reward_server.mathematics.values.exact import rational
from reward_server.mathematics.values.modular import same_residues

PRECISIONS = (128, 1024)
POINTS = 4
_POINT_BITS = 192
NODE_BUDGET = 4000
"""Node evaluations for one comparison, 1 to 2 µs each."""
_STEP_FUNCTIONS = frozenset({"floor", "ceil", "mod", "gcd", "lcm", "double_factorial"})
_KINKED = frozenset({"abs", "norm", "sgn", "max", "min"})
"""Functions that are others where their arguments change sign or order: these are compared on all sides."""
_STEP_POINTS = 12
"""Points at which step functions must agree at least, of `STEP_ROUNDS`, and differ at none: they agree at most
points though they are different."""


@record
class Finding:
    """A three-valued result with the method and what shows it."""

    equal: bool | None
    method: str
    evidence: dict[str, Any] = field(default_factory=dict)


_COMPLEX: dict[type, frozenset[str]] = {Constant: frozenset({"i"}), Call: frozenset({"re", "im", "arg", "conj"})}
_COMPLEX_LETTERS = frozenset("zw")
"""Letters that stand for complex numbers where parts or conjugates are taken; others are real there."""
_CLOSED = frozenset({Number, Quotient, Negation, Product, Sum, Power, Root, Call, Constant})


def is_closed(node: Expr) -> bool:
    """Tell whether a tree is a plain number: no symbols, units, signs to choose, or infinities."""
    kind = type(node)
    if kind is Number or kind not in _CLOSED:
        return kind is Number
    for item in nodes(node):
        kind = type(item)
        if kind not in _CLOSED or (kind is Constant and item.name == "infinity"):  # type: ignore[union-attr]
            return False
    return True


def is_complex(node: Expr) -> bool:
    """Tell whether the imaginary unit, or a function that asks for it, occurs."""
    return any(item.name in _COMPLEX[type(item)] for item in nodes(node) if isinstance(item, Constant | Call))


def ball_of(node: Expr, precision: int, budget: Budget, *, complex_mode: bool = False) -> Ball:
    """Return the ball of an expression without symbols; real where possible.

    Raises:
        Undefined: it has no value.
    """
    with ctx.workprec(precision):
        if not complex_mode:
            return Balls({}, budget).value(node)
        return Balls({}, budget, complex_mode=True).value(node)


def same_number(left: Expr, right: Expr, budget: Budget | None = None, *, irrational: bool = False) -> Finding:
    """Compare two expressions without symbols; `irrational` where one is known to have no exact rational value."""
    exact_left = None if irrational else rational(left)
    exact_right = None if exact_left is None else rational(right)
    if exact_left is not None and exact_right is not None:
        return _rationals(exact_left, exact_right)
    budget = budget or Budget(NODE_BUDGET)
    if left == right:
        return Finding(_has_value(left, budget), "structure")
    residues = same_residues(left, right)
    if residues is not None:
        return Finding(residues, "residue", {"witness": "different modulo a prime"} if not residues else {})
    complex_mode = is_complex(left) or is_complex(right)
    try:
        return _by_balls(left, right, budget, complex_mode=complex_mode)
    except Undefined as real_reason:
        if complex_mode:
            return Finding(None, "none", {"reason": str(real_reason)})
    try:
        return _by_balls(left, right, budget, complex_mode=True)
    except Undefined as reason:
        return Finding(None, "none", {"reason": str(reason)})


def _has_value(node: Expr, budget: Budget) -> bool | None:
    for complex_mode in (False, True):
        try:
            ball_of(node, 64, budget, complex_mode=complex_mode)
        except Undefined as reason:
            if str(reason) not in {"too large", "out of budget"}:
                continue
        return True
    return None


def _rationals(left: fmpq, right: fmpq) -> Finding:
    if left == right:
        return Finding(True, "exact_rational")
    difference = abs(left - right)
    shown = str(difference) if difference.height_bits() < 128 else "large"
    return Finding(False, "exact_rational", {"witness": {"difference": shown}})


def _by_balls(left: Expr, right: Expr, budget: Budget, *, complex_mode: bool) -> Finding:
    for precision in PRECISIONS:
        with ctx.workprec(precision):
            balls = Balls({}, budget, complex_mode=complex_mode)
            distance = arb(abs(balls.value(left) - balls.value(right)))
            if distance > 0:
                return Finding(
                    False,
                    "ball_separation",
                    {"witness": {"distance_at_least": distance.abs_lower().str(5, radius=False)}},
                )
            if precision == PRECISIONS[-1] and not distance < arb(2) ** (-precision // 2):
                return Finding(None, "none", {"reason": "the precision was lost"})
    return Finding(True, "ball_overlap", {"bits": PRECISIONS[-1]})


def same_function(left: Expr, right: Expr, budget: Budget | None = None, *, irrational: bool = False) -> Finding:
    """Compare two scalar expressions, with or without symbols; `irrational` as for `same_number`."""
    names = free_symbols(left) | free_symbols(right)
    if not names:
        found = same_number(left, right, budget, irrational=irrational)
        if found.equal is None and (contains(left, Series) or contains(right, Series)):
            return same_number(_with_terms(left), _with_terms(right), budget)
        if found.equal and left != right and (contains(left, Apply) or contains(right, Apply)):
            return same_function(_with_unknowns(left), _with_unknowns(right), budget)
        return found
    if left == right:
        return Finding(True, "structure")
    letters = [name for name in names if name.removeprefix("bar.")[0] in _COMPLEX_LETTERS]
    if letters and (any(name[:4] == "bar." for name in letters) or _takes_parts(left) or _takes_parts(right)):
        parts = {name: _in_parts(name) for name in letters}
        pair = substitute(left, parts), substitute(right, parts)
        return _at_points(*pair, free_symbols(pair[0]) | free_symbols(pair[1]), budget or Budget(NODE_BUDGET))
    residues = same_residues(left, right)
    if residues is not None:
        return Finding(residues, "residue", {} if residues else {"witness": "different residues at a seeded point"})
    budget = budget or Budget(NODE_BUDGET)
    return _at_points(left, right, names, budget)


def _takes_parts(node: Expr) -> bool:
    """Tell whether a conjugate, a real part or an argument is taken."""
    return any(isinstance(item, Call) and item.name in _COMPLEX[Call] for item in nodes(node))


def _in_parts(name: str) -> Expr:
    """Write a complex unknown, or its conjugate, by its real and its imaginary part."""
    stem = name.removeprefix("bar.")
    imaginary = Product((Constant("i"), Symbol(f"{stem}'im")))
    return Sum((Symbol(f"{stem}'re"), imaginary if stem == name else Negation(imaginary)))


def _with_terms(node: Expr) -> Expr:
    """Write what a series numbers, `b_n` under a sum over n, as a function of the number, which is no constant."""
    if isinstance(node, Series):
        number = Symbol(node.variable)
        terms = {name for name in free_symbols(node.body) if name.endswith(f"_{node.variable}")}
        body = substitute(node.body, {name: Apply(name.removesuffix(node.variable), (number,)) for name in terms})
        node = Series(node.kind, body, node.variable, node.lower, node.upper)
    return rebuild(node, _with_terms)


def _with_unknowns(node: Expr) -> Expr:
    """Write the values of unknown functions, `f(2)`, as unknowns, which may have any sign."""
    if not isinstance(node, Apply):
        return rebuild(node, _with_unknowns)
    try:
        at = [ball_of(argument, 64, Budget(400)).str(15, radius=False) for argument in node.arguments]
    except Undefined:
        at = list(map(repr, node.arguments))
    return Symbol(f"{node.name}({', '.join(at)})")


def _at_points(left: Expr, right: Expr, names: frozenset[str], budget: Budget) -> Finding:
    complex_mode = is_complex(left) or is_complex(right)
    if contains(left, Series) or contains(right, Series):
        left, right = _with_terms(left), _with_terms(right)
        names = free_symbols(left) | free_symbols(right)
    calls = [item for side in (left, right) for item in nodes(side) if isinstance(item, Call)]
    steps = [call for call in calls if call.name in _STEP_FUNCTIONS]
    agreed = 0
    try:
        for mode in (complex_mode, True) if not complex_mode else (True,):
            for whole in (False, True) if not steps else (True,):
                places, most = (
                    (step_points(names, steps), STEP_ROUNDS) if steps else (points(names, whole=whole), POINTS)
                )
                found = _agreeing(left, right, places, budget, most, complex_mode=mode)
                if isinstance(found, Finding):
                    return found
                agreed = max(agreed, found)
                if agreed >= (_STEP_POINTS if steps else POINTS - whole):
                    if _KINKED.intersection(call.name for call in calls):
                        bent = _agreeing(left, right, bent_points(names), budget, BENT, complex_mode=mode)
                        if isinstance(bent, Finding):
                            return bent
                    if any(map(_is_rarely_more, steps)):
                        return Finding(None, "none", {"reason": "divisors too large for the points tried"})
                    return Finding(True, "seeded_points", {"points": agreed, "bits": _POINT_BITS})
    except _OutOfBudget:
        pass
    return Finding(None, "none", {"reason": "no common domain was found", "points": agreed})


def _is_rarely_more(call: Call) -> bool:
    """Tell whether a common divisor is taken with a number so large that few points have a factor of it."""
    return call.name in {"gcd", "lcm"} and any(
        isinstance(item, Number) and abs(item.value) > STEP_ROUNDS // 2 for item in nodes(call)
    )


class _OutOfBudget(Exception):  # noqa: N818 - named after the state
    """The budget of node evaluations is spent."""


def _agreeing(
    left: Expr, right: Expr, places: Iterable[dict[str, fmpq]], budget: Budget, most: int, *, complex_mode: bool
) -> int | Finding:
    """Return at how many points both sides agree, `most` at most, or the finding that they differ."""
    agreed = 0
    for values in places:
        if budget.left <= 0:
            raise _OutOfBudget
        with ctx.workprec(_POINT_BITS):
            at_left = value_at(left, values, budget, complex_mode=complex_mode)
            at_right = value_at(right, values, budget, complex_mode=complex_mode) if at_left is not None else None
            if at_left is None or at_right is None:
                continue
            distance = arb(abs(at_left - at_right))
            if distance > 0:
                witness = {name: str(value) for name, value in values.items()}
                return Finding(
                    False, "seeded_points", {"witness": {"at": witness, "values": [_shown(at_left), _shown(at_right)]}}
                )
            if distance < arb(2) ** (-_POINT_BITS // 3):
                agreed += 1
                if agreed >= most:
                    return agreed
    return agreed


def _shown(value: Ball) -> str:
    return str(value.str(6, radius=False))


def value_at(node: Expr, values: dict[str, fmpq], budget: Budget, *, complex_mode: bool) -> Ball | None:
    """Return a function's value at a point, at the working precision; None where it has none within the budget."""
    lifted = Balls({}, budget, complex_mode=complex_mode)
    lifted.values = {name: lifted.lift(value) for name, value in values.items()}
    try:
        return lifted.value(node)
    except Undefined:
        return None
