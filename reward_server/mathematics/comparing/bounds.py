"""What may stay undecided: nobody can make a verdict null by what they write.

`undecided` is for a comparison that an honest, short answer could need. A ground truth whose value can be computed
settles it: an answer that cannot be computed in the same budget is not an answer to it. Against any other ground truth
an answer must be of its kind, in no more letters, of no more operations and not much longer. All else that was not
decided is wrong, by the method `beyond_bounds`.
"""

from flint import ctx

from reward_server.mathematics.comparing.identity import ball_of, value_at
from reward_server.mathematics.comparing.places import points
from reward_server.mathematics.comparing.solutions.families import as_family
from reward_server.mathematics.comparing.solutions.realsets import NotARealSet
from reward_server.mathematics.comparing.solutions.sets import is_set
from reward_server.mathematics.comparing.solutions.solving import real_set
from reward_server.mathematics.tree.nodes import (
    Apply,
    Derivative,
    Dots,
    Expr,
    Group,
    Listing,
    Matrix,
    NamedSet,
    Piecewise,
    PlusMinus,
    Ratio,
    Relation,
    Series,
    SetBuilder,
    SetOf,
    SetOperation,
    Words,
)
from reward_server.mathematics.tree.walk import free_symbols, nodes
from reward_server.mathematics.values.balls import Budget, Undefined
from reward_server.mathematics.values.exact import rational

_LONGER, _CHARACTERS = 3, 60
_LARGER, _NODES = 3, 20
_EVALUATIONS = 600
_HARD = (Apply, Derivative, Dots, NamedSet, Piecewise, PlusMinus, Series, SetBuilder, SetOperation)
_MANY = (Group, Listing, Matrix, SetOf)


def is_short(truth: str, answer: str, *others: str) -> bool:
    """Tell whether an answer is not much longer than a ground truth, of several parts where more are given."""
    return len(answer) <= _LONGER * sum(map(len, (truth, *others))) + _CHARACTERS


def is_comparable(truth: Expr, answer: Expr) -> bool:
    """Tell whether two trees are of one kind and the answer has no more unknowns, so that more work may decide them."""
    if isinstance(truth, Words):
        return True
    return _kind(truth) == _kind(answer) and len(free_symbols(answer)) <= len(free_symbols(truth))


def may_stay_open(truth: Expr, answer: Expr) -> bool:
    """Tell whether an answer that was not decided may be an honest one."""
    if isinstance(truth, Words):
        return True
    if not is_comparable(truth, answer) or _has_value(truth):
        return False
    parts, others = nodes(truth), nodes(answer)
    if len(others) > _LARGER * len(parts) + _NODES:
        return False
    known = {type(part) for part in parts}
    return all(type(other) in known for other in others if isinstance(other, _HARD))


def _kind(node: Expr) -> str:
    if is_set(node) or isinstance(node, Relation | SetOf):
        return "statement"
    if isinstance(node, Listing):
        return "statement" if any(isinstance(item, Relation) for item in node.items) else "many"
    if isinstance(node, Group) and len(node.items) == 2:
        return "statement" if node.opening != "(" or node.closing != ")" else "many"
    return "many" if isinstance(node, _MANY) else "ratio" if isinstance(node, Ratio) else "scalar"


def _has_value(node: Expr) -> bool:
    """Tell whether a ground truth is a number, a function with a value at some point, a family or a solved set."""
    if as_family(node) is not None:
        return True
    names = free_symbols(node)
    if _kind(node) == "statement":
        try:
            real_set(node)
        except NotARealSet:
            return False
        return True
    if isinstance(node, _MANY):
        return False
    budget = Budget(_EVALUATIONS)
    if not names:
        if rational(node) is not None:
            return True
        try:
            ball_of(node, 64, budget, complex_mode=True)
        except Undefined:
            return False
        return True
    with ctx.workprec(64):
        return any(
            value_at(node, values, budget, complex_mode=True) is not None for values in points(names, whole=False)
        )
