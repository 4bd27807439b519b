"""Comprehensions of test code, over what is known; see `evaluation`."""

import ast
from collections.abc import Iterator
from typing import Any

from reward_server.testing.claims.unknowns import UNKNOWN, Scope, Unsplittable
from reward_server.testing.claims.vetting import decided_by_value
from reward_server.testing.claims.walking import Walk

Comprehension = ast.ListComp | ast.GeneratorExp | ast.SetComp | ast.DictComp


def evaluate(walk: Walk, node: Comprehension, scope: Scope) -> Any:
    """Return the list, set or dict; a generator is evaluated at once, as a list."""
    first, before = node.generators[0].iter, walk.remotes.touches
    source = walk.value(first, scope)
    if walk.remotes.touches > before:
        decided_by_value(walk, _without(node), scope)
    if source is UNKNOWN:
        return UNKNOWN
    rounds = _rounds(walk, node.generators, 0, dict(scope), source)
    if isinstance(node, ast.DictComp):
        pairs = [(walk.value(node.key, inner), walk.value(node.value, inner)) for inner in rounds]
        return UNKNOWN if any(UNKNOWN in pair for pair in pairs) else dict(pairs)
    items = [walk.value(node.elt, inner) for inner in rounds]
    if any(item is UNKNOWN for item in items):
        return UNKNOWN
    return set(items) if isinstance(node, ast.SetComp) else items


def _without(node: Comprehension) -> ast.AST:
    """Return the comprehension without the source of its first loop, which was evaluated."""
    loop = node.generators[0]
    rest = ast.comprehension(loop.target, ast.Constant(None), loop.ifs, loop.is_async)
    loops = [rest, *node.generators[1:]]
    if isinstance(node, ast.DictComp):
        return ast.DictComp(node.key, node.value, loops)
    return type(node)(node.elt, loops)


def _rounds(walk: Walk, generators: list[ast.comprehension], level: int, scope: Scope, items: Any) -> Iterator[Scope]:
    """Yield the scope once for each round of the nested loops."""
    generator = generators[level]
    for item in items:
        bind(generator.target, item, scope)
        if not all(_certain(walk, condition, scope) for condition in generator.ifs):
            continue
        if level + 1 == len(generators):
            yield scope
        else:
            yield from _rounds(walk, generators, level + 1, scope, _certain(walk, generators[level + 1].iter, scope))


def bind(target: ast.expr, value: Any, scope: Scope) -> None:
    """Assign `value` to a name, or item by item to a tuple of names."""
    if isinstance(target, ast.Name):
        scope[target.id] = value
    elif isinstance(target, ast.Tuple | ast.List) and value is UNKNOWN:
        for part in target.elts:
            bind(part, UNKNOWN, scope)
    elif isinstance(target, ast.Tuple | ast.List):
        if any(isinstance(part, ast.Starred) for part in target.elts):
            raise Unsplittable("test code unpacks with a star")
        for part, item in zip(target.elts, list(value), strict=True):
            bind(part, item, scope)
    else:
        raise Unsplittable(f"test code assigns to {type(target).__name__}")


def _certain(walk: Walk, node: ast.expr, scope: Scope) -> Any:
    value = walk.value(node, scope)
    if value is UNKNOWN:
        raise Unsplittable("a comprehension depends on one of the program's values")
    return value
