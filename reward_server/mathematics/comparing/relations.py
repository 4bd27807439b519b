"""Equations, inequalities and names: `y = 2x + 1`, `x = 3` for `3`, `AB = 4`, `S_1 : S_2 = 7 : 32`."""

from flint import ctx, fmpq

from reward_server.mathematics.comparing.identity import Finding, points, same_function
from reward_server.mathematics.tree.nodes import (
    Apply,
    Call,
    Constant,
    Expr,
    Group,
    Negation,
    Number,
    Power,
    Product,
    Quotient,
    Ratio,
    Relation,
    Sum,
    Symbol,
)
from reward_server.mathematics.tree.walk import free_symbols, substitute
from reward_server.mathematics.values.balls import Balls, Budget, Undefined
from reward_server.mathematics.values.polynomials import proportional

_EQUAL = frozenset({"=", "~"})
_ORDERED = {"<": 1, "<=": 1, ">": -1, ">=": -1}
_ZERO = Number(fmpq(0))


def is_name(node: Expr) -> bool:
    """Tell whether a side of an equation only names what the other side gives."""
    if isinstance(node, Symbol):
        return True
    if isinstance(node, Constant):
        return node.name in {"e", "i"}
    if isinstance(node, Apply):
        return True
    if isinstance(node, Call):
        return node.name not in {"factorial", "binomial"} and all(is_name(item) for item in node.arguments)
    if isinstance(node, Product):
        return all(is_name(item) or isinstance(item, Group | Relation) for item in node.factors)
    if isinstance(node, Power):
        return isinstance(node.base, Symbol) and node.exponent == Number(fmpq(-1))
    if isinstance(node, Quotient):
        return is_name(node.numerator) and is_name(node.denominator)
    if isinstance(node, Sum):
        return all(map(is_name, node.terms)) and len(node.terms) <= 4
    if isinstance(node, Negation):
        return is_name(node.argument)
    if isinstance(node, Ratio | Group):
        return all(is_name(item) for item in node.items)
    return False


def named_value(node: Expr) -> tuple[Expr | None, Expr]:
    """Split `name = value`: the name, where one is written, and the value.

    In a chain the last exact side counts: `x = 5 + 2 = 7 ≈ 7.0` has the value 7. A chain of numbers that does not
    hold keeps its whole form.
    """
    if (
        not isinstance(node, Relation)
        or not set(node.operators) <= _EQUAL
        or len(node.sides) != len(node.operators) + 1
    ):
        if isinstance(node, Relation) and node.operators == ("in",) and is_name(node.sides[0]):
            return node.sides[0], node.sides[1]
        return None, node
    sides, operators = list(node.sides), list(node.operators)
    while len(operators) > 1 and operators[-1] == "~":
        operators.pop()
        sides.pop()
    if len(sides) == 2 and isinstance(sides[0], Sum | Negation) and sides[1] == _ZERO:
        return None, node
    if is_name(sides[0]) and not (len(sides) == 2 and is_name(sides[1]) and not isinstance(sides[1], Constant)):
        return sides[0], _last(sides[1:], operators[1:])
    if is_name(sides[-1]) and len(sides) == 2 and not free_symbols(sides[0]):
        return sides[1], sides[0]
    if is_name(sides[0]):
        return sides[0], sides[1]
    if not free_symbols(sides[0]):
        if operators == ["~"]:
            return None, sides[0]
        if not any(map(free_symbols, sides[1:])) and all(same_function(sides[0], side).equal for side in sides[1:]):
            return None, sides[-1]
    return None, node


def _last(sides: list[Expr], operators: list[str]) -> Expr:
    """Return the last side before the first approximation."""
    for index, operator in enumerate(operators):
        if operator == "~":
            return sides[index]
    return sides[-1]


def index_of(name: Expr | None) -> str | None:
    """Return the running index of a sequence's name: n in `a_n`."""
    if isinstance(name, Symbol) and len(name.name) == 3 and name.name[1] == "_" and name.name[2] in "ijklmnt":
        return name.name[2]
    return None


def names_conflict(left: Expr | None, right: Expr | None) -> bool:
    """Tell whether two names are different plain letters, such as `x` and `y`, or different expressions."""
    if left is None or right is None or isinstance(left, Apply) or isinstance(right, Apply):
        return False
    if isinstance(left, Product) and isinstance(right, Product):
        return not free_symbols(left) & free_symbols(right)
    if not isinstance(left, Symbol) and not isinstance(right, Symbol):
        return same_function(left, right).equal is False
    if not (isinstance(left, Symbol) and isinstance(right, Symbol)):
        return False
    first, second = left.name.lower(), right.name.lower()
    stem, _, index = first.partition("_")
    other_stem, _, other_index = second.partition("_")
    if index and other_index and stem == other_stem and index_of(left) is None:
        return index != other_index and not (index.isalpha() or other_index.isalpha())
    return first != second and len(first) == 1 and len(second) == 1


def compare_equations(truth: Relation, answer: Relation, budget: Budget) -> Finding:
    """Compare two equations by their solution sets: proportional differences, or one solves the other."""
    left = Sum((truth.sides[0], Negation(truth.sides[1])))
    right = Sum((answer.sides[0], Negation(answer.sides[1])))
    names = free_symbols(left) | free_symbols(right)
    if not names:
        return Finding(None, "none", {"reason": "equations without unknowns"})
    if free_symbols(left) != free_symbols(right):
        return Finding(False, "free_symbols", {"witness": sorted(free_symbols(left) ^ free_symbols(right))})
    exact = proportional(left, right, names)
    if exact:
        return Finding(True, "polynomial_normal_form")
    scaled = _constant_ratio(left, right, names, budget)
    if scaled:
        return Finding(True, "proportional_equations")
    for solved, other in ((truth, right), (answer, left)):
        found = _solves(solved, other, budget)
        if found:
            return Finding(True, "substitution")
    if exact is False or any(_refutes(*pair, budget) for pair in ((truth, right), (answer, left))):
        return Finding(False, "equations", {"witness": "a solution of one is none of the other"})
    return Finding(None, "none", {"reason": "equations of no common form"})


def _constant_ratio(left: Expr, right: Expr, names: frozenset[str], budget: Budget) -> bool | None:
    """Tell whether `left / right` is the same constant everywhere."""
    moved: dict[str, Expr] = {name: Symbol(name + "'moved") for name in names}
    product = Product((left, substitute(right, moved)))
    crossed = Product((substitute(left, moved), right))
    found = same_function(product, crossed, budget)
    if found.equal and same_function(right, _ZERO, budget).equal is not False:
        return None
    return found.equal


def _solves(solved: Relation, other: Expr, budget: Budget) -> bool:
    """Tell whether `other = 0`, linear in the unknown that `solved` gives, holds identically when it is put in."""
    for name, value in ((solved.sides[0], solved.sides[1]), (solved.sides[1], solved.sides[0])):
        if not isinstance(name, Symbol) or name.name in free_symbols(value):
            continue
        put_in = substitute(other, {name.name: value})
        if not same_function(put_in, _ZERO, budget).equal:
            continue
        steps = [substitute(other, {name.name: Sum((name, Number(fmpq(n))))}) for n in range(3)]
        bent = Sum((steps[0], steps[2], Product((Number(fmpq(-2)), steps[1]))))
        if same_function(bent, _ZERO, budget).equal and not same_function(other, _ZERO, budget).equal:
            return True
    return False


def _refutes(solved: Relation, other: Expr, budget: Budget) -> bool:
    """Tell whether points on `solved`, which gives one unknown by the others, are certainly not on `other = 0`."""
    for name, value in ((solved.sides[0], solved.sides[1]), (solved.sides[1], solved.sides[0])):
        if isinstance(name, Symbol) and name.name not in free_symbols(value):
            return same_function(substitute(other, {name.name: value}), _ZERO, budget).equal is False
    return False


def compare_inequalities(truth: Relation, answer: Relation, budget: Budget) -> Finding:
    """Compare two inequalities in several unknowns: the same up to a positive factor, or turned with a negative one."""
    if len(truth.operators) != len(answer.operators):
        return Finding(False, "inequality", {"reason": "chains of different length"})
    if len(truth.operators) > 1:
        return _compare_chains(truth, answer, budget)
    strict = [operator in {"<", ">"} for operator in (truth.operators[0], answer.operators[0])]
    left, right = (
        Product((Number(fmpq(_ORDERED[node.operators[0]])), Sum((node.sides[0], Negation(node.sides[1])))))
        for node in (truth, answer)
    )
    names = free_symbols(left) | free_symbols(right)
    if free_symbols(left) != free_symbols(right):
        return Finding(False, "free_symbols", {"witness": sorted(free_symbols(left) ^ free_symbols(right))})
    constant = _constant_ratio(left, right, names, budget)
    if constant is None:
        return Finding(None, "none", {"reason": "inequalities of no common form"})
    if not constant:
        return Finding(None if len(names) == 1 else False, "inequality", {"witness": "no constant ratio"})
    if strict[0] != strict[1]:
        return Finding(False, "inequality", {"witness": "strictness"})
    return Finding(_same_sign(left, right, names), "inequality")


def _compare_chains(truth: Relation, answer: Relation, budget: Budget) -> Finding:
    sides, operators = answer.sides, answer.operators
    if truth.operators != operators:
        sides = sides[::-1]
        operators = tuple(operator.translate(str.maketrans("<>", "><")) for operator in reversed(operators))
    if truth.operators != operators:
        return Finding(False, "inequality", {"witness": "other relation signs"})
    findings = [same_function(a, b, budget) for a, b in zip(truth.sides, sides, strict=True)]
    if all(found.equal for found in findings):
        return Finding(True, "inequality")
    return next(found for found in findings if not found.equal)


def _same_sign(left: Expr, right: Expr, names: frozenset[str]) -> bool | None:
    """Compare the signs at the first point where both sides have one."""
    for values in points(names, whole=False):
        with ctx.workprec(128):
            try:
                lifted = Balls({}, Budget(1000))
                lifted.values = {name: lifted.lift(value) for name, value in values.items()}
                product = lifted.value(left) * lifted.value(right)
            except Undefined:
                continue
        if product > 0:
            return True
        if product < 0:
            return False
    return None
