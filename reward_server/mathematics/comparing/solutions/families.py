"""Families of values with an integer parameter: `π/4 + kπ, k ∈ Z`, `x ≡ 3 (mod 7)`, `2k + 1`.

Members of a family that is linear in its parameter form an arithmetic progression. A union of progressions with
commensurable steps is written with one common step; two unions are equal when their residues are, each way.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import lcm
from typing import Any

from flint import ctx, fmpq

from reward_server.mathematics.comparing.agreeing import names_agree
from reward_server.mathematics.comparing.identity import Finding, same_function
from reward_server.mathematics.comparing.naming import named_value
from reward_server.mathematics.comparing.solutions.parameters import RESTRICTIONS, domain_of, integer_range
from reward_server.mathematics.comparing.solutions.subjects import (
    RUNNING,
    Named,
    lists_residues,
    residues,
    subject_of,
)
from reward_server.mathematics.tree.nodes import (
    Apply,
    Expr,
    Group,
    Listing,
    Measure,
    Negation,
    Number,
    Product,
    Relation,
    SetBuilder,
    SetOf,
    Sum,
    Symbol,
)
from reward_server.mathematics.tree.walk import free_symbols, substitute
from reward_server.mathematics.values.balls import Ball, Balls, Budget, Undefined

_MAX_PERIODS = 60
_BITS = 192
_NARROW, _WIDE = range(-6, 7), range(-26, 27)
"""Members that must be among the other family's, and how far those are looked for."""
_SHARP = fmpq(1, 10**12)
"""How well a place in a progression must be known to be called an integer."""


@dataclass(frozen=True, slots=True)
class Family:
    """Members as expressions in one parameter that runs over a set of integers."""

    members: tuple[Expr, ...]
    parameter: str
    domain: str
    subject: Expr | None = None
    """What the members are values of, where that is said."""
    conditions: tuple[Expr, ...] = ()
    """What else restricts the parameter, such as `k > 0`, `k != 3`."""


def as_family(node: Expr, *, parameter: str | None = None) -> Family | None:
    """Return a node as a family; `parameter` is the one to assume where none is declared.

    The argument of a function that is given is no parameter: `f(n) = 2n, n ∈ Z` is one function.
    """
    declared: tuple[str, str] | None = None
    if isinstance(node, SetOf) and len(node.items) >= 1:
        node = Listing(node.items, ",") if len(node.items) > 1 else node.items[0]
    if isinstance(node, SetBuilder):
        node = Listing(
            (node.head, *(node.condition.items if isinstance(node.condition, Listing) else (node.condition,))), ","
        )
        if isinstance(node.items[0], Symbol) and any(domain_of(item) is None for item in node.items[1:]):
            node = Listing(node.items[1:], ",") if len(node.items) > 2 else node.items[1]
    if isinstance(node, Product) and domain_of(node.factors[-1]) is not None:
        bare = Product(node.factors[:-1]) if len(node.factors) > 2 else node.factors[0]
        node = Listing((bare, node.factors[-1]), ",")
    items = node.items if isinstance(node, Listing) else (node,)
    values: list[Named] = []
    conditions: list[Expr] = []
    arguments = frozenset[str]()
    for item in items:
        found = domain_of(item)
        if found is not None:
            declared = found
            continue
        if isinstance(item, Relation) and (item.operators == ("=mod",) or lists_residues(items)):
            found_residues = residues(items)
            return found_residues and Family(found_residues[1], RUNNING, "Z", found_residues[0])
        if isinstance(item, Relation) and set(item.operators) <= RESTRICTIONS:
            conditions.append(item)
            continue
        name, value = named_value(item)
        if isinstance(value, Relation | Listing | SetOf):
            return None
        arguments |= _arguments(name)
        values.append((name, value))
    running, domain = declared if declared is not None else (parameter, "Z")
    if running is None or running in arguments or not any(running in free_symbols(value) for _, value in values):
        return None
    said = subject_of(values, running)
    if said is None or (isinstance(node, Listing) and node.word == "or" and isinstance(said[0], Group)):
        return None
    return _restricted(Family(said[1], running, domain, said[0], tuple(conditions)))


def _arguments(name: Expr | None) -> frozenset[str]:
    """Return the letters on which what is named depends: `f(n) = 2n` is one function, not a family of numbers."""
    names = name.items if isinstance(name, Group) else (name,)
    return frozenset().union(*(free_symbols(Listing(one.arguments, ",")) for one in names if isinstance(one, Apply)))


def _restricted(family: Family) -> Family | None:
    """Return the family where all its conditions are about its parameter alone."""
    if any(free_symbols(condition) != {family.parameter} for condition in family.conditions):
        return None
    return family


def compare_families(truth: Family, answer: Family, compare: Callable[[Expr, Expr], Finding]) -> Finding:
    """Compare two families as sets of values; `compare` judges members as they are written."""
    if not names_agree(truth.subject, answer.subject):
        turned = all(f.parameter == RUNNING and free_symbols(f.members[0]) != {RUNNING} for f in (truth, answer))
        return Finding(None if turned else False, "names", {"witness": "values of different unknowns"})
    for family, side in ((truth, "ground truth"), (answer, "answer")):
        if any(_is_constant(member, family.parameter) for member in family.members):
            return Finding(False, "no_value", {"witness": f"a step of zero in the {side}"})
    renamed = tuple(substitute(member, {answer.parameter: Symbol(truth.parameter)}) for member in answer.members)
    same_members = len(renamed) == len(truth.members) and all(
        compare(a, b).equal for a, b in zip(truth.members, renamed, strict=True)
    )
    same_range = _same_range(truth, answer)
    if same_members and same_range:
        return Finding(True, "family_identity")
    if not same_range:
        plain = same_members or (len(renamed) == len(truth.members) == 1)
        return Finding(False if plain else None, "parameter_range", {"witness": [truth.domain, answer.domain]})
    if truth.domain != "Z" or truth.conditions:
        return Finding(False if len(renamed) == len(truth.members) == 1 else None, "family_identity")
    if any(isinstance(member, Group) for member in (*truth.members, *renamed)):
        if _brackets(truth.members) != _brackets(renamed):
            return Finding(False, "brackets", {"witness": "ends that belong to one only"})
        return _sampled(truth.members, renamed, truth.parameter)
    first, second = _progressions(truth.members, truth.parameter), _progressions(renamed, truth.parameter)
    if first is None or second is None:
        return _sampled(truth.members, renamed, truth.parameter)
    for ones, others, side in ((first, second, "ground truth"), (second, first, "answer")):
        missing = _uncovered(ones, others)
        if missing is None:
            return Finding(None, "none", {"reason": "steps without a small common multiple"})
        if missing:
            return Finding(False, "progressions", {"witness": f"a member of the {side} is missing"})
    return Finding(True, "progressions")


def _sampled(truth: tuple[Expr, ...], answer: tuple[Expr, ...], parameter: str) -> Finding:
    """Compare families that are not progressions, such as `(-1)^k π/6 + kπ`, by their members around zero."""
    if any(free_symbols(member) - {parameter} for member in (*truth, *answer)):
        return Finding(None, "none", {"reason": "a family that is not an arithmetic progression"})
    budget = Budget(8000)
    try:
        with ctx.workprec(_BITS):
            sides = [
                {n: [_point(substitute(m, {parameter: Number(fmpq(n))}), budget) for m in side] for n in _WIDE}
                for side in (truth, answer)
            ]
    except Undefined as reason:
        return Finding(None, "none", {"reason": f"a family that is not an arithmetic progression: {reason}"})
    first, second = sides
    for one, other, side in ((first, second, "ground truth"), (second, first, "answer")):
        everything = [value for values in other.values() for value in values]
        for n in _NARROW:
            if not all(any(_meet(value, known) for known in everything) for value in one[n]):
                return Finding(False, "sampled_family", {"witness": f"a member of the {side} is missing"})
    return Finding(True, "sampled_family", {"members": len(_NARROW)})


def _brackets(members: tuple[Expr, ...]) -> set[tuple[str, str]]:
    return {(member.opening, member.closing) for member in members if isinstance(member, Group)}


def _point(member: Expr, budget: Budget) -> list[Ball]:
    """Return the coordinates of a member: one of a number, several of a tuple."""
    items = member.items if isinstance(member, Group) else (member,)
    return [Balls({}, budget).value(item) for item in items]


def _meet(one: list[Ball], other: list[Ball]) -> bool:
    return len(one) == len(other) and all(a.overlaps(b) for a, b in zip(one, other, strict=True))


def _is_constant(member: Expr, parameter: str) -> bool:
    """Tell whether a member names the parameter without depending on it: `0 · k` is one value, not a family."""
    if parameter not in free_symbols(member):
        return False
    moved = substitute(member, {parameter: Sum((Symbol(parameter), Number(fmpq(1))))})
    return same_function(member, moved, Budget(1000)).equal is True


def _same_range(truth: Family, answer: Family) -> bool:
    """Tell whether both parameters run over the same values."""
    renamed = tuple(substitute(item, {answer.parameter: Symbol(truth.parameter)}) for item in answer.conditions)
    ranges = [
        integer_range(domain, items) for domain, items in ((truth.domain, truth.conditions), (answer.domain, renamed))
    ]
    if ranges[0] is None or ranges[1] is None:
        return truth.domain == answer.domain and truth.conditions == renamed
    return ranges[0] == ranges[1]


def _progressions(members: tuple[Expr, ...], parameter: str) -> list[tuple[Expr, Expr]] | None:
    """Return (start, step) of each member; None where one is not linear in the parameter or has other symbols."""
    result: list[tuple[Expr, Expr]] = []
    for member in members:
        bare = member.value if isinstance(member, Measure) else member
        if free_symbols(bare) - {parameter}:
            return None
        values = [substitute(bare, {parameter: Number(fmpq(n))}) for n in range(4)]
        step = Sum((values[1], Negation(values[0])))
        for low, high in ((1, 2), (2, 3)):
            if not same_function(Sum((values[high], Negation(values[low]))), step).equal:
                return None
        result.append((values[0], step))
    return result


def _uncovered(ones: list[tuple[Expr, Expr]], others: list[tuple[Expr, Expr]]) -> bool | None:
    """Tell whether a member of `ones` is in none of `others`; None where that was not found out within the budget.

    Where steps have no small common multiple, only a member that certainly is in none of the others tells.
    """
    budget = Budget(6000)
    try:
        with ctx.workprec(_BITS):
            numbers = [[Balls({}, budget).value(part) for part in pair] for pair in (*ones, *others)]
            first, second = numbers[: len(ones)], numbers[len(ones) :]
            for start, step in first:
                moving = [pair for pair in second if step.contains(0) or not pair[1].contains(0)]
                ratios = [_ratio(step, other) for _, other in moving]
                periods = 1
                for ratio in ratios:
                    periods = _common(periods, ratio)
                if periods > _MAX_PERIODS or (None in ratios and not step.contains(0)):
                    outside = any(all(_is_outside(start + step * k, pair) for pair in moving) for k in _NARROW)
                    return True if outside else None
                for k in range(periods):
                    if not any(_is_member(start + step * k, pair) for pair in moving):
                        return True
    except Undefined:
        return None
    return False


def _ratio(step: Any, other: Any) -> fmpq | None:
    """Return step / other as the simple fraction it is."""
    if other.contains(0):
        return fmpq(1)
    quotient = step / other
    for denominator in range(1, _MAX_PERIODS + 1):
        whole = (quotient * denominator).unique_fmpz()
        if whole is not None:
            return fmpq(whole, denominator)
    return None


def _common(periods: int, ratio: fmpq | None) -> int:
    """Return how many steps make a whole number of the other's steps, and of those counted before."""
    return lcm(periods, int(ratio.q)) if ratio is not None else periods


def _is_member(value: Any, pair: list[Any]) -> bool:
    start, step = pair
    if step.contains(0):
        return bool(value.overlaps(start))
    place = (value - start) / step
    return bool(place.rad() < _SHARP) and place.unique_fmpz() is not None


def _is_outside(value: Any, pair: list[Any]) -> bool:
    """Tell whether a value is certainly no member."""
    start, step = pair
    place = (value - start) / step
    return bool(not step.contains(0) and place.rad() < _SHARP and not place.contains_integer())
