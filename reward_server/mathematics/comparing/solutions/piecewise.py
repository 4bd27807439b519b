"""Functions by cases, compared on every overlap of their pieces."""

from itertools import pairwise

from flint import ctx, fmpq

from reward_server.mathematics.comparing.identity import Finding, same_function
from reward_server.mathematics.comparing.solutions import realsets
from reward_server.mathematics.comparing.solutions.realsets import ALL, EMPTY, NotARealSet, RealSet
from reward_server.mathematics.comparing.solutions.solving import real_set
from reward_server.mathematics.tree.nodes import Expr, Number, Piecewise
from reward_server.mathematics.tree.walk import free_symbols, substitute
from reward_server.mathematics.values.balls import Balls, Budget, Undefined

Pieces = list[tuple[Expr, RealSet]]


def pieces_of(node: Expr) -> Pieces:
    """Return values with the sets on which they hold; raise `NotARealSet`. What has no cases holds everywhere."""
    if not isinstance(node, Piecewise):
        return [(node, ALL)]
    covered = EMPTY
    pieces: Pieces = []
    for value, condition in node.rows:
        where = realsets.difference(ALL, covered) if condition is None else real_set(condition)
        pieces.append((value, where))
        covered = realsets.union(covered, where)
    return pieces


def compare_piecewise(truth: Expr, answer: Expr, budget: Budget) -> Finding:
    """Compare two functions of one variable, at least one of them by cases."""
    names = free_symbols(truth) | free_symbols(answer)
    if len(names) != 1:
        return _by_rows(truth, answer, budget)
    try:
        left, right = pieces_of(truth), pieces_of(answer)
        if _cover(left) != _cover(right):
            return Finding(False, "piecewise", {"witness": "defined on different sets"})
        for value, where in left:
            for other, elsewhere in right:
                overlap = realsets.intersection(where, elsewhere)
                if overlap != EMPTY and not _agree(value, other, overlap, next(iter(names)), budget):
                    return Finding(False, "piecewise", {"witness": "different values on a common piece"})
    except NotARealSet:
        return _by_rows(truth, answer, budget)
    return Finding(True, "piecewise")


def _cover(pieces: Pieces) -> RealSet:
    total = EMPTY
    for _, where in pieces:
        total = realsets.union(total, where)
    return total


def _agree(left: Expr, right: Expr, where: RealSet, variable: str, budget: Budget) -> bool:
    if same_function(left, right, budget).equal:
        return True
    samples: list[Expr] = [end for end, inside in zip(where.ends, where.points, strict=True) if inside]
    for sample, inside in zip(_inside(where), where.gaps, strict=True):
        if inside:
            samples += [Number(value) for value in sample]
    return all(_same_at(left, right, variable, sample, budget) for sample in samples)


def _inside(where: RealSet) -> list[list[fmpq]]:
    """Return four rationals in each gap."""
    values = [realsets.near_rational(end) for end in where.ends]
    shares = [fmpq(1, 7), fmpq(2, 5), fmpq(5, 9), fmpq(12, 13)]
    if not values:
        return [[fmpq(-7, 2), fmpq(-1, 3), fmpq(2, 5), fmpq(9, 2)]]
    gaps = [[values[0] - 5 * share for share in shares]]
    gaps += [[a + (b - a) * share for share in shares] for a, b in pairwise(values)]
    return [*gaps, [values[-1] + 5 * share for share in shares]]


def _same_at(left: Expr, right: Expr, variable: str, sample: Expr, budget: Budget) -> bool:
    try:
        with ctx.workprec(192):
            values = [Balls({}, budget).value(substitute(side, {variable: sample})) for side in (left, right)]
            return bool(values[0].overlaps(values[1]))
    except Undefined:
        return False


def _by_rows(truth: Expr, answer: Expr, budget: Budget) -> Finding:
    """Match the rows one to one, by equal values and equal conditions as written."""
    if not (isinstance(truth, Piecewise) and isinstance(answer, Piecewise)) or len(truth.rows) != len(answer.rows):
        return Finding(None, "none", {"reason": "cases of no common form"})
    left = list(answer.rows)
    for value, condition in truth.rows:
        for index, (other, other_condition) in enumerate(left):
            if condition == other_condition and same_function(value, other, budget).equal:
                left.pop(index)
                break
        else:
            return Finding(None, "none", {"reason": "a row has no match"})
    return Finding(True, "piecewise")
