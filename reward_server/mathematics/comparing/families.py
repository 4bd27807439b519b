"""Families of values with an integer parameter: `π/4 + kπ, k ∈ Z`, `x ≡ 3 (mod 7)`, `2k + 1`.

Members of a family that is linear in its parameter form an arithmetic progression. A union of progressions with
commensurable steps is written with one common step; two unions are equal when their residues are, each way.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import lcm
from typing import Any

from flint import ctx, fmpq

from reward_server.mathematics.comparing.identity import Finding, same_function
from reward_server.mathematics.comparing.relations import named_value
from reward_server.mathematics.tree.nodes import (
    Expr,
    Group,
    Listing,
    Measure,
    NamedSet,
    Negation,
    Number,
    PlusMinus,
    Product,
    Relation,
    SetBuilder,
    SetOf,
    Sum,
    Symbol,
)
from reward_server.mathematics.tree.walk import choose_signs, contains, contains_constant, free_symbols, substitute
from reward_server.mathematics.values.balls import Balls, Budget, Undefined

_PARAMETERS = frozenset(["k", "n", "m", "l", "t", "j", "p", "q"])
_INTEGER_SETS = frozenset({"Z", "N", "Z+", "N+", "N*", "Z*", "Z-", "N_0", "N0"})
_MAX_PERIODS = 60
_BITS = 192


@dataclass(frozen=True, slots=True)
class Family:
    """Members as expressions in one parameter that runs over a set of integers."""

    members: tuple[Expr, ...]
    parameter: str
    domain: str


def domain_of(node: Expr) -> tuple[str, str] | None:
    r"""Return parameter and set of a condition such as `k \in \mathbb{Z}`."""
    if isinstance(node, Relation) and node.operators == ("in",) and isinstance(node.sides[0], Symbol):
        domain = node.sides[1]
        name = domain.name if isinstance(domain, NamedSet | Symbol) else ""
        if name in _INTEGER_SETS:
            return node.sides[0].name, name
    return None


def as_family(node: Expr, *, parameter: str | None = None) -> Family | None:
    """Return a node as a family; `parameter` is the one to assume where none is declared."""
    declared: tuple[str, str] | None = None
    if isinstance(node, SetOf) and len(node.items) >= 1:
        node = Listing(node.items, ",") if len(node.items) > 1 else node.items[0]
    if isinstance(node, SetBuilder):
        node = Listing(
            (node.head, *(node.condition.items if isinstance(node.condition, Listing) else (node.condition,))), ","
        )
        if isinstance(node.items[0], Symbol):
            node = Listing(node.items[1:], ",") if len(node.items) > 2 else node.items[1]
    items = node.items if isinstance(node, Listing) else (node,)
    members: list[Expr] = []
    for item in items:
        found = domain_of(item)
        if found is not None:
            declared = found
            continue
        if isinstance(item, Relation) and item.operators == ("=mod",):
            return _congruence(items)
        _, value = named_value(item)
        if isinstance(value, Relation | Listing | SetOf):
            return None
        members += [choose_signs(value, plus=sign) for sign in (True, False)] if contains(value, PlusMinus) else [value]
    if not members:
        return None
    if declared is None:
        if parameter is not None and any(parameter in free_symbols(member) for member in members):
            return Family(tuple(members), parameter, "Z")
        return None
    return Family(tuple(members), *declared) if any(declared[0] in free_symbols(m) for m in members) else None


def _congruence(items: tuple[Expr, ...]) -> Family | None:
    """Read `x ≡ a (mod n)` as a + n·k; a modulus at the end holds for the residues listed before it."""
    members: list[Expr] = []
    residues: list[Expr] = []
    for item in items:
        if isinstance(item, Relation) and item.operators == ("=mod",) and len(item.sides) == 3:
            residues.append(item.sides[1])
            members += [Sum((residue, _multiple(item.sides[2]))) for residue in residues]
            residues = []
        elif isinstance(item, Relation) and item.operators == ("=",):
            residues.append(item.sides[1])
        else:
            residues.append(item)
    return Family(tuple(members), "k'family", "Z") if members and not residues else None


def _multiple(modulus: Expr) -> Expr:
    return Product((modulus, Symbol("k'family")))


def is_periodic(node: Expr) -> bool:
    """Tell whether a node looks like `x = π/6 + kπ` without its condition: π or degrees, and one likely parameter."""
    parameter = guess_parameter(node)
    if parameter not in {"k", "n", "m"} or not (contains_constant(node, "pi") or contains(node, Measure)):
        return False
    parts = node.items if isinstance(node, Listing | SetOf) else (node,)
    unnamed = [named_value(part)[1] for part in parts]
    return all(free_symbols(value) <= {parameter} for value in unnamed) and any(map(free_symbols, unnamed))


def guess_parameter(node: Expr) -> str | None:
    """Return the letter that is likely an undeclared integer parameter."""
    likely = free_symbols(node) & _PARAMETERS
    return next(iter(likely)) if len(likely) == 1 else None


def compare_families(truth: Family, answer: Family, compare: Callable[[Expr, Expr], Finding]) -> Finding:
    """Compare two families as sets of values; `compare` judges members as they are written."""
    renamed = tuple(substitute(member, {answer.parameter: Symbol(truth.parameter)}) for member in answer.members)
    if len(renamed) == len(truth.members) and all(
        compare(a, b).equal for a, b in zip(truth.members, renamed, strict=True)
    ):
        return Finding(True, "family_identity")
    if truth.domain != answer.domain:
        return Finding(None, "none", {"reason": "parameters over different sets"})
    if truth.domain != "Z":
        return Finding(False if len(renamed) == len(truth.members) == 1 else None, "family_identity")
    if any(isinstance(member, Group) for member in (*truth.members, *renamed)):
        return Finding(None, "none", {"reason": "families of tuples written differently"})
    first, second = _progressions(truth.members, truth.parameter), _progressions(renamed, truth.parameter)
    if first is None or second is None:
        return Finding(None, "none", {"reason": "a family that is not an arithmetic progression"})
    for ones, others, side in ((first, second, "ground truth"), (second, first, "answer")):
        missing = _uncovered(ones, others)
        if missing is None:
            return Finding(None, "none", {"reason": "steps without a common multiple"})
        if missing:
            return Finding(False, "progressions", {"witness": f"a member of the {side} is missing"})
    return Finding(True, "progressions")


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
    """Tell whether a member of `ones` is in none of `others`; None where steps have no common multiple."""
    budget = Budget(6000)
    try:
        with ctx.workprec(_BITS):
            numbers = [[Balls({}, budget).value(part) for part in pair] for pair in (*ones, *others)]
            first, second = numbers[: len(ones)], numbers[len(ones) :]
            for start, step in first:
                ratios = [_ratio(step, other) for _, other in second]
                if None in ratios and not step.contains(0):
                    return None
                periods = 1
                for ratio in ratios:
                    periods = _common(periods, ratio)
                if periods > _MAX_PERIODS:
                    return None
                for k in range(periods):
                    if not any(_is_member(start + step * k, pair) for pair in second):
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
    return ((value - start) / step).unique_fmpz() is not None
