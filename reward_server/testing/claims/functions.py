"""Functions that test code defines: callable here, interpreted by the walk that met their definition."""

import ast
import builtins
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from reward_server.testing.claims.syntax import code_nodes
from reward_server.testing.claims.unknowns import UNKNOWN, Foreign, Scope, Unsplittable
from reward_server.testing.claims.vetting import own_names, prefetch, vet


class Returning(Exception):  # noqa: N818 - named after what happened, it is no error of ours
    """`return` inside a function of the test."""

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


class Walk(Protocol):
    """The walk a function belongs to."""

    @property
    def remotes(self) -> Any:
        """The record of calls to the program."""
        ...

    @property
    def evaluator(self) -> Any:
        """Of this walk."""
        ...

    def enter(self, function: "TestFunction", arguments: Sequence[Any], *, testing: bool) -> Any:
        """Run the body of the function on positional arguments."""
        ...


class TestFunction:
    """A function of the test with the scope it was defined in, which later definitions still change."""

    __test__ = False
    takes_remotes = True
    is_test_function = True
    of_program = False
    """Whether the program's process has this function too, because it comes from the task's prelude."""

    def __init__(
        self, node: ast.FunctionDef, scope: Scope, walk: Walk, *, calls: bool, rounds: list[list[Any]]
    ) -> None:
        self.node, self.scope, self.walk, self.calls_program = node, scope, walk, calls
        self._vetted = False
        self.entered = False
        self.rounds = rounds
        """The arguments of each call that pytest would make."""

    @property
    def is_left_to_run(self) -> bool:
        """Whether it is a test that the test code has not called itself."""
        return not self.entered and not self.of_program

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Run the function; in the first walk only if no argument is unknown or it calls the program itself."""
        if not self.calls_program and not any(isinstance(value, Foreign) for value in (*arguments, *named.values())):
            arguments = tuple(map(self.walk.evaluator.resolved, arguments))
            named = {name: self.walk.evaluator.resolved(value) for name, value in named.items()}
            prefetch(self.walk.evaluator, self.node, self.scope)
            if any(value is UNKNOWN for value in (*arguments, *named.values())) and not self.walk.remotes.replaying:
                self.vet()
                return UNKNOWN
        return self.walk.enter(self, [*arguments, *self._in_order(arguments, named)], testing=False)

    def vet(self) -> None:
        """Refuse a body that the second walk may not follow.

        Raises:
            Unsplittable: see `vetting`.
        """
        if not self._vetted:
            self._vetted = True
            for statement in self.node.body:
                vet(self.walk.evaluator, statement, {**self.scope, **dict.fromkeys(own_names(self.node), UNKNOWN)})

    def _in_order(self, arguments: Sequence[Any], named: Mapping[str, Any]) -> list[Any]:
        rest = [argument.arg for argument in self.node.args.args][len(arguments) :]
        given = [name for name in rest if name in named]
        if len(given) != len(named) or given != rest[: len(given)]:
            raise Unsplittable("named arguments out of order")
        return [named[name] for name in given]

    def scope_for(self, arguments: Sequence[Any], _named: Mapping[str, Any]) -> Scope:
        """Return the scope its body runs in."""
        signature = self.node.args
        if signature.vararg or signature.kwarg or signature.kwonlyargs or signature.posonlyargs:
            raise Unsplittable("a test function with more than plain parameters")
        names = [argument.arg for argument in signature.args]
        scope = dict(self.scope)
        missing = names[len(arguments) :]
        defaults = signature.defaults[len(signature.defaults) - len(missing) :] if missing else []
        if len(arguments) > len(names) or len(defaults) < len(missing):
            raise Unsplittable(f"{self.node.name} is called with other arguments than it takes")
        scope.update(zip(names, arguments, strict=False))
        scope.update((name, _constant(default)) for name, default in zip(missing, defaults, strict=True))
        return scope


def parametrized(node: ast.FunctionDef, decorator: ast.expr, evaluator: Any, scope: Scope) -> list[list[Any]]:
    """Return the arguments of each round that `pytest.mark.parametrize` asks for.

    Raises:
        Unsplittable: it is another decorator, or not the only one.
    """
    if not isinstance(decorator, ast.Call) or ast.unparse(decorator.func).split(".")[-1] != "parametrize":
        raise Unsplittable("test code decorates a function")
    others = {keyword.arg for keyword in decorator.keywords} - {"ids"}
    if others or len(decorator.args) != len(("names", "rows")) or len(node.decorator_list) > 1:
        raise Unsplittable("test code parametrizes in a way that is not followed")
    names, rows = (evaluator.value(argument, scope) for argument in decorator.args)
    if names is UNKNOWN or rows is UNKNOWN:
        raise Unsplittable("what is tested depends on one of the program's values")
    wanted = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    if [argument.arg for argument in node.args.args] != wanted:
        raise Unsplittable("a test function takes more than its parameters")
    return [[row] if len(wanted) == 1 else list(row) for row in rows]


def _constant(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except ValueError as cause:
        raise Unsplittable("a default that is not a constant") from cause


def calls_program(node: ast.FunctionDef, scope: Scope, foreign: frozenset[str]) -> bool:
    """Say whether a function of the test mentions the program, directly or through another function of the test."""
    own = {argument.arg for argument in node.args.args} | {node.name}
    used: list[str] = []
    for child in code_nodes(node):
        if isinstance(child, ast.Name):
            own.update([child.id] if isinstance(child.ctx, ast.Store) else [])
            used.append(child.id)
        elif isinstance(child, ast.FunctionDef):
            own |= {child.name} | {argument.arg for argument in child.args.args}
        elif isinstance(child, ast.Lambda):
            own |= {argument.arg for argument in child.args.args}
        elif isinstance(child, ast.Import | ast.ImportFrom):
            own |= {(alias.asname or alias.name).split(".")[0] for alias in child.names}
    for name in used:
        known = scope.get(name)
        if name in foreign or isinstance(known, Foreign) or getattr(known, "calls_program", False):
            return True
        if name not in own and name not in scope and not hasattr(builtins, name):
            return True
    return False
