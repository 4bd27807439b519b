"""Values modulo a prime: cheap proof that two rational expressions differ, strong evidence that they agree.

Reduction modulo p is a homomorphism on the fractions whose denominator p does not divide, so different residues are a
proof of difference, whatever the size of the numbers: `(x+1)^100000` costs as much as `x^2`, and towers of powers are
reduced by Euler's theorem. Equal residues of different expressions of degree d have a chance of about d/2^62 for each
evaluation. The imaginary unit is a square root of -1 modulo p.
"""

import zlib
from functools import cache
from typing import Any

from flint import fmpq, fmpz

from reward_server.mathematics.tree.nodes import (
    BasedInteger,
    Call,
    Constant,
    Expr,
    Negation,
    Number,
    Percent,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
)
from reward_server.mathematics.values.exact import Exact, NotRational

PRIME = 4611686018427387817
"""The largest prime below 2^62 that is 1 modulo 4."""
_ROOT_OF_MINUS_ONE = 4490822397581186023
_MAX_TOWER = 12


class NotModular(Exception):  # noqa: N818 - named after the state
    """The expression is not made of rational operations, or a denominator vanishes."""


def _point(name: str, round_number: int) -> int:
    seed = zlib.crc32(name.encode(), round_number + 1)
    return (seed * 6364136223846793005 + 1442695040888963407 * (round_number + 1)) % PRIME


def residue(node: Expr, round_number: int = 0) -> int:
    """Return the value modulo `PRIME`, symbols at points fixed by their names and the round.

    Raises:
        NotModular: see there.
    """
    kind = type(node)
    if kind is Number:
        return _reduced(node.value)  # type: ignore[union-attr]
    if kind is Symbol:
        return _point(node.name, round_number)  # type: ignore[union-attr]
    rule = _RULES.get(kind)
    if rule is None:
        raise NotModular
    return int(rule(node, round_number))


def _reduced(value: fmpq) -> int:
    numerator = int(value.p % PRIME)
    return numerator if value.q == 1 else numerator * _inverse(int(value.q % PRIME)) % PRIME


def _inverse(value: int) -> int:
    if value % PRIME == 0:
        raise NotModular
    return pow(value, -1, PRIME)


def _sum(node: Sum, n: int) -> int:
    return sum(residue(term, n) for term in node.terms) % PRIME


def _product(node: Product, n: int) -> int:
    total = 1
    for factor in node.factors:
        total = total * residue(factor, n) % PRIME
    return total


def _quotient(node: Quotient, n: int) -> int:
    return residue(node.numerator, n) * _inverse(residue(node.denominator, n)) % PRIME


def _power(node: Power, n: int) -> int:
    base, exponent = residue(node.base, n), _exponent(node.exponent)
    if exponent < 0:
        base, exponent = _inverse(base), -exponent
    if base == 0 and exponent == 0:
        raise NotModular
    return pow(base, exponent % (PRIME - 1), PRIME) if base else 0


def _exponent(node: Expr) -> int:
    if type(node) is Number and node.value.q == 1:
        return int(node.value.p)
    try:
        return Exact().integer(node)
    except NotRational:
        return tower_exponent(node, PRIME - 1, 0)


@cache
def _totient(modulus: int) -> int:
    return int(fmpz(modulus).euler_phi())


def tower_exponent(node: Expr, modulus: int, depth: int) -> int:
    """Return a power of positive integers, too large to write, modulo `modulus`: Euler's theorem, extended."""
    try:
        value = Exact().integer(node)
    except NotRational:
        value = -1
    if value >= 0:
        return value
    if not isinstance(node, Power) or depth > _MAX_TOWER or value != -1:
        raise NotModular
    try:
        base = Exact().integer(node.base)
    except NotRational:
        raise NotModular from None
    if base < 2 or modulus < 1:
        raise NotModular
    totient = _totient(modulus)
    exponent = tower_exponent(node.exponent, totient, depth + 1)
    if exponent < 0:
        raise NotModular
    if exponent >= 64:
        exponent = exponent % totient + totient
    return pow(base, exponent, modulus) + modulus


def _call(node: Call, _n: int) -> int:
    try:
        return _reduced(Exact().value(node))
    except NotRational:
        raise NotModular from None


def _constant(node: Constant, _n: int) -> int:
    if node.name != "i":
        raise NotModular
    return _ROOT_OF_MINUS_ONE


_RULES: dict[type, Any] = {
    Sum: _sum, Product: _product, Quotient: _quotient, Power: _power, Call: _call, Constant: _constant,
    Negation: lambda node, n: PRIME - residue(node.argument, n),
    Percent: lambda node, n: residue(node.argument, n) * _inverse(100) % PRIME,
    BasedInteger: lambda node, _n: int(node.digits, node.base) % PRIME,
}  # fmt: skip


def same_residues(left: Expr, right: Expr) -> bool | None:
    """Tell whether two rational expressions agree modulo the prime; None where either is not one.

    False is a proof that they differ as rational functions. True is right but for about one in 2^55.
    """
    try:
        for round_number in range(2):
            if residue(left, round_number) % PRIME != residue(right, round_number) % PRIME:
                return False
    except (NotModular, RecursionError, ValueError, OverflowError):
        return None
    return True
