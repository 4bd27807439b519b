"""Walk the statements of test code; expressions are `evaluation`'s part, the two walks are `splitting`'s.

A *testing block* is where tests live: the module, `check(candidate)`, `test_…` functions, loops in them. Each of its
statements that looks at a value of the program is one claim; a claim that fails does not end the block when all of
them are wanted. Inside helpers such as EvalPlus' `assertion(out, exp, atol)` a failure travels to the claim it
belongs to.
"""

import ast
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from reward_server.testing.comprehensions import bind
from reward_server.testing.evaluation import Evaluator
from reward_server.testing.evalplus import known_helper
from reward_server.testing.functions import Returning, TestFunction, calls_program
from reward_server.testing.spelling import code_nodes
from reward_server.testing.unknowns import UNKNOWN, Foreign, Guarded, Remote, RemoteCalls, RemoteRaised, Scope, Unsplittable
from reward_server.testing.values import shown_value

TEST_ERRORS = (ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError, TypeError, ValueError)
"""What evaluating a claim on a value of the wrong type or size raises, as the test itself would have raised."""


class ClaimFailed(Exception):  # noqa: N818 - a verdict on the program, not a failure of ours
    """A claim is false; what is known about why."""

    def __init__(self, source: str, got: str = "", expected: str = "", raised: str = "") -> None:
        super().__init__(source)
        self.source, self.got, self.expected, self.raised = source, got, expected, raised


class _Finished(Exception):  # noqa: N818 - control flow
    """A claim failed and no further one is wanted."""


class _LoopEnds(Exception):  # noqa: N818 - control flow
    """`break`, or `continue` when `again`."""

    def __init__(self, *, again: bool) -> None:
        super().__init__()
        self.again = again


class Calls(RemoteCalls, Protocol):
    """What statements need of the record of calls beyond what expressions need."""

    touches: int
    """How often a value was looked at."""
    replaying: bool

    def keep(self, remote: Remote) -> Remote:
        """Give the result of a call a name that later calls can use."""
        ...

    def done(self, remote: Remote) -> None:
        """Note a call made for its effect; raises RemoteRaised."""
        ...


class Statements:
    """One walk over test code; `claims` holds None for each claim that holds, else why it does not."""

    def __init__(self, evaluator: Evaluator, remotes: Calls, *, stop_at_failure: bool) -> None:
        self.evaluator, self.remotes, self.stop_at_failure = evaluator, remotes, stop_at_failure
        self.claims: list[ClaimFailed | None] = []
        self.guarding = 0

    @property
    def current_claim(self) -> int:
        """The index that the claim being evaluated will get."""
        return len(self.claims)

    def run(self, tree: ast.Module, entry_point: Foreign | None, prelude: ast.Module | None = None) -> None:
        """Walk the module; then call `check` and the test functions if the module did not do so itself."""
        scope: Scope = {}
        try:
            if prelude is not None:
                self.block(prelude.body, scope, testing=False)
                for value in scope.values():
                    if isinstance(value, TestFunction):
                        value.of_program = True
            self.block(tree.body, scope, testing=True)
            check = scope.get("check")
            if not self.claims and isinstance(check, TestFunction) and entry_point is not None:
                self.enter(check, [entry_point], testing=True)
            if not self.claims:
                for name, function in list(scope.items()):
                    if name.startswith("test") and isinstance(function, TestFunction) and not function.of_program:
                        self.enter(function, [], testing=True)
        except _Finished:
            return

    def enter(self, function: TestFunction, arguments: Sequence[Any], *, testing: bool) -> Any:
        """Run the body of a function of the test."""
        try:
            self.block(function.node.body, function.scope_for(arguments, {}), testing=testing)
        except Returning as returning:
            return returning.value
        return None

    def block(self, nodes: Sequence[ast.stmt], scope: Scope, *, testing: bool) -> None:
        """Run statements in order."""
        for node in nodes:
            handler = getattr(self, f"_{type(node).__name__.lower()}", None)
            if handler is None:
                raise Unsplittable(f"test code uses {type(node).__name__}")
            handler(node, scope, testing)

    def _claim(self, node: ast.stmt, testing: bool, run: Callable[[], None]) -> None:
        """Run a statement that may decide something; in a testing block its failure ends here."""
        if not testing:
            run()
            return
        before, failure = self.remotes.touches, None
        try:
            run()
        except ClaimFailed as failed:
            failure = failed
        except RemoteRaised as raised:
            failure = ClaimFailed(_source(node), raised=str(raised))
        except (AssertionError, *TEST_ERRORS) as error:
            failure = ClaimFailed(_source(node), got=f"{type(error).__name__}: {error}"[:200])
        if failure is not None and not self.remotes.replaying:
            raise Unsplittable(f"the test fails by itself: {failure.source} {failure.got}"[:200])
        if failure is not None or self.remotes.touches > before:
            self.claims.append(failure)
            if failure is not None and self.stop_at_failure:
                raise _Finished

    def _assert(self, node: ast.Assert, scope: Scope, testing: bool) -> None:
        def decide() -> None:
            if isinstance(node.test, ast.Compare) and len(node.test.ops) == 1:
                left = self.evaluator.value(node.test.left, scope)
                right = self.evaluator.value(node.test.comparators[0], scope)
                holds = self.evaluator.operate(type(node.test.ops[0]).__name__, left, right)
                if holds is not UNKNOWN and not holds:
                    self._fail(node, left, right)
                return
            holds = self.evaluator.truth(node.test, scope)
            if holds is not UNKNOWN and not holds:
                self._fail(node, holds, None)

        self._claim(node, testing, decide)

    def _fail(self, node: ast.Assert, got: Any, expected: Any) -> None:
        if self.guarding and not self.remotes.replaying:
            return
        raise ClaimFailed(_source(node), shown_value(got), "" if expected is None else shown_value(expected))

    def _expr(self, node: ast.Expr, scope: Scope, testing: bool) -> None:
        if isinstance(node.value, ast.Constant):
            return
        if isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name):
            function = scope.get(node.value.func.id)
            arguments = node.value.args
            if isinstance(function, TestFunction) and not node.value.keywords and testing:
                values = [self.evaluator.lazy(argument, scope) for argument in arguments] if _simple(arguments) else None
                if values is not None and (function.calls_program or any(isinstance(v, Foreign) for v in values)):
                    self.enter(function, values, testing=True)
                    return

        def decide() -> None:
            value = self.evaluator.lazy(node.value, scope)
            if isinstance(value, Remote):
                self.remotes.done(value)
                self._taint(node.value, scope)

        self._claim(node, testing, decide)

    def _taint(self, call: ast.expr, scope: Scope) -> None:
        """A call made for its effect alone may have changed its arguments: they are not known here any more."""
        for child in code_nodes(call):
            if isinstance(child, ast.Name) and isinstance(scope.get(child.id), list | dict | set):
                self.evaluator.tainted.add(child.id)

    def _assign(self, node: ast.Assign, scope: Scope, testing: bool) -> None:
        value = self.evaluator.lazy(node.value, scope)
        for target in node.targets:
            self._store(target, value, scope)

    def _annassign(self, node: ast.AnnAssign, scope: Scope, testing: bool) -> None:
        if node.value is not None:
            self._store(node.target, self.evaluator.lazy(node.value, scope), scope)

    def _augassign(self, node: ast.AugAssign, scope: Scope, testing: bool) -> None:
        if not isinstance(node.target, ast.Name):
            raise Unsplittable("test code updates an item in place")
        operation = ast.BinOp(ast.Name(node.target.id, ast.Load()), node.op, node.value)
        self._store(node.target, self.evaluator.value(operation, scope), scope)

    def _store(self, target: ast.expr, value: Any, scope: Scope) -> None:
        if isinstance(value, Remote):
            value = self.remotes.keep(value) if isinstance(target, ast.Name) else self.remotes.value(value)
        if isinstance(target, ast.Subscript) and not isinstance(target.slice, ast.Slice):
            owner, key = self.evaluator.value(target.value, scope), self.evaluator.value(target.slice, scope)
            if UNKNOWN in (owner, key):
                raise Unsplittable("test code stores into a value of the program")
            owner[key] = value
            return
        bind(target, value, scope)
        self.evaluator.tainted -= {child.id for child in code_nodes(target) if isinstance(child, ast.Name)}

    def _for(self, node: ast.For, scope: Scope, testing: bool) -> None:
        before = self.remotes.touches
        holder: list[Any] = []
        self._claim(node, False, lambda: holder.append(self._iterable(node, scope)))
        if self.remotes.touches == before:
            self._loop(node, scope, holder[0], testing)
        elif holder[0] is UNKNOWN:
            self._unknown_body(node, [*node.body, *node.orelse], scope)
            self._claim(node, testing, self._touch)
        else:
            self._claim(node, testing, lambda: (self._touch(), self._loop(node, scope, holder[0], testing=False))[0])

    def _touch(self) -> None:
        self.remotes.touches += 1

    def _iterable(self, node: ast.For, scope: Scope) -> Any:
        try:
            value = self.evaluator.value(node.iter, scope)
            return value if value is UNKNOWN else iter(value)
        except (RemoteRaised, *TEST_ERRORS) as error:
            if not self.remotes.replaying:
                raise Unsplittable(str(error)) from error
            self.remotes.touches += 1
            return _raising(error)

    def _loop(self, node: ast.For, scope: Scope, items: Any, testing: bool) -> None:
        for item in items:
            self._store(node.target, item, scope)
            try:
                self.block(node.body, scope, testing=testing)
            except _LoopEnds as ends:
                if not ends.again:
                    return
        self.block(node.orelse, scope, testing=testing)

    def _while(self, node: ast.While, scope: Scope, testing: bool) -> None:
        while True:
            condition = self.evaluator.value(node.test, scope)
            if condition is UNKNOWN:
                raise Unsplittable("a loop depends on one of the program's values")
            if not condition:
                return
            try:
                self.block(node.body, scope, testing=testing)
            except _LoopEnds as ends:
                if not ends.again:
                    return

    def _if(self, node: ast.If, scope: Scope, testing: bool) -> None:
        if ast.unparse(node.test) in _MAIN_GUARDS:
            self.block(node.body, scope, testing=testing)
            return
        before = self.remotes.touches
        condition = self.evaluator.value(node.test, scope)
        if condition is UNKNOWN:
            self._unknown_body(node, [*node.body, *node.orelse], scope)
            self._claim(node, testing, self._touch)
            return
        body = node.body if condition else node.orelse
        if self.remotes.touches == before:
            self.block(body, scope, testing=testing)
        else:
            self._claim(node, testing, lambda: (self._touch(), self.block(body, scope, testing=False))[0])

    def _unknown_body(self, node: ast.stmt, body: Sequence[ast.stmt], scope: Scope) -> None:
        """Pass over statements that may or may not run: they must not call the program, and what they set is unknown."""
        for statement in body:
            self.evaluator.require_no_calls(statement, scope)
        for child in code_nodes(node):
            if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
                scope[child.id] = UNKNOWN

    def _with(self, node: ast.With, scope: Scope, testing: bool) -> None:
        kinds = _expected_exceptions(node)
        if kinds is None or node.items[0].optional_vars is not None:
            raise Unsplittable("test code uses a context manager")
        self._claim(node, testing, lambda: self._expect(node, kinds, scope))

    def _expect(self, node: ast.With, kinds: frozenset[str], scope: Scope) -> None:
        self._touch()
        self.guarding += 1
        try:
            self.block(node.body, scope, testing=False)
        except RemoteRaised as raised:
            if kinds.isdisjoint(raised.kinds):
                raise
            return
        finally:
            self.guarding -= 1
        if self.remotes.replaying:
            raise ClaimFailed(_source(node), "no exception", " or ".join(sorted(kinds)))

    def _try(self, node: ast.Try, scope: Scope, testing: bool) -> None:
        self._claim(node, testing, lambda: self._attempt(node, scope))

    def _attempt(self, node: ast.Try, scope: Scope) -> None:
        self._touch()
        self.guarding += 1
        try:
            self.block(node.body, scope, testing=False)
        except (RemoteRaised, ClaimFailed) as raised:
            self.guarding -= 1
            kinds = raised.kinds if isinstance(raised, RemoteRaised) else ("AssertionError", "Exception", "BaseException")
            for handler in node.handlers:
                if handler.type is None or not _names(handler.type).isdisjoint(kinds):
                    self.block(handler.body, scope, testing=False)
                    break
            else:
                raise
        else:
            self.guarding -= 1
            if self.remotes.replaying:
                self.block(node.orelse, scope, testing=False)
        if not self.remotes.replaying:
            for statement in (*node.orelse, *(child for handler in node.handlers for child in handler.body)):
                self.evaluator.require_no_calls(statement, scope)
        self.block(node.finalbody, scope, testing=False)

    def _functiondef(self, node: ast.FunctionDef, scope: Scope, testing: bool) -> None:
        if node.decorator_list:
            raise Unsplittable("test code decorates a function")
        known = known_helper(node)
        scope[node.name] = known or TestFunction(node, scope, self, calls=calls_program(node, scope, self.evaluator.foreign))

    def _classdef(self, node: ast.ClassDef, scope: Scope, testing: bool) -> None:
        scope[node.name] = Guarded(node.name)

    def _import(self, node: ast.Import, scope: Scope, testing: bool) -> None:
        for alias in node.names:
            module = self.evaluator.modules.get(alias.name)
            scope[alias.asname or alias.name.split(".")[0]] = module if module is not None else Guarded(alias.name)

    def _importfrom(self, node: ast.ImportFrom, scope: Scope, testing: bool) -> None:
        module = self.evaluator.modules.get(node.module or "")
        for alias in node.names:
            name = alias.asname or alias.name
            if node.module in PROGRAM_MODULES:
                scope[name] = Foreign(alias.name)
            elif alias.name == "*":
                scope.update(vars(module) if module is not None else {})
            else:
                scope[name] = getattr(module, alias.name, Guarded(name))

    def _return(self, node: ast.Return, scope: Scope, testing: bool) -> None:
        raise Returning(None if node.value is None else self.evaluator.lazy(node.value, scope))

    def _pass(self, node: ast.Pass, scope: Scope, testing: bool) -> None:
        return

    def _break(self, node: ast.Break, scope: Scope, testing: bool) -> None:
        raise _LoopEnds(again=False)

    def _continue(self, node: ast.Continue, scope: Scope, testing: bool) -> None:
        raise _LoopEnds(again=True)


PROGRAM_MODULES = frozenset({"solution", "main", "program", "submission", "__main__"})
"""Modules that tests import the program from."""
_MAIN_GUARDS = frozenset({"__name__ == '__main__'"})


def _simple(arguments: Sequence[ast.expr]) -> bool:
    return not any(isinstance(argument, ast.Starred) for argument in arguments)


def _source(node: ast.stmt) -> str:
    return ast.unparse(node)[:400]


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
