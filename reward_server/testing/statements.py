"""Walk the statements of test code; expressions are `evaluation`'s part, the two walks are `splitting`'s.

A *testing block* is where tests live: the module, `check(candidate)`, `test_…` functions, loops in them. Each of its
statements that looks at a value of the program is one claim; a claim that fails does not end the block when all of
them are wanted. Inside helpers such as EvalPlus' `assertion(out, exp, atol)` a failure travels to the claim it
belongs to.
"""

import ast
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from reward_server.testing.branching import HANDLERS
from reward_server.testing.comprehensions import bind
from reward_server.testing.evalplus import known_helper
from reward_server.testing.evaluation import Evaluator
from reward_server.testing.failures import TEST_ERRORS, ClaimFailed, LoopEnds, source_of
from reward_server.testing.functions import Returning, TestFunction, calls_program
from reward_server.testing.spelling import code_nodes
from reward_server.testing.unknowns import (
    UNKNOWN,
    Foreign,
    Guarded,
    Remote,
    RemoteCalls,
    RemoteRaised,
    Scope,
    Unsplittable,
)
from reward_server.testing.values import shown_value


class _Finished(Exception):  # noqa: N818 - named after what happened, it is no error of ours
    """A claim failed and no further one is wanted."""


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
            if type(node) in HANDLERS:
                HANDLERS[type(node)](self, node, scope, testing)
                continue
            handler = getattr(self, f"_{type(node).__name__.lower()}", None)
            if handler is None:
                raise Unsplittable(f"test code uses {type(node).__name__}")
            handler(node, scope, testing)

    def claim(self, node: ast.stmt, testing: bool, run: Callable[[], None]) -> None:
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
            failure = ClaimFailed(source_of(node), raised=str(raised))
        except (AssertionError, *TEST_ERRORS) as error:
            failure = ClaimFailed(source_of(node), got=f"{type(error).__name__}: {error}"[:200])
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

        self.claim(node, testing, decide)

    def _fail(self, node: ast.Assert, got: Any, expected: Any) -> None:
        if self.guarding and not self.remotes.replaying:
            return
        raise ClaimFailed(source_of(node), shown_value(got), "" if expected is None else shown_value(expected))

    def _expr(self, node: ast.Expr, scope: Scope, testing: bool) -> None:
        if isinstance(node.value, ast.Constant):
            return
        if isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name):
            function = scope.get(node.value.func.id)
            arguments = node.value.args
            if isinstance(function, TestFunction) and not node.value.keywords and testing:
                values = (
                    [self.evaluator.lazy(argument, scope) for argument in arguments] if _simple(arguments) else None
                )
                if values is not None and (function.calls_program or any(isinstance(v, Foreign) for v in values)):
                    self.enter(function, values, testing=True)
                    return

        def decide() -> None:
            before = self.remotes.touches
            value = self.evaluator.lazy(node.value, scope)
            if isinstance(value, Remote):
                self.remotes.done(value)
                self._taint(node.value, scope)
            if not _calls_test_code(node.value, scope):
                self.remotes.touches = before  # printing a value, or comparing it in vain, claims nothing

        self.claim(node, testing, decide)

    def _taint(self, call: ast.expr, scope: Scope) -> None:
        """A call made for its effect alone may have changed its arguments: they are not known here any more."""
        for child in code_nodes(call):
            if isinstance(child, ast.Name) and isinstance(scope.get(child.id), list | dict | set):
                self.evaluator.tainted.add(child.id)

    def _assign(self, node: ast.Assign, scope: Scope, _testing: bool) -> None:
        value = self.evaluator.lazy(node.value, scope)
        for target in node.targets:
            self.store(target, value, scope)

    def _annassign(self, node: ast.AnnAssign, scope: Scope, _testing: bool) -> None:
        if node.value is not None:
            self.store(node.target, self.evaluator.lazy(node.value, scope), scope)

    def _augassign(self, node: ast.AugAssign, scope: Scope, _testing: bool) -> None:
        if not isinstance(node.target, ast.Name):
            raise Unsplittable("test code updates an item in place")
        operation = ast.BinOp(ast.Name(node.target.id, ast.Load()), node.op, node.value)
        self.store(node.target, self.evaluator.value(operation, scope), scope)

    def store(self, target: ast.expr, value: Any, scope: Scope) -> None:
        """Assign a value to a name, names or an item."""
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

    def _functiondef(self, node: ast.FunctionDef, scope: Scope, _testing: bool) -> None:
        if node.decorator_list:
            raise Unsplittable("test code decorates a function")
        known = known_helper(node)
        scope[node.name] = known or TestFunction(
            node, scope, self, calls=calls_program(node, scope, self.evaluator.foreign)
        )

    def _classdef(self, node: ast.ClassDef, scope: Scope, _testing: bool) -> None:
        scope[node.name] = Guarded(node.name)

    def _import(self, node: ast.Import, scope: Scope, _testing: bool) -> None:
        for alias in node.names:
            module = self.evaluator.modules.get(alias.name)
            scope[alias.asname or alias.name.split(".")[0]] = module if module is not None else Guarded(alias.name)

    def _importfrom(self, node: ast.ImportFrom, scope: Scope, _testing: bool) -> None:
        module = self.evaluator.modules.get(node.module or "")
        for alias in node.names:
            name = alias.asname or alias.name
            if node.module in PROGRAM_MODULES:
                scope[name] = Foreign(alias.name)
            elif alias.name == "*":
                scope.update(vars(module) if module is not None else {})
            else:
                scope[name] = getattr(module, alias.name, Guarded(name))

    def _return(self, node: ast.Return, scope: Scope, _testing: bool) -> None:
        raise Returning(None if node.value is None else self.evaluator.lazy(node.value, scope))

    def _pass(self, _node: ast.Pass, _scope: Scope, _testing: bool) -> None:
        return

    def _break(self, _node: ast.Break, _scope: Scope, _testing: bool) -> None:
        raise LoopEnds(again=False)

    def _continue(self, _node: ast.Continue, _scope: Scope, _testing: bool) -> None:
        raise LoopEnds(again=True)


PROGRAM_MODULES = frozenset({"solution", "main", "program", "submission", "__main__"})
"""Modules that tests import the program from."""


def _calls_test_code(node: ast.expr, scope: Scope) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in scope


def _simple(arguments: Sequence[ast.expr]) -> bool:
    return not any(isinstance(argument, ast.Starred) for argument in arguments)
