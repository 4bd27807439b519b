"""Equations and inequalities: the same where they have the same solutions."""

from flint import ctx, fmpq

from reward_server.mathematics.comparing.identity import Finding, same_function, same_number
from reward_server.mathematics.comparing.places import points
from reward_server.mathematics.comparing.sequences import every
from reward_server.mathematics.comparing.solutions.realsets import NotARealSet
from reward_server.mathematics.comparing.solutions.solving import real_set
from reward_server.mathematics.tree.nodes import (
    Apply,
    Call,
    Expr,
    Listing,
    Negation,
    Number,
    PlusMinus,
    Power,
    Product,
    Quotient,
    Ratio,
    Relation,
    Sum,
    Symbol,
)
from reward_server.mathematics.tree.walk import choose_signs, contains, free_symbols, nodes, rebuild, substitute
from reward_server.mathematics.values.balls import Balls, Budget, Undefined
from reward_server.mathematics.values.polynomials import proportional

_ORDERED = {"<": 1, "<=": 1, ">": -1, ">=": -1}
_DEPENDENT = frozenset({"y", "z", "rho"})
"""Letters that an equation of a curve or surface is solved for."""
_ZERO, _TWO = Number(fmpq(0)), Number(fmpq(2))


def collapsed(node: Relation) -> Relation:
    """Return a chain without the sides that repeat the one in front of them: `x = x = 1` is `x = 1`."""
    if len(node.operators) != len(node.sides) - 1:  # a congruence
        return node
    kept = [
        place
        for place, side in enumerate(node.sides)
        if not (place and node.operators[place - 1] == "=" and side == node.sides[place - 1])
    ]
    if len(kept) == 1:
        return node
    return Relation(tuple(node.sides[place] for place in kept), tuple(node.operators[place - 1] for place in kept[1:]))


def both_signs(node: Relation) -> Relation:
    """Write `y = ±a` as the one equation (y - a)(y + a) = 0."""
    if not contains(node, PlusMinus):
        return node
    branches = (choose_signs(node, plus=plus) for plus in (True, False))
    factors = tuple(
        Sum((branch.sides[0], Negation(branch.sides[1]))) for branch in branches if isinstance(branch, Relation)
    )
    return Relation((Product(factors), _ZERO), ("=",))


def in_one(node: Expr) -> Expr:
    """Write `a = 0 or b = 1` as the one equation a (b - 1) = 0; anything else stays."""
    if not isinstance(node, Listing) or node.word != "or":
        return node
    equations = [item for item in node.items if isinstance(item, Relation) and item.operators == ("=",)]
    if len(equations) < len(node.items):
        return node
    return Relation(
        (Product(tuple(Sum((item.sides[0], Negation(item.sides[1]))) for item in equations)), _ZERO), ("=",)
    )


def compare_equations(truth: Relation, answer: Relation, budget: Budget) -> Finding:
    """Compare two equations by their solution sets: proportional differences, or one solves the other."""
    truth, answer = _plain(truth), _plain(answer)
    left = Sum((truth.sides[0], Negation(truth.sides[1])))
    right = Sum((answer.sides[0], Negation(answer.sides[1])))
    names = free_symbols(left) | free_symbols(right)
    if not names:
        return Finding(False, "equations", {"witness": "an equation without unknowns"})
    if free_symbols(left) != free_symbols(right):
        return Finding(False, "free_symbols", {"witness": sorted(free_symbols(left) ^ free_symbols(right))})
    exact = proportional(left, right, names)
    if exact is not None:
        witness = {} if exact else {"witness": "a solution of one is none of the other"}
        return Finding(exact, "polynomial_normal_form", witness)
    if same_function(right, _ZERO, budget).equal or same_function(left, _ZERO, budget).equal:
        same = [same_function(a, b, budget).equal for a, b in zip(truth.sides, answer.sides, strict=True)]
        return Finding(all(same), "identity")
    if len(names) == 1:
        solutions = _same_solutions(truth, answer)
        if solutions is not None:
            return solutions
    scaled = _constant_ratio(left, right, names, budget)
    if scaled:
        return Finding(True, "proportional_equations")
    for solved, other in ((truth, right), (answer, left)):
        found = _solves(solved, other, budget)
        if found:
            return Finding(True, "substitution")
    if any(_refutes(*pair, budget) for pair in ((truth, right), (answer, left))):
        return Finding(False, "equations", {"witness": "a solution of one is none of the other"})
    return Finding(None, "none", {"reason": "equations of no common form"})


def is_solved_by(truth: Relation, value: Expr, budget: Budget) -> bool:
    """Tell whether a value is what an equation gives for the one letter more that it has, as 6/x is of `xy = 6`."""
    if truth.operators != ("=",) or len(truth.sides) != 2 or isinstance(value, Relation):
        return False
    given, more = free_symbols(value), free_symbols(truth) - free_symbols(value)
    if not given or not given <= free_symbols(truth) or len(more) != 1 or not more <= _DEPENDENT:
        return False
    return compare_equations(truth, Relation((Symbol(*more), value), ("=",)), budget).equal is True


def _plain(node: Relation) -> Relation:
    """Write `a : b` as the quotient it is, values of unknown functions as unknowns, and `|a| = |b|` with squares."""

    def plain(item: Expr) -> Expr:
        if isinstance(item, Ratio) and len(item.items) == 2:
            return Quotient(*map(plain, item.items))
        return Symbol(repr(item)) if isinstance(item, Apply) else rebuild(item, plain)

    sides = tuple(map(plain, node.sides))
    if all(isinstance(side, Call) and side.name == "abs" for side in sides):
        sides = tuple(Power(side.arguments[0], _TWO) for side in sides if isinstance(side, Call))
    return Relation(sides, node.operators)


def _constant_ratio(left: Expr, right: Expr, names: frozenset[str], budget: Budget) -> bool | None:
    """Tell whether `left / right` is the same constant everywhere."""
    moved: dict[str, Expr] = {name: Symbol(name + "'moved") for name in names}
    product = Product((left, substitute(right, moved)))
    crossed = Product((substitute(left, moved), right))
    found = same_function(product, crossed, budget)
    if found.equal and same_function(right, _ZERO, budget).equal is not False:
        return None
    return found.equal


def _solves(solved: Relation, other: Expr, budget: Budget) -> bool:
    """Tell whether `other = 0`, linear in the unknown that `solved` gives, holds identically when it is put in."""
    for name, value in ((solved.sides[0], solved.sides[1]), (solved.sides[1], solved.sides[0])):
        if not isinstance(name, Symbol) or name.name in free_symbols(value) or _has_steps(other):
            continue
        put_in = substitute(other, {name.name: value})
        if not same_function(put_in, _ZERO, budget).equal:
            continue
        steps = [substitute(other, {name.name: Sum((name, Number(fmpq(n))))}) for n in range(3)]
        bent = Sum((steps[0], steps[2], Product((Number(fmpq(-2)), steps[1]))))
        slope = Sum((steps[1], Negation(steps[0])))
        if same_function(bent, _ZERO, budget).equal and _never_zero(slope, budget):
            return True
    return False


def _never_zero(slope: Expr, budget: Budget) -> bool:
    """Tell whether the factor before an unknown is the same wherever its letters are, and not zero."""
    moved: dict[str, Expr] = {name: Symbol(name + "'moved") for name in free_symbols(slope)}
    if same_function(slope, substitute(slope, moved), budget).equal:
        return same_function(slope, _ZERO, budget).equal is False
    return False


_NOT_SOLVED = frozenset({"norm", "floor", "ceil", "sgn", "re", "im", "conj", "arg"})


def _has_steps(side: Expr) -> bool:
    """Tell whether a function of `_NOT_SOLVED` occurs, which is no line even where it looks like one at whole steps."""
    return any(isinstance(node, Call) and node.name in _NOT_SOLVED for node in nodes(side))


def _same_solutions(truth: Relation, answer: Relation) -> Finding | None:
    """Compare two equations in one unknown by their real solutions; None where they are not found."""
    if _has_steps(truth) or _has_steps(answer):
        return None
    try:
        first, second = real_set(truth), real_set(answer)
    except NotARealSet:
        return None
    if len(first.ends) != len(second.ends) or (first.points, first.gaps) != (second.points, second.gaps):
        return Finding(False, "solutions", {"witness": [len(first.ends), len(second.ends)]})
    found = every([same_number(a, b) for a, b in zip(first.ends, second.ends, strict=True)])
    return Finding(found.equal, "solutions", found.evidence)


def _refutes(solved: Relation, other: Expr, budget: Budget) -> bool:
    """Tell whether points on `solved`, which gives one unknown by the others, are certainly not on `other = 0`."""
    for name, value in ((solved.sides[0], solved.sides[1]), (solved.sides[1], solved.sides[0])):
        if isinstance(name, Symbol) and name.name not in free_symbols(value):
            return same_function(substitute(other, {name.name: value}), _ZERO, budget).equal is False
    return False


def compare_inequalities(truth: Relation, answer: Relation, budget: Budget) -> Finding:
    """Compare two inequalities in several unknowns: the same up to a positive factor, or turned with a negative one."""
    if len(truth.operators) != len(answer.operators):
        return Finding(False, "inequality", {"reason": "chains of different length"})
    if len(truth.operators) > 1:
        return _compare_chains(truth, answer, budget)
    strict = [operator in {"<", ">"} for operator in (truth.operators[0], answer.operators[0])]
    left, right = (
        Product((Number(fmpq(_ORDERED[node.operators[0]])), Sum((node.sides[0], Negation(node.sides[1])))))
        for node in (truth, answer)
    )
    names = free_symbols(left) | free_symbols(right)
    if free_symbols(left) != free_symbols(right):
        return Finding(False, "free_symbols", {"witness": sorted(free_symbols(left) ^ free_symbols(right))})
    constant = _constant_ratio(left, right, names, budget)
    if constant is None:
        return Finding(None, "none", {"reason": "inequalities of no common form"})
    if not constant:
        return Finding(None if len(names) == 1 else False, "inequality", {"witness": "no constant ratio"})
    if strict[0] != strict[1]:
        return Finding(False, "inequality", {"witness": "strictness"})
    return Finding(_same_sign(left, right, names), "inequality")


def _compare_chains(truth: Relation, answer: Relation, budget: Budget) -> Finding:
    sides, operators = answer.sides, answer.operators
    if truth.operators != operators:
        sides = sides[::-1]
        operators = tuple(operator.translate(str.maketrans("<>", "><")) for operator in reversed(operators))
    if truth.operators != operators:
        return Finding(False, "inequality", {"witness": "other relation signs"})
    findings = [same_function(a, b, budget) for a, b in zip(truth.sides, sides, strict=True)]
    if all(found.equal for found in findings):
        return Finding(True, "inequality")
    return next(found for found in findings if not found.equal)


def _same_sign(left: Expr, right: Expr, names: frozenset[str]) -> bool | None:
    """Compare the signs at the first point where both sides have one."""
    for values in points(names, whole=False):
        with ctx.workprec(128):
            try:
                lifted = Balls({}, Budget(1000))
                lifted.values = {name: lifted.lift(value) for name, value in values.items()}
                product = lifted.value(left) * lifted.value(right)
            except Undefined:
                continue
        if product > 0:
            return True
        if product < 0:
            return False
    return None
