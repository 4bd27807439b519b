"""Loops, conditions and expected exceptions of test code; the rest of the statements is in `statements`.

A loop over known items or under a known condition is walked as Python would. What depends on a value of the program is
one claim as a whole: in the first walk it is passed over, provided that it calls nothing, in the second it is run.
"""

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType, SimpleNamespace
from typing import Any, Protocol

from reward_server.testing.claims.evaluation import Evaluator
from reward_server.testing.claims.failures import TEST_ERRORS, ClaimFailed, LoopEnds, source_of
from reward_server.testing.claims.unknowns import UNBOUND, UNKNOWN, Caught, Remote, RemoteRaised, Scope, Unsplittable
from reward_server.testing.claims.vetting import decided_by_value, own_names

_MAIN_GUARDS = frozenset({"__name__ == '__main__'"})


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

    def gives_up(self, error: BaseException) -> bool:
        """Say whether an error ends the walk."""

    def store(self, target: ast.expr, value: Any, scope: Scope) -> None:
        """Assign."""


def _for(walk: Statements, node: ast.For, scope: Scope, testing: bool) -> None:
    before = walk.remotes.touches
    holder: list[Any] = []
    walk.claim(node, False, lambda: holder.append(_iterable(walk, node, scope)))
    if walk.remotes.touches == before:
        _loop(walk, node, scope, holder[0], testing)
        return
    _left_to_values(walk, [*node.body, *node.orelse], scope, target=node.target)
    if holder[0] is UNKNOWN:
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
        found = walk.evaluator.lazy(node.iter, scope)
        if isinstance(found, Remote) and found.instance:
            found = walk.evaluator.wrapped("list", found)
        value = walk.evaluator.resolved(found)
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
    holder: list[Any] = []
    failed = _trying(walk, lambda: holder.append(walk.evaluator.truth(node.test, scope)))
    if failed is not None:
        walk.claim(node, testing, lambda: _raise(failed))
        return
    condition = holder[0]
    if walk.remotes.touches == before:
        walk.block(node.body if condition else node.orelse, scope, testing=testing)
        return
    _left_to_values(walk, [*node.body, *node.orelse], scope)
    if condition is UNKNOWN:
        walk.claim(node, testing, lambda: _touch(walk))
    else:
        walk.claim(node, testing, lambda: _decided_block(walk, node.body if condition else node.orelse, scope))


def _trying(walk: Statements, run: Callable[[], None]) -> Exception | None:
    """Run and return what failed, where that decides a claim."""
    try:
        run()
    except (RemoteRaised, Unsplittable, *TEST_ERRORS) as error:
        if walk.gives_up(error):
            raise
        return error
    return None


def _raise(error: Exception) -> None:
    raise error


def _left_to_values(walk: Statements, body: Sequence[ast.stmt], scope: Scope, target: ast.expr | None = None) -> None:
    """Prepare for statements that may or may not run; in the first walk they do not, and what they set is unknown."""
    bound = dict.fromkeys(own_names(target), UNKNOWN) if target is not None else {}
    for statement in body:
        decided_by_value(walk.evaluator, statement, {**scope, **bound, **dict.fromkeys(_set_in(body), UNKNOWN)})
    walk.evaluator.derived.update(_set_in(body))
    if not walk.remotes.replaying:
        scope.update(dict.fromkeys([*bound, *_set_in(body)], UNKNOWN))


def _set_in(body: Sequence[ast.stmt]) -> list[str]:
    return [name for statement in body for name in own_names(statement)]


def _with(walk: Statements, node: ast.With, scope: Scope, testing: bool) -> None:
    kinds = _expected_exceptions(node)
    if kinds is None:
        raise Unsplittable("test code uses a context manager")
    walk.claim(node, testing, lambda: _expecting(walk, node, kinds, scope))


def _expecting(walk: Statements, node: ast.With, kinds: frozenset[str], scope: Scope) -> None:
    _touch(walk)
    walk.guarding += 1
    caught: Caught | None = None
    try:
        walk.block(node.body, scope, testing=False)
    except RemoteRaised as raised:
        if kinds.isdisjoint(raised.kinds):
            raise
        caught = Caught(raised.kinds, raised.message)
    finally:
        walk.guarding -= 1
    if walk.remotes.replaying and caught is None:
        raise ClaimFailed(source_of(node), "no exception", " or ".join(sorted(kinds)))
    name = node.items[0].optional_vars
    if isinstance(name, ast.Name):
        scope[name.id] = SimpleNamespace(value=UNKNOWN if caught is None else caught)
    _unbind(node.body, scope)


def _unbind(body: Sequence[ast.stmt], scope: Scope) -> None:
    """After statements that may have been broken off, what they had not set yet is no name of the program."""
    for name in _set_in(body):
        scope.setdefault(name, UNBOUND)


def _try(walk: Statements, node: ast.Try, scope: Scope, testing: bool) -> None:
    walk.claim(node, testing, lambda: _attempt(walk, node, scope))


def _attempt(walk: Statements, node: ast.Try, scope: Scope) -> None:
    _touch(walk)
    _prepare_handlers(walk, node, scope)
    walk.guarding += 1
    try:
        walk.block(node.body, scope, testing=False)
    except (RemoteRaised, ClaimFailed) as raised:
        walk.guarding -= 1
        _unbind(node.body, scope)
        _handle(walk, node, raised, scope)
    else:
        walk.guarding -= 1
        if walk.remotes.replaying:
            walk.block(node.orelse, scope, testing=False)
    walk.block(node.finalbody, scope, testing=False)


def _prepare_handlers(walk: Statements, node: ast.Try, scope: Scope) -> None:
    later = [*node.orelse, *(statement for handler in node.handlers for statement in handler.body)]
    names = [handler.name for handler in node.handlers if handler.name]
    known = {**scope, **dict.fromkeys([*names, *_set_in(node.body), *_set_in(later)], UNKNOWN)}
    for statement in later:
        decided_by_value(walk.evaluator, statement, known)


def _handle(walk: Statements, node: ast.Try, raised: RemoteRaised | ClaimFailed, scope: Scope) -> None:
    kinds = raised.kinds if isinstance(raised, RemoteRaised) else ("AssertionError", "Exception", "BaseException")
    for handler in node.handlers:
        if kinds and (handler.type is None or not _names(handler.type).isdisjoint(kinds)):
            if handler.name:
                scope[handler.name] = Caught(kinds, getattr(raised, "message", ""))
            walk.block(handler.body, scope, testing=False)
            return
    raise raised


def _names(node: ast.expr) -> frozenset[str]:
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    return frozenset(ast.unparse(part).split(".")[-1] for part in parts)


def _expected_exceptions(node: ast.With) -> frozenset[str] | None:
    call = node.items[0].context_expr
    if len(node.items) != 1 or not isinstance(call, ast.Call) or len(call.args) != 1 or call.keywords:
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
