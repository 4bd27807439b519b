"""Normal forms of rational functions: one exact numerator and denominator, within a budget of terms and degree."""

from typing import Any

from flint import Ordering, fmpq, fmpq_mpoly_ctx, fmpq_poly

from reward_server.mathematics.tree.nodes import (
    Expr,
    Negation,
    Number,
    Percent,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
    Symbol,
)
from reward_server.mathematics.values.exact import Exact, NotRational, rational

MAX_DEGREE = 40
MAX_TERMS = 400
_MAX_BITS = 4096

Polynomial = Any
"""An fmpq_mpoly or fmpq_poly; python-flint has no types."""


class NotPolynomial(Exception):  # noqa: N818 - named after the state
    """Not a rational function, or beyond the budget."""


class Fraction:
    """One evaluation into numerator and denominator, over polynomials of one kind."""

    def __init__(self, generators: dict[str, Polynomial], constant: Any) -> None:
        self.generators = generators
        self.constant = constant

    def value(self, node: Expr) -> tuple[Polynomial, Polynomial]:
        """Return numerator and denominator; raise `NotPolynomial`."""
        one = self.constant(1)
        if isinstance(node, Symbol) and node.name in self.generators:
            return self.generators[node.name], one
        if isinstance(node, Sum):
            total = (self.constant(0), one)
            for term in node.terms:
                total = self._add(total, self.value(term))
            return total
        if isinstance(node, Product):
            product = (one, one)
            for factor in node.factors:
                product = self._multiply(product, self.value(factor))
            return product
        if isinstance(node, Quotient):
            top, bottom = self.value(node.numerator), self.value(node.denominator)
            return self._multiply(top, self._inverse(bottom))
        if isinstance(node, Negation):
            numerator, denominator = self.value(node.argument)
            return -numerator, denominator
        if isinstance(node, Percent):
            numerator, denominator = self.value(node.argument)
            return numerator, denominator * 100
        if isinstance(node, Power):
            return self._power(node)
        return self._constant(node)

    def _constant(self, node: Expr) -> tuple[Polynomial, Polynomial]:
        value = rational(node) if not isinstance(node, Symbol) else None
        if value is None or value.height_bits() > _MAX_BITS:
            raise NotPolynomial
        return self.constant(value), self.constant(1)

    def _power(self, node: Power) -> tuple[Polynomial, Polynomial]:
        try:
            exponent = Exact().integer(node.exponent)
        except NotRational:
            return self._constant(node)
        if abs(exponent) > MAX_DEGREE:
            return self._constant(node)
        base = self.value(node.base)
        if exponent < 0:
            base, exponent = self._inverse(base), -exponent
        result = (self.constant(1), self.constant(1))
        for _ in range(exponent):
            result = self._multiply(result, base)
        return result

    def _inverse(self, pair: tuple[Polynomial, Polynomial]) -> tuple[Polynomial, Polynomial]:
        if pair[0] == 0:
            raise NotPolynomial
        return pair[1], pair[0]

    def _multiply(
        self, left: tuple[Polynomial, Polynomial], right: tuple[Polynomial, Polynomial]
    ) -> tuple[Polynomial, Polynomial]:
        return self._times(left[0], right[0]), self._times(left[1], right[1])

    def _add(
        self, left: tuple[Polynomial, Polynomial], right: tuple[Polynomial, Polynomial]
    ) -> tuple[Polynomial, Polynomial]:
        if left[1] == right[1]:
            return left[0] + right[0], left[1]
        return self._times(left[0], right[1]) + self._times(right[0], left[1]), self._times(left[1], right[1])

    def _times(self, left: Polynomial, right: Polynomial) -> Polynomial:
        if _degree(left) + _degree(right) > MAX_DEGREE or _length(left) * _length(right) > MAX_TERMS:
            raise NotPolynomial
        return left * right


def _degree(polynomial: Polynomial) -> int:
    degree = polynomial.degree() if isinstance(polynomial, fmpq_poly) else polynomial.total_degree()
    return max(int(degree), 0)


def _length(polynomial: Polynomial) -> int:
    return polynomial.length() if isinstance(polynomial, fmpq_poly) else len(polynomial)


def univariate(node: Expr, variable: str) -> tuple[Polynomial, Polynomial]:
    """Return numerator and denominator as fmpq_poly in one variable; raise `NotPolynomial`."""
    return Fraction({variable: fmpq_poly([0, 1])}, lambda value: fmpq_poly([fmpq(value)])).value(node)


def multivariate(node: Expr, names: frozenset[str]) -> tuple[Polynomial, Polynomial]:
    """Return coprime numerator and denominator as fmpq_mpoly; raise `NotPolynomial`."""
    ordered = sorted(names)
    if not 1 <= len(ordered) <= 12:
        raise NotPolynomial
    context = fmpq_mpoly_ctx.get([f"v{n}" for n in range(len(ordered))], Ordering.lex)
    generators = dict(zip(ordered, context.gens(), strict=True))
    numerator, denominator = Fraction(generators, lambda value: context.constant(fmpq(value))).value(node)
    if denominator.is_constant():
        return numerator, denominator
    common = numerator.gcd(denominator)
    return numerator / common, denominator / common


def proportional(left: Expr, right: Expr, names: frozenset[str]) -> bool | None:
    """Tell whether `left = 0` and `right = 0` have proportional numerators; None where not polynomials."""
    try:
        first, _ = multivariate(left, names)
        second, _ = multivariate(right, names)
    except NotPolynomial:
        return None
    if first == 0 or second == 0:
        return None if first == second else False
    if first * second.leading_coefficient() == second * first.leading_coefficient():
        return True
    first, second = _radical(first), _radical(second)
    return None if first * second.leading_coefficient() == second * first.leading_coefficient() else False


def _radical(polynomial: Polynomial) -> Polynomial:
    """Return the product of the different irreducible factors."""
    _, factors = polynomial.factor_squarefree()
    result = factors[0][0] if factors else polynomial
    for factor, _multiplicity in factors[1:]:
        result = result * factor
    return result


def real_roots(polynomial: Polynomial) -> list[Expr]:
    """Return the real roots of a fmpq_poly as exact expressions, in no order.

    Raises:
        NotPolynomial: a root is neither rational nor quadratic.
    """
    roots: list[Expr] = []
    if polynomial.degree() < 1:
        return roots
    _, factors = polynomial.numer().factor()
    for factor, _multiplicity in factors:
        coefficients = [fmpq(c) for c in factor.coeffs()]
        if len(coefficients) == 2:
            roots.append(Number(-coefficients[0] / coefficients[1]))
        elif len(coefficients) == 3:
            roots += _quadratic_roots(coefficients)
        elif any(root.imag == 0 for root, _ in factor.complex_roots()):
            raise NotPolynomial
    return roots


def _quadratic_roots(coefficients: list[fmpq]) -> list[Expr]:
    c, b, a = coefficients
    discriminant = b * b - 4 * a * c
    if discriminant < 0:
        return []
    radical = Root(Number(discriminant), Number(fmpq(2)))
    return [Quotient(Sum((Number(-b), sign)), Number(2 * a)) for sign in (radical, Negation(radical))]
