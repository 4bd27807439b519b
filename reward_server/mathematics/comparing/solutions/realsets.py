"""Sets of real numbers with finitely many ends: intervals, unions, single points, solutions in one variable.

A set is its ends in rising order, and for each end and each gap between ends whether it belongs. Union, intersection,
difference and complement are then the same operation on truth values, after both sets are cut at all ends of either.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cmp_to_key
from itertools import pairwise

from flint import ctx, fmpq

from reward_server.mathematics.comparing.identity import same_number
from reward_server.mathematics.tree.nodes import Constant, Expr, Negation, Number
from reward_server.mathematics.values.balls import Balls, Budget, Undefined
from reward_server.mathematics.values.exact import rational


class NotARealSet(Exception):  # noqa: N818 - named after the state
    """The expression is no set of real numbers that can be written down here."""


@dataclass(frozen=True, slots=True)
class RealSet:
    """`len(gaps) == len(ends) + 1 == len(points) + 1`."""

    ends: tuple[Expr, ...]
    points: tuple[bool, ...]
    gaps: tuple[bool, ...]


EMPTY = RealSet((), (), (False,))
ALL = RealSet((), (), (True,))
_ORDER_BITS = 192


def sign_of_infinity(node: Expr) -> int:
    """Return 1 for ∞, -1 for -∞, 0 for anything else."""
    if isinstance(node, Constant):
        return 1 if node.name == "infinity" else 0
    return -sign_of_infinity(node.argument) if isinstance(node, Negation) else 0


def order(left: Expr, right: Expr) -> int:
    """Return -1, 0 or 1 as `left` is below, equal to or above `right`; raise `NotARealSet` where unknown."""
    first, second = rational(left), rational(right)
    if first is not None and second is not None:
        return int(first > second) - int(first < second)
    budget = Budget(2000)
    try:
        with ctx.workprec(_ORDER_BITS):
            difference = Balls({}, budget).value(left) - Balls({}, budget).value(right)
    except Undefined as undefined:
        raise NotARealSet from undefined
    if difference > 0:
        return 1
    if difference < 0:
        return -1
    if same_number(left, right).equal:
        return 0
    raise NotARealSet


def interval(low: Expr, high: Expr, *, low_closed: bool, high_closed: bool) -> RealSet:
    """Return the interval between two ends, either of which may be infinite."""
    at_low, at_high = sign_of_infinity(low), sign_of_infinity(high)
    if at_low > 0 or at_high < 0:
        raise NotARealSet
    if at_low and at_high:
        return ALL
    if at_low:
        return RealSet((high,), (high_closed,), (True, False))
    if at_high:
        return RealSet((low,), (low_closed,), (False, True))
    direction = order(low, high)
    if direction > 0 or (direction == 0 and not (low_closed and high_closed)):
        raise NotARealSet
    if direction == 0:
        return point(low)
    return RealSet((low, high), (low_closed, high_closed), (False, True, False))


def point(value: Expr) -> RealSet:
    """Return the set of one number."""
    if sign_of_infinity(value):
        raise NotARealSet
    return RealSet((value,), (True,), (False, False))


def _cut(real_set: RealSet, ends: list[Expr]) -> tuple[list[bool], list[bool]]:
    """Return membership of the points and gaps that `ends`, which hold all of the set's own ends, make."""
    points: list[bool] = []
    gaps: list[bool] = []
    index = 0
    for end in ends:
        gaps.append(real_set.gaps[index])
        if index < len(real_set.ends) and order(real_set.ends[index], end) == 0:
            points.append(real_set.points[index])
            index += 1
        else:
            points.append(real_set.gaps[index])
    gaps.append(real_set.gaps[index])
    return points, gaps


def combine(left: RealSet, right: RealSet, rule: Callable[[bool, bool], bool]) -> RealSet:
    """Return the set whose members are those for which `rule(in left, in right)` holds."""
    ends: list[Expr] = []
    for end in sorted((*left.ends, *right.ends), key=cmp_to_key(order)):
        if not ends or order(ends[-1], end) != 0:
            ends.append(end)
    left_points, left_gaps = _cut(left, ends)
    right_points, right_gaps = _cut(right, ends)
    points = [rule(a, b) for a, b in zip(left_points, right_points, strict=True)]
    gaps = [rule(a, b) for a, b in zip(left_gaps, right_gaps, strict=True)]
    return simplified(RealSet(tuple(ends), tuple(points), tuple(gaps)))


def simplified(real_set: RealSet) -> RealSet:
    """Drop the ends at which nothing changes."""
    ends: list[Expr] = []
    points: list[bool] = []
    gaps = [real_set.gaps[0]]
    for end, inside, after in zip(real_set.ends, real_set.points, real_set.gaps[1:], strict=True):
        if inside == after == gaps[-1]:
            continue
        ends.append(end)
        points.append(inside)
        gaps.append(after)
    return RealSet(tuple(ends), tuple(points), tuple(gaps))


def union(left: RealSet, right: RealSet) -> RealSet:
    """Return the members of either."""
    return combine(left, right, lambda a, b: a or b)


def intersection(left: RealSet, right: RealSet) -> RealSet:
    """Return the members of both."""
    return combine(left, right, lambda a, b: a and b)


def difference(left: RealSet, right: RealSet) -> RealSet:
    """Return the members of the first that are not in the second."""
    return combine(left, right, lambda a, b: a and not b)


def from_truth(ends: list[Expr], holds: Callable[[fmpq], bool], holds_at: Callable[[int], bool]) -> RealSet:
    """Build a set from its possible ends: `holds` decides a gap by a rational inside it, `holds_at` an end by index."""
    ordered = sorted(ends, key=cmp_to_key(order))
    samples = _between(ordered)
    return simplified(
        RealSet(tuple(ordered), tuple(map(holds_at, range(len(ordered)))), tuple(holds(sample) for sample in samples))
    )


def near_rational(node: Expr) -> fmpq:
    """Return a rational close to the value of a node."""
    exact = rational(node)
    if exact is not None:
        return exact
    try:
        with ctx.workprec(_ORDER_BITS):
            mantissa, exponent = Balls({}, Budget(2000)).value(node).mid().man_exp()
    except Undefined as undefined:
        raise NotARealSet from undefined
    return fmpq(mantissa) * fmpq(2) ** int(exponent)


def _between(ends: list[Expr]) -> list[fmpq]:
    """Return one rational inside each gap."""
    if not ends:
        return [fmpq(0)]
    values = [near_rational(end) for end in ends]
    middles = [(a + b) / 2 for a, b in pairwise(values)]
    return [values[0] - 1, *middles, values[-1] + 1]


ZERO = Number(fmpq(0))
