"""Integers written in a base other than ten: the base is part of the answer."""

from reward_server.mathematics.identity import Finding
from reward_server.mathematics.nodes import BasedInteger, Expr, Number
from reward_server.mathematics.walk import contains


def compare_bases(truth: Expr, answer: Expr) -> Finding | None:
    """Compare where a base is written; None where neither side has one.

    A question "write 555 in base 5" is not answered by 555, nor by another base, and "what is 52_8 in base ten" is not
    answered by `52_8`. The base need not be repeated behind the right digits.
    """
    if not (contains(truth, BasedInteger) or contains(answer, BasedInteger)):
        return None
    if isinstance(truth, BasedInteger) and isinstance(answer, Number):
        return Finding(str(answer.value) == truth.digits and answer.places is None, "base_not_repeated")
    if isinstance(truth, BasedInteger) and isinstance(answer, BasedInteger):
        same = truth.base == answer.base and int(truth.digits, truth.base) == int(answer.digits, answer.base)
        return Finding(same, "base")
    if isinstance(truth, Number) and isinstance(answer, BasedInteger) and answer.base == 10:
        return Finding(bool(truth.value == int(answer.digits)), "base")
    return Finding(truth == answer, "base", {} if truth == answer else {"witness": "a number in another base"})
