"""Lines in space and other chains of linear equations: `(x-1)/2 = (y+1)/3 = z/4`, the same where their points are."""

from flint import fmpq, fmpq_mat

from reward_server.mathematics.comparing.identity import Finding
from reward_server.mathematics.tree.nodes import Expr, Negation, Number, Relation, Sum
from reward_server.mathematics.tree.walk import free_symbols, substitute
from reward_server.mathematics.values.exact import rational

_MOST = 6


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
