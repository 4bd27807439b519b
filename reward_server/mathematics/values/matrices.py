"""Sums, products and multiples of matrices and vectors, carried out entry by entry."""

from collections.abc import Callable

from flint import fmpq

from reward_server.mathematics.tree.nodes import (
    Call,
    Constant,
    Expr,
    Group,
    Listing,
    Matrix,
    Negation,
    Number,
    Power,
    Product,
    Quotient,
    SetOf,
    Sum,
    Symbol,
)
from reward_server.mathematics.tree.walk import contains

Rows = tuple[tuple[Expr, ...], ...]
_MAX_SIZE = 8
_MAX_DETERMINANT = 4
_MAX_POWER = 4
_BASIS: tuple[frozenset[Expr], ...] = (
    frozenset({Constant("i"), Symbol("imath"), Symbol("i")}),
    frozenset({Symbol("j"), Symbol("jmath")}),
    frozenset({Symbol("k")}),
)


def evaluated(node: Expr) -> Expr:
    """Return an expression of matrices as one matrix; anything else, or what does not fit, as it is."""
    if isinstance(node, Call) and node.name == "det" and len(node.arguments) == 1:
        inner = _rows(node.arguments[0])
        return _determinant(inner) if inner is not None and len(inner) == len(inner[0]) <= _MAX_DETERMINANT else node
    if not isinstance(node, Sum | Product | Negation | Quotient | Power) or not contains(node, Matrix, Group):
        return node
    rows = _rows(node)
    if rows is None:
        return node
    if not contains(node, Matrix):
        return Group("(", tuple(row[0] for row in rows), ")")
    return Matrix(rows)


def _rows(node: Expr) -> Rows | None:
    if isinstance(node, Matrix):
        return node.rows if len(node.rows) <= _MAX_SIZE and len(node.rows[0]) <= _MAX_SIZE else None
    if isinstance(node, Group):
        return tuple((item,) for item in node.items) if len(node.items) <= _MAX_SIZE else None
    if isinstance(node, Negation):
        return _each(_rows(node.argument), Negation)
    if isinstance(node, Quotient) and not contains(node.denominator, Matrix, Group):
        return _each(_rows(node.numerator), lambda entry: Quotient(entry, node.denominator))
    if isinstance(node, Power):
        return _power(node)
    if isinstance(node, Sum):
        return _sum(node)
    return _product(node) if isinstance(node, Product) else None


def _each(rows: Rows | None, function: Callable[[Expr], Expr]) -> Rows | None:
    if rows is None:
        return None
    return tuple(tuple(function(entry) for entry in row) for row in rows)


def _sum(node: Sum) -> Rows | None:
    total: Rows | None = None
    for term in node.terms:
        rows = _rows(term)
        if rows is None or (total is not None and [len(row) for row in rows] != [len(row) for row in total]):
            return None
        if total is None:
            total = rows
        else:
            total = tuple(
                tuple(Sum((a, b)) for a, b in zip(one, other, strict=True))
                for one, other in zip(total, rows, strict=True)
            )
    return total


def _product(node: Product) -> Rows | None:
    total: Rows | None = None
    scalars: list[Expr] = []
    for factor in node.factors:
        if not contains(factor, Matrix, Group):
            scalars.append(factor)
            continue
        rows = _rows(factor)
        if rows is None:
            return None
        total = rows if total is None else _times(total, rows)
        if total is None:
            return None
    if not scalars:
        return total
    scale = scalars[0] if len(scalars) == 1 else Product(tuple(scalars))
    return _each(total, lambda entry: Product((scale, entry)))


def _power(node: Power) -> Rows | None:
    """Carry out small powers, the inverse of a matrix of two rows, and transposition."""
    rows = _rows(node.base)
    if rows is None:
        return None
    if node.exponent in {Symbol("T"), Symbol("top")}:
        return tuple(zip(*rows, strict=True))
    exponent = node.exponent.value if isinstance(node.exponent, Number) else None
    if exponent == -1 and len(rows) == len(rows[0]) == 2:
        (a, b), (c, d) = rows
        adjugate = ((d, Negation(b)), (Negation(c), a))
        return _each(adjugate, lambda entry: Quotient(entry, _determinant(rows)))
    if exponent is None or not 1 <= exponent <= _MAX_POWER or exponent.q != 1:
        return None
    total: Rows | None = rows
    for _ in range(int(exponent.p) - 1):
        total = _times(total, rows) if total is not None else None
    return total


def _determinant(rows: Rows) -> Expr:
    """Expand along the first row."""
    if len(rows) == 1:
        return rows[0][0]
    terms: list[Expr] = []
    for column, entry in enumerate(rows[0]):
        minor = tuple(row[:column] + row[column + 1 :] for row in rows[1:])
        product = Product((entry, _determinant(minor)))
        terms.append(Negation(product) if column % 2 else product)
    return Sum(tuple(terms))


def _times(left: Rows, right: Rows) -> Rows | None:
    if len(left[0]) != len(right):
        return None
    columns = list(zip(*right, strict=True))
    return tuple(tuple(_dot(row, column) for column in columns) for row in left)


def _dot(row: tuple[Expr, ...], column: tuple[Expr, ...]) -> Expr:
    products = tuple(Product((a, b)) for a, b in zip(row, column, strict=True))
    return products[0] if len(products) == 1 else Sum(products)


def basis_vector(node: Expr, size: int) -> Expr | None:
    """Return `3i + 4j` as the tuple (3, 4) of that size; None where it is no sum over basis vectors."""
    terms = node.terms if isinstance(node, Sum) else (node,)
    entries: list[list[Expr]] = [[] for _ in range(size)]
    for term in terms:
        found = _component(term)
        if found is None or found[0] >= size:
            return None
        entries[found[0]].append(found[1])
    if not any(entries):
        return None
    zero = Number(fmpq(0))
    return Group("(", tuple(zero if not e else e[0] if len(e) == 1 else Sum(tuple(e)) for e in entries), ")")


def _component(term: Expr) -> tuple[int, Expr] | None:
    if isinstance(term, Negation):
        inner = _component(term.argument)
        return (inner[0], Negation(inner[1])) if inner else None
    factors = term.factors if isinstance(term, Product) else (term,)
    for place, names in enumerate(_BASIS):
        hits = [factor for factor in factors if factor in names]
        if len(hits) == 1:
            rest = tuple(factor for factor in factors if factor not in names)
            one = Number(fmpq(1))
            return place, (one if not rest else rest[0] if len(rest) == 1 else Product(rest))
    return None


def as_vector(node: Expr, other: Expr) -> Expr:
    """Read `2i + 3j` as the pair it is where the other side is one."""
    size = len(other.items) if isinstance(other, Group) else len(other.rows) if isinstance(other, Matrix) else 0
    if not 2 <= size <= 3 or isinstance(node, Listing | SetOf | Group | Matrix | Number):
        return node
    return basis_vector(node, size) or node


def rows_of(node: Expr) -> Rows | None:
    """Return the rows of a matrix, or of a list of lists that spells one."""
    if isinstance(node, Matrix):
        return node.rows
    if isinstance(node, Group) and all(isinstance(item, Group) for item in node.items):
        return tuple(item.items for item in node.items if isinstance(item, Group))
    return None
