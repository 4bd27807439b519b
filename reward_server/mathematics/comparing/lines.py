"""Lines in space and other chains of linear equations: `(x-1)/2 = (y+1)/3 = z/4`, the same where their points are.

Lines in vector form (`r = a + t b`) and in parametric equations too, except as functions of time: `r(t)` is a motion.
"""

from itertools import combinations, pairwise

from flint import fmpq, fmpq_mat

from reward_server.mathematics.comparing.identity import Finding
from reward_server.mathematics.tree.nodes import Expr, Group, Listing, Matrix, Negation, Number, Relation, Sum, Symbol
from reward_server.mathematics.tree.walk import free_symbols, substitute
from reward_server.mathematics.values.exact import rational
from reward_server.mathematics.values.matrices import evaluated

_MOST = 6
_PARAMETERS = frozenset({"t", "s", "lambda", "mu", "k", "u"})
_LINES = frozenset({"r", "l", "L", "ell"})


def compare_lines(truth: Relation, answer: Relation) -> Finding | None:
    """Compare two chains of equations, linear in the same unknowns; None where either is not."""
    names = sorted(free_symbols(truth))
    if not 2 <= len(names) <= _MOST or free_symbols(truth) != free_symbols(answer):
        return None
    first, second = _reduced(truth, names), _reduced(answer, names)
    if first is None or second is None:
        return None
    return Finding(first == second, "linear_equations")


def _reduced(chain: Relation, names: list[str]) -> list[list[fmpq]] | None:
    """Return the reduced echelon form of the equations between neighbouring sides."""
    rows: list[list[fmpq]] = []
    for left, right in zip(chain.sides, chain.sides[1:], strict=False):
        row = _coefficients(Sum((left, Negation(right))), names)
        if row is None:
            return None
        rows.append(row)
    form, rank = fmpq_mat(rows).rref()
    return [list(row) for row in form.tolist()[:rank]]


def _coefficients(node: Expr, names: list[str]) -> list[fmpq] | None:
    """Return the coefficients of a linear function and its constant; None where it is not linear over Q."""
    constant = _at(node, names, [fmpq(0)] * len(names))
    test = [fmpq(7 * place + 3, 5) for place in range(len(names))]
    found = _at(node, names, test)
    if constant is None or found is None:
        return None
    row: list[fmpq] = []
    for place in range(len(names)):
        values = [_at(node, names, [fmpq(n * (k == place)) for k in range(len(names))]) for n in (1, 2)]
        if values[0] is None or values[1] is None or values[1] - values[0] != values[0] - constant:
            return None
        row.append(values[0] - constant)
    if found != constant + sum((a * b for a, b in zip(row, test, strict=True)), fmpq(0)):
        return None
    return [*row, constant]


def _at(node: Expr, names: list[str], values: list[fmpq]) -> fmpq | None:
    put_in: dict[str, Expr] = {name: Number(value) for name, value in zip(names, values, strict=True)}
    return rational(substitute(node, put_in))


def compare_vector_lines(truth: Expr, answer: Expr) -> Finding | None:
    """Compare two lines written as a point plus a multiple of a direction; None where either is not one.

    The same line has many such forms: any of its points, any multiple of its direction, any letter.
    """
    vectors = _as_vector(truth), _as_vector(answer)
    if vectors[0] is None or vectors[1] is None:
        return None
    first, second = _vector_line(vectors[0]), _vector_line(vectors[1])
    if first is None or second is None or len(first[0]) != len(second[0]):
        return None
    between = [a - b for a, b in zip(first[0], second[0], strict=True)]
    if _parallel(first[1], second[1]) and _parallel(first[1], between):
        return Finding(True, "vector_line")
    return Finding(
        False, "vector_line", {"witness": "another direction" if _parallel(first[1], between) else "another line"}
    )


def _vector_line(node: Expr) -> tuple[list[fmpq], list[fmpq]] | None:
    """Return a point and the direction of `a + t b` or of parametric equations; None for anything else."""
    names = free_symbols(node)
    if len(names) != 1 or not names <= _PARAMETERS:
        return None
    parameter = next(iter(names))
    places = [_coordinates(substitute(node, {parameter: Number(fmpq(n))})) for n in range(4)]
    if any(place is None or len(place) != len(places[0] or ()) for place in places):
        return None
    known = [place for place in places if place is not None]
    steps = [[b - a for a, b in zip(one, other, strict=True)] for one, other in pairwise(known)]
    varies = any(steps[0]) and all(step == steps[0] for step in steps)
    return (known[0], steps[0]) if varies else None


def _coordinates(node: Expr) -> list[fmpq] | None:
    value = evaluated(node)
    if isinstance(value, Matrix):
        entries = [entry for row in value.rows for entry in row]
    elif isinstance(value, Group):
        entries = list(value.items)
    else:
        return None
    numbers = [rational(entry) for entry in entries]
    found = [number for number in numbers if number is not None]
    return found if len(found) == len(entries) >= 2 else None


def _parallel(one: list[fmpq], other: list[fmpq]) -> bool:
    return all(a * d == b * c for (a, b), (c, d) in combinations(list(zip(one, other, strict=True)), 2))


def _as_vector(node: Expr) -> Expr | None:
    """Return the vector of `x = 1 + t, y = 2 - t, z = 3` and of `(x, y, z) = (…)`, or a sum of vectors; None else."""
    if isinstance(node, Sum):
        return node
    if isinstance(node, Relation) and node.operators == ("=",):
        name, value = node.sides
        if isinstance(name, Symbol) and name.name in _LINES:
            return value
        return value if isinstance(name, Group) and _are_coordinates(list(name.items)) else None
    if isinstance(node, Listing) and all(
        isinstance(item, Relation) and item.operators == ("=",) for item in node.items
    ):
        relations = [item for item in node.items if isinstance(item, Relation)]
        if _are_coordinates([item.sides[0] for item in relations]):
            return Group("(", tuple(item.sides[1] for item in relations), ")")
    return None


def _are_coordinates(names: list[Expr]) -> bool:
    called = "".join(name.name if isinstance(name, Symbol) else "?" for name in names)
    return called in {"xy", "xyz"}
