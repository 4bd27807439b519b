"""Spell a call to the program as source for the program's process; only inputs are ever spelled, never a claim."""

import ast
import copy
import marshal
import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

from reward_server.testing.unknowns import UNKNOWN, Foreign, Guarded, Remote, RemoteCalls, Scope, Unsplittable
from reward_server.testing.vocabulary import BUILTINS


class Walk(Protocol):
    """The part of the evaluator that spelling needs."""

    modules: dict[str, Any]
    remotes: RemoteCalls

    def lazy(self, node: ast.expr, scope: Scope) -> Any:
        """Return the value of an expression, leaving a call to the program unresolved."""
        ...


def code_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Walk a syntax tree without the constants, which are nearly all of a test file's nodes."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            waiting.extend(element for element in node.elts if not isinstance(element, ast.Constant))
        else:
            waiting.extend(child for child in ast.iter_child_nodes(node) if not isinstance(child, _LEAVES))


_LEAVES = (ast.Constant, ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)


def is_literal(node: ast.expr) -> bool:
    """Say whether an expression consists of constants and displays alone."""
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.USub | ast.UAdd) and isinstance(node.operand, ast.Constant)
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return all(is_literal(element) for element in node.elts)
    if isinstance(node, ast.Dict):
        return all(key is not None and is_literal(key) for key in node.keys) and all(map(is_literal, node.values))
    return False


def argument_source(walk: Walk, call: ast.Call, scope: Scope) -> str:
    """Return the source of a call's arguments, with the test's own names replaced by their values."""
    parts = [_spelled(walk, argument, scope) for argument in call.args]
    for keyword in call.keywords:
        text = _spelled(walk, keyword.value, scope)
        parts.append(f"**{text}" if keyword.arg is None else f"{keyword.arg}={text}")
    return ", ".join(parts)


def _spelled(walk: Walk, node: ast.expr, scope: Scope) -> str:
    if isinstance(node, ast.Starred):
        return "*" + _spelled(walk, node.value, scope)
    if is_literal(node):
        return ast.unparse(node)
    if not _is_local(walk, node, scope):
        return ast.unparse(_Substitution(walk, scope).visit(copy.deepcopy(node)))
    value = walk.lazy(node, scope)
    if value is UNKNOWN:
        raise Unsplittable("an input is computed from one of the program's values")
    if isinstance(value, Remote):
        walk.remotes.absorb(value)
    return literal(value)


def _is_local(walk: Walk, node: ast.expr, scope: Scope) -> bool:
    """Say whether an argument can be computed here: it uses nothing but test code, built-ins and `random`."""
    modules = {id(module) for name, module in walk.modules.items() if name != "random"}
    for child in code_nodes(node):
        if isinstance(child, ast.Lambda):
            return False
        if not isinstance(child, ast.Name):
            continue
        known = scope.get(child.id, BUILTINS.get(child.id, _ABSENT))
        if known is _ABSENT or id(known) in modules or isinstance(known, Foreign | Remote | Guarded):
            return False
        if getattr(known, "of_program", False):
            return False
    return True


_ABSENT = Foreign("")


class _Substitution(ast.NodeTransformer):
    """Replace the test's names by their values, and leave the program's alone."""

    def __init__(self, walk: Walk, scope: Scope) -> None:
        self.walk, self.scope = walk, scope
        self.bound: set[str] = set()

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        self.bound |= {argument.arg for argument in node.args.args}
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id not in self.scope or node.id in self.bound:
            return node
        value = self.scope[node.id]
        if value is UNKNOWN:
            raise Unsplittable("an input is computed from one of the program's values")
        if (
            isinstance(value, Guarded)
            or callable(value)
            or any(value is module for module in self.walk.modules.values())
        ):
            return node
        return ast.parse(literal(value), mode="eval").body


def literal(value: Any) -> str:
    """Return Python source of a built-in value, with every float spelled so that it can be read back.

    Raises:
        Unsplittable: the value has no such spelling.
    """
    if isinstance(value, Remote | Foreign):
        return value.source
    if type(value) in (list, tuple, dict) and (quick := _quick_literal(value)) is not None:
        return quick
    if isinstance(value, float) and not math.isfinite(value):
        return f"float('{value}')"
    if type(value) in (int, float, str, bytes, bool, complex, type(None)):
        return repr(value)
    if type(value) in _CONTAINERS:
        return _CONTAINERS[type(value)](value)
    if isinstance(value, type) and value.__module__ == "builtins":
        return value.__name__
    raise Unsplittable(f"an input of type {type(value).__name__}")


def _joined(values: Iterable[Any]) -> str:
    return ", ".join(map(literal, values))


_CONTAINERS: dict[type, Callable[[Any], str]] = {
    list: lambda value: f"[{_joined(value)}]",
    tuple: lambda value: f"({_joined(value)}{',' if len(value) == 1 else ''})",
    set: lambda value: f"set([{_joined(value)}])",
    frozenset: lambda value: f"frozenset([{_joined(value)}])",
    dict: lambda value: f"{{{', '.join(f'{literal(key)}: {literal(item)}' for key, item in value.items())}}}",
}
"""How each container is spelled, item by item."""


def _quick_literal(value: Any) -> str | None:
    """Return `repr(value)` when it is sure to be right: exact built-in types (marshal takes no other), finite."""
    try:
        marshal.dumps(value)
    except ValueError:
        return None
    text = repr(value)
    return None if "inf" in text or "nan" in text else text
