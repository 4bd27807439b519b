"""Spell a call to the program as source for the program's process; only inputs are ever spelled, never a claim."""

import ast
import copy
import marshal
import math
import re
from collections.abc import Callable, Iterable
from typing import Any

from reward_server.testing.claims.sharing import Shared
from reward_server.testing.claims.syntax import code_nodes, is_literal
from reward_server.testing.claims.unknowns import UNKNOWN, Foreign, Guarded, Remote, Scope, Unsplittable
from reward_server.testing.claims.vocabulary import BUILTINS
from reward_server.testing.claims.walking import Walk


def argument_source(walk: Walk, call: ast.Call, scope: Scope) -> str:
    """Return the source of a call's arguments, with the test's own names replaced by their values."""
    parts = [_spelled(walk, argument, scope) for argument in call.args]
    for keyword in call.keywords:
        text = _spelled(walk, keyword.value, scope, spread=keyword.arg is None)
        parts.append(f"**{text}" if keyword.arg is None else f"{keyword.arg}={text}")
    return ", ".join(parts)


def _spelled(walk: Walk, node: ast.expr, scope: Scope, *, spread: bool = False) -> str:
    if isinstance(node, ast.Starred):
        return "*" + _spelled(walk, node.value, scope, spread=True)
    if is_literal(node):
        return ast.unparse(node)
    if any(isinstance(child, _UNSPELLABLE) for child in code_nodes(node)):
        raise Unsplittable("an input is written in a way that is not followed")
    if not _is_local(walk, node, scope):
        return _substituted(walk, node, scope)
    value = walk.lazy(node, scope)
    if value is UNKNOWN:
        raise Unsplittable("an input is computed from one of the program's values")
    if isinstance(value, Remote):
        walk.remotes.absorb(value)
    return spelled_value(walk, value, fresh=spread or not isinstance(node, ast.Name | ast.Subscript))


_UNSPELLABLE = (ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom)


def spelled_value(walk: Walk, value: Any, *, fresh: bool) -> str:
    """Return how a value is spelled; unless it is `fresh` the test keeps it and may look what became of it."""
    if not fresh:
        return walk.shared.hand_over(value, lambda each: literal(each, walk.shared))
    if type(value) not in (list, tuple) or not any(isinstance(part, list | dict | set) for part in value):
        return literal(value, walk.shared)
    parts = ", ".join(spelled_value(walk, part, fresh=False) for part in value)
    return f"[{parts}]" if isinstance(value, list) else f"({parts}{',' if len(value) == 1 else ''})"


def _is_local(walk: Walk, node: ast.expr, scope: Scope) -> bool:
    """Say whether an argument can be computed here: it uses nothing but test code, built-ins and `random`."""
    modules = {id(module) for name, module in walk.modules.items() if name != "random"}
    for child in code_nodes(node):
        if isinstance(child, ast.Lambda):
            return False
        if not isinstance(child, ast.Name) or isinstance(child.ctx, ast.Store):
            continue
        known = scope.get(child.id, BUILTINS.get(child.id, _ABSENT))
        if known is _ABSENT and child.id in _bound(node):
            continue
        if known is _ABSENT or id(known) in modules or isinstance(known, Foreign | Remote | Guarded):
            return False
        if node is not child and walk.shared.holds_part_of(known):
            return False
        if getattr(known, "of_program", False):
            return False
    return True


_ABSENT = Foreign("")


def _bound(node: ast.AST) -> set[str]:
    """Return the names that comprehensions and lambdas inside an expression bind."""
    names = {child.id for child in code_nodes(node) if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store)}
    return names | {child.arg for child in code_nodes(node) if isinstance(child, ast.arg)}


def _substituted(walk: Walk, node: ast.expr, scope: Scope) -> str:
    """Return an expression with the test's names replaced by their values, for the program's process to evaluate."""
    bound, spelled = _bound(node), dict[str, str]()
    tree = copy.deepcopy(node)
    for child in code_nodes(tree):
        if not isinstance(child, ast.Name) or child.id in bound or child.id not in scope:
            continue
        value = walk.lazy(ast.Name(child.id, ast.Load()), scope)
        if value is UNKNOWN:
            raise Unsplittable("an input is computed from one of the program's values")
        if isinstance(value, Guarded) or any(value is module for module in walk.modules.values()):
            continue
        if callable(value) and not isinstance(value, Remote | Foreign):
            if not getattr(value, "of_program", False) and getattr(value, "__name__", "") not in BUILTINS:
                raise Unsplittable(f"an input uses {child.id}, which the program does not know")
            continue
        name = f"_spelled_{len(spelled)}_"
        spelled[name] = spelled_value(walk, value, fresh=False)
        child.id = name
    text = ast.unparse(tree)
    return re.sub(r"\b_spelled_\d+_", lambda match: f"({spelled[match[0]]})", text) if spelled else text


def literal(value: Any, shared: Shared | None = None) -> str:
    """Return Python source of a built-in value, with every float spelled so that it can be read back.

    Raises:
        Unsplittable: the value has no such spelling.
    """
    if isinstance(value, Remote | Foreign):
        return value.source
    handed = shared is not None and shared.holds_part_of(value)
    if handed and shared is not None and (known := shared.known(value)) is not None:
        return known
    if not handed and type(value) in (list, tuple, dict) and (quick := _quick_literal(value)) is not None:
        return quick
    if type(value) in _CONTAINERS:
        return _CONTAINERS[type(value)](value, shared)
    return _atom(value)


def _atom(value: Any) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return f"float('{value}')"
    if type(value) in (int, float, str, bytes, bool, complex, type(None)):
        return repr(value)
    if isinstance(value, type) and value.__module__ == "builtins":
        return value.__name__
    raise Unsplittable(f"an input of type {type(value).__name__}")


def _joined(values: Iterable[Any], shared: Shared | None) -> str:
    return ", ".join(literal(value, shared) for value in values)


def _pairs(value: dict[Any, Any], shared: Shared | None) -> str:
    return ", ".join(f"{literal(key, shared)}: {literal(item, shared)}" for key, item in value.items())


_CONTAINERS: dict[type, Callable[[Any, Shared | None], str]] = {
    list: lambda value, shared: f"[{_joined(value, shared)}]",
    tuple: lambda value, shared: f"({_joined(value, shared)}{',' if len(value) == 1 else ''})",
    set: lambda value, shared: f"set([{_joined(value, shared)}])",
    frozenset: lambda value, shared: f"frozenset([{_joined(value, shared)}])",
    dict: lambda value, shared: f"{{{_pairs(value, shared)}}}",
    range: lambda value, _shared: repr(value),
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
