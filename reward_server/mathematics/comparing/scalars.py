"""One value against one value: precision, percent and units as the policies say.

A ground truth needs the exact value; a decimal answer may stand for one that is written without a point and is no
integer when `significant_digits` of it are right, to within one unit of its last place. Under `stated`, a ground truth
with a decimal point and at least two significant digits accepts whatever rounds to it; one digit alone (`0.5`) is a
value, not a precision.
"""

from typing import Any

from flint import arb, ctx, fmpq

from reward_server.mathematics.comparing.counted import count_the_same
from reward_server.mathematics.comparing.identity import NODE_BUDGET, Finding, is_complex, same_function
from reward_server.mathematics.options import MathOptions
from reward_server.mathematics.reading.units import BARE, is_known
from reward_server.mathematics.tree.nodes import (
    Constant,
    Expr,
    Measure,
    Negation,
    Number,
    Percent,
    Power,
    Product,
    Sum,
)
from reward_server.mathematics.tree.record import record
from reward_server.mathematics.tree.unit import Unit
from reward_server.mathematics.tree.walk import contains_constant, free_symbols, nodes
from reward_server.mathematics.values.balls import Balls, Budget, Undefined
from reward_server.mathematics.values.exact import power_of_ten, rational

_HALF, _MEASURED = fmpq(1, 2), frozenset({"absolute", "relative"})
_RADIAN = (("rad", 1),)
_PERCENT_POINTS = frozenset({"percent", "percentage", "percentage point", "percentage points"})
_PI = Constant("pi")


@record
class Scalar:
    """A value taken apart: the bare expression, its unit or percent sign, and the precision it states."""

    bare: Expr
    unit: Unit | None
    percent: bool
    exact: fmpq | None
    places: int | None
    """Digits after the point, negative for zeros before it; None where no point was written."""

    @property
    def is_integer(self) -> bool:
        """Whether the value is an integer that was written without a point."""
        return self.exact is not None and self.exact.q == 1 and self.places is None


def take_apart(node: Expr) -> Scalar:
    """Return the parts of a scalar."""
    if type(node) is Number:
        return Scalar(node, None, False, node.value, node.places)
    unit: Unit | None = None
    percent = False
    if isinstance(node, Sum) and isinstance(node.terms[0], Measure):
        node = _compound(node)
    while True:
        if isinstance(node, Measure):
            if unit is None or not is_known(unit):
                unit = node.unit
            node = node.value
        elif isinstance(node, Percent) and not percent:
            percent = True
            node = node.argument
        else:
            break
    return Scalar(node, unit, percent, rational(node), stated_places(node))


def _compound(node: Sum) -> Expr:
    """Bring `5 ft 3 in` to its first unit."""
    first, terms = node.terms[0], list[Expr]()
    assert isinstance(first, Measure)
    for term in node.terms:
        if not isinstance(term, Measure) or term.unit.dimension != first.unit.dimension or term.unit.offset != 0:
            return node
        factor = term.unit.scale / first.unit.scale
        terms.append(term.value if factor == 1 else Product((term.value, Number(factor))))
    return Measure(Sum(tuple(terms)), first.unit)


def stated_places(node: Expr) -> int | None:
    """Return how many digits after the point a numeral states, with its power of ten taken in."""
    if isinstance(node, Number):
        return node.places
    if isinstance(node, Negation):
        return stated_places(node.argument)
    if isinstance(node, Product) and len(node.factors) == 2 and isinstance(node.factors[0], Number):
        places, power = node.factors[0].places, node.factors[1]
        if places is not None and isinstance(power, Power) and power.base == Number(fmpq(10)):
            exponent = rational(power.exponent)
            if exponent is not None and exponent.q == 1 and abs(exponent) < 10**6:
                return places - int(exponent.p)
    return None


def significant(value: fmpq, places: int) -> int:
    """Return how many significant digits a decimal with that many places has."""
    scaled = abs(value) * fmpq(10) ** places
    return len(str(int(scaled.floor()))) if scaled >= 1 else 0


def compare_scalars(truth: Scalar, answer: Scalar, options: MathOptions, budget: Budget | None = None) -> Finding:
    """Compare a value with the ground truth in its light."""
    budget = budget or Budget(NODE_BUDGET)
    if options.form is not None and not _has_form(truth, answer, options):
        return Finding(False, "form", {"reason": f"the answer is not {options.form}"})
    if truth.percent or answer.percent:
        if options.units != "ignore" and truth.percent != answer.percent and _is_other_than_percent(truth, answer):
            return Finding(False, "unit_conflict", {"witness": "a percentage and a quantity with a unit"})
        return _percent(truth, answer, options, budget)
    if options.units != "ignore" and (truth.unit is not None or answer.unit is not None):
        return _with_units(truth, answer, options, budget)
    return _values(truth, answer, options, budget)


def _has_form(truth: Scalar, answer: Scalar, options: MathOptions) -> bool:
    if options.form == "exact":
        return truth.places is not None or not contains_decimal(answer.bare)
    return isinstance(answer.bare, Number) and (answer.places is not None or answer.is_integer)


def contains_decimal(node: Expr) -> bool:
    """Tell whether a numeral with a decimal point occurs."""
    return any(isinstance(item, Number) and item.places is not None for item in nodes(node))


def scaled(scalar: Scalar, factor: fmpq, pi_power: int = 0) -> Scalar:
    """Return the scalar multiplied by an exact factor, its stated precision along with it."""
    if factor == 1 and not pi_power:
        return scalar
    bare: Expr = Product((scalar.bare, Number(factor)))
    if pi_power:
        bare = Product((bare, Power(_PI, Number(fmpq(pi_power)))))
    places = scalar.places
    if places is not None:
        shift = power_of_ten(factor) if not pi_power else None
        places = places - shift if shift is not None else places
    exact = scalar.exact * factor if scalar.exact is not None and not pi_power else None
    return Scalar(bare, None, False, exact, places)


def _percent(truth: Scalar, answer: Scalar, options: MathOptions, budget: Budget) -> Finding:
    bare_truth = Scalar(truth.bare, None, False, truth.exact, truth.places)
    bare_answer = Scalar(answer.bare, None, False, answer.exact, answer.places)
    if truth.percent and answer.percent:
        return _values(bare_truth, bare_answer, options, budget)
    hundredth = fmpq(1, 100)
    first = _values(
        scaled(bare_truth, hundredth) if truth.percent else bare_truth,
        scaled(bare_answer, hundredth) if answer.percent else bare_answer,
        options,
        budget,
    )
    if first.equal or options.percent == "strict":
        return first
    second = _values(bare_truth, bare_answer, options, budget)
    return Finding(True, "percent_sign_missing", second.evidence) if second.equal else first


def _with_units(truth: Scalar, answer: Scalar, options: MathOptions, budget: Budget) -> Finding:
    known_truth = truth.unit is not None and is_known(truth.unit)
    known_answer = answer.unit is not None and is_known(answer.unit)
    if (
        truth.unit is not None
        and answer.unit is not None
        and known_truth != known_answer
        and not _is_bare(truth, answer)
    ):
        return Finding(False, "unit_conflict", {"units": [truth.unit.name, answer.unit.name]})
    if not (known_truth and known_answer):
        if options.units == "required" and known_truth and not known_answer:
            return Finding(False, "unit_missing", {"unit": truth.unit.name})  # type: ignore[union-attr]
        if truth.unit and answer.unit and known_truth == known_answer and not count_the_same(truth.unit, answer.unit):
            return Finding(False, "unit_conflict", {"units": [truth.unit.name, answer.unit.name]})
        return _one_unit(truth, answer, options, budget)
    unit, other = truth.unit, answer.unit
    assert unit is not None
    assert other is not None
    evidence = {"units": [unit.name, other.name]}
    if unit.dimension != other.dimension:
        return Finding(False, "unit_conflict", evidence)
    factor, pi_power = other.scale / unit.scale, other.pi_power - unit.pi_power
    converted = scaled(answer, factor, pi_power)
    if unit.offset != other.offset:
        shift = Number((other.offset - unit.offset * 1) / unit.scale)
        exact = converted.exact + shift.value if converted.exact is not None else None
        converted = Scalar(Sum((converted.bare, shift)), None, False, exact, converted.places)
    found = _values(truth, converted, options, budget)
    same_unit = factor == 1 and not pi_power
    return Finding(found.equal, found.method if same_unit else "unit_conversion", {**found.evidence, **evidence})


def _is_bare(truth: Scalar, answer: Scalar) -> bool:
    """Tell whether the unit of either is the word "units", which says nothing."""
    return any(side.unit is not None and side.unit.name in BARE.values() for side in (truth, answer))


def _is_other_than_percent(truth: Scalar, answer: Scalar) -> bool:
    """Tell whether the side without the percent sign has a unit, other than "units" and percentage points."""
    unit = answer.unit if truth.percent else truth.unit
    return unit is not None and not _is_bare(truth, answer) and unit.name not in _PERCENT_POINTS


def _one_unit(truth: Scalar, answer: Scalar, options: MathOptions, budget: Budget) -> Finding:
    found = _values(truth, answer, options, budget)
    for one, other in ((truth, answer), (answer, truth)):
        if (
            one.unit is not None
            and one.unit.dimension == _RADIAN
            and one.unit.pi_power
            and contains_constant(other.bare, "pi")
        ):
            if found.equal:
                return Finding(False, "unit_conflict", {"witness": "degrees, and a multiple of π without them"})
            radians = scaled(one, one.unit.scale, one.unit.pi_power)
            pair = (radians, other) if one is truth else (other, radians)
            in_radians = _values(*pair, options, budget)
            return in_radians if in_radians.equal else found
    return found


def _values(truth: Scalar, answer: Scalar, options: MathOptions, budget: Budget) -> Finding:
    """Compare two bare values."""
    if truth.exact is not None and answer.exact is not None:
        if truth.exact == answer.exact:
            return Finding(True, "exact_rational")
        found = Finding(False, "exact_rational", _witness(truth.exact, answer.exact))
    else:
        found = same_function(truth.bare, answer.bare, budget, irrational=True)
    rounded = truth.places is not None or answer.places is not None or options.tolerance in _MEASURED
    if found.equal or options.tolerance == "exact" or not rounded:
        return found
    symbols = any(side.exact is None and free_symbols(side.bare) for side in (truth, answer))
    return (None if symbols else _near(truth, answer, options, budget)) or found


def _witness(left: fmpq, right: fmpq) -> dict[str, Any]:
    difference = abs(left - right)
    return {"witness": {"difference": str(difference) if difference.height_bits() < 128 else "large"}}


def _near(truth: Scalar, answer: Scalar, options: MathOptions, budget: Budget) -> Finding | None:
    """Apply the tolerance; None where it does not make the answer right."""
    allowed = _allowed(truth, answer, options, budget)
    if allowed is None:
        return None
    bound, method = allowed
    if truth.exact is not None and answer.exact is not None:
        distance = abs(truth.exact - answer.exact)
        if distance < bound or (distance == bound and abs(answer.exact) < abs(truth.exact)):
            return Finding(True, method, {"difference": str(arb(distance).str(5, radius=False))})
        return None
    complex_mode = is_complex(truth.bare) or is_complex(answer.bare)
    try:
        with ctx.workprec(256):
            values = [Balls({}, budget, complex_mode=complex_mode).value(side.bare) for side in (truth, answer)]
            gap = arb(abs(values[0] - values[1]))
            if gap < bound:
                return Finding(True, method, {"difference": gap.str(5, radius=False)})
    except Undefined:
        pass
    return None


def _allowed(truth: Scalar, answer: Scalar, options: MathOptions, budget: Budget) -> tuple[fmpq, str] | None:
    """Return how far the answer may be off, and the name of the rule."""
    if options.tolerance in _MEASURED:
        epsilon = fmpq(*options.epsilon.as_integer_ratio())
        size = truth.exact if truth.exact is not None else _approximate(truth.bare, budget)
        if options.tolerance == "absolute" or size is None:
            return epsilon, "absolute_tolerance"
        return epsilon * abs(size), "relative_tolerance"
    if truth.places is not None and truth.exact is not None:
        if options.tolerance != "stated" or significant(truth.exact, truth.places) < 2:
            return None
        return _HALF * fmpq(10) ** -truth.places, "rounds_to_stated_digits"
    if truth.is_integer or answer.places is None or answer.exact is None or options.significant_digits is None:
        return None
    if significant(answer.exact, answer.places) < options.significant_digits or contains_decimal(truth.bare):
        return None
    return fmpq(10) ** -answer.places, "significant_digits"


def _approximate(node: Expr, budget: Budget) -> fmpq | None:
    try:
        with ctx.workprec(64):
            middle = Balls({}, budget).value(node).mid()
            mantissa, exponent = middle.man_exp()
    except Undefined:
        return None
    return fmpq(mantissa) * fmpq(2) ** int(exponent)
