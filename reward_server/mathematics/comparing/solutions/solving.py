"""Expressions read as sets of real numbers: intervals, set operations, conditions in one variable.

A condition on one variable is solved where its two sides differ by a rational function whose roots are rational or
quadratic, or by a linear function with any real coefficients; absolute values are squared or split.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from flint import ctx, fmpq

from reward_server.mathematics.comparing.naming import is_name
from reward_server.mathematics.comparing.solutions import realsets
from reward_server.mathematics.comparing.solutions.realsets import ALL, EMPTY, NotARealSet, RealSet
from reward_server.mathematics.tree.nodes import (
    Call,
    Expr,
    Group,
    Listing,
    NamedSet,
    Negation,
    Number,
    PlusMinus,
    Power,
    Quotient,
    Relation,
    SetBuilder,
    SetOf,
    SetOperation,
    Sum,
    Symbol,
)
from reward_server.mathematics.tree.walk import choose_signs, contains, free_symbols, substitute
from reward_server.mathematics.values.balls import Balls, Budget, Undefined
from reward_server.mathematics.values.exact import rational
from reward_server.mathematics.values.polynomials import NotPolynomial, real_roots, univariate

_COMPARE: dict[str, Callable[[int], bool]] = {
    "<": lambda sign: sign < 0, "<=": lambda sign: sign <= 0, ">": lambda sign: sign > 0, ">=": lambda sign: sign >= 0,
    "=": lambda sign: sign == 0, "!=": lambda sign: sign != 0,
}  # fmt: skip
_NAMED = {
    "R": ALL,
    "R+": RealSet((realsets.ZERO,), (False,), (False, True)),
    "R-": RealSet((realsets.ZERO,), (False,), (True, False)),
    "R*": RealSet((realsets.ZERO,), (False,), (True, True)),
    "R>=0": RealSet((realsets.ZERO,), (True,), (False, True)),
    "R<=0": RealSet((realsets.ZERO,), (True,), (True, False)),
}
_MAX_PARTS = 40
_LEAST = {"Z": -(10**6), "N": 0, "Z+": 1}
"""The least number of a set of whole numbers that is listed."""


def real_set(node: Expr) -> RealSet:
    """Return a node as a set of real numbers; raise `NotARealSet`."""
    if isinstance(node, Group) and len(node.items) == 2 and node.opening in "([]" and node.closing in ")][":
        return _interval(node)
    if isinstance(node, SetOf):
        result = EMPTY
        for item in node.items[:_MAX_PARTS]:
            result = realsets.union(result, _points(item))
        return result
    if isinstance(node, NamedSet) and node.name in _NAMED:
        return _NAMED[node.name]
    if isinstance(node, SetOperation):
        operation = {"union": realsets.union, "intersection": realsets.intersection}.get(
            node.operator, realsets.difference
        )
        result = real_set(node.arguments[0])
        for argument in node.arguments[1:_MAX_PARTS]:
            result = operation(result, real_set(argument))
        return result
    if isinstance(node, SetBuilder):
        return _builder(node)
    if isinstance(node, Relation):
        return _relation(node)
    if isinstance(node, Listing) and 2 <= len(node.items) <= _MAX_PARTS:
        return _listing(node)
    raise NotARealSet


def _interval(node: Group) -> RealSet:
    if free_symbols(node):
        raise NotARealSet
    low, high = node.items
    return realsets.interval(low, high, low_closed=node.opening == "[", high_closed=node.closing == "]")


def _points(item: Expr) -> RealSet:
    if free_symbols(item) or isinstance(item, Group | SetOf | Relation | Listing):
        raise NotARealSet
    if contains(item, PlusMinus):
        return realsets.union(
            realsets.point(choose_signs(item, plus=True)), realsets.point(choose_signs(item, plus=False))
        )
    return realsets.point(item)


def _builder(node: SetBuilder) -> RealSet:
    if isinstance(node.head, Symbol) and free_symbols(node.condition) <= {node.head.name}:
        return real_set(node.condition)
    if isinstance(node.head, Relation) and node.head.operators == ("in",) and isinstance(node.head.sides[0], Symbol):
        return realsets.intersection(real_set(node.head.sides[1]), real_set(node.condition))
    raise NotARealSet


def enumerated(node: Expr) -> Expr:
    r"""Write `\{x \in Z \mid 0 < x < 5\}` as the set of its elements, where those are few."""
    if not isinstance(node, SetBuilder) or not isinstance(node.head, Relation) or node.head.operators != ("in",):
        return node
    letter, numbers = node.head.sides
    least = _LEAST.get(numbers.name) if isinstance(numbers, NamedSet) else None
    if least is None or not isinstance(letter, Symbol) or free_symbols(node.condition) != {letter.name}:
        return node
    try:
        inside = real_set(node.condition)
        bounds = [rational(end) for end in (inside.ends[0], inside.ends[-1])] if inside.ends else [None]
    except NotARealSet:
        return node
    if bounds[-1] is None or bounds[0] is None or inside.gaps[-1] or (inside.gaps[0] and least < 0):
        return node
    low, high = least if inside.gaps[0] else max(least, int(bounds[0].floor())), int(bounds[-1].floor())
    if high - low > _MAX_PARTS:
        return node
    every_one = [Number(fmpq(n)) for n in range(low, high + 1)]
    kept = [one for one in every_one if realsets.intersection(realsets.point(one), inside) != EMPTY]
    return SetOf(tuple(kept))


def joins_what_excludes(node: Expr) -> bool:
    """Tell whether "and" joins conditions that no number fulfils together, as in "x < 2 and x > 3"."""
    if not isinstance(node, Listing) or node.word != "and" or not all(isinstance(i, Relation) for i in node.items):
        return False
    if all(isinstance(item, Relation) and item.operators == ("=",) for item in node.items):
        return False
    return _fold([real_set(item) for item in node.items], realsets.intersection) == EMPTY


def _listing(node: Listing) -> RealSet:
    """Join conditions: "or" unites, a comma or "and" unites equations and intersects the rest.

    Words are used loosely: where nothing is left of "x < 2 and x > 3", both were meant. The sign `∧` is not, nor is an
    answer's "and" where the ground truth is a union or says "or".
    """
    if len(free_symbols(node)) != 1 or not all(isinstance(item, Relation) for item in node.items):
        raise NotARealSet
    parts = [real_set(item) for item in node.items]
    equations = all(isinstance(item, Relation) and item.operators == ("=",) for item in node.items)
    if node.word == "land":
        return _fold(parts, realsets.intersection)
    if node.word == "or" or equations:
        return _fold(parts, realsets.union)
    meet = _fold(parts, realsets.intersection)
    return meet if meet != EMPTY else _fold(parts, realsets.union)


def _fold(parts: list[RealSet], operation: Callable[[RealSet, RealSet], RealSet]) -> RealSet:
    result = parts[0]
    for part in parts[1:]:
        result = operation(result, part)
    return result


def _relation(node: Relation) -> RealSet:
    if node.operators in {("in",), ("notin",)} and not isinstance(node.sides[0], Number):
        if not is_name(node.sides[0]):
            raise NotARealSet
        inside = real_set(node.sides[1])
        return inside if node.operators == ("in",) else realsets.difference(ALL, inside)
    if len(node.operators) + 1 != len(node.sides) or not set(node.operators) <= set(_COMPARE):
        raise NotARealSet
    names = free_symbols(node)
    if len(names) != 1:
        raise NotARealSet
    variable = next(iter(names))
    result = ALL
    for left, operator, right in zip(node.sides, node.operators, node.sides[1:], strict=False):
        result = realsets.intersection(result, solve(left, operator, right, variable))
    return result


def solve(left: Expr, operator: str, right: Expr, variable: str) -> RealSet:
    """Return the real solutions of `left operator right`; raise `NotARealSet`."""
    for side, other, turned in ((left, right, operator), (right, left, _turned(operator))):
        if side == Symbol(variable) and not free_symbols(other):
            return _bare(other, turned)
    if isinstance(left, Call) and left.name == "abs":
        return _absolute(left.arguments[0], operator, right, variable)
    if isinstance(right, Call) and right.name == "abs":
        return _absolute(right.arguments[0], _turned(operator), left, variable)
    function = Sum((left, Negation(right)))
    try:
        numerator, denominator = univariate(function, variable)
        ends = real_roots(numerator) + real_roots(denominator)
    except NotPolynomial:
        return _linear(function, operator, variable)
    if len(ends) > _MAX_PARTS:
        raise NotARealSet
    return _by_signs(numerator, denominator, ends, operator)


def _turned(operator: str) -> str:
    return operator.translate(str.maketrans("<>", "><"))


def _bare(bound: Expr, operator: str) -> RealSet:
    """Return the solutions of `variable operator bound`."""
    if contains(bound, PlusMinus):
        if operator != "=":
            raise NotARealSet
        return _points(bound)
    if realsets.sign_of_infinity(bound):
        if operator in {"<", "<="} and realsets.sign_of_infinity(bound) > 0:
            return ALL
        if operator in {">", ">="} and realsets.sign_of_infinity(bound) < 0:
            return ALL
        raise NotARealSet
    realsets.near_rational(bound)
    return RealSet(
        (bound,),
        (operator in {"<=", ">=", "="},),
        (operator in {"<", "<=", "!="}, operator in {">", ">=", "!="}),
    )


def _by_signs(numerator: Any, denominator: Any, ends: list[Expr], operator: str) -> RealSet:
    holds = _COMPARE[operator]
    distinct: list[Expr] = []
    for end in sorted(ends, key=realsets.near_rational):
        if not distinct or realsets.order(distinct[-1], end) != 0:
            distinct.append(end)

    def sign(value: fmpq) -> int:
        product = numerator(value) * denominator(value)
        return int(product > 0) - int(product < 0)

    poles = _roots_of(denominator)

    def at_end(index: int) -> bool:
        if any(realsets.order(pole, distinct[index]) == 0 for pole in poles):
            return False
        return holds(0)

    return realsets.from_truth(distinct, lambda value: holds(sign(value)), at_end)


def _roots_of(polynomial: Any) -> list[Expr]:
    return real_roots(polynomial)


def _absolute(inner: Expr, operator: str, bound: Expr, variable: str) -> RealSet:
    """Split `|f| < c` by squaring where c is a non-negative rational or an absolute value itself, else by cases."""
    if isinstance(bound, Call) and bound.name == "abs":
        two = Number(fmpq(2))
        return solve(Power(inner, two), operator, Power(bound.arguments[0], two), variable)
    limit = rational(bound)
    if free_symbols(bound) or (limit is None and realsets.order(bound, realsets.ZERO) < 0):
        raise NotARealSet
    if limit is not None and limit < 0:
        return ALL if operator in {">", ">=", "!="} else EMPTY
    minus = Negation(bound)
    if operator in {"<", "<="}:
        return realsets.intersection(solve(inner, operator, bound, variable), solve(minus, operator, inner, variable))
    if operator in {">", ">="}:
        return realsets.union(solve(inner, operator, bound, variable), solve(minus, operator, inner, variable))
    either = realsets.union(solve(inner, "=", bound, variable), solve(inner, "=", minus, variable))
    return either if operator == "=" else realsets.difference(ALL, either)


def _linear(function: Expr, operator: str, variable: str) -> RealSet:
    """Solve with any real coefficients where second differences vanish: the function is linear in the variable."""
    values = [substitute(function, {variable: Number(fmpq(n))}) for n in range(5)]
    budget = Budget(3000)
    try:
        with ctx.workprec(192):
            balls = [Balls({}, budget).value(value) for value in values]
    except Undefined as undefined:
        raise NotARealSet from undefined
    slope = balls[1] - balls[0]
    if slope.contains(0) or any(not (b - a).overlaps(slope) for a, b in pairwise(balls)):
        raise NotARealSet
    root = Quotient(Negation(values[0]), Sum((values[1], Negation(values[0]))))
    return _bare(root, operator if slope > 0 else _turned(operator))
