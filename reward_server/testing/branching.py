"""Loops, conditions and expected exceptions of test code; the rest of the statements is in `statements`.

A loop over known items or under a known condition is walked as Python would. What depends on a value of the program is
one claim as a whole: in the first walk it is passed over, provided that it calls nothing, in the second it is run.
"""

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol

from reward_server.testing.evaluation import Evaluator
from reward_server.testing.failures import TEST_ERRORS, ClaimFailed, LoopEnds, source_of
from reward_server.testing.spelling import code_nodes
from reward_server.testing.unknowns import UNKNOWN, RemoteRaised, Scope, Unsplittable

_MAIN_GUARDS = frozenset({"__name__ == '__main__'"})


class Calls(Protocol):
    """The record of calls, as far as control flow looks at it."""

    touches: int
    replaying: bool


class Statements(Protocol):
    """The walk these statements belong to."""

    guarding: int

    @property
    def evaluator(self) -> Evaluator:
        """Of this walk."""

    @property
    def remotes(self) -> Any:
        """The record of calls."""

    def block(self, nodes: Sequence[ast.stmt], scope: Scope, *, testing: bool) -> None:
        """Run statements in order."""

    def claim(self, node: ast.stmt, testing: bool, run: Callable[[], None]) -> None:
        """Run a statement that may decide something."""

    def store(self, target: ast.expr, value: Any, scope: Scope) -> None:
        """Assign."""


def _for(walk: Statements, node: ast.For, scope: Scope, testing: bool) -> None:
    before = walk.remotes.touches
    holder: list[Any] = []
    walk.claim(node, False, lambda: holder.append(_iterable(walk, node, scope)))
    if walk.remotes.touches == before:
        _loop(walk, node, scope, holder[0], testing)
    elif holder[0] is UNKNOWN:
        _unknown_body(walk, node, [*node.body, *node.orelse], scope)
        walk.claim(node, testing, lambda: _touch(walk))
    else:
        walk.claim(node, testing, lambda: _decided_loop(walk, node, scope, holder[0]))


def _decided_loop(walk: Statements, node: ast.For, scope: Scope, items: Any) -> None:
    _touch(walk)
    _loop(walk, node, scope, items, testing=False)


def _decided_block(walk: Statements, body: Sequence[ast.stmt], scope: Scope) -> None:
    _touch(walk)
    walk.block(body, scope, testing=False)


def _touch(walk: Statements) -> None:
    walk.remotes.touches += 1


def _iterable(walk: Statements, node: ast.For, scope: Scope) -> Any:
    try:
        value = walk.evaluator.value(node.iter, scope)
        return value if value is UNKNOWN else iter(value)
    except (RemoteRaised, *TEST_ERRORS) as error:
        if not walk.remotes.replaying:
            raise Unsplittable(str(error)) from error
        walk.remotes.touches += 1
        return _raising(error)


def _loop(walk: Statements, node: ast.For, scope: Scope, items: Any, testing: bool) -> None:
    for item in items:
        walk.store(node.target, item, scope)
        try:
            walk.block(node.body, scope, testing=testing)
        except LoopEnds as ends:
            if not ends.again:
                return
    walk.block(node.orelse, scope, testing=testing)


def _while(walk: Statements, node: ast.While, scope: Scope, testing: bool) -> None:
    while True:
        condition = walk.evaluator.value(node.test, scope)
        if condition is UNKNOWN:
            raise Unsplittable("a loop depends on one of the program's values")
        if not condition:
            return
        try:
            walk.block(node.body, scope, testing=testing)
        except LoopEnds as ends:
            if not ends.again:
                return


def _if(walk: Statements, node: ast.If, scope: Scope, testing: bool) -> None:
    if ast.unparse(node.test) in _MAIN_GUARDS:
        walk.block(node.body, scope, testing=testing)
        return
    before = walk.remotes.touches
    condition = walk.evaluator.value(node.test, scope)
    if condition is UNKNOWN:
        _unknown_body(walk, node, [*node.body, *node.orelse], scope)
        walk.claim(node, testing, lambda: _touch(walk))
        return
    body = node.body if condition else node.orelse
    if walk.remotes.touches == before:
        walk.block(body, scope, testing=testing)
    else:
        walk.claim(node, testing, lambda: _decided_block(walk, body, scope))


def _unknown_body(walk: Statements, node: ast.stmt, body: Sequence[ast.stmt], scope: Scope) -> None:
    """Pass over statements that may or may not run: they must not call the program, and what they set is unknown."""
    for statement in body:
        walk.evaluator.require_no_calls(statement, scope)
    for child in code_nodes(node):
        if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
            scope[child.id] = UNKNOWN


def _with(walk: Statements, node: ast.With, scope: Scope, testing: bool) -> None:
    kinds = _expected_exceptions(node)
    if kinds is None or node.items[0].optional_vars is not None:
        raise Unsplittable("test code uses a context manager")
    walk.claim(node, testing, lambda: _expect(walk, node, kinds, scope))


def _expect(walk: Statements, node: ast.With, kinds: frozenset[str], scope: Scope) -> None:
    _touch(walk)
    walk.guarding += 1
    try:
        walk.block(node.body, scope, testing=False)
    except RemoteRaised as raised:
        if kinds.isdisjoint(raised.kinds):
            raise
        return
    finally:
        walk.guarding -= 1
    if walk.remotes.replaying:
        raise ClaimFailed(source_of(node), "no exception", " or ".join(sorted(kinds)))


def _try(walk: Statements, node: ast.Try, scope: Scope, testing: bool) -> None:
    walk.claim(node, testing, lambda: _attempt(walk, node, scope))


def _attempt(walk: Statements, node: ast.Try, scope: Scope) -> None:
    _touch(walk)
    walk.guarding += 1
    try:
        walk.block(node.body, scope, testing=False)
    except (RemoteRaised, ClaimFailed) as raised:
        walk.guarding -= 1
        kinds = raised.kinds if isinstance(raised, RemoteRaised) else ("AssertionError", "Exception", "BaseException")
        for handler in node.handlers:
            if handler.type is None or not _names(handler.type).isdisjoint(kinds):
                walk.block(handler.body, scope, testing=False)
                break
        else:
            raise
    else:
        walk.guarding -= 1
        if walk.remotes.replaying:
            walk.block(node.orelse, scope, testing=False)
    if not walk.remotes.replaying:
        for statement in (*node.orelse, *(child for handler in node.handlers for child in handler.body)):
            walk.evaluator.require_no_calls(statement, scope)
    walk.block(node.finalbody, scope, testing=False)


def _names(node: ast.expr) -> frozenset[str]:
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    return frozenset(ast.unparse(part).split(".")[-1] for part in parts)


def _expected_exceptions(node: ast.With) -> frozenset[str] | None:
    call = node.items[0].context_expr
    if len(node.items) != 1 or not isinstance(call, ast.Call) or not call.args:
        return None
    return _names(call.args[0]) if ast.unparse(call.func).split(".")[-1] in {"raises", "assertRaises"} else None


def _raising(error: Exception) -> Iterator[Any]:
    """Return an iterator that raises what evaluating the iterable raised, inside the claim it belongs to."""
    raise_now = iter(())
    yield from raise_now
    raise error


HANDLERS: Mapping[type[ast.stmt], Callable[[Any, Any, Scope, bool], None]] = MappingProxyType(
    {ast.For: _for, ast.While: _while, ast.If: _if, ast.With: _with, ast.Try: _try}
)
"""What `statements` hands over."""
