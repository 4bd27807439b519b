"""Numerals that name their base, `4210_5` or `0x1F`, against others."""

from reward_server.mathematics.comparing.identity import Finding
from reward_server.mathematics.comparing.naming import named_value
from reward_server.mathematics.tree.nodes import BasedInteger, Constant, Expr, Number, Product, Symbol


def in_base(truth: Expr, answer: Expr) -> Finding:
    """Compare numerals where one names its base: the same digits in the same base, or without repeating the base.

    The same number in another base is not the answer: converting it is what such a question asks for.
    """
    _, answer = named_value(answer)
    if truth == answer:
        return Finding(True, "structure")
    if isinstance(truth, BasedInteger) and isinstance(answer, BasedInteger):
        same = truth.base == answer.base and int(truth.digits, truth.base) == int(answer.digits, answer.base)
        return Finding(same, "base", {} if same else {"witness": [truth.base, answer.base]})
    based, other = (truth, answer) if isinstance(truth, BasedInteger) else (answer, truth)
    named = based.base if isinstance(based, BasedInteger) else 0
    may_go_without = based is truth or not isinstance(other, Number) or named == 10
    if may_go_without and isinstance(based, BasedInteger) and _digits(other) == based.digits.lstrip("0"):
        return Finding(True, "base_not_repeated")
    return Finding(False, "base", {"witness": "a numeral in another base"})


def _digits(node: Expr) -> str:
    """Return a numeral with letters for digits, which was read as a product: `2AF`; empty for anything else."""
    if isinstance(node, Number):
        return str(node.value) if node.places is None and node.value.q == 1 else ""
    if isinstance(node, Symbol | Constant):
        return node.name.lower() if len(node.name) == 1 else ""
    if isinstance(node, Product):
        pieces = [_digits(factor) for factor in node.factors]
        return "".join(pieces) if all(pieces) else ""
    return ""
