"""Values as balls: a number with a rigorous bound of its error, real (arb) or complex (acb).

In real mode a root or logarithm outside its domain makes the whole value undefined, as in school mathematics; in
complex mode principal values are taken. Sizes are checked before each operation that could make them explode.
"""

import zlib
from collections.abc import Callable
from typing import Any

from flint import acb, arb, ctx, fmpq, fmpz

from reward_server.mathematics.tree.nodes import (
    Apply,
    BasedInteger,
    Call,
    Constant,
    Expr,
    Measure,
    Negation,
    Number,
    Percent,
    Power,
    Product,
    Quotient,
    Relation,
    Root,
    Series,
    Sum,
    Symbol,
)
from reward_server.mathematics.values.exact import MAX_TERMS, Exact, NotRational
from reward_server.mathematics.values.functions import OutsideDomain, function_value

Ball = Any
"""An arb or an acb; python-flint has no types."""

_MAX_EXPONENT = 1 << 34
"""Largest binary exponent of a value; far above what answers need, far below what costs time."""
_DENIALS = {"<=": ">", "<": ">=", "!=": "=", "notin": "in"}
_FEW, _TINY, _LARGE = 1000, arb(2) ** -1000, arb(2) ** 1000
"""A power no larger than `_FEW` of a value between the others is far within `_MAX_EXPONENT`."""


class Undefined(Exception):  # noqa: N818 - named after the state
    """The expression has no value here: outside its domain, too large, out of budget, or not supported."""


class Budget:
    """Counts node evaluations; shared by all evaluations of one comparison, so its cost is bounded."""

    __slots__ = ("left",)

    def __init__(self, nodes: int) -> None:
        self.left = nodes

    def spend(self, count: int = 1) -> None:
        """Count; raise `Undefined` where nothing is left."""
        self.left -= count
        if self.left < 0:
            raise Undefined("out of budget")


class Balls:
    """One evaluation at given values of the symbols, at the precision in force (`flint.ctx.prec`)."""

    __slots__ = ("budget", "complex", "values")

    def __init__(self, values: dict[str, Ball], budget: Budget, *, complex_mode: bool = False) -> None:
        self.values = values
        self.budget = budget
        self.complex = complex_mode

    def value(self, node: Expr) -> Ball:
        """Return the value; raise `Undefined` where there is none."""
        budget = self.budget
        budget.left -= 1
        if budget.left < 0:
            raise Undefined("out of budget")
        if type(node) is Number:
            return acb(node.value) if self.complex else arb(node.value)
        method = _METHODS.get(type(node))
        if method is None:
            raise Undefined(type(node).__name__)
        result = method(self, node)
        if not result.is_finite():
            raise Undefined("not finite")
        return result

    def lift(self, value: Any) -> Ball:
        """Return an exact number as a ball of this mode."""
        return acb(value) if self.complex else arb(value)

    def _number(self, node: Number) -> Ball:
        return self.lift(node.value)

    def _based(self, node: BasedInteger) -> Ball:
        return self.lift(int(node.digits, node.base))

    def _constant(self, node: Constant) -> Ball:
        if node.name == "pi":
            return acb.pi() if self.complex else arb.pi()
        if node.name == "e":
            return self.lift(arb.const_e())
        if node.name == "i" and self.complex:
            return acb(0, 1)
        raise Undefined(node.name)

    def _symbol(self, node: Symbol) -> Ball:
        value = self.values.get(node.name)
        if value is None:
            raise Undefined(node.name)
        return value

    def _sum(self, node: Sum) -> Ball:
        total = self.value(node.terms[0])
        for term in node.terms[1:]:
            total = total + self.value(term)
        return total

    def _product(self, node: Product) -> Ball:
        total = self.value(node.factors[0])
        for factor in node.factors[1:]:
            total = total * self.value(factor)
        return total

    def _quotient(self, node: Quotient) -> Ball:
        denominator = self.value(node.denominator)
        if denominator.contains(0):
            raise Undefined("division by zero")
        return self.value(node.numerator) / denominator

    def _negation(self, node: Negation) -> Ball:
        return -self.value(node.argument)

    def _percent(self, node: Percent) -> Ball:
        return self.value(node.argument) / 100

    def _measure(self, node: Measure) -> Ball:
        unit = node.unit
        factor = self.lift(unit.scale)
        return self.value(node.value) * (factor * self.lift(arb.pi()) ** unit.pi_power if unit.pi_power else factor)

    def _power(self, node: Power) -> Ball:
        base = self.value(node.base)
        if isinstance(node.exponent, Number):
            return self.rational_power(base, node.exponent.value)
        try:
            return self.rational_power(base, Exact().value(node.exponent))
        except NotRational:
            pass
        exponent = self.value(node.exponent)
        if not self.complex:
            if exponent.is_exact() and exponent.is_integer():
                return self.rational_power(base, fmpq(exponent.unique_fmpz()))
            if base < 0:
                raise Undefined("a negative base")
        if base.contains(0):
            raise Undefined("a power of zero")
        logarithm = base.log()
        return self.exp(exponent * logarithm)

    def exp(self, exponent: Ball) -> Ball:
        """Return e to a power of bounded size."""
        real = exponent.real if self.complex else exponent
        if not abs(real) < _MAX_EXPONENT:
            raise Undefined("too large")
        self.budget.spend(4)
        return exponent.exp()

    def rational_power(self, base: Ball, exponent: fmpq) -> Ball:
        """Return base^exponent; odd roots of negative reals are real in real mode."""
        p, q = int(exponent.p), int(exponent.q)
        if p < 0 and base.contains(0):
            raise Undefined("division by zero")
        size = abs(base)
        moderate = abs(p) <= _FEW and _TINY < size < _LARGE
        if not moderate and not (size < 2 and size > fmpq(1, 2)):
            magnitude = abs(size.log()) if not size.contains(0) else arb(1)
            if not magnitude * abs(p) < _MAX_EXPONENT:
                raise Undefined("too large")
        if q == 1:
            return base**p if abs(p) < 1 << 60 else self._huge_power(base, p)
        self.budget.spend(4)
        if q == 2:
            return self.square_root(base) ** p
        if not self.complex and base < 0:
            if q % 2 == 0:
                raise Undefined("an even root of a negative number")
            root = -((-base).log() / q).exp() if q > 64 else -(-base).root(q)
        elif base.contains(0):
            if not base.is_zero():
                raise Undefined("a root near zero")
            return base
        else:
            root = base.root(q) if q <= 64 else (base.log() / q).exp()
        return root**p

    def _huge_power(self, base: Ball, exponent: int) -> Ball:
        if base.contains(0):
            raise Undefined("a power of zero")
        return self.exp(base.log() * exponent)

    def square_root(self, base: Ball) -> Ball:
        """Return the square root; a ball touching zero from both sides has none in real mode."""
        if not self.complex and not base >= 0:
            if base.contains(0):
                return base.nonnegative_part().sqrt()
            raise Undefined("a negative radicand")
        return base.sqrt()

    def _root(self, node: Root) -> Ball:
        try:
            index = Exact().integer(node.index)
        except NotRational:
            return self._power(Power(node.radicand, Quotient(Number(fmpq(1)), node.index)))
        base = self.value(node.radicand)
        if not 1 <= abs(index) <= 1000:
            raise Undefined("a root of such an index")
        if self.complex and index % 2 == 1 and base.imag.contains(0) and base.real < 0:
            return -self.rational_power(-base, fmpq(1, index))
        return self.rational_power(base, fmpq(1, index))

    def _apply(self, node: Apply) -> Ball:
        """Evaluate an unknown function as a fixed one chosen by its name, of no special symmetry."""
        seed = zlib.crc32(node.name.encode())
        total = self.lift(fmpq(seed % 997 + 1, 499))
        for place, argument in enumerate(node.arguments):
            if isinstance(argument, Relation):
                return self._of_statement(node.name, argument)
            value = self.value(argument)
            total = total + (value * fmpq(seed % (89 + place) + 2, 61)).sin() + value * fmpq(seed % 13 + place + 1, 17)
        self.budget.spend(6)
        return total

    def _of_statement(self, name: str, statement: Relation) -> Ball:
        """Evaluate an unknown measure of a statement, fixed by how that is written; a denial has what is left of 1."""
        denied = _DENIALS.get(statement.operators[0]) if len(statement.operators) == 1 else None
        if denied is not None:
            return 1 - self._of_statement(name, Relation(statement.sides, (denied,)))
        return self.lift(fmpq(zlib.crc32(f"{name} {statement}".encode()) % 9973 + 1, 9974))

    def _series(self, node: Series) -> Ball:
        if node.kind not in {"sum", "product"} or node.lower is None or node.upper is None:
            raise Undefined(node.kind)
        low, high = self.whole(self.value(node.lower)), self.whole(self.value(node.upper))
        if high - low >= MAX_TERMS:
            raise Undefined("too many terms")
        total = self.lift(0 if node.kind == "sum" else 1)
        saved = self.values
        for k in range(low, high + 1):
            self.values = {**saved, node.variable: self.lift(k)}
            value = self.value(node.body)
            total = total + value if node.kind == "sum" else total * value
        self.values = saved
        return total

    def whole(self, value: Ball) -> int:
        """Return the one integer a ball stands for."""
        real = value.real if self.complex else value
        found = real.unique_fmpz()
        if found is None or (self.complex and not value.imag.contains(0)) or not real.rad() < fmpq(1, 1000):
            raise Undefined("not an integer")
        return int(found)

    def _call(self, node: Call) -> Ball:
        self.budget.spend(6)
        values = [self.value(argument) for argument in node.arguments]
        if node.name == "exp" and len(values) == 1:
            return self.exp(values[0])
        try:
            return function_value(node.name, values)
        except OutsideDomain as domain:
            raise Undefined(node.name) from domain


# ruff: noqa: SLF001 - the dispatch table stands beside its class
_METHODS: dict[type, Callable[[Balls, Any], Ball]] = {
    Number: Balls._number, BasedInteger: Balls._based, Constant: Balls._constant, Symbol: Balls._symbol,
    Sum: Balls._sum, Product: Balls._product, Quotient: Balls._quotient, Negation: Balls._negation,
    Percent: Balls._percent, Measure: Balls._measure, Power: Balls._power, Root: Balls._root, Apply: Balls._apply,
    Series: Balls._series, Call: Balls._call,
}  # fmt: skip


def _link(precision: int) -> None:
    """Call once what links itself and computes its constants at its first call, which takes longer than most grades."""
    with ctx.workprec(precision):
        for half in (arb(fmpq(1, 2)), acb(fmpq(1, 2))):
            for found in (half.sqrt(), half.root(3), half.exp(), half.log(), half.sin(), half.asin(), half.atan()):
                abs(found * half.pi() + arb.const_e() ** 2).abs_lower().str(5, radius=False)
    (fmpz(4).root(2), fmpz.bin_uiui(4, 2), fmpz.fac_ui(4))


_link(128)
_link(1024)
