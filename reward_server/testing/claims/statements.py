"""Walk the statements of test code; expressions are `evaluation`'s part, the two walks are `splitting`'s.

A *testing block* is where tests live: the module, `check(candidate)`, `test_…` functions, loops in them. Each of its
statements that looks at a value of the program is one claim; a claim that fails does not end the block when all of
them are wanted. Inside helpers such as EvalPlus' `assertion(out, exp, atol)` a failure travels to the claim it
belongs to.
"""

import ast
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from reward_server.testing.claims import logic
from reward_server.testing.claims.branching import HANDLERS
from reward_server.testing.claims.comprehensions import bind
from reward_server.testing.claims.evalplus import known_helper
from reward_server.testing.claims.evaluation import Evaluator
from reward_server.testing.claims.failures import FAILURES, ClaimFailed, LoopEnds, by_itself, failure_of, source_of
from reward_server.testing.claims.functions import Returning, TestFunction, calls_program, parametrized
from reward_server.testing.claims.unknowns import (
    UNBOUND,
    UNKNOWN,
    Foreign,
    Guarded,
    Held,
    Lost,
    Remote,
    RemoteCalls,
    Scope,
    Unsplittable,
)
from reward_server.testing.claims.vetting import own_names
from reward_server.testing.claims.vocabulary import BUILTINS, PROGRAM_MODULES
from reward_server.testing.judging.values import shown_value


class _Finished(Exception):  # noqa: N818 - named after what happened, it is no error of ours
    """A claim failed and no further one is wanted."""


class Calls(RemoteCalls, Protocol):
    """What statements need of the record of calls beyond what expressions need."""

    def keep(self, remote: Remote, *, instance: bool) -> Held:
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
        self.in_prelude = False
        self.deciding = 0
        self.broken_off: ClaimFailed | None = None
        """Why a statement between claims could not be carried out; the next claim fails for it."""

    @property
    def current_claim(self) -> int | None:
        """The index that the claim being evaluated will get; None between claims."""
        return len(self.claims) if self.deciding else None

    def run(self, tree: ast.Module, entry_point: Foreign | None, prelude: ast.Module | None = None) -> None:
        """Walk the module; then call `check` and the test functions if the module did not do so itself."""
        scope: Scope = {}
        try:
            if prelude is not None:
                self.in_prelude = True
                self.block(prelude.body, scope, testing=False)
                self.in_prelude = False
                for value in scope.values():
                    if isinstance(value, TestFunction):
                        value.of_program = True
            self.block(tree.body, scope, testing=True)
            check = scope.get("check")
            if isinstance(check, TestFunction) and entry_point is not None and not check.entered:
                self.enter(check, [entry_point], testing=True)
            for name, function in list(scope.items()):
                if name.startswith("test") and isinstance(function, TestFunction) and function.is_left_to_run:
                    for arguments in function.rounds:
                        self.enter(function, arguments, testing=True)
        except _Finished:
            return
        if self.broken_off is not None and self.claims:
            self.claims[-1] = self.claims[-1] or self.broken_off

    def enter(self, function: TestFunction, arguments: Sequence[Any], *, testing: bool) -> Any:
        """Run the body of a function of the test."""
        function.entered = True
        try:
            self.block(function.node.body, function.scope_for(arguments, {}), testing=testing)
        except Returning as returning:
            return returning.value
        return None

    def block(self, nodes: Sequence[ast.stmt], scope: Scope, *, testing: bool) -> None:
        """Run statements in order; in a testing block one that fails does not keep the others from their claims."""
        for node in nodes:
            own = getattr(self, f"_{type(node).__name__.lower()}", None)
            if type(node) not in HANDLERS and own is None:
                raise Unsplittable(f"test code uses {type(node).__name__}")
            try:
                if type(node) in HANDLERS:
                    HANDLERS[type(node)](self, node, scope, testing)
                elif own is not None:
                    own(node, scope, testing)
            except FAILURES as error:
                if not testing or self.gives_up(error):
                    raise
                self.broken_off = failure_of(node, error)
                scope.update(dict.fromkeys(own_names(node), UNBOUND))

    def gives_up(self, error: BaseException) -> bool:
        """Say whether an error is no failure of a claim, but ends the walk."""
        return not self.remotes.replaying or isinstance(error, Lost)

    def claim(self, node: ast.stmt, testing: bool, run: Callable[[], None]) -> None:
        """Run a statement that may decide something; in a testing block its failure ends here."""
        if not testing:
            run()
            return
        before, failure = self.remotes.touches, None
        self.deciding += 1
        try:
            run()
        except FAILURES as error:
            if self.gives_up(error):
                raise error if isinstance(error, Unsplittable) else by_itself(node, error) from error
            failure = failure_of(node, error)
        finally:
            self.deciding -= 1
        if failure is not None or self.remotes.touches > before:
            self.claims.append(failure or self.broken_off)
            self.broken_off = None
            if self.claims[-1] is not None and self.stop_at_failure:
                raise _Finished

    def _assert(self, node: ast.Assert, scope: Scope, testing: bool) -> None:
        def decide() -> None:
            if isinstance(node.test, ast.Compare):
                holds, got, expected = logic.compared(self.evaluator, node.test, scope)
            else:
                holds, got, expected = self.evaluator.truth(node.test, scope), None, None
            if holds is UNKNOWN or holds or (self.guarding and not self.remotes.replaying):
                return
            shown = shown_value(False if got is None else got.value)
            wanted = "" if expected is None else shown_value(expected.value)
            raise ClaimFailed(source_of(node), shown, wanted, derived=got is not None and not got.plain)

        self.claim(node, testing, decide)

    def _expr(self, node: ast.Expr, scope: Scope, testing: bool) -> None:
        if isinstance(node.value, ast.Constant):
            return
        function = self._test_called(node.value, scope) if testing else None
        if function is not None and isinstance(node.value, ast.Call):
            self.enter(function, [self.evaluator.lazy(each, scope) for each in node.value.args], testing=True)
            return

        def decide() -> None:
            before = self.remotes.touches
            value = self.evaluator.lazy(node.value, scope)
            if isinstance(value, Remote) and not isinstance(value, Held):
                self.remotes.done(value)
            if not _calls_test_code(node.value, scope):
                self.remotes.touches = before  # printing a value, or comparing it in vain, claims nothing

        self.claim(node, testing, decide)

    def _test_called(self, node: ast.expr, scope: Scope) -> TestFunction | None:
        """Return the function of the test that a statement calls to test the program in it."""
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.keywords:
            return None
        function = scope.get(node.func.id)
        if not isinstance(function, TestFunction) or any(isinstance(each, ast.Starred) for each in node.args):
            return None
        passed = any(self._is_program(each, scope) for each in node.args)
        return function if function.calls_program or passed else None

    def _is_program(self, node: ast.expr, scope: Scope) -> bool:
        """Say whether an argument is the program's function: `f`, `Solution().f`."""
        while isinstance(node, ast.Attribute):
            node = node.value.func if isinstance(node.value, ast.Call) else node.value
        if not isinstance(node, ast.Name):
            return False
        return isinstance(scope.get(node.id), Foreign) if node.id in scope else node.id not in BUILTINS

    def _assign(self, node: ast.Assign, scope: Scope, testing: bool) -> None:
        before = self.remotes.touches
        parts = node.value.elts if isinstance(node.value, ast.Tuple) else []
        target = node.targets[0]
        if len(node.targets) == 1 and isinstance(target, ast.Tuple) and len(target.elts) == len(parts):
            values = [self.evaluator.lazy(part, scope) for part in parts]
            for part, value in zip(target.elts, values, strict=True):
                self.store(part, value, scope)
        else:
            value = self.evaluator.lazy(node.value, scope)
            for target in node.targets:
                self.store(target, value, scope)
        self._note_derived(node, before, testing)

    def _annassign(self, node: ast.AnnAssign, scope: Scope, testing: bool) -> None:
        before = self.remotes.touches
        if node.value is not None:
            self.store(node.target, self.evaluator.lazy(node.value, scope), scope)
        self._note_derived(node, before, testing)

    def _augassign(self, node: ast.AugAssign, scope: Scope, testing: bool) -> None:
        if not isinstance(node.target, ast.Name):
            raise Unsplittable("test code updates an item in place")
        before = self.remotes.touches
        operation = ast.BinOp(ast.Name(node.target.id, ast.Load()), node.op, node.value)
        self.store(node.target, self.evaluator.value(operation, scope), scope)
        self._note_derived(node, before, testing)

    def _note_derived(self, node: ast.stmt, before: int, testing: bool) -> None:
        """Remember whether the names a statement sets hold what was computed from the program's values."""
        if testing and self.remotes.touches > before:
            self.evaluator.derived |= own_names(node)
        elif testing:
            self.evaluator.derived -= own_names(node)

    def store(self, target: ast.expr, value: Any, scope: Scope) -> None:
        """Assign a value to a name, names or an item."""
        if isinstance(value, Remote) and isinstance(target, ast.Name):
            made = value
            value = self.remotes.keep(made, instance=target.id in self.evaluator.makers.variables)
            if not isinstance(made, Held):
                self.remotes.done(made)
        elif (isinstance(value, Foreign) and not isinstance(target, ast.Name)) or isinstance(value, Remote):
            value = self.evaluator.resolved(value)
        if isinstance(target, ast.Subscript) and not isinstance(target.slice, ast.Slice):
            owner, key = self.evaluator.value(target.value, scope), self.evaluator.value(target.slice, scope)
            if UNKNOWN in (owner, key) or self.evaluator.shared.holds_part_of(owner):
                raise Unsplittable("test code stores into a value of the program")
            owner[key] = value
            return
        bind(target, value, scope)

    def _functiondef(self, node: ast.FunctionDef, scope: Scope, _testing: bool) -> None:
        rounds: list[list[Any]] = [[]]
        for decorator in node.decorator_list:
            rounds = parametrized(node, decorator, self.evaluator, scope)
        known = known_helper(node)
        scope[node.name] = known or TestFunction(
            node, scope, self, calls=calls_program(node, scope, self.evaluator.foreign), rounds=rounds
        )

    def _classdef(self, node: ast.ClassDef, scope: Scope, _testing: bool) -> None:
        if not self.in_prelude:
            raise Unsplittable("test code defines a class")
        scope[node.name] = Guarded(node.name)

    def _raise(self, node: ast.Raise, _scope: Scope, _testing: bool) -> None:
        error = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        if not isinstance(error, ast.Name) or error.id != "AssertionError":
            raise Unsplittable("test code raises something else than AssertionError")
        if self.remotes.replaying:
            raise ClaimFailed(source_of(node))
        if not self.guarding:
            raise Unsplittable("test code raises whatever the program does")

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


def _calls_test_code(node: ast.expr, scope: Scope) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in scope
