"""Exact rational values, within a budget of bits that is checked before each operation.

FLINT aborts the process when memory runs out, so nothing whose size is not bounded beforehand reaches it: the size
of a power, factorial or binomial is estimated from its operands first, and what would exceed `MAX_BITS` is refused.
"""

from collections.abc import Callable
from typing import Any

from flint import fmpq, fmpz

from reward_server.mathematics.tree.nodes import (
    BasedInteger,
    Call,
    Expr,
    Measure,
    Negation,
    Number,
    Percent,
    Power,
    Product,
    Quotient,
    Root,
    Series,
    Sum,
    Symbol,
)

MAX_BITS = 1 << 17
"""Bits of a numerator or denominator: 39,000 digits, multiplied in about 10 µs."""
_MAX_WORK = 1 << 22
"""Bits produced by one evaluation, over all its operations."""
MAX_TERMS = 2000
"""Terms of a sum or product that is written out."""


class NotRational(Exception):  # noqa: N818 - named after the state
    """The value is not rational, not seen to be, or beyond the budget."""


class Exact:
    """One evaluation: symbols have the rational values in `values`."""

    def __init__(self, values: dict[str, fmpq] | None = None) -> None:
        self.values = values or {}
        self.work = 0

    def value(self, node: Expr) -> fmpq:
        """Return the exact value.

        Raises:
            NotRational: see there.
        """
        method = _METHODS.get(type(node))
        if method is None:
            raise NotRational
        result = method(self, node)
        bits = result.height_bits()
        self.work += 32 + bits
        if self.work > _MAX_WORK or bits > MAX_BITS:
            raise NotRational
        return result

    def integer(self, node: Expr) -> int:
        """Return the value as an integer."""
        if type(node) is Number:
            value = node.value
            self.work += 32 + value.height_bits()
        else:
            value = self.value(node)
        if value.q != 1:
            raise NotRational
        return int(value.p)

    def _number(self, node: Number) -> fmpq:
        return node.value

    def _based(self, node: BasedInteger) -> fmpq:
        return fmpq(int(node.digits, node.base))

    def _symbol(self, node: Symbol) -> fmpq:
        value = self.values.get(node.name)
        if value is None:
            raise NotRational
        return value

    def _sum(self, node: Sum) -> fmpq:
        total = fmpq(0)
        for term in node.terms:
            total += self.value(term)
        return total

    def _product(self, node: Product) -> fmpq:
        total = fmpq(1)
        for factor in node.factors:
            total *= self.value(factor)
            if total.height_bits() > MAX_BITS:
                raise NotRational
        return total

    def _quotient(self, node: Quotient) -> fmpq:
        cancelled = _factorial_quotient(self, node)
        if cancelled is not None:
            return cancelled
        numerator, denominator = self.value(node.numerator), self.value(node.denominator)
        if denominator == 0:
            raise NotRational
        return numerator / denominator

    def _negation(self, node: Negation) -> fmpq:
        return -self.value(node.argument)

    def _percent(self, node: Percent) -> fmpq:
        return self.value(node.argument) / 100

    def _measure(self, node: Measure) -> fmpq:
        if node.unit.pi_power or node.unit.offset != 0:
            raise NotRational
        return self.value(node.value) * node.unit.scale

    def _power(self, node: Power) -> fmpq:
        base, exponent = self.value(node.base), self.value(node.exponent)
        if exponent.q != 1:
            return _rational_power(base, exponent)
        return integer_power(base, int(exponent.p))

    def _root(self, node: Root) -> fmpq:
        index = self.integer(node.index)
        if not 2 <= index <= 64:
            raise NotRational
        return _rational_power(self.value(node.radicand), fmpq(1, index))

    def _series(self, node: Series) -> fmpq:
        if node.kind not in {"sum", "product"} or node.lower is None or node.upper is None:
            raise NotRational
        low, high = self.integer(node.lower), self.integer(node.upper)
        if high - low >= MAX_TERMS:
            raise NotRational
        total = fmpq(0) if node.kind == "sum" else fmpq(1)
        saved = self.values
        for k in range(low, high + 1):
            self.values = {**saved, node.variable: fmpq(k)}
            value = self.value(node.body)
            total = total + value if node.kind == "sum" else total * value
            if total.height_bits() > MAX_BITS:
                raise NotRational
        self.values = saved
        return total

    def _call(self, node: Call) -> fmpq:
        function = _FUNCTIONS.get(node.name)
        if function is None or not 1 <= len(node.arguments) <= 20:
            raise NotRational
        return function([self.value(argument) for argument in node.arguments])


def integer_power(base: fmpq, exponent: int) -> fmpq:
    """Return a power whose size was checked beforehand."""
    if base == 0 and exponent <= 0:
        raise NotRational
    if base.height_bits() > 1 and abs(exponent) * base.height_bits() > MAX_BITS:
        raise NotRational
    if base in (1, -1):
        return base if exponent % 2 else fmpq(1)
    return base**exponent


def _rational_power(base: fmpq, exponent: fmpq) -> fmpq:
    """Return the root that is rational and real; even roots of negative numbers are not."""
    index = int(exponent.q)
    if index > 64 or (base < 0 and index % 2 == 0) or (base == 0 and exponent <= 0):
        raise NotRational
    roots = []
    for part in (abs(base.p), base.q):
        root = fmpz(part).root(index)
        if root**index != part:
            raise NotRational
        roots.append(root)
    value = fmpq(roots[0], roots[1])
    return integer_power(-value if base < 0 else value, int(exponent.p))


def _factorial_quotient(exact: Exact, node: Quotient) -> fmpq | None:
    """Return `m!/n!` for large, near m and n without either factorial."""
    top, bottom = node.numerator, node.denominator
    if not (isinstance(top, Call) and isinstance(bottom, Call) and top.name == bottom.name == "factorial"):
        return None
    high, low = exact.integer(top.arguments[0]), exact.integer(bottom.arguments[0])
    if not 0 <= low <= high < 1 << 64 or (high - low) > 500:
        return None
    total = fmpz(1)
    for k in range(low + 1, high + 1):
        total *= k
    return fmpq(total)


def _whole(value: fmpq) -> int:
    if value.q != 1:
        raise NotRational
    return int(value.p)


def factorial(values: list[fmpq]) -> fmpq:
    """Return n! where its size is within the budget."""
    n = _whole(values[0])
    if len(values) != 1 or not 0 <= n <= 10**4 or n * n.bit_length() > MAX_BITS:
        raise NotRational
    return fmpq(fmpz.fac_ui(n))


def _double_factorial(values: list[fmpq]) -> fmpq:
    n = _whole(values[0])
    if not -1 <= n <= 2000:
        raise NotRational
    total = fmpz(1)
    for k in range(n, 1, -2):
        total *= k
    return fmpq(total)


def _binomial(values: list[fmpq]) -> fmpq:
    if len(values) != 2:
        raise NotRational
    n, k = _whole(values[0]), _whole(values[1])
    if k < 0 or n < 0 or k > n:
        if n >= 0:
            return fmpq(0)
        raise NotRational
    k = min(k, n - k)
    if k * n.bit_length() > MAX_BITS or n >= 1 << 62 or k > 20000:
        raise NotRational
    return fmpq(fmpz.bin_uiui(n, k))


def _permutations(values: list[fmpq]) -> fmpq:
    n, k = _whole(values[0]), _whole(values[-1])
    if len(values) != 2 or not 0 <= k <= n or k > 2000 or k * n.bit_length() > MAX_BITS:
        raise NotRational
    total = fmpz(1)
    for factor in range(n - k + 1, n + 1):
        total *= factor
    return fmpq(total)


def _modulo(values: list[fmpq]) -> fmpq:
    if len(values) != 2 or values[1] <= 0:
        raise NotRational
    return values[0] - values[1] * fmpq((values[0] / values[1]).floor())


def _gcd(values: list[fmpq]) -> fmpq:
    total = fmpz(0)
    for value in values:
        total = total.gcd(fmpz(_whole(value)))
    return fmpq(total)


def _lcm(values: list[fmpq]) -> fmpq:
    total = fmpz(1)
    for value in values:
        total = total.lcm(fmpz(_whole(value)))
    return fmpq(total)


def _same(values: list[fmpq]) -> fmpq:
    return values[0]


_FUNCTIONS: dict[str, Callable[[list[fmpq]], fmpq]] = {
    "factorial": factorial, "double_factorial": _double_factorial, "binomial": _binomial, "mod": _modulo,
    "permutations": _permutations, "gcd": _gcd, "lcm": _lcm, "max": max, "min": min, "conj": _same, "re": _same,
    "abs": lambda values: abs(values[0]), "norm": lambda values: abs(values[0]), "im": lambda _values: fmpq(0),
    "floor": lambda values: fmpq(values[0].floor()), "ceil": lambda values: fmpq(values[0].ceil()),
    "sgn": lambda values: fmpq((values[0] > 0) - (values[0] < 0)),
}  # fmt: skip

# ruff: noqa: SLF001 - the dispatch table stands beside its class
_METHODS: dict[type, Callable[[Exact, Any], fmpq]] = {
    Number: Exact._number, BasedInteger: Exact._based, Symbol: Exact._symbol, Sum: Exact._sum, Call: Exact._call,
    Product: Exact._product, Quotient: Exact._quotient, Negation: Exact._negation, Percent: Exact._percent,
    Measure: Exact._measure, Power: Exact._power, Root: Exact._root, Series: Exact._series,
}  # fmt: skip


def rational(node: Expr) -> fmpq | None:
    """Return the exact value of a node, or None where it is not rational or beyond the budget."""
    if type(node) is Number:
        return node.value
    try:
        return Exact().value(node)
    except (NotRational, OverflowError, ZeroDivisionError, RecursionError):
        return None


def power_of_ten(factor: fmpq) -> int | None:
    """Return n where a factor is 10 to the power of n, None where it is no power of ten."""
    text = str(factor.p if factor.q == 1 else factor.q)
    if (factor.q != 1 and factor.p != 1) or text[0] != "1" or text.strip("0") != "1":
        return None
    return (len(text) - 1) * (1 if factor.q == 1 else -1)
