r"""Arrows between points: `\overrightarrow{AB}` leads from A to B, so that `-\overrightarrow{BA}` is the same."""

import re

from reward_server.mathematics.tree.nodes import Expr, Negation, Number, Sum, Symbol
from reward_server.mathematics.tree.walk import nodes, substitute

_ARROW = re.compile(r"([A-Z]'?)([A-Z]'?)")
"""The name of a symbol under an arrow, of two points: letters without one are factors."""


def between_points(truth: Expr, answer: Expr) -> tuple[Expr, Expr]:
    """Write arrows as differences of their points, where two trees are not of one same arrow."""
    if isinstance(truth, Number) or isinstance(answer, Number):
        return truth, answer
    names = {
        item.name for side in (truth, answer) for item in nodes(side) if type(item) is Symbol and len(item.name) > 1
    }
    arrows: dict[str, Expr] = {}
    for name in names:
        match = _ARROW.fullmatch(name)
        if match is not None:
            arrows[name] = Sum((Symbol("point." + match[2]), Negation(Symbol("point." + match[1]))))
    return (substitute(truth, arrows), substitute(answer, arrows)) if len(arrows) > 1 else (truth, answer)
