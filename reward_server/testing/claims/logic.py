"""Comparisons, `and`, `or` and conditional expressions of test code.

The first walk knows no value, so it evaluates every operand and notes every call. The second must meet the same calls,
so it evaluates operands that a value has made unnecessary too, and forgets what came of them.
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reward_server.testing.claims.failures import TEST_ERRORS, ClaimFailed
from reward_server.testing.claims.unknowns import UNKNOWN, Foreign, Lost, Remote, RemoteRaised, Scope, Unsplittable
from reward_server.testing.claims.vetting import decided_by_value
from reward_server.testing.claims.vocabulary import BUILTINS, OPERATORS, NotAllowed, operand_refusal
from reward_server.testing.claims.walking import Walk


def operate(name: str, left: Any, right: Any) -> Any:
    """Apply a binary or comparison operator, named after its syntax node; UNKNOWN stays UNKNOWN."""
    if refusal := operand_refusal(name, left):
        raise Unsplittable(refusal)
    if left is UNKNOWN or right is UNKNOWN:
        return UNKNOWN
    try:
        return OPERATORS[name](left, right)
    except NotAllowed as refused:
        raise Unsplittable(str(refused)) from refused


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison."""

    value: Any
    of_program: bool
    """It depends on a value of the program."""
    plain: bool
    """It is such a value and nothing else."""


def compared(walk: Walk, node: ast.Compare, scope: Scope) -> tuple[Any, Side, Side]:
    """Return what a comparison gives, and of the pair that decided it the program's value first."""
    before, nodes = walk.remotes.touches, [node.left, *node.comparators]
    left = _side(walk, node.left, scope)
    outcome: Any = True
    pair = (left, left)
    for position, operation in enumerate(node.ops):
        right = _side(walk, nodes[position + 1], scope)
        if isinstance(operation, ast.Is | ast.IsNot) and (left.of_program or right.of_program):
            _require_constant(nodes[position], nodes[position + 1])
        holds = operate(type(operation).__name__, left.value, right.value)
        pair = (right, left) if right.of_program and not left.of_program else (left, right)
        if holds is UNKNOWN:
            outcome = UNKNOWN
        elif not holds and outcome is not UNKNOWN:
            if walk.remotes.touches > before:
                for rest in nodes[position + 2 :]:
                    _discard(walk, rest, scope)
            return holds, *pair
        elif outcome is not UNKNOWN:
            outcome = holds
        left = right
    return outcome, *pair


def _side(walk: Walk, node: ast.expr, scope: Scope) -> Side:
    before = walk.remotes.touches
    found = walk.lazy(node, scope)
    value = walk.resolved(found)
    return Side(value, walk.remotes.touches > before, isinstance(found, Remote | Foreign))


def joined(walk: Walk, node: ast.BoolOp, scope: Scope, evaluate: Callable[[ast.expr, Scope], Any]) -> Any:
    """Return what `and` or `or` gives."""
    wanted, before, unknown = isinstance(node.op, ast.Or), walk.remotes.touches, False
    result: Any = None
    for position, operand in enumerate(node.values):
        result = evaluate(operand, scope)
        if result is UNKNOWN:
            unknown = True
        elif bool(result) is wanted and not unknown:
            if walk.remotes.touches > before:
                for rest in node.values[position + 1 :]:
                    _discard(walk, rest, scope)
            return result
    return UNKNOWN if unknown else result


def conditional(walk: Walk, node: ast.IfExp, scope: Scope) -> Any:
    """Return the branch that the condition chooses."""
    before = walk.remotes.touches
    condition = walk.truth(node.test, scope)
    if walk.remotes.touches > before:
        decided_by_value(walk, ast.Tuple([node.body, node.orelse], ast.Load()), scope)
    return UNKNOWN if condition is UNKNOWN else walk.lazy(node.body if condition else node.orelse, scope)


def _discard(walk: Walk, node: ast.expr, scope: Scope) -> None:
    """Evaluate what was made unnecessary by values, for the calls in it alone."""
    touches = walk.remotes.touches
    try:
        walk.value(node, scope)
    except Lost:
        raise
    except (RemoteRaised, ClaimFailed, AssertionError, Unsplittable, *TEST_ERRORS):
        pass
    walk.remotes.touches = touches


def _require_constant(left: ast.expr, right: ast.expr) -> None:
    """Refuse `is` between objects, whose identity does not survive the way out of the program's process."""
    for side in (left, right):
        if isinstance(side, ast.Constant) or (isinstance(side, ast.Name) and side.id in BUILTINS):
            return
    raise Unsplittable("test code asks for the identity of objects")
