"""Trees as SymPy objects, built through constructors alone.

No string ever reaches SymPy's parsers: `Symbol` and `Rational` are given names and numbers that this package's own
parser read. What has no SymPy counterpart (words, dates, physical units, unknown functions, several signs at once)
raises `NotBuildable`. Series, integrals, limits and derivatives are built unevaluated; the caller decides when to spend
time on them.

This module imports SymPy, so only worker processes import it.
"""

from collections.abc import Callable

import sympy
from sympy import S

from reward_server.mathematics.tree import nodes
from reward_server.mathematics.tree.nodes import Expr
from reward_server.mathematics.tree.walk import free_symbols


class NotBuildable(Exception):  # noqa: N818 - a state of the tree, not a failure
    """The tree has no counterpart in SymPy."""


_CONSTANTS = {"pi": S.Pi, "e": S.Exp1, "i": S.ImaginaryUnit, "infinity": S.Infinity}
_INVERSES = (
    sympy.asin,
    sympy.acos,
    sympy.atan,
    sympy.acot,
    sympy.asec,
    sympy.acsc,
    sympy.asinh,
    sympy.acosh,
    sympy.atanh,
)
_SAME_NAME = (
    *(sympy.sin, sympy.cos, sympy.tan, sympy.cot, sympy.sec, sympy.csc),
    *(sympy.sinh, sympy.cosh, sympy.tanh, sympy.coth, sympy.sech, sympy.csch),
    *(sympy.exp, sympy.log, sympy.factorial, sympy.binomial, sympy.gamma, sympy.zeta),
    *(sympy.re, sympy.im, sympy.arg),
)


def _of_integers(name: str, function: Callable[..., int]) -> Callable[..., sympy.Basic]:
    """Return a divisor function of integers; SymPy's own takes letters for polynomials, of which `gcd(n, 12)` is 1.

    Of other arguments it stays without value, the same for the same ones in any order.
    """

    def build_call(*arguments: sympy.Expr) -> sympy.Basic:
        if all(argument.is_Integer for argument in arguments):
            return sympy.Integer(function(*arguments))
        return sympy.Function(name)(*sorted(arguments, key=sympy.default_sort_key))

    return build_call


_FUNCTIONS: dict[str, Callable[..., sympy.Basic]] = {
    **{function.__name__: function for function in _SAME_NAME},
    **{f"arc{function.__name__[1:]}": function for function in _INVERSES},
    "gcd": _of_integers("gcd", sympy.igcd),
    "lcm": _of_integers("lcm", sympy.ilcm),
    "abs": sympy.Abs,
    "floor": sympy.floor,
    "ceil": sympy.ceiling,
    "sgn": sympy.sign,
    "max": sympy.Max,
    "min": sympy.Min,
    "double_factorial": sympy.factorial2,
    "conj": sympy.conjugate,
    "mod": sympy.Mod,
    "ln": sympy.log,
}
_SETS = {"R": S.Reals, "Q": S.Rationals, "Z": S.Integers, "N": S.Naturals0, "C": S.Complexes, "Z+": S.Naturals}
_INEQUALITIES = {"<": sympy.StrictLessThan, "<=": sympy.LessThan, ">": sympy.StrictGreaterThan, ">=": sympy.GreaterThan}


def rational(number: nodes.Number) -> sympy.Rational:
    """Return the exact value of a numeral."""
    return sympy.Rational(int(number.value.p), int(number.value.q))


def build(tree: Expr) -> sympy.Expr:
    """Return a scalar tree as a SymPy expression.

    Raises:
        NotBuildable: the tree is not a scalar, or has no counterpart.
    """
    builder = _BUILDERS.get(type(tree))
    if builder is None:
        raise NotBuildable(type(tree).__name__)
    return builder(tree)


def _each(trees: tuple[Expr, ...]) -> list[sympy.Expr]:
    return [build(tree) for tree in trees]


def _constant(tree: nodes.Constant) -> sympy.Expr:
    if tree.name not in _CONSTANTS:
        raise NotBuildable(tree.name)
    return _CONSTANTS[tree.name]


def _root(tree: nodes.Root) -> sympy.Expr:
    radicand, index = build(tree.radicand), build(tree.index)
    if index.is_Integer and int(index) % 2 and radicand.is_number and radicand.is_negative:
        return -sympy.Pow(-radicand, 1 / index)
    return sympy.Pow(radicand, 1 / index)


def _call(tree: nodes.Call) -> sympy.Expr:
    arguments = _each(tree.arguments)
    if tree.name == "permutations" and len(arguments) == 2:
        return sympy.ff(*arguments)
    function = _FUNCTIONS.get(tree.name)
    if function is None:
        raise NotBuildable(tree.name)
    return function(*arguments)


def _measure(tree: nodes.Measure) -> sympy.Expr:
    if tree.unit.dimension or tree.unit.offset:
        raise NotBuildable(tree.unit.name)
    scale = sympy.Rational(int(tree.unit.scale.p), int(tree.unit.scale.q))
    return build(tree.value) * scale * sympy.pi**tree.unit.pi_power


def _series(tree: nodes.Series) -> sympy.Expr:
    variable, body = sympy.Symbol(tree.variable), build(tree.body)
    lower = build(tree.lower) if tree.lower is not None else None
    upper = build(tree.upper) if tree.upper is not None else None
    if tree.kind == "limit" and lower is not None:
        return sympy.Limit(body, variable, lower, "+-" if lower.is_finite else "-")
    if tree.kind == "integral" and (lower is None) == (upper is None):
        return sympy.Integral(body, variable if lower is None else (variable, lower, upper))
    if tree.kind in ("sum", "product") and lower is not None and upper is not None:
        return (sympy.Sum if tree.kind == "sum" else sympy.Product)(body, (variable, lower, upper))
    raise NotBuildable(tree.kind)


def _grouped(tree: nodes.SetOf) -> sympy.Expr:
    """Read braces around one expression, inside another, as brackets."""
    if len(tree.items) != 1:
        raise NotBuildable("a set inside an expression")
    return build(tree.items[0])


def _based(tree: nodes.BasedInteger) -> sympy.Expr:
    return sympy.Integer(int(tree.digits, tree.base))


_BUILDERS: dict[type, Callable[..., sympy.Expr]] = {
    nodes.Number: rational,
    nodes.BasedInteger: _based,
    nodes.Constant: _constant,
    nodes.Symbol: lambda tree: sympy.Symbol(tree.name),
    nodes.Sum: lambda tree: sympy.Add(*_each(tree.terms)),
    nodes.Product: lambda tree: sympy.Mul(*_each(tree.factors)),
    nodes.Quotient: lambda tree: build(tree.numerator) / build(tree.denominator),
    nodes.Negation: lambda tree: -build(tree.argument),
    nodes.Power: lambda tree: sympy.Pow(build(tree.base), build(tree.exponent)),
    nodes.Root: _root,
    nodes.Call: _call,
    nodes.Percent: lambda tree: build(tree.argument) / 100,
    nodes.Measure: _measure,
    nodes.Series: _series,
    nodes.SetOf: _grouped,
    nodes.Derivative: lambda tree: sympy.Derivative(build(tree.body), (sympy.Symbol(tree.variable), tree.order)),
}


def build_set(tree: Expr) -> sympy.Set:
    """Return a set of real numbers: an interval, a set, or the solutions of an inequality in one unknown.

    Raises:
        NotBuildable: the tree describes no such set.
    """
    if isinstance(tree, nodes.Group) and len(tree.items) == 2 and tree.opening in "([" and tree.closing in ")]":
        lower, upper = _each(tree.items)
        return sympy.Interval(lower, upper, tree.opening == "(", tree.closing == ")")
    if isinstance(tree, nodes.SetOf):
        return sympy.FiniteSet(*_each(tree.items))
    if isinstance(tree, nodes.NamedSet) and tree.name in _SETS:
        return _SETS[tree.name]
    if isinstance(tree, nodes.SetOperation):
        first, *others = [build_set(argument) for argument in tree.arguments]
        for other in others:
            first = {"union": first.union, "intersection": first.intersect, "difference": first.__sub__}[tree.operator](
                other
            )
        return first
    if isinstance(tree, nodes.SetBuilder):
        return _described(tree)
    if isinstance(tree, nodes.Relation):
        return _solutions(tree)
    raise NotBuildable(type(tree).__name__)


def _described(tree: nodes.SetBuilder) -> sympy.Set:
    """Build the set of the values of one letter that a condition holds for; any other head makes another set."""
    head = tree.head
    within: sympy.Set | None = None
    if isinstance(head, nodes.Relation) and head.operators == ("in",):
        within = build_set(head.sides[1])
        head = head.sides[0]
    if not isinstance(head, nodes.Symbol) or free_symbols(tree.condition) - {head.name}:
        raise NotBuildable("a set of expressions")
    found = build_set(tree.condition)
    return found if within is None else sympy.Intersection(found, within)


def _solutions(tree: nodes.Relation) -> sympy.Set:
    if tree.operators == ("in",):
        if not isinstance(tree.sides[0], nodes.Symbol | nodes.Apply):
            raise NotBuildable("a membership of an expression")
        return build_set(tree.sides[1])
    solutions: sympy.Set = S.Reals
    sides = _each(tree.sides)
    unknowns = set().union(*(side.free_symbols for side in sides))
    if len(unknowns) != 1 or len(sides) != len(tree.operators) + 1:
        raise NotBuildable("a relation in several unknowns")
    unknown = next(iter(unknowns))
    real = sympy.Dummy("x", real=True)
    for left, operator, right in zip(sides, tree.operators, sides[1:], strict=False):
        left, right = left.subs(unknown, real), right.subs(unknown, real)  # noqa: PLW2901
        if operator in _INEQUALITIES:
            part = sympy.solveset(_INEQUALITIES[operator](left, right), real, S.Reals)
        elif operator in ("=", "!="):
            part = sympy.solveset(left - right, real, S.Reals)
            part = part if operator == "=" else S.Reals - part
        else:
            raise NotBuildable(operator)
        solutions = solutions.intersect(part)
    return solutions
