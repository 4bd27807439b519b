"""Arguments and names that two sides call otherwise: `f(m) = 2m` is `f(n) = 2n`, `(y, x) = (2, 1)` is `x = 1, y = 2`.

The argument of a function that an equation defines is bound there, and may have any name that is free: where it is one
of the usual letters, or the value depends on it on both sides. `f(a) = 3` and `f(b) = 3` are values at two points, and
`P(A)`, `P(B)` are two probabilities. A letter that is bound may not take the name of a free one.
"""

from itertools import permutations

from reward_server.mathematics.comparing.agreeing import PLAIN_ARGUMENTS, names_agree
from reward_server.mathematics.tree.nodes import Apply, Expr, Group, Listing, Relation, Symbol
from reward_server.mathematics.tree.walk import free_symbols, substitute

_EQUAL = frozenset({"=", "~"})
_MAX_NAMES = 4


def with_names_of(truth: Expr, answer: Expr) -> Expr | None:
    """Return the answer with its arguments and names as the ground truth has them; None where they are others."""
    if not isinstance(truth, Relation | Listing) or not isinstance(answer, Relation | Listing):
        return answer
    renamed = _with_arguments_of(truth, answer)
    return None if renamed is None else _in_order_of(truth, renamed)


def _with_arguments_of(truth: Expr, answer: Expr) -> Expr | None:
    """Return the answer with the arguments of its functions called as in the ground truth; None where they clash."""
    wanted = {name for item in _items(truth) for name in _arguments(item)}
    if len(wanted) != 1:
        return answer
    (target,) = wanted
    used = _used(answer), _used(truth)
    found = [set(_arguments(item)) for item in _items(answer)]
    all_names = set().union(*found)
    changed: list[Expr] = []
    for item, own in zip(_items(answer), found, strict=True):
        names = own or (all_names if len(all_names) == 1 else set())
        written = next(iter(names)) if len(names) == 1 else target
        if written == target or len(written) != len(target) or not _may_rename(written, target, *used):
            changed.append(item)
            continue
        if not (set(target) - set(written)).isdisjoint(free_symbols(item)):
            return None
        changed.append(substitute(item, {old: Symbol(new) for old, new in zip(written, target, strict=True)}))
    return Listing(tuple(changed), answer.word) if isinstance(answer, Listing) else changed[0]


def _may_rename(written: tuple[str, ...], target: tuple[str, ...], here: frozenset[str], there: frozenset[str]) -> bool:
    """Tell whether arguments that are called otherwise are bound on both sides."""
    if len(set(written)) < len(written) or len(set(target)) < len(target):
        return False
    if not all(name.islower() and "_" not in name for name in (*written, *target)):
        return False
    return all(
        old == new or {old, new} <= PLAIN_ARGUMENTS or (old in here and new in there)
        for old, new in zip(written, target, strict=True)
    )


def _items(node: Expr) -> tuple[Expr, ...]:
    return node.items if isinstance(node, Listing) else (node,)


def _heads(item: Expr) -> tuple[Expr, ...]:
    """Return what an equation defines: the functions on its first side."""
    if not isinstance(item, Relation) or item.operators[0] not in _EQUAL:
        return ()
    first = item.sides[0]
    return first.items if isinstance(first, Group) else (first,)


def _arguments(item: Expr) -> list[tuple[str, ...]]:
    """Return the letters that stand as arguments in an equation's heads."""
    return [
        tuple(argument.name for argument in head.arguments if isinstance(argument, Symbol))
        for head in _heads(item)
        if isinstance(head, Apply) and all(isinstance(argument, Symbol) for argument in head.arguments)
    ]


def _used(node: Expr) -> frozenset[str]:
    """Return the letters on which what is defined depends."""
    related = [item for item in _items(node) if isinstance(item, Relation)]
    values = [side for item in related for side in item.sides[bool(_heads(item)) :]]
    return frozenset().union(*map(free_symbols, values))


def _in_order_of(truth: Expr, answer: Expr) -> Expr | None:
    """Return an answer `(y, x) = (2, 1)` in the order of the ground truth's names; None where the names are others."""
    names = _named_tuple(answer)
    wanted = _named_tuple(truth) or _listed_names(truth)
    if names is None or wanted is None or not isinstance(answer, Relation):
        return answer
    if len(names) != len(wanted) or len(names) > _MAX_NAMES:
        return answer
    values = answer.sides[-1]
    assert isinstance(values, Group)
    for order in permutations(range(len(names))):
        if all(names_agree(wanted[place], names[index]) for place, index in enumerate(order)):
            if order == tuple(range(len(names))):
                return answer
            first, last = (tuple(items[index] for index in order) for items in (names, values.items))
            return Relation((Group("(", first, ")"), Group(values.opening, last, values.closing)), answer.operators)
    return None


def _named_tuple(node: Expr) -> tuple[Expr, ...] | None:
    """Return the names of `(x, y) = (1, 2)`."""
    if not isinstance(node, Relation) or len(node.sides) != 2 or node.operators[0] not in _EQUAL:
        return None
    first, last = node.sides
    if not isinstance(first, Group) or not isinstance(last, Group) or len(first.items) != len(last.items):
        return None
    return first.items if all(isinstance(item, Symbol | Apply) for item in first.items) else None


def _listed_names(node: Expr) -> tuple[Expr, ...] | None:
    """Return the names of `x = 1, y = 2`, each once."""
    if not isinstance(node, Listing) or node.word == "or":
        return None
    heads = [found[0] for found in map(_heads, node.items) if len(found) == 1]
    names = [head for head in heads if isinstance(head, Symbol | Apply)]
    return tuple(names) if len(names) == len(node.items) == len(set(map(repr, names))) else None
