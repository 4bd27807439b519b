"""Two relations side by side: equations, inequalities, and signs between other things."""

from reward_server.mathematics.comparing.identity import Finding
from reward_server.mathematics.comparing.lines import compare_lines
from reward_server.mathematics.comparing.sequences import Compare, every
from reward_server.mathematics.comparing.solutions.parameters import ORDERINGS
from reward_server.mathematics.comparing.solutions.relations import (
    both_signs,
    collapsed,
    compare_equations,
    compare_inequalities,
)
from reward_server.mathematics.reading.vocabulary import SYMMETRIC
from reward_server.mathematics.tree.nodes import Relation
from reward_server.mathematics.values.balls import Budget


def compare_statements(truth: Relation, answer: Relation, compare: Compare, budget: Budget) -> Finding:
    """Compare two relations of which neither only names a value."""
    answer = collapsed(answer)
    if {*truth.operators, *answer.operators} <= {"=", "~"}:
        if len(truth.sides) == len(answer.sides) == 2:
            return compare_equations(both_signs(truth), both_signs(answer), budget)
        if (lines := compare_lines(truth, answer)) is not None:
            return lines
        if len(truth.sides) == len(answer.sides):
            return _sides(truth, answer, compare)
        return Finding(None, "none", {"reason": "chains of different length"})
    if {*truth.operators, *answer.operators} <= ORDERINGS:
        return compare_inequalities(truth, answer, budget)
    if truth.operators == answer.operators:
        return _sides(truth, answer, compare)
    return Finding(False, "kind", {"witness": [list(truth.operators), list(answer.operators)]})


def _sides(truth: Relation, answer: Relation, compare: Compare) -> Finding:
    if len(truth.sides) != len(answer.sides):
        return Finding(None, "none", {"reason": "chains of different length"})
    found = every([compare(a, b) for a, b in zip(truth.sides, answer.sides, strict=True)])
    if found.equal is False and len(truth.sides) == 2 and truth.operators[0] in SYMMETRIC:
        turned = every([compare(a, b) for a, b in zip(truth.sides, answer.sides[::-1], strict=True)])
        return turned if turned.equal else found
    return found
