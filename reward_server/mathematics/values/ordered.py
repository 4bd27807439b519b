r"""Products whose order counts: of matrices, of vectors, of functions put into each other.

`AB^{-1}`, `f \circ g` and `\vec{a} \times \vec{b}` are computed with seeded matrices and vectors of three rows modulo a
prime: different values are a proof of difference, equal ones of different expressions have a chance of one in millions.
Functions are composed as matrices are multiplied, both being associative with inverses. Letters of plain products are
numbers: only beside an inverse or a transposed, in a determinant, or where both `AB` and `BA` stand, capitals that
commonly are matrices are taken so.
"""

import zlib
from dataclasses import dataclass
from math import prod

from reward_server.mathematics.tree.nodes import (
    Call,
    Constant,
    Expr,
    Negation,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
)
from reward_server.mathematics.tree.walk import nodes

_PRIME = 2147483647
_SIZE = range(3)
_MAX_POWER = 8
_MAX_STEPS = 1_000
"""The largest power that an exponent with letters may be, whose letters are whole numbers from `_LEAST` on."""
_LEAST, _OTHERS = 11, 50
_LETTERS = frozenset("ABCDPQSUXY")
_TRANSPOSED = frozenset({"T"})
_CALLS = frozenset({"compose", "cross", "det", "tensor"})
_ASSOCIATIVE = frozenset({"compose", "tensor"})
Rows = list[list[int]]
Value = int | list[int] | Rows


class NotOrdered(Exception):  # noqa: N818 - a state of the tree, not a failure
    """The expression is not made of these products."""


@dataclass(frozen=True, slots=True)
class _Letters:
    """The letters that stand for matrices and those that stand for vectors; all others are numbers."""

    matrices: frozenset[str]
    vectors: frozenset[str]
    composed: bool
    """Whether the matrices stand for functions, whose plain product is one of values, entry by entry."""


_PRODUCTS = frozenset({Call, Power})
"""The nodes in which the order of a product shows."""
_NO_LETTERS = _Letters(frozenset(), frozenset(), composed=False)


def same_in_order(left: Expr, right: Expr) -> bool | None:
    """Compare two expressions of which one holds a product whose order counts; None where none does, or not alone."""
    letters = _letters(left, right)
    if not letters.matrices and not letters.vectors:
        return None
    try:
        for seed in (1, 2):
            if _value(left, letters, seed) != _value(right, letters, seed):
                return False
    except NotOrdered:
        return None
    return True


def _letters(left: Expr, right: Expr) -> _Letters:
    everything = [*nodes(left), *nodes(right)]
    reordered = _reordered(left)
    if not reordered and _PRODUCTS.isdisjoint(map(type, everything)):
        return _NO_LETTERS
    calls = [item for item in everything if isinstance(item, Call) and item.name in _CALLS]
    capitals = {item.name for item in everything if isinstance(item, Symbol) and item.name[0].isupper()} - _TRANSPOSED
    if not calls and not capitals:
        return _NO_LETTERS
    vectors: set[str] = set()
    matrices: set[str] = set()
    for item in calls:
        if item.name == "cross":
            vectors |= set().union(*map(_vectors, item.arguments))
            continue
        names = {one.name for argument in item.arguments for one in nodes(argument) if isinstance(one, Symbol)}
        matrices |= {name for name in names - _TRANSPOSED if item.name in _ASSOCIATIVE or name[0].isupper()}
    turned = [item for item in everything if isinstance(item, Power) and _is_turned(item)]
    several = len(capitals) > 1 or any(isinstance(item.exponent, Symbol) for item in turned)
    if (turned or reordered) and several and all(name[0] in _LETTERS for name in capitals):
        matrices |= capitals
    composed = any(item.name == "compose" for item in calls)
    return _Letters(frozenset(matrices), frozenset(vectors - matrices), composed)


def _vectors(node: Expr) -> set[str]:
    """Return the letters of a factor of a cross product that are vectors: of a multiple, the last one."""
    if isinstance(node, Symbol):
        return {node.name}
    if isinstance(node, Product):
        return _vectors(node.factors[-1])
    if isinstance(node, Negation):
        return _vectors(node.argument)
    return set().union(*map(_vectors, node.terms)) if isinstance(node, Sum) else set()


def _reordered(node: Expr) -> bool:
    """Tell whether a sum holds the same capitals multiplied in two orders, as a commutator does."""
    if not isinstance(node, Sum):
        return False
    orders: dict[tuple[str, ...], tuple[str, ...]] = {}
    for term in node.terms:
        product = term.argument if isinstance(term, Negation) else term
        factors = product.factors if isinstance(product, Product) else ()
        names = tuple(factor.name for factor in factors if isinstance(factor, Symbol) and factor.name[0] in _LETTERS)
        if len(names) > 1 and orders.setdefault(tuple(sorted(names)), names) != names:
            return True
    return False


def _is_turned(node: Power) -> bool:
    """Tell whether a power is the inverse or the transposed of capitals."""
    inverse = isinstance(node.exponent, Number) and node.exponent.value == -1
    if not inverse and not (isinstance(node.exponent, Symbol) and node.exponent.name in _TRANSPOSED):
        return False
    factors = node.base.factors if isinstance(node.base, Product) else (node.base,)
    return all(isinstance(factor, Symbol) and factor.name[0] in _LETTERS for factor in factors)


def _random(name: str, seed: int) -> int:
    return (zlib.crc32(name.encode(), seed * 7919) * 2654435761 + seed) % _PRIME


def _value(node: Expr, letters: _Letters, seed: int) -> Value:
    """Return a number, a vector or the rows of a matrix."""
    if isinstance(node, Number):
        return int(node.value.p) * _inverse(int(node.value.q)) % _PRIME
    if isinstance(node, Symbol):
        if node.name in letters.matrices:
            return [[_random(f"{node.name} {i} {j}", seed) for j in _SIZE] for i in _SIZE]
        if node.name in letters.vectors:
            return [_random(f"{node.name} {i}", seed) for i in _SIZE]
        return _random(node.name, seed)
    if isinstance(node, Constant) and node.name in {"pi", "e"}:
        return _random(node.name, seed)
    if isinstance(node, Negation):
        return _times(_PRIME - 1, _value(node.argument, letters, seed))
    if isinstance(node, Sum):
        total = _value(node.terms[0], letters, seed)
        for term in node.terms[1:]:
            total = _plus(total, _value(term, letters, seed))
        return total
    if isinstance(node, Product):
        total = _value(node.factors[0], letters, seed)
        for factor in node.factors[1:]:
            total = _times(total, _value(factor, letters, seed), entrywise=letters.composed)
        return total
    if isinstance(node, Quotient):
        return _times(
            _power(_number(_value(node.denominator, letters, seed)), -1), _value(node.numerator, letters, seed)
        )
    if isinstance(node, Power):
        return _raised(node, _value(node.base, letters, seed), seed)
    if isinstance(node, Call) and node.name in _CALLS:
        return _call(node.name, [_value(item, letters, seed) for item in node.arguments])
    raise NotOrdered


def _number(value: Value) -> int:
    if isinstance(value, int):
        return value
    raise NotOrdered


def _call(name: str, values: list[Value]) -> Value:
    if name == "det" and len(values) == 1:
        return _determinant(_rows(values[0]))
    first, *others = values
    for value in others:
        first = _cross(first, value) if name == "cross" else _times(_rows(first), _rows(value))
    return first


def _rows(value: Value) -> Rows:
    if isinstance(value, list) and isinstance(value[0], list):
        return value
    raise NotOrdered


def _vector(value: Value) -> list[int]:
    if isinstance(value, list) and isinstance(value[0], int):
        return value
    raise NotOrdered


def _cross(left: Value, right: Value) -> list[int]:
    a, b = _vector(left), _vector(right)
    return [(a[i - 2] * b[i - 1] - a[i - 1] * b[i - 2]) % _PRIME for i in _SIZE]


def _plus(left: Value, right: Value) -> Value:
    if isinstance(left, int) and isinstance(right, int):
        return (left + right) % _PRIME
    if isinstance(left, int) or isinstance(right, int):
        raise NotOrdered
    return [_plus(a, b) for a, b in zip(left, right, strict=True)]  # type: ignore[return-value,arg-type]


def _times(left: Value, right: Value, *, entrywise: bool = False) -> Value:
    if isinstance(left, int) and isinstance(right, int):
        return left * right % _PRIME
    if isinstance(left, int):
        return [_times(left, item) for item in right]  # type: ignore[union-attr,return-value]
    if isinstance(right, int):
        return [_times(right, item) for item in left]  # type: ignore[return-value]
    if isinstance(left[0], int) and isinstance(right[0], int):
        return sum(a * b for a, b in zip(_vector(left), _vector(right), strict=True)) % _PRIME
    a, b = _rows(left), _rows(right)
    if entrywise:
        return [[a[i][j] * b[i][j] % _PRIME for j in _SIZE] for i in _SIZE]
    return [[sum(a[i][k] * b[k][j] for k in _SIZE) % _PRIME for j in _SIZE] for i in _SIZE]


def _raised(node: Power, base: Value, seed: int) -> Value:
    if isinstance(node.exponent, Symbol) and node.exponent.name in _TRANSPOSED:
        return [list(column) for column in zip(*_rows(base), strict=True)]
    steps = _steps(node.exponent, seed)
    if abs(steps) > (_MAX_POWER if isinstance(node.exponent, Number) else _MAX_STEPS):
        raise NotOrdered
    return _power(base, steps)


def _steps(exponent: Expr, seed: int) -> int:
    """Return a whole exponent, its letters being whole numbers."""
    if isinstance(exponent, Number) and exponent.value.q == 1 and abs(exponent.value) <= _MAX_STEPS:
        return int(exponent.value.p)
    if isinstance(exponent, Symbol):
        return _LEAST + _random(exponent.name, seed) % _OTHERS
    if isinstance(exponent, Negation):
        return -_steps(exponent.argument, seed)
    if isinstance(exponent, Sum):
        return sum(_steps(term, seed) for term in exponent.terms)
    if isinstance(exponent, Product):
        return prod(_steps(factor, seed) for factor in exponent.factors)
    raise NotOrdered


def _power(base: Value, exponent: int) -> Value:
    if isinstance(base, int):
        return pow(_inverse(base) if exponent < 0 else base, abs(exponent), _PRIME)
    rows = _adjugate(_rows(base)) if exponent < 0 else _rows(base)
    total: Value = [[int(i == j) for j in _SIZE] for i in _SIZE]
    for bit in f"{abs(exponent):b}":
        total = _times(total, total)
        total = _times(total, rows) if bit == "1" else total
    return total


def _adjugate(rows: Rows) -> Rows:
    """Return the inverse."""
    factor = _inverse(_determinant(rows))
    return [
        [
            (rows[j - 2][i - 2] * rows[j - 1][i - 1] - rows[j - 2][i - 1] * rows[j - 1][i - 2]) * factor % _PRIME
            for j in _SIZE
        ]
        for i in _SIZE
    ]


def _determinant(rows: Rows) -> int:
    return sum(rows[0][i] * _cross(rows[1], rows[2])[i] for i in _SIZE) % _PRIME


def _inverse(value: int) -> int:
    if value % _PRIME == 0:
        raise NotOrdered
    return pow(value, -1, _PRIME)
