"""Deciding equality with SymPy: scalars, sets, equations, families with an integer parameter, lists of these.

Three-valued like tier 0. "Equal" needs a symbolic proof (a difference simplified to 0, an empty symmetric difference,
equal square-free parts). "Different" needs a witness: a number or a point at which the two values clearly differ. All
else is undecided. The caller runs this under a CPU budget; nothing here looks at a clock.

This module imports SymPy, so only worker processes import it.
"""

import sympy
from sympy import S
from sympy.core.cache import clear_cache

from reward_server.mathematics.comparison import Comparison
from reward_server.mathematics.symbolic.objects import NotBuildable, build, build_set, rational
from reward_server.mathematics.tree import nodes, walk
from reward_server.mathematics.tree.nodes import Expr

_CLEARLY = sympy.Float("1e-9", 30)
_DIGITS = 30
_SIGNIFICANT_DIGITS = 6
"""As in the default `MathOptions`; other tolerances are not sent to this tier."""
_POINTS = (sympy.Rational(37, 53), sympy.Rational(113, 71), sympy.Rational(29, 97), sympy.Rational(211, 89))
_PARAMETERS = ("k", "n", "m", "l", "K", "N")
_MAX_RESIDUES = 256
_SCALARS = (
    nodes.Number | nodes.BasedInteger | nodes.Constant | nodes.Symbol | nodes.Sum | nodes.Product | nodes.Quotient
    | nodes.Negation | nodes.Power | nodes.Root | nodes.Call | nodes.Percent | nodes.Measure | nodes.Series
    | nodes.Derivative
)  # fmt: skip
_FAILURES = (ArithmeticError, AttributeError, AssertionError, LookupError, NotImplementedError, TypeError, ValueError,
             RecursionError, NotBuildable, sympy.SympifyError, sympy.PolynomialError)  # fmt: skip
"""What SymPy raises on input it cannot treat; it has no root of its own for these."""


def compare_trees(truth: Expr, answer: Expr) -> Comparison:
    """Compare a ground truth with an answer; undecided where SymPy gives up."""
    try:
        return _compare(*_defined(truth, answer))
    except _FAILURES as failure:
        return _undecided(f"{type(failure).__name__}: {failure}"[:200])
    finally:
        clear_cache()


def _defined(truth: Expr, answer: Expr) -> tuple[Expr, Expr]:
    """Return what two definitions of one name define (`D = (0, 1)`), or a definition and a bare value."""
    sides = [
        tree.sides if isinstance(tree, nodes.Relation) and tree.operators == ("=",) else (None, tree)
        for tree in (truth, answer)
    ]
    named = [left is None or isinstance(left, nodes.Symbol | nodes.Apply) for left, _ in sides]
    names = {left.name for left, _ in sides if isinstance(left, nodes.Symbol | nodes.Apply)}
    return (sides[0][1], sides[1][1]) if all(named) and len(names) == 1 else (truth, answer)


def _undecided(reason: str) -> Comparison:
    return Comparison(equal=None, method="sympy", evidence={"reason": reason})


def _compare(truth: Expr, answer: Expr) -> Comparison:
    family = _families(truth), _families(answer)
    if isinstance(truth, nodes.Relation) and isinstance(answer, nodes.Relation) and _signs(truth) != _signs(answer):
        return _undecided("sets or limits that only one side has")
    if family[0] and family[1]:
        return _same_families(family[0], family[1])
    for rounded, other in ((truth, answer), (answer, truth)):
        if isinstance(rounded, nodes.Number) and rounded.places is not None and isinstance(other, _SCALARS):
            return _rounds_to(build(other).doit(), rounded, stated=rounded is truth)
    if isinstance(truth, _SCALARS) and isinstance(answer, _SCALARS):
        return _same_scalar(build(truth), build(answer))
    if isinstance(truth, nodes.Group) and isinstance(answer, nodes.Group) and not _is_interval(truth):
        return _in_order(truth.items, answer.items)
    if isinstance(truth, nodes.Matrix) and isinstance(answer, nodes.Matrix):
        rows = [tuple(entry for row in matrix.rows for entry in row) for matrix in (truth, answer)]
        same_shape = [len(row) for row in truth.rows] == [len(row) for row in answer.rows]
        return _in_order(*rows) if same_shape else Comparison(equal=False, method="sympy_shape")
    if isinstance(truth, nodes.Relation) and isinstance(answer, nodes.Relation) and _are_equations(truth, answer):
        return _same_equation(truth, answer)
    for scalar, other in ((truth, answer), (answer, truth)):
        if isinstance(scalar, _SCALARS) and isinstance(other, nodes.Relation | nodes.SetOf | nodes.SetBuilder):
            return _same_set(sympy.FiniteSet(build(scalar)), build_set(other))
    return _same_set(build_set(truth), build_set(answer))


def _rounds_to(value: sympy.Expr, rounded: nodes.Number, *, stated: bool) -> Comparison:
    """Compare a value with a decimal: as a ground truth it is exact, as an answer it needs `_SIGNIFICANT_DIGITS`."""
    number = value.evalf(_DIGITS)
    if not (number.is_number and number.is_finite and number.is_real):
        return _undecided("no real number to round")
    half_a_place = sympy.Rational(1, 2 * 10 ** (rounded.places or 0)) if not stated else sympy.Integer(0)
    exact = rational(rounded)
    digits = len(str(abs(exact.p) * 10 ** (rounded.places or 0) // exact.q).lstrip("0"))
    close = bool(abs(number - exact) <= half_a_place + _CLEARLY * max(half_a_place, abs(exact)))
    enough = stated or digits >= _SIGNIFICANT_DIGITS
    return Comparison(equal=close and enough, method="sympy_rounding", evidence={"value": str(number)[:20]})


def _is_interval(tree: nodes.Group) -> bool:
    return len(tree.items) == 2 and (tree.opening, tree.closing) != ("(", ")")


def _signs(tree: nodes.Relation) -> list[object]:
    """Return what SymPy would evaluate away in an equation: sets, their operations, and where limits are taken."""
    found: list[object] = []
    for node in walk.nodes(tree):
        if isinstance(node, nodes.SetOperation):
            found.append(node.operator)
        elif isinstance(node, nodes.Series):
            found.append((node.kind, node.lower, node.upper))
        elif isinstance(node, nodes.SetOf):
            found.append(len(node.items))
    return sorted(found, key=repr)


def _are_equations(*trees: nodes.Relation) -> bool:
    return all(tree.operators == ("=",) for tree in trees)


def _in_order(left: tuple[Expr, ...], right: tuple[Expr, ...]) -> Comparison:
    if len(left) != len(right):
        return Comparison(equal=False, method="sympy_shape")
    found = [_compare(one, other) for one, other in zip(left, right, strict=True)]
    for comparison in found:
        if comparison.equal is False:
            return comparison
    return next((one for one in found if one.equal is None), Comparison(equal=True, method="sympy_elements"))


def _same_scalar(left: sympy.Expr, right: sympy.Expr) -> Comparison:
    left, right = left.doit(), right.doit()
    if (left in _UNDEFINED) != (right in _UNDEFINED) and (left.is_finite or right.is_finite):
        return Comparison(equal=False, method="sympy_undefined")
    difference = left - right
    if difference == 0 or sympy.simplify(difference) == 0:
        return Comparison(equal=True, method="sympy_simplify")
    symbols = sorted(difference.free_symbols, key=str)
    for shift in range(3):
        point = {symbol: _POINTS[(index + shift) % len(_POINTS)] + shift for index, symbol in enumerate(symbols)}
        values = [side.subs(point).evalf(_DIGITS) for side in (left, right)]
        if all(value.is_number and value.is_finite and not value.has(*_UNEVALUATED) for value in values):
            gap = abs(values[0] - values[1])
            if gap > _CLEARLY * max(1, abs(values[0])):
                at = {str(symbol): str(value) for symbol, value in point.items()}
                return Comparison(equal=False, method="sympy_witness", evidence={"at": at, "gap": str(gap)[:20]})
    if difference.equals(0):
        return Comparison(equal=True, method="sympy_equals")
    return _undecided("neither proved equal nor seen to differ")


_UNDEFINED = (S.NaN, S.ComplexInfinity)
_UNEVALUATED = (sympy.Integral, sympy.Sum, sympy.Product, sympy.Limit, sympy.Derivative, S.NaN, S.ComplexInfinity)


def _same_set(left: sympy.Set, right: sympy.Set) -> Comparison:
    if left == right:
        return Comparison(equal=True, method="sympy_set")
    if {left.is_finite_set, right.is_finite_set} == {True, False}:
        return Comparison(equal=False, method="sympy_set", evidence={"only_in_one": "infinitely many"})
    rest = left.symmetric_difference(right)
    if rest is S.EmptySet:
        return Comparison(equal=True, method="sympy_set")
    if isinstance(rest, sympy.FiniteSet | sympy.Interval) or (isinstance(rest, sympy.Union) and rest.measure != 0):
        return Comparison(equal=False, method="sympy_set", evidence={"only_in_one": str(rest)[:100]})
    return _undecided("the sets could not be compared")


def _same_equation(truth: nodes.Relation, answer: nodes.Relation) -> Comparison:
    """Compare the curves of two equations: equal up to factors and powers, and to rational form where they have one."""
    left, right = (build(tree.sides[0]).doit() - build(tree.sides[1]).doit() for tree in (truth, answer))
    quotient = sympy.simplify(left / right)
    if quotient.is_number and quotient.is_finite and quotient != 0:
        return Comparison(equal=True, method="sympy_equation")
    parts = []
    for side in (left, right):
        numerator = sympy.numer(sympy.together(side))
        symbols = sorted(numerator.free_symbols, key=str)
        if not symbols or not numerator.is_polynomial(*symbols):
            return _undecided("an equation that is not polynomial")
        factors = sympy.factor_list(numerator, *symbols)[1]
        parts.append({sympy.Poly(factor, *symbols).monic().as_expr() for factor, _ in factors})
    same = parts[0] == parts[1]
    return Comparison(equal=same, method="sympy_equation", evidence={} if same else {"factors": str(parts)[:200]})


def _families(tree: Expr) -> list[tuple[sympy.Expr, sympy.Expr]]:
    """Return (offset, period) of each member if the tree lists families such as `π/4 + kπ`; empty otherwise."""
    items = tree.items if isinstance(tree, nodes.Listing | nodes.SetOf) else (tree,)
    found = []
    for item in items:
        if isinstance(item, nodes.Relation) and item.operators == ("in",) and isinstance(item.sides[0], nodes.Symbol):
            continue
        value = item.sides[-1] if isinstance(item, nodes.Relation) and item.operators == ("=",) else item
        if not isinstance(value, _SCALARS):
            return []
        expression = build(value)
        parameters = [symbol for symbol in expression.free_symbols if symbol.name in _PARAMETERS]
        if len(parameters) != 1 or len(expression.free_symbols) != 1:
            return []
        period = sympy.expand(expression).coeff(parameters[0], 1)
        offset = sympy.expand(expression - period * parameters[0])
        if period == 0 or offset.free_symbols or period.free_symbols:
            return []
        found.append((offset, period))
    return found


def _same_families(left: list[tuple[sympy.Expr, sympy.Expr]], right: list[tuple[sympy.Expr, sympy.Expr]]) -> Comparison:
    """Compare unions of arithmetic progressions by their residues modulo the common period."""
    unit = left[0][1]
    periods = [sympy.simplify(period / unit) for _, period in (*left, *right)]
    if not all(period.is_Rational for period in periods):
        return _undecided("the periods have no common measure")
    common = sympy.Rational(
        sympy.ilcm(*(abs(period.p) for period in periods)), sympy.igcd(*(period.q for period in periods))
    )
    residues = []
    for families in (left, right):
        found: set[sympy.Expr] = set()
        for offset, period in families:
            step = abs(sympy.simplify(period / unit))
            if common / step > _MAX_RESIDUES:
                return _undecided("too many residues")
            start = sympy.simplify(offset / unit)
            found |= {sympy.Mod(sympy.simplify(start + step * index), common) for index in range(int(common / step))}
        residues.append(found)
    same = residues[0] == residues[1]
    if same or all(residue.is_Rational for residue in residues[0] | residues[1]):
        return Comparison(equal=same, method="sympy_family", evidence={"period": str(common * unit)})
    return _undecided("residues that are not rational")


def _warm() -> None:
    """Compare samples once, so that a worker forked after the import starts with SymPy's lazy parts in place."""
    x = sympy.Symbol("x")
    _same_scalar(sympy.sin(x) ** 2 + sympy.cos(x) ** 2, S.One)
    _same_scalar(sympy.Integral(x**2, (x, 0, 1)), sympy.Rational(1, 3))
    _same_set(sympy.solveset(x**2 < 4, x, S.Reals), sympy.Interval.open(-2, 2))
    clear_cache()


_warm()
