"""Points that tell two statements apart: one certainly holds there, the other certainly does not.

Equations and inequalities of no common form may be the same or not. A point that solves one and not the other is a
proof that they are not; finding none proves nothing. Tried are: two statements that give one side different values;
small whole numbers and seeded fractions for all letters; and the zeros between two points at which the difference of
one statement's sides changes its sign, and what is beside them: for equations, in a ball that holds no zero of the
other. Where a letter is an arbitrary constant (`C`, `c_1`), points show nothing: it may stand for another value in the
other statement.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from flint import arb, ctx, fmpq

from reward_server.mathematics.comparing.identity import Finding, same_function, value_at
from reward_server.mathematics.comparing.integration_constants import is_marked
from reward_server.mathematics.comparing.places import points
from reward_server.mathematics.tree.nodes import Call, Expr, Listing, Negation, Relation, Sum
from reward_server.mathematics.tree.walk import free_symbols, nodes
from reward_server.mathematics.values.balls import Balls, Budget, Undefined

_BITS = 128
_MOST_LETTERS = 4
_WHOLE = 40
_SEEDED = 10
_BUDGET = 2500
_STEPS = 24
_EQUALITIES = frozenset({"=", "!="})
_ORDERED = frozenset({"=", "!=", "<", "<=", ">", ">="})
_CONGRUENT = frozenset({"=mod", "divides"})
_JOINED = frozenset({"and", "land", "or"})
_STEP_FUNCTIONS = frozenset({"floor", "ceil", "mod", "gcd", "lcm", "sgn", "factorial", "double_factorial", "binomial"})
_PLACES = tuple(fmpq(n, 8) for n in (-40, -25, -16, -12, -9, -7, -4, -2, -1, 1, 2, 3, 5, 7, 9, 12, 15, 19, 25, 40, 70))

Point = dict[str, fmpq]


def told_apart(truth: Expr, answer: Expr) -> Finding | None:
    """Return the finding that two statements differ, with the point that shows it; None where none was found."""
    if not (_is_statement(truth) and _is_statement(answer)):
        return None
    names = free_symbols(truth) | free_symbols(answer)
    if _is_same_congruence(truth, answer):
        return Finding(True, "congruence")
    if _gives_another_value(truth, answer):
        return Finding(False, "witness", {"witness": "one side is given different values"})
    if not 1 <= len(names) <= _MOST_LETTERS or any(map(is_marked, names)):
        return None
    budget = Budget(_BUDGET)
    point = _sampled(truth, answer, names, budget) or _at_a_zero(truth, answer, names, budget)
    if point is None:
        return None
    shown = {name: str(value)[:40] for name, value in point.items()}
    return Finding(False, "witness", {"witness": {"at": shown, "holds": "one only"}})


def _is_statement(node: Expr) -> bool:
    if isinstance(node, Listing):
        joined = node.word in _JOINED or (
            node.word == "," and len(free_symbols(node)) > 1 and all(map(_is_order, node.items))
        )
        return joined and all(map(_is_statement, node.items))
    if not isinstance(node, Relation):
        return False
    return set(node.operators) <= _ORDERED or (len(node.operators) == 1 and node.operators[0] in _CONGRUENT)


def _is_order(node: Expr) -> bool:
    return isinstance(node, Relation) and _EQUALITIES.isdisjoint(node.operators)


def _is_same_congruence(truth: Expr, answer: Expr) -> bool:
    """Tell whether two congruences are of the same difference, either way round, and the same modulus."""
    if not (isinstance(truth, Relation) and isinstance(answer, Relation)):
        return False
    if truth.operators != ("=mod",) or answer.operators != ("=mod",):
        return False
    differences = [Sum((node.sides[0], Negation(node.sides[1]))) for node in (truth, answer)]
    turned = Negation(differences[1])
    return same_function(truth.sides[2], answer.sides[2]).equal is True and any(
        same_function(differences[0], other).equal is True for other in (differences[1], turned)
    )


def _gives_another_value(truth: Expr, answer: Expr) -> bool:
    """Tell whether two equations give the same side, which holds letters, two different numbers."""
    if not (isinstance(truth, Relation) and isinstance(answer, Relation)):
        return False
    if truth.operators != ("=",) or answer.operators != ("=",):
        return False
    for one, value in (truth.sides, truth.sides[::-1]):
        for other, said in (answer.sides, answer.sides[::-1]):
            if not free_symbols(one) or free_symbols(value) or free_symbols(said):
                continue
            if (one == other or same_function(one, other).equal) and same_function(value, said).equal is False:
                return True
    return False


def _sampled(truth: Expr, answer: Expr, names: frozenset[str], budget: Budget) -> Point | None:
    for values in _points(names):
        if budget.left <= 0:
            return None
        first = _holds(truth, values, budget)
        if first is not None and _holds(answer, values, budget) is (not first):
            return values
    return None


def _points(names: frozenset[str]) -> Iterator[Point]:
    """Yield small whole numbers, every pair of them for two letters, and then seeded fractions."""
    ordered = sorted(names)
    for number in range(_WHOLE):
        digits = [number % 6, number // 6, (number * 5 + 2) % 7, (number * 3 + 1) % 5]
        yield {name: fmpq(digit + 1) for name, digit in zip(ordered, digits, strict=False)}
    yield from islice(points(names, whole=False), _SEEDED)


def _holds(node: Expr, values: Point, budget: Budget) -> bool | None:
    """Tell whether a statement certainly holds at a point, or certainly does not."""
    if isinstance(node, Listing):
        parts = [_holds(item, values, budget) for item in node.items]
        if None in parts:
            return None
        return any(parts) if node.word == "or" else all(parts)
    assert isinstance(node, Relation)
    with ctx.workprec(_BITS):
        sides = [value_at(side, values, budget, complex_mode=False) for side in node.sides]
    if any(side is None for side in sides):
        return None
    if node.operators[0] in _CONGRUENT:
        return _divides(node.operators[0], sides)
    found = [_related(left, sign, right) for left, sign, right in zip(sides, node.operators, sides[1:], strict=False)]
    return False if False in found else None if None in found else True


def _divides(sign: str, sides: list[arb]) -> bool | None:
    if not all(side.is_exact() and side.is_integer() for side in sides):
        return None
    whole = [int(side.unique_fmpz()) for side in sides]
    dividend, divisor = (whole[0] - whole[1], whole[2]) if sign == "=mod" else (whole[1], whole[0])
    return None if divisor == 0 else dividend % divisor == 0


def _related(left: arb, sign: str, right: arb) -> bool | None:
    """Compare two balls: certain where they do not touch, or are both exact."""
    difference = left - right
    if difference.contains(0) and not difference.is_zero():
        return None
    below, same = bool(difference < 0), bool(difference.is_zero())
    return {
        "=": same, "!=": not same, "<": below, "<=": below or same, ">": not below and not same, ">=": not below,
    }[sign]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Line:
    """A statement's difference along one letter, the others fixed, and the statements that it may tell apart."""

    difference: Expr
    statements: tuple[Expr, Expr]
    rest: Expr | None
    """The difference of the other statement where it is an equation."""
    name: str
    fixed: Point
    budget: Budget

    def ball(self, node: Expr, place: arb) -> arb | None:
        """Return a function's values over a ball: where they are finite, it is continuous there."""
        balls = Balls({}, self.budget)
        balls.values = {**{letter: balls.lift(value) for letter, value in self.fixed.items()}, self.name: place}
        try:
            return balls.value(node)
        except Undefined:
            return None

    def sign(self, place: fmpq) -> bool | None:
        """Tell whether the difference is above zero at a place; None where it has no value or may be zero."""
        with ctx.workprec(_BITS):
            value = self.ball(self.difference, arb(place))
            return None if value is None or value.contains(0) else bool(value > 0)

    def differs_at(self, place: fmpq) -> bool:
        """Tell whether one statement certainly holds at a place and the other certainly does not."""
        one, other = (_holds(item, {**self.fixed, self.name: place}, self.budget) for item in self.statements)
        return None not in (one, other) and one is not other

    def has_zero_of_one(self, low: fmpq, high: fmpq) -> bool:
        """Tell whether the difference goes through zero between two places and the other equation's does not."""
        if self.rest is None:
            return False
        with ctx.workprec(_BITS):
            between = arb(low).union(arb(high))
            value = self.ball(self.rest, between)
            return self.ball(self.difference, between) is not None and value is not None and not value.contains(0)


def _at_a_zero(truth: Expr, answer: Expr, names: frozenset[str], budget: Budget) -> Point | None:
    """Return a place at or beside a zero of one statement's difference at which the other differs from it."""
    if not (isinstance(truth, Relation) and isinstance(answer, Relation)):
        return None
    if any(len(node.operators) != 1 or node.operators[0] not in _ORDERED for node in (truth, answer)):
        return None
    equations = all(node.operators[0] in _EQUALITIES for node in (truth, answer))
    for one, other in ((truth, answer), (answer, truth)):
        if any(isinstance(item, Call) and item.name in _STEP_FUNCTIONS for side in one.sides for item in nodes(side)):
            continue
        difference, rest = (Sum((node.sides[0], Negation(node.sides[1]))) for node in (one, other))
        for name in sorted(names):
            for fixed in islice(points(names - {name}, whole=False), 2) if len(names) > 1 else ({},):
                line = _Line(difference, (one, other), rest if equations else None, name, fixed, budget)
                found = _along(line)
                if found is not None:
                    return {**fixed, name: found}
    return None


def _along(line: _Line) -> fmpq | None:
    """Look for changes of sign, and narrow each until it tells the statements apart."""
    last: tuple[fmpq, bool] | None = None
    for place in _PLACES:
        sign = line.sign(place)
        if sign is not None and last is not None and last[1] != sign:
            found = _narrowed(line, last[0], place, rising=sign)
            if found is not None:
                return found
        last = None if sign is None else (place, sign)
    return None


def _narrowed(line: _Line, low: fmpq, high: fmpq, *, rising: bool) -> fmpq | None:
    for _ in range(_STEPS):
        for place in (low, high):
            if line.differs_at(place):
                return place
        middle = (low + high) / 2
        if line.has_zero_of_one(low, high):
            return middle
        sign = line.sign(middle)
        if sign is None:
            return None
        low, high = (low, middle) if sign == rising else (middle, high)
    return None
