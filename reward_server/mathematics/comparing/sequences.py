"""Several values: lists, sets, tuples, vectors, `±`, and values by name."""

from collections.abc import Callable, Sequence
from itertools import product
from math import prod

from reward_server.mathematics.comparing.agreeing import names_agree
from reward_server.mathematics.comparing.identity import Finding
from reward_server.mathematics.comparing.naming import named_value
from reward_server.mathematics.tree.nodes import (
    Dots,
    Expr,
    Group,
    Listing,
    Matrix,
    Measure,
    Number,
    PlusMinus,
    Relation,
    SetOf,
    Symbol,
)
from reward_server.mathematics.tree.record import record
from reward_server.mathematics.tree.walk import choose_signs, contains, nodes
from reward_server.mathematics.values.exact import rational

Compare = Callable[[Expr, Expr], Finding]
MAX_ITEMS = 60
_LISTED = frozenset({Listing, SetOf})
_SINGLE = frozenset({Relation, Group, Matrix, Number, Symbol})


@record
class Item:
    """One value with the name it was given, if any."""

    name: Expr | None
    value: Expr


def is_many(node: Expr) -> bool:
    """Tell whether a node stands for several values without an order."""
    kind = type(node)
    if kind in _LISTED:
        return True
    if kind in _SINGLE:
        return False
    return contains(node, PlusMinus)


def items_of(node: Expr) -> list[Item]:
    """Return the values of a list, set, tuple or ±, each with its name; a name carries on to bare values behind it."""
    if isinstance(node, Matrix) and (len(node.rows) == 1 or all(len(row) == 1 for row in node.rows)):
        return [Item(None, entry) for row in node.rows for entry in row]
    parts = node.items if isinstance(node, Listing | SetOf | Group) else (node,)
    items: list[Item] = []
    name: Expr | None = None
    for part in parts:
        if isinstance(node, SetOf) and isinstance(part, SetOf):
            items.append(Item(None, part))
            continue
        if type(part) is Number:
            items.append(Item(name, part))
            continue
        found, value = named_value(part)
        name = found if found is not None else name
        items += [Item(None if isinstance(one, Relation) else name, one) for one in _spread(value)]
    return items


def _spread(value: Expr) -> list[Expr]:
    """Return both values of a ±, and the elements of a set or list standing as one value (`x = 1, 2`)."""
    if isinstance(value, SetOf | Listing):
        return [one for item in value.items for one in _spread(item)]
    if isinstance(value, Relation) or not contains(value, PlusMinus):
        return [value]
    if isinstance(value, Group) and not any(isinstance(one, PlusMinus) and one.flipped for one in nodes(value)):
        choices = [_spread(item) if contains(item, PlusMinus) else [item] for item in value.items]
        if prod(map(len, choices)) > MAX_ITEMS:
            return [value]
        return [Group(value.opening, items, value.closing) for items in product(*choices)]
    return [choose_signs(value, plus=True), choose_signs(value, plus=False)]


def with_tuples_apart(truth: Expr, answer: Expr) -> tuple[Expr, Expr]:
    """Return both sides with tuples that hold `±` as the lists of tuples they stand for.

    The components choose their signs each for itself: `(±1, ±2)` are four points. `±(1, 2)` and `(±1, ∓2)` are two.
    """
    if not any(isinstance(side, Group) and contains(side, PlusMinus) for side in (truth, answer)):
        return truth, answer
    apart = [Listing(tuple(_spread(side)), ",") if isinstance(side, Group) else side for side in (truth, answer)]
    return apart[0], apart[1]


def distinct_names(items: Sequence[Item]) -> int:
    """Return how many different names the items have."""
    return len({item.name for item in items if item.name is not None})


def are_numbered(names: Sequence[Expr | None]) -> bool:
    """Tell whether names are one letter, numbered as they stand: `x_1`, `x_2`."""
    letters = [name.name if isinstance(name, Symbol) else "" for name in names]
    stem = letters[0].partition("_")[0]
    return letters == [f"{stem}_{place}" for place in range(1, len(names) + 1)]


def compare_many(truth: list[Item], answer: list[Item], compare: Compare, *, ordered: bool) -> Finding:
    """Compare two lists of values, matched by name where names differ, else by order or as sets."""
    if len(truth) > MAX_ITEMS or len(answer) > MAX_ITEMS:
        return Finding(None, "none", {"reason": "too many values"})
    if any(isinstance(item.value, Dots) for item in (*truth, *answer)):
        ordered = True
    names = distinct_names(truth), distinct_names(answer)
    if names[0] and any(item.name is None and isinstance(item.value, Relation) for item in answer):
        return Finding(False, "names", {"witness": "a value of something else"})
    if names[0] > 1 and names[1] > 1:
        return _by_name(truth, answer, compare)
    if names[0] > 1 and names[1] == 1 and _are_all_called(truth, answer):
        return Finding(False, "names", {"witness": "values of one unknown for values of several"})
    if names[1] > 1 and names[0] and not _names_agree(truth, answer):
        return Finding(False, "names", {"witness": "values of different unknowns"})
    if names[0] > 1 or names[1] > 1:
        found = _in_order(_alphabetical(truth), _alphabetical(answer), compare)
        if not found.equal and names[0] > 1:
            found = _in_order(truth, answer, compare)
        return found if found.equal or names[0] > 1 or ordered else unordered(values(truth), values(answer), compare)
    if names[0] == names[1] == 1 and not names_agree(truth[0].name, answer[0].name):
        return Finding(False, "names", {"witness": "values of different unknowns"})
    if ordered:
        return _in_order(truth, answer, compare)
    return unordered(values(truth), values(answer), compare)


def _are_all_called(truth: list[Item], answer: list[Item]) -> bool:
    """Tell whether letters that are not one letter numbered face a single one: `x = 1, x = 2` for `x = 1, y = 2`."""
    single = all(isinstance(item.name, Symbol) for item in (*truth, *answer))
    return single and len(answer) > 1 and not are_numbered([item.name for item in truth])


def _alphabetical(items: Sequence[Item]) -> Sequence[Item]:
    """Sort values by their names where all are different plain letters, as `x = 1, y = 2` means (1, 2)."""
    if distinct_names(items) < len(items) or not all(
        isinstance(i.name, Symbol) and len(i.name.name) == 1 for i in items
    ):
        return items
    return sorted(items, key=lambda item: _key(item.name))


def values(items: Sequence[Item]) -> list[Expr]:
    """Return the values without their names."""
    return [item.value for item in items]


def _in_order(truth: Sequence[Item], answer: Sequence[Item], compare: Compare) -> Finding:
    if len(truth) != len(answer):
        return Finding(False, "count", {"witness": {"values": [len(truth), len(answer)]}})
    return every(
        Finding(True, "ellipsis") if type(a.value) is type(b.value) is Dots else compare(a.value, b.value)
        for a, b in zip(truth, answer, strict=True)
    )


def every(findings: "Sequence[Finding] | map[Finding] | object") -> Finding:
    """Join the findings of all parts: one difference decides, then one undecided part."""
    undecided: Finding | None = None
    last = Finding(True, "elementwise")
    methods: list[str] = []
    for place, found in enumerate(findings):  # type: ignore[arg-type,var-annotated]
        if found.equal is False:
            return Finding(False, found.method, {"part": place + 1, **found.evidence})
        if found.equal is None and undecided is None:
            undecided = Finding(None, "none", {"part": place + 1, **found.evidence})
        methods.append(found.method)
    if undecided is not None:
        return undecided
    return Finding(True, "elementwise", {"methods": sorted(set(methods))}) if methods else last


def compare_rows(left: Sequence[Sequence[Expr]], right: Sequence[Sequence[Expr]], compare: Compare) -> Finding:
    """Compare two matrices, entry by entry."""
    if [len(row) for row in left] != [len(row) for row in right]:
        return Finding(False, "shape", {"witness": [[len(left), len(left[0])], [len(right), len(right[0])]]})
    pairs = [(a, b) for one, other in zip(left, right, strict=True) for a, b in zip(one, other, strict=True)]
    return every([compare(a, b) for a, b in pairs])


def _by_name(truth: Sequence[Item], answer: Sequence[Item], compare: Compare) -> Finding:
    grouped: list[dict[str, list[Expr]]] = []
    for items in (truth, answer):
        groups: dict[str, list[Expr]] = {}
        for item in items:
            groups.setdefault(_key(item.name), []).append(item.value)
        grouped.append(groups)
    if grouped[0].keys() != grouped[1].keys():
        if len(truth) == len(answer) and not _plain_names(truth, answer) and _names_agree(truth, answer):
            return _in_order(truth, answer, compare)
        return Finding(False, "names", {"witness": sorted(grouped[0].keys() ^ grouped[1].keys())})
    rounds = [unordered(grouped[0][name], grouped[1][name], compare) for name in grouped[0]]
    if all(found.equal for found in rounds) and any(len(group) > 1 for group in grouped[0].values()):
        return _tuples_by_position(truth, answer, compare)
    return every(rounds)


def _names_agree(truth: Sequence[Item], answer: Sequence[Item]) -> bool:
    return len(truth) == len(answer) and all(names_agree(a.name, b.name) for a, b in zip(truth, answer, strict=True))


def _tuples_by_position(truth: Sequence[Item], answer: Sequence[Item], compare: Compare) -> Finding:
    """Solutions of several unknowns, written one after the other: `x=1, y=2; x=3, y=4`."""
    tuples = [_solutions(truth), _solutions(answer)]
    if tuples[0] is None or tuples[1] is None:
        return Finding(True, "by_name")
    return unordered(tuples[0], tuples[1], compare)


def _solutions(items: Sequence[Item]) -> list[Expr] | None:
    """Cut the items into equal rounds over all names, each in the order of the names."""
    count = distinct_names(items)
    if len(items) % count:
        return None
    rounds: list[Expr] = []
    for start in range(0, len(items), count):
        part = sorted(items[start : start + count], key=lambda item: _key(item.name))
        if distinct_names(part) != count:
            return None
        rounds.append(Group("(", tuple(item.value for item in part), ")"))
    return rounds


def solution_tuples(items: Sequence[Item]) -> list[Expr] | None:
    """Return `p=5, q=2; p=7, q=2` as the pairs (5, 2), (7, 2), in the order the names were first written."""
    count = distinct_names(items)
    if count < 2 or len(items) % count or len(items) == count:
        return None
    rounds: list[Expr] = []
    for start in range(0, len(items), count):
        part = items[start : start + count]
        if [_key(item.name) for item in part] != [_key(item.name) for item in items[:count]]:
            return None
        rounds.append(Group("(", tuple(item.value for item in part), ")"))
    return rounds


def _plain_names(truth: Sequence[Item], answer: Sequence[Item]) -> bool:
    return all(isinstance(item.name, Symbol) and len(item.name.name) == 1 for item in (*truth, *answer))


def _key(name: Expr | None) -> str:
    if isinstance(name, Symbol):
        return name.name.lower().replace("{", "").replace("}", "")
    return repr(name)


def unordered(truth: Sequence[Expr], answer: Sequence[Expr], compare: Compare) -> Finding:
    """Match two lists of values one to one, in any order."""
    if len(truth) != len(answer) and min(len(truth), len(answer)) > 1:
        answer = _without_repeats(answer)
        truth = _without_repeats(truth)
    if len(truth) != len(answer):
        return Finding(False, "count", {"witness": {"values": [len(truth), len(answer)]}})
    keys = [[None if isinstance(value, Measure) else rational(value) for value in side] for side in (truth, answer)]
    if None not in keys[0] and None not in keys[1] and sorted(map(str, keys[0])) == sorted(map(str, keys[1])):
        return Finding(True, "set_of_rationals")
    left = list(answer)
    undecided: Finding | None = None
    for wanted in truth:
        match, unsure = _find(wanted, left, compare)
        if match is not None:
            left.pop(match)
        elif unsure is not None:
            undecided = unsure
        else:
            return Finding(False, "set_matching", {"witness": "a value of the ground truth has no match"})
    if undecided is not None:
        return Finding(None, "none", undecided.evidence)
    return Finding(True, "set_matching")


def _find(wanted: Expr, candidates: list[Expr], compare: Compare) -> tuple[int | None, Finding | None]:
    unsure: Finding | None = None
    for index, candidate in enumerate(candidates):
        found = compare(wanted, candidate)
        if found.equal:
            return index, None
        if found.equal is None:
            unsure = found
    return None, unsure


def _without_repeats(items: Sequence[Expr]) -> list[Expr]:
    return list(dict.fromkeys(items))


def interval_brackets(opening: str, closing: str) -> tuple[str, str]:
    """Return the ends a pair would have as an interval; vectors in angle brackets count as pairs."""
    return {"<": "(", "]": "("}.get(opening, opening), {">": ")", "[": ")"}.get(closing, closing)
