"""The known functions on balls, real or complex."""

from collections.abc import Callable
from typing import Any

from flint import acb, arb, fmpz

Ball = Any
Function = Callable[[list[Ball]], Ball]


class OutsideDomain(Exception):  # noqa: N818 - named after the state
    """The function has no value here."""


def _unary(name: str) -> Function:
    return lambda values: getattr(_only(values), name)()


def _only(values: list[Ball]) -> Ball:
    if len(values) != 1:
        raise OutsideDomain
    return values[0]


def _reciprocal(name: str) -> Function:
    """An inverse function of the reciprocal: arcsec x = arccos 1/x."""
    return lambda values: getattr(1 / _nonzero(_only(values)), name)()


def _nonzero(value: Ball) -> Ball:
    if value.contains(0):
        raise OutsideDomain
    return value


def _log(values: list[Ball]) -> Ball:
    if len(values) == 1:
        return _nonzero(values[0]).log()
    if len(values) != 2:
        raise OutsideDomain
    return _nonzero(values[0]).log() / _nonzero(_nonzero(values[1]).log())


def _arccot(values: list[Ball]) -> Ball:
    """The branch with values in (0, π), as in most textbooks."""
    value = _only(values)
    pi = acb.pi() if isinstance(value, acb) else arb.pi()
    return pi / 2 - value.atan()


def _real(value: Ball) -> Ball:
    if isinstance(value, acb):
        if not value.imag.contains(0):
            raise OutsideDomain
        return value.real
    return value


def _like(value: Ball, model: Ball) -> Ball:
    return acb(value) if isinstance(model, acb) else value


def _step(name: str) -> Function:
    def rounded(values: list[Ball]) -> Ball:
        value = _real(_only(values))
        result = getattr(value, name)()
        if result.unique_fmpz() is None:
            raise OutsideDomain
        return _like(result, values[0])

    return rounded


def _sign(values: list[Ball]) -> Ball:
    value = _real(_only(values))
    if value.contains(0):
        raise OutsideDomain
    return _like(arb(1 if value > 0 else -1), values[0])


def _abs(values: list[Ball]) -> Ball:
    return _like(arb(abs(_only(values))), values[0])


def _extreme(pick: str) -> Function:
    def extreme(values: list[Ball]) -> Ball:
        best = _real(values[0])
        for value in values[1:]:
            best = getattr(best, pick)(_real(value))
        return _like(best, values[0])

    return extreme


def _factorial(values: list[Ball]) -> Ball:
    value = _only(values)
    if not abs(value) < 1 << 34:
        raise OutsideDomain
    return (value + 1).gamma()


def _double_factorial(values: list[Ball]) -> Ball:
    whole = _real(_only(values)).unique_fmpz()
    if whole is None or not -1 <= whole <= 2000:
        raise OutsideDomain
    total = arb(1)
    for k in range(int(whole), 1, -2):
        total *= k
    return _like(total, values[0])


def _gamma(values: list[Ball]) -> Ball:
    if not abs(_only(values)) < 1 << 34:
        raise OutsideDomain
    return values[0].gamma()


def _binomial(values: list[Ball]) -> Ball:
    if len(values) != 2:
        raise OutsideDomain
    n, k = values
    if not (abs(n) < 1 << 34 and abs(k) < 1 << 34):
        raise OutsideDomain
    return (n + 1).gamma() * (k + 1).rgamma() * (n - k + 1).rgamma()


def _permutations(values: list[Ball]) -> Ball:
    if len(values) != 2:
        raise OutsideDomain
    n, k = values
    if not (abs(n) < 1 << 34 and abs(k) < 1 << 34):
        raise OutsideDomain
    return (n + 1).gamma() * (n - k + 1).rgamma()


def _modulo(values: list[Ball]) -> Ball:
    if len(values) != 2:
        raise OutsideDomain
    value, modulus = _real(values[0]), _nonzero(_real(values[1]))
    quotient = (value / modulus).floor()
    if quotient.unique_fmpz() is None:
        raise OutsideDomain
    return _like(value - modulus * quotient, values[0])


def _part(name: str) -> Function:
    def part(values: list[Ball]) -> Ball:
        value = _only(values)
        if isinstance(value, acb):
            return acb(value.real if name == "re" else value.imag)
        return value if name == "re" else arb(0)

    return part


def _conjugate(values: list[Ball]) -> Ball:
    value = _only(values)
    return value.conjugate() if isinstance(value, acb) else value


def _argument(values: list[Ball]) -> Ball:
    value = _nonzero(_only(values))
    return acb(value.arg()) if isinstance(value, acb) else (arb(0) if value > 0 else arb.pi())


def _of_integers(name: str) -> Callable[[list[Ball]], Ball]:
    """Return a divisor function, which only exact integers have."""

    def value(values: list[Ball]) -> Ball:
        total = fmpz(0 if name == "gcd" else 1)
        for item in values:
            whole = item.unique_fmpz() if isinstance(item, arb) and item.is_exact() else None
            if whole is None:
                raise OutsideDomain
            total = getattr(total, name)(whole)
        return arb(total)

    return value


_TABLE: dict[str, Function] = {
    **{name: _unary(name) for name in ("sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth", "sech",
                                       "csch", "zeta")},
    "arcsin": _unary("asin"), "arccos": _unary("acos"), "arctan": _unary("atan"), "arccot": _arccot,
    "arcsec": _reciprocal("acos"), "arccsc": _reciprocal("asin"), "arcsinh": _unary("asinh"),
    "arccosh": _unary("acosh"), "arctanh": _unary("atanh"), "ln": _log, "log": _log, "abs": _abs, "norm": _abs,
    "floor": _step("floor"), "ceil": _step("ceil"), "sgn": _sign, "max": _extreme("max"), "min": _extreme("min"),
    "factorial": _factorial, "double_factorial": _double_factorial, "gamma": _gamma, "binomial": _binomial,
    "permutations": _permutations, "mod": _modulo, "re": _part("re"), "im": _part("im"), "conj": _conjugate,
    "arg": _argument, "gcd": _of_integers("gcd"), "lcm": _of_integers("lcm"),
}  # fmt: skip


def function_value(name: str, values: list[Ball]) -> Ball:
    """Return the function's value; raise `OutsideDomain` where it has none or is not known here."""
    function = _TABLE.get(name)
    if function is None or not values:
        raise OutsideDomain
    return function(values)
