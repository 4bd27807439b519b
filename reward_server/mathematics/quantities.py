"""One written quantity as a number in its unit, for those who measure how far off an answer is.

A quantity is one finite real number without letters, with a unit or a percent sign or without: digits, fractions,
powers of ten, mixed numbers, roots, `5 ft 3 in`. "about" in front and a name ("x =") are stepped over and named. A
range ("3-5", "3 to 5"), `5 ± 1`, several numbers, a sum that is left to the reader, `inf` and `nan` are none.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from flint import arb, ctx, fmpq

from reward_server.mathematics.comparing.identity import NODE_BUDGET
from reward_server.mathematics.comparing.scalars import Scalar, take_apart
from reward_server.mathematics.reading.phrases.asides import left_out
from reward_server.mathematics.reading.texts import readings
from reward_server.mathematics.reading.units import is_known
from reward_server.mathematics.tree.nodes import (
    BasedInteger,
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
    Sum,
    Symbol,
    Words,
)
from reward_server.mathematics.tree.unit import Unit
from reward_server.mathematics.tree.walk import nodes
from reward_server.mathematics.values.balls import Balls, Budget, Undefined

_PLAIN = (BasedInteger, Constant, Measure, Negation, Number, Percent, Power, Product, Quotient, Root)
_ABOUT = re.compile(
    r"\s*(?:about|approximately|approx\.?|around|roughly|circa|ca\.|≈|~|\\approx|\\sim)\s*", re.IGNORECASE
)
_UNIT_OF_ONE_LETTER = re.compile(r"(\s*[-+−]?\d[\d.,]*)([A-Za-df-z])\.?\s*")
"""`828m`: in front of a letter mathematics multiplies, and a quantity has no letters but units."""
_MAX_BITS = 1 << 14
"""Binary digits of a numerator, denominator or exponent; beyond, a number measures nothing."""
_LONGEST = 400


class NotAQuantity(ValueError):  # noqa: N818 - named after what the text is
    """The text is no single quantity; says why."""


class UnitConflict(ValueError):  # noqa: N818 - a property of two quantities
    """Two quantities are of different dimensions, or one is of a unit that is not known; says which."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a unit."""

    value: fmpq
    unit: Unit | None
    percent: bool
    ignored: tuple[str, ...] = ()
    """Words that were stepped over."""

    @property
    def unit_name(self) -> str:
        """The unit as it was written, empty where there is none."""
        return "%" if self.percent else self.unit.name if self.unit is not None else ""


def read_quantity(*texts: str) -> Quantity:
    """Return the quantity that a text spells; further texts are narrower readings of the first.

    Raises:
        NotAQuantity: it spells none, or more than one.
    """
    why = ""
    for text in filter(str.strip, texts):
        left = [] if text is texts[0] else left_out(texts[0], text)
        if left is None:
            continue
        found = f"longer than {_LONGEST} characters" if len(text) > _LONGEST else _known(text)
        if isinstance(found, Quantity):
            return replace(found, ignored=(*left, *found.ignored)) if left else found
        why = why or found
    raise NotAQuantity(why or "nothing was written")


@lru_cache(maxsize=2_048)
def _known(text: str) -> Quantity | str:
    """Return the quantity or why there is none; the completions of one prompt repeat their answers."""
    try:
        return _read(text)
    except NotAQuantity as error:
        return str(error)


def _read(text: str) -> Quantity:
    about = _ABOUT.match(text)
    ignored = [about[0].strip()] if about else []
    bare = text[about.end() :] if about else text
    if (touching := _UNIT_OF_ONE_LETTER.fullmatch(bare)) is not None:
        bare = f"{touching[1]} {touching[2]}"
    tree = next(readings(bare, ignored), Words(""))
    if isinstance(tree, Relation) and tree.operators in {("=",), ("≈",)} and isinstance(tree.sides[0], Symbol):
        ignored.append(tree.sides[0].name)
        tree = tree.sides[1]
    return _quantity(tree, tuple(ignored))


def _quantity(tree: Expr, ignored: tuple[str, ...]) -> Quantity:
    parts = tree.terms if isinstance(tree, Sum) and all(isinstance(term, Measure) for term in tree.terms) else (tree,)
    for node in (node for part in parts for node in nodes(part)):
        if not isinstance(node, _PLAIN) or node in {Constant("infinity"), Constant("i")}:
            raise NotAQuantity(f"not one number: {_named(node)}")
    scalar = take_apart(tree)
    if isinstance(scalar.bare, Sum) and not isinstance(tree, Sum):
        raise NotAQuantity("not one number: a sum")
    return Quantity(_value(scalar), scalar.unit, scalar.percent, ignored)


def _named(node: Expr) -> str:
    return node.text[:60] if isinstance(node, Words) else type(node).__name__.lower()


def _value(scalar: Scalar) -> fmpq:
    value = scalar.exact
    if value is None:
        try:
            with ctx.workprec(64):
                ball = Balls({}, Budget(NODE_BUDGET)).value(scalar.bare)
                if not isinstance(ball, arb):
                    raise NotAQuantity("not a real number")
                mantissa, exponent = ball.mid().man_exp()
        except (Undefined, OverflowError) as error:
            raise NotAQuantity(f"no value: {error}") from None
        if abs(int(exponent)) > _MAX_BITS:
            raise NotAQuantity("a number beyond every measure")
        value = fmpq(int(mantissa)) * fmpq(2) ** int(exponent)
    if value.height_bits() > _MAX_BITS:
        raise NotAQuantity("a number beyond every measure")
    return value


def in_unit_of(truth: Quantity, answer: Quantity, *, required: bool = False) -> tuple[fmpq, ...]:
    """Return what the answer's number may be in the unit of the truth.

    Without a unit it is taken to be in that. A percent sign on one side alone may mean either a hundredth or nothing,
    as in the comparison of mathematics: then there are two.

    Raises:
        UnitConflict: it cannot be converted, or has no unit where one is `required`.
    """
    units = truth.unit is not None, answer.unit is not None
    if required and truth.unit_name and not answer.unit_name:
        raise UnitConflict(f"the unit {truth.unit_name} is missing")
    if truth.percent != answer.percent and not any(units):
        return answer.value, (answer.value / 100 if answer.percent else answer.value * 100)
    if truth.unit is None and not truth.percent:
        return (answer.value,)
    if not answer.unit_name:
        return (answer.value,)
    if truth.unit is not None and answer.unit is not None:
        return (_converted(truth.unit, answer.unit, answer.value),)
    if truth.percent and answer.percent:
        return (answer.value,)
    raise UnitConflict(f"{answer.unit_name} is not {truth.unit_name}")


def _converted(unit: Unit, other: Unit, value: fmpq) -> fmpq:
    if not (is_known(unit) and is_known(other)):
        if _singular(unit.name) != _singular(other.name):
            raise UnitConflict(f"{other.name} is not {unit.name}")
        return value
    if unit.dimension != other.dimension:
        raise UnitConflict(f"{other.name} cannot be converted to {unit.name}")
    in_base = value * other.scale + other.offset
    powers = other.pi_power - unit.pi_power
    if powers:
        with ctx.workprec(64):
            mantissa, exponent = (arb.pi() ** powers).mid().man_exp()
        in_base *= fmpq(int(mantissa)) * fmpq(2) ** int(exponent)
    return (in_base - unit.offset) / unit.scale


def _singular(name: str) -> str:
    return name.strip().lower().removesuffix("s")
