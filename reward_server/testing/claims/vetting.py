"""Test code that only the program's values decide to run: passed over in the first walk, so it is looked through here.

It must not call the program, since the first walk could not note the call, and it may use nothing that the second walk
could not evaluate. What it reads of the program's objects is fetched before, in both walks.
"""

import ast
from collections.abc import Iterator

from reward_server.testing.claims.syntax import code_nodes
from reward_server.testing.claims.unknowns import (
    UNBOUND,
    Foreign,
    Guarded,
    Held,
    RemoteRaised,
    Scope,
    Unsplittable,
)
from reward_server.testing.claims.vocabulary import ALL_METHODS, BUILTINS, MUTATING
from reward_server.testing.claims.walking import Walk

_STATEMENTS = (
    ast.Assert, ast.Expr, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return, ast.Pass, ast.Break, ast.Continue,
    ast.For, ast.While, ast.If, ast.Raise,
)  # fmt: skip


def decided_by_value(walk: Walk, node: ast.AST, scope: Scope) -> None:
    """Prepare for code that may or may not run, depending on the program's values."""
    if not walk.remotes.replaying:
        vet(walk, node, scope)
    prefetch(walk, node, scope)


def vet(walk: Walk, node: ast.AST, scope: Scope) -> None:
    """Refuse code that the second walk may not follow.

    Raises:
        Unsplittable: it calls the program, or uses what is not in the vocabulary.
    """
    own, unread = own_names(node), set(map(id, _unread(node)))
    for child in code_nodes(node):
        if id(child) in unread:
            continue
        if isinstance(child, ast.stmt) and not isinstance(child, _STATEMENTS):
            raise Unsplittable(f"test code uses {type(child).__name__} where a value decides")
        if (
            isinstance(child, ast.expr)
            and not isinstance(child, ast.Starred | ast.Slice)
            and not _is_known(walk, child)
        ):
            raise Unsplittable(f"test code uses {type(child).__name__} where a value decides")
        if isinstance(child, ast.Call) and isinstance(child.func, ast.Name) and child.func.id in own:
            raise Unsplittable("test code calls a value of the program")
        if isinstance(child, ast.Attribute):
            _vet_attribute(child, scope)
        elif isinstance(child, ast.Name) and child.id not in own and isinstance(child.ctx, ast.Load):
            _vet_name(walk, child.id, scope)


def _is_known(walk: Walk, node: ast.expr) -> bool:
    return hasattr(walk, f"_{type(node).__name__.lower()}")


def _unread(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what is never evaluated: messages of asserts and of raised errors."""
    for child in code_nodes(node):
        message = child.msg if isinstance(child, ast.Assert) else child.exc if isinstance(child, ast.Raise) else None
        if message is not None:
            yield from code_nodes(message)


def own_names(node: ast.AST) -> set[str]:
    """Return the names that a piece of code binds itself."""
    names: set[str] = set()
    for child in code_nodes(node):
        if isinstance(child, ast.Name) and not isinstance(child.ctx, ast.Load):
            names.add(child.id)
        elif isinstance(child, ast.arg):
            names.add(child.arg)
        elif isinstance(child, ast.ExceptHandler) and child.name:
            names.add(child.name)
    return names


def _vet_name(walk: Walk, name: str, scope: Scope) -> None:
    known = scope.get(name, BUILTINS.get(name, UNBOUND))
    if name in walk.foreign or known is UNBOUND or isinstance(known, Foreign | Guarded):
        raise Unsplittable("whether the program is called depends on one of its values")
    if getattr(known, "calls_program", False):
        raise Unsplittable("whether the program is called depends on one of its values")
    if isinstance(known, Held) and known.instance:
        raise Unsplittable(f"test code uses {name} where a value decides")
    if getattr(known, "is_test_function", False):
        known.vet()


def _vet_attribute(node: ast.Attribute, scope: Scope) -> None:
    owner = scope.get(node.value.id) if isinstance(node.value, ast.Name) else None
    if type(owner).__name__ == "SimpleNamespace":
        if hasattr(owner, node.attr):
            return
        raise Unsplittable(f"test code uses {node.attr} of a module")
    if node.attr not in ALL_METHODS or (isinstance(owner, Held) and node.attr in MUTATING):
        raise Unsplittable(f"test code uses .{node.attr} where a value decides")


def prefetch(walk: Walk, node: ast.AST, scope: Scope) -> None:
    """Fetch what code reads of the objects in the program's process, in case it runs."""
    if not walk.shared.spelled and not any(isinstance(value, Held) for value in scope.values()):
        return
    touches = walk.remotes.touches
    for child in code_nodes(node):
        if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Load) and child.id in scope:
            found = walk.shared.read(scope[child.id], walk.literal)
            if isinstance(found, Held) and not found.instance:
                _fetch(walk, found)
    walk.remotes.touches = touches


def _fetch(walk: Walk, held: Held) -> None:
    try:
        walk.remotes.fetch(held)
    except RemoteRaised:
        return
