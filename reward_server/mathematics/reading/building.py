"""Nodes of signs, products and powers, built from their parts."""

from flint import fmpq

from reward_server.mathematics.reading.cursor import Cursor
from reward_server.mathematics.reading.groups import transposed
from reward_server.mathematics.reading.vocabulary import GREEK
from reward_server.mathematics.tree.nodes import (
    Apply,
    BasedInteger,
    Call,
    Constant,
    Expr,
    Group,
    Matrix,
    Measure,
    NamedSet,
    Negation,
    Number,
    Percent,
    Power,
    Product,
    Quotient,
    Relation,
    Root,
    SetBuilder,
    SetOf,
    SetOperation,
    Sum,
    Symbol,
)

_TEN, _TWO = Number(fmpq(10)), Number(fmpq(2))
_SETS = (Group, NamedSet, SetBuilder, SetOf, SetOperation)

_FUNCTIONS = frozenset("fghFGHyu")


def negate(node: Expr) -> Expr:
    """Return minus a node; a numeral takes the sign itself."""
    if isinstance(node, Number):
        return Number(-node.value, node.places)
    if isinstance(node, BasedInteger) and node.digits[0] != "-":
        return BasedInteger(f"-{node.digits}", node.base)
    if isinstance(node, Measure):
        return Measure(negate(node.value), node.unit)
    if isinstance(node, Percent):
        return Percent(negate(node.argument))
    return Negation(node)


def order_ahead(cursor: Cursor, left: Expr) -> str | None:
    """Return the name of the product whose sign comes here; a ring not before a function means degrees."""
    sign = cursor.token.value
    if sign == "\\otimes":
        return "tensor"
    if sign != "\\circ" or isinstance(left, Number):
        return None
    following = cursor.peek()
    composes = following.kind in {"word", "upright"} or following.value == "(" or following.value[1:] in GREEK
    return "compose" if composes else None


def ordered(name: str, left: Expr, right: Expr) -> Expr:
    """Return a product whose order counts; numbers in front of it stay outside."""
    if isinstance(left, Product) and (name == "cross" or isinstance(left.factors[0], Number)):
        return Product((*left.factors[:-1], ordered(name, left.factors[-1], right)))
    return Call(name, (left, right))


def times(left: Expr, right: Expr) -> Expr:
    """Return a flat product; a unit stays outside; a letter before a statement or union of sets is applied to it."""
    if isinstance(left, Measure) and isinstance(right, Number):
        return Measure(times(left.value, right), left.unit)
    before = left.factors if isinstance(left, Product) else (left,)
    if isinstance(right, Relation | SetOperation) and isinstance(before[-1], Symbol):
        right = Apply(before[-1].name, (_turned(right) if isinstance(right, Relation) else right,))
        before = before[:-1]
    return Product((*before, right)) if before else right


def _turned(event: Relation) -> Relation:
    """Return a comparison with its letter in front: `2 < X` is `X > 2`."""
    if len(event.sides) != 2 or not isinstance(event.sides[0], Number) or isinstance(event.sides[1], Number):
        return event
    return Relation(event.sides[::-1], (event.operators[0].translate(str.maketrans("<>", "><")),))


def power(base: Expr, exponent: Expr) -> Expr:
    """Return a power, or the number of combinations or permutations that `C_5^2` and `A_5^2` are."""
    if isinstance(base, Symbol) and isinstance(exponent, Number) and base.name[:2] in {"C_", "A_", "P_"}:
        number = base.name[2:]
        if number.isdigit() and exponent.value.q == 1 and 0 <= exponent.value <= int(number):
            name = "binomial" if base.name[0] == "C" else "permutations"
            return Call(name, (Number(fmpq(int(number))), exponent))
    if isinstance(exponent, Symbol) and exponent.name in {"T", "top"}:
        return transposed(base) if isinstance(base, Group | Matrix) else Power(base, Symbol("T"))
    return Power(base, exponent)


def without_taken(node: Expr) -> tuple[Expr, tuple[Expr, ...]]:
    r"""Split `A - \{1\} - \{2\}` into a set and the sets by their elements that are taken from it."""
    if type(node) is not Sum or not isinstance(as_set(node.terms[0]), _SETS):
        return node, ()
    others = node.terms[1:]
    taken = [term.argument for term in others if isinstance(term, Negation) and isinstance(term.argument, SetOf)]
    return (node.terms[0], tuple(taken)) if len(taken) == len(others) else (node, ())


def as_set(node: Expr) -> Expr:
    """Return the letter of a set of numbers as that set."""
    return NamedSet(node.name) if isinstance(node, Symbol) and node.name in {"R", "Z", "N", "Q", "C"} else node


def is_derived(node: Expr) -> bool:
    """Tell whether a number in brackets above a node counts derivatives: `f^{(4)}`, `y^{(n)}`."""
    return isinstance(node, Symbol) and node.name in _FUNCTIONS


def common_logarithm(node: Expr) -> Expr:
    """Read a logarithm without base as decimal."""
    return (
        Call("log", (*node.arguments, Number(fmpq(10))))
        if isinstance(node, Call) and len(node.arguments) == 1
        else node
    )


def call(name: str, values: tuple[Expr, ...], base: Expr | None = None) -> Expr:
    """Build a known function's node from its spelling."""
    if name == "sqrt":
        return Root(values[0], _TWO)
    if name == "cis" and len(values) == 1:
        return Power(Constant("e"), Product((Constant("i"), values[0])))
    if name == "cbrt":
        return Root(values[0], Number(fmpq(3)))
    if name == "frac" and len(values) == 2:
        return Quotient(values[0], values[1])
    if name == "pow" and len(values) == 2:
        return Power(values[0], values[1])
    if name == "complex" and len(values) == 2:
        return Sum((values[0], Product((values[1], Constant("i")))))
    if name in {"lg", "lb"}:
        return Call("log", (values[0], base or (_TEN if name == "lg" else _TWO)))
    if base is not None:
        return Call("log", (values[0], base))
    return Call(name, values)
