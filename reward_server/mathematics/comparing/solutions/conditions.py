"""Conditions beside an answer: `y = 2x, x > 0`, `k + 1, k ∈ Z`, `f(x) = 1/x, x ≠ 0`."""

from collections.abc import Callable

from flint import fmpq

from reward_server.mathematics.comparing.agreeing import index_of
from reward_server.mathematics.comparing.identity import Finding
from reward_server.mathematics.comparing.solutions.parameters import RESTRICTIONS, domain_of
from reward_server.mathematics.tree.nodes import Expr, Listing, Number, Relation, Symbol
from reward_server.mathematics.tree.walk import free_symbols

CONDITIONS = RESTRICTIONS | {"in", "notin"}
_ONE = Number(fmpq(1))
_REMARKS = frozenset({("!=",), ("in",), ("notin",)})


def is_condition(node: Expr) -> bool:
    """Tell whether an item of a list restricts the others rather than being a value of its own."""
    return isinstance(node, Relation) and bool(set(node.operators) & CONDITIONS)


def main_part(node: Expr) -> tuple[Expr, tuple[Expr, ...]]:
    """Split `y = 2x, x > 0` into what is said and its conditions; a list of conditions alone is what is said."""
    if not isinstance(node, Listing):
        return node, ()
    kept = tuple(item for item in node.items if not is_condition(item))
    if not kept or len(kept) == len(node.items):
        return node, ()
    conditions = tuple(item for item in node.items if is_condition(item))
    return kept[0] if len(kept) == 1 else Listing(kept, node.word), conditions


def under(
    found: Finding,
    answer: Expr,
    required: tuple[Expr, ...],
    given: tuple[Expr, ...],
    compare: Callable[[Expr, Expr], Finding],
) -> Finding:
    """Compare the conditions, as sets, of two answers that are equal without them.

    What only the ground truth states need not be repeated; an exclusion or a membership that only the answer states is
    a remark on the domain of its letters: the evidence names both. Any other condition must be the same on both sides.
    """
    if not given:
        return _remarked(found, "conditions the answer does not repeat") if required else found
    if not required:
        names = free_symbols(answer)
        if all(_is_every_index(item, answer) for item in given):
            return _remarked(found, "conditions the ground truth does not have")
        if all(isinstance(item, Relation) and item.operators in _REMARKS for item in given) and all(
            _letters(item) and _letters(item) <= names for item in given
        ):
            return _remarked(found, "conditions the ground truth does not have")
        return Finding(False, "conditions", {"witness": "a condition the ground truth does not have"})
    if set(required) == set(given):
        return found
    wanted, stated = (items[0] if len(items) == 1 else Listing(items, ",") for items in (required, given))
    same = compare(wanted, stated)
    return found if same.equal else Finding(same.equal, "conditions", same.evidence)


def _is_every_index(item: Expr, answer: Expr) -> bool:
    """Tell whether a condition is `n >= 1` beside a term `a_n`, whose index begins there."""
    index = index_of(answer.sides[0]) if isinstance(answer, Relation) else None
    first = isinstance(item, Relation) and item.operators == (">=",) and item.sides == (Symbol(index or ""), _ONE)
    return index is not None and first


def _letters(item: Expr) -> frozenset[str]:
    """Return the letters a condition is about: in `n ∈ N` the name of the set is none."""
    declared = domain_of(item)
    return frozenset(free_symbols(item) if declared is None else {declared[0]})


def _remarked(found: Finding, ignored: str) -> Finding:
    return Finding(True, found.method, {**found.evidence, "ignored": [*found.evidence.get("ignored", ()), ignored]})
