"""Comparisons, `and`, `or` and conditional expressions of test code.

The first walk knows no value, so it evaluates every operand and notes every call. The second must meet the same calls,
so it evaluates operands that a value has made unnecessary too, and forgets what came of them.
"""

import ast
from collections.abc import Callable
from typing import Any

from reward_server.testing.failures import TEST_ERRORS, ClaimFailed
from reward_server.testing.unknowns import UNKNOWN, Lost, RemoteRaised, Scope, Unsplittable
from reward_server.testing.vetting import decided_by_value
from reward_server.testing.vocabulary import BUILTINS, OPERATORS, NotAllowed, operand_refusal
from reward_server.testing.walking import Walk


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


def compared(walk: Walk, node: ast.Compare, scope: Scope) -> tuple[Any, Any, Any]:
    """Return what a comparison gives, and of the pair that decided it the program's value first."""
    before, sides = walk.remotes.touches, [node.left, *node.comparators]
    left, pair = walk.value(node.left, scope), (None, None)
    outcome: Any = True
    of_program = walk.remotes.touches > before
    for position, operation in enumerate(node.ops):
        seen = walk.remotes.touches
        right = walk.value(sides[position + 1], scope)
        also = walk.remotes.touches > seen
        if isinstance(operation, ast.Is | ast.IsNot) and (of_program or also):
            _require_constant(sides[position], sides[position + 1])
        holds = operate(type(operation).__name__, left, right)
        pair = (right, left) if also and not of_program else (left, right)
        if holds is UNKNOWN:
            outcome = UNKNOWN
        elif not holds and outcome is not UNKNOWN:
            if walk.remotes.touches > before:
                for rest in sides[position + 2 :]:
                    _discard(walk, rest, scope)
            return holds, *pair
        elif outcome is not UNKNOWN:
            outcome = holds
        left, of_program = right, also
    return outcome, *pair


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
