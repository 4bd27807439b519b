"""Sets in all their spellings: intervals, unions, conditions, set builders, named sets."""

from collections.abc import Callable

from reward_server.mathematics.comparing.agreeing import names_agree
from reward_server.mathematics.comparing.identity import NODE_BUDGET, Finding
from reward_server.mathematics.comparing.memberships import compare_memberships
from reward_server.mathematics.comparing.naming import is_name
from reward_server.mathematics.comparing.sequences import every, unordered
from reward_server.mathematics.comparing.solutions.conditions import CONDITIONS
from reward_server.mathematics.comparing.solutions.parameters import ORDERINGS, RESTRICTIONS
from reward_server.mathematics.comparing.solutions.realsets import NotARealSet, RealSet
from reward_server.mathematics.comparing.solutions.relations import compare_inequalities
from reward_server.mathematics.comparing.solutions.solving import enumerated, joins_what_excludes, real_set
from reward_server.mathematics.tree.nodes import (
    Apply,
    Expr,
    Group,
    Listing,
    NamedSet,
    Product,
    Quotient,
    Relation,
    SetBuilder,
    SetOf,
    SetOperation,
    Symbol,
)
from reward_server.mathematics.tree.walk import contains, free_symbols, substitute
from reward_server.mathematics.values.balls import Budget

_SETS = frozenset({SetOperation, NamedSet, SetBuilder})
_EQUATIONS = frozenset({"=", "~", "=mod"})
_MEMBERSHIPS = frozenset({("in",), ("notin",)})
_VARIABLE = Symbol("x'set")

Compare = Callable[[Expr, Expr], Finding]


def is_set(node: Expr) -> bool:
    """Tell whether a node can only be a set, or a condition that describes one."""
    kind = type(node)
    if kind in _SETS:
        return True
    if kind is Relation:
        operators = node.operators  # type: ignore[union-attr]
        return not CONDITIONS.isdisjoint(operators) and _EQUATIONS.isdisjoint(operators)
    if isinstance(node, Listing):
        return all(is_set(item) or _is_equation_in_one(item) for item in node.items) and any(map(is_set, node.items))
    return False


def _is_equation_in_one(node: Expr) -> bool:
    return (
        isinstance(node, Relation)
        and node.operators == ("=",)
        and len(free_symbols(node)) == 1
        and not contains(node, Apply)
    )


def unnamed(node: Expr) -> Expr:
    """Replace what a condition is about (`f(x)`, `AB`, `x`) by one variable, and drop `x ∈` before a set."""
    if isinstance(node, SetBuilder) and isinstance(node.condition, Relation) and node.condition.sides[0] == node.head:
        node = unnamed(node.condition) if node.condition.operators == ("in",) else node
    if isinstance(node, Relation):
        if node.operators == ("in",) and is_name(node.sides[0]) and not isinstance(node.sides[1], Symbol):
            return node.sides[1]
        if set(node.operators) <= ORDERINGS | {"=", "!="}:
            named = [side for side in node.sides if free_symbols(side)]
            if len(named) == 1 and isinstance(named[0], Symbol | Apply | Product | Quotient) and is_name(named[0]):
                return Relation(tuple(_VARIABLE if side is named[0] else side for side in node.sides), node.operators)
    names = free_symbols(node)
    if len(names) == 1 and isinstance(node, Relation | Listing | SetBuilder):
        return substitute(node, {next(iter(names)): _VARIABLE})
    return node


def compare_sets(truth: Expr, answer: Expr, compare: Compare) -> Finding:
    """Compare two sets as sets of real numbers where both are, else by their form."""
    names = _subject(truth), _subject(answer)
    if _are_others(*names):
        return Finding(False, "names", {"witness": list(names)})
    subjects = _named_subject(truth), _named_subject(answer)
    alike = None not in subjects and isinstance(subjects[0], Apply) == isinstance(subjects[1], Apply)
    if alike and not (names_agree(*subjects) or _is_called(*subjects) or _is_called(*subjects[::-1])):
        return Finding(False, "names", {"witness": "other quantities"})
    asked, given = _about_more(truth), _about_more(answer)
    if given is not None and (asked is None or asked.operators != given.operators):
        return Finding(False, "unsolved", {"witness": "what was to be solved"})
    if asked is not None and given is not None and asked.sides[0] == given.sides[0]:
        answer = given.sides[1]
    if asked is not None and not isinstance(answer, Relation):
        truth = asked.sides[1]
    truth, answer = unnamed(truth), unnamed(answer)
    in_letters = compare_memberships(truth, answer)
    if in_letters is not None:
        return in_letters
    truth, answer = enumerated(_finite(truth)), enumerated(_finite(answer))
    try:
        first = real_set(truth)
    except NotARealSet:
        return _by_form(truth, answer, compare)
    try:
        second = real_set(answer)
    except NotARealSet:
        return _mismatch(answer)
    if joins_what_excludes(answer) and not (isinstance(truth, Listing) and truth.word != "or"):
        return Finding(False, "conjunction", {"witness": "nothing fulfils all conditions of the answer"})
    if len(first.ends) != len(second.ends) or (first.points, first.gaps) != (second.points, second.gaps):
        return Finding(False, "real_sets", {"witness": [_shown(first), _shown(second)]})
    found = every([compare(a, b) for a, b in zip(first.ends, second.ends, strict=True)])
    return Finding(found.equal, "real_sets", found.evidence)


def _named_subject(node: Expr) -> Expr | None:
    """Return the quantity that a single condition is about: `x_1`, `AB`, `b/a`, `f'(x)`."""
    if not isinstance(node, Relation) or not set(node.operators) <= ORDERINGS | {"in", "notin", "!="}:
        return None
    open_sides = [side for side in node.sides if free_symbols(side)][:2]
    return open_sides[0] if len(open_sides) == 1 and is_name(open_sides[0]) else None


def _is_called(long: Expr | None, letter: Expr | None) -> bool:
    """Tell whether a letter may stand for a longer name that begins with it: p for `P(A)`."""
    if not (isinstance(long, Product) and isinstance(letter, Symbol) and isinstance(long.factors[0], Symbol)):
        return False
    return long.factors[0].name.lower() == letter.name.lower()


def _about_more(node: Expr) -> Relation | None:
    """Return a membership that is about an expression and not about an unknown: `x + 1 ∈ (1, 2)`."""
    if isinstance(node, Relation) and node.operators in _MEMBERSHIPS and not is_name(node.sides[0]):
        return node
    return None


def _finite(node: Expr) -> Expr:
    """Read a bare list of values as the set of them."""
    return (
        SetOf(node.items)
        if isinstance(node, Listing) and not any(isinstance(i, Relation) for i in node.items)
        else node
    )


def _subject(node: Expr) -> str | None:
    """Return what a single inequality or membership is about: a letter, or a function as `f()`."""
    if not isinstance(node, Relation):
        return None
    if node.operators == ("in",):
        name = node.sides[0]
        return name.name.lower() if isinstance(name, Symbol) else f"{name.name}()" if isinstance(name, Apply) else None
    if set(node.operators) <= RESTRICTIONS:
        letters = free_symbols(node)
        return next(iter(letters)).lower() if len(letters) == 1 and not contains(node, Apply) else None
    return None


def _are_others(one: str | None, other: str | None) -> bool:
    """Tell whether two subjects are different ones; longer names are left open.

    `f` and `f(x)` are one subject, and `y` may be any function.
    """
    if one is None or other is None or one == other:
        return False
    names = one.removesuffix("()"), other.removesuffix("()")
    calls = one.endswith("()"), other.endswith("()")
    if any(len(name) > 1 for name in names):
        return all(calls)
    if any(calls) and "y" in names:
        return False
    return names[0] != names[1] if all(calls) else names[0].lower() != names[1].lower()


def _mismatch(answer: Expr) -> Finding:
    if isinstance(answer, Relation | Listing | SetBuilder | SetOperation | Group) and free_symbols(answer):
        return Finding(None, "none", {"reason": "a condition that was not solved"})
    return Finding(False, "kind", {"witness": "a set of numbers and something else"})


def _shown(found: RealSet) -> dict[str, object]:
    return {"ends": len(found.ends), "points": list(found.points), "gaps": list(found.gaps)}


def _by_form(truth: Expr, answer: Expr, compare: Compare) -> Finding:
    """Compare sets that are not unions of real intervals by how they are written."""
    if isinstance(truth, NamedSet) or isinstance(answer, NamedSet):
        return Finding(truth == answer, "named_set")
    if isinstance(truth, SetOperation) and isinstance(answer, SetOperation) and truth.operator == answer.operator:
        if truth.operator == "difference":
            return _undecided_unless_equal(
                every([compare(a, b) for a, b in zip(truth.arguments, answer.arguments, strict=False)])
            )
        return _undecided_unless_equal(unordered(truth.arguments, answer.arguments, compare))
    if isinstance(truth, SetBuilder) and isinstance(answer, SetBuilder):
        return _builders(truth, answer, compare)
    if isinstance(truth, Relation) and isinstance(answer, Relation):
        if set(truth.operators) <= ORDERINGS and set(answer.operators) <= ORDERINGS:
            return compare_inequalities(truth, answer, Budget(NODE_BUDGET))
        if truth.operators == answer.operators and len(truth.sides) == len(answer.sides):
            return _undecided_unless_equal(
                every([compare(a, b) for a, b in zip(truth.sides, answer.sides, strict=True)])
            )
    truth, answer = _apart(truth, answer), _apart(answer, truth)
    if isinstance(truth, Listing) and isinstance(answer, Listing) and (truth.word == "or") != (answer.word == "or"):
        return Finding(False, "conjunction", {"witness": "conditions joined by or, and by and"})
    if isinstance(truth, Listing) and isinstance(answer, Listing) and len(truth.items) == len(answer.items):
        return _undecided_unless_equal(unordered(truth.items, answer.items, compare))
    chain = _chain_of_interval(truth, answer) or _chain_of_interval(answer, truth)
    if chain is not None:
        return compare(*chain) if chain[0] is truth or chain[0] == truth else compare(chain[1], chain[0])
    return Finding(None, "none", {"reason": "sets of no common form"})


def _apart(node: Expr, other: Expr) -> Expr:
    """Write `a < b < c` as `a < b, b < c` where the other side is such a list."""
    if not (isinstance(node, Relation) and isinstance(other, Listing) and set(node.operators) <= ORDERINGS):
        return node
    steps = zip(node.sides, node.operators, node.sides[1:], strict=False)
    return Listing(tuple(Relation((left, right), (sign,)) for left, sign, right in steps), ",")


def _chain_of_interval(relation: Expr, interval: Expr) -> tuple[Expr, Expr] | None:
    """Write `a < x < b`, with letters in its ends, as the interval it is, beside the other side."""
    if not (isinstance(relation, Relation) and isinstance(interval, Group) and len(interval.items) == 2):
        return None
    operators, sides = relation.operators, relation.sides
    if len(sides) != 3 or not set(operators) <= ORDERINGS:
        return None
    if operators[0] in {">", ">="}:
        operators = tuple(operator.translate(str.maketrans("<>", "><")) for operator in reversed(operators))
        sides = sides[::-1]
    if not set(operators) <= {"<", "<="}:
        return None
    written = Group("[" if operators[0] == "<=" else "(", (sides[0], sides[2]), "]" if operators[1] == "<=" else ")")
    return written, interval


def _undecided_unless_equal(found: Finding) -> Finding:
    return found if found.equal else Finding(None, "none", {"reason": "sets written differently", **found.evidence})


def _letters(head: Expr) -> list[Symbol]:
    items = head.items if isinstance(head, Group) else (head,)
    return [item for item in items if isinstance(item, Symbol)] if all(isinstance(i, Symbol) for i in items) else []


def _builders(truth: SetBuilder, answer: SetBuilder, compare: Compare) -> Finding:
    heads = _letters(truth.head), _letters(answer.head)
    if heads[0] and heads[1] and len(heads[0]) == len(heads[1]):
        renamed: dict[str, Expr] = {b.name: a for a, b in zip(*heads, strict=True)}
        answer = SetBuilder(truth.head, substitute(answer.condition, renamed))
    found = every([compare(truth.head, answer.head), compare(truth.condition, answer.condition)])
    return _undecided_unless_equal(found)
