"""Go through a tree without knowing its node types: children, free symbols, substitution."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from reward_server.mathematics.nodes import Constant, Expr, Negation, PlusMinus, Series, Symbol


def _nodes_in(value: Any) -> Iterator[Expr]:
    if isinstance(value, tuple):
        for item in value:
            yield from _nodes_in(item)
    elif hasattr(value, "__dataclass_fields__") and isinstance(value, Expr):
        yield value


def children(node: Expr) -> Iterator[Expr]:
    """Yield the nodes directly below."""
    for name in node.__dataclass_fields__:
        yield from _nodes_in(getattr(node, name))


def nodes(node: Expr) -> Iterator[Expr]:
    """Yield the node and everything below it."""
    yield node
    for child in children(node):
        yield from nodes(child)


@lru_cache(maxsize=8192)
def free_symbols(node: Expr) -> frozenset[str]:
    """Return the names of the symbols a node depends on; bound variables are not among them."""
    if isinstance(node, Symbol):
        return frozenset((node.name,))
    names: frozenset[str] = frozenset()
    for child in children(node):
        names |= free_symbols(child)
    if isinstance(node, Series):
        body = free_symbols(node.body) - {node.variable}
        for bound in (node.lower, node.upper):
            body |= free_symbols(bound) if bound is not None else frozenset()
        return body
    return names


def contains(node: Expr, *kinds: type) -> bool:
    """Tell whether a node of one of these types is in the tree."""
    return any(isinstance(item, kinds) for item in nodes(node))


def contains_constant(node: Expr, name: str) -> bool:
    """Tell whether a constant of this name is in the tree."""
    return any(isinstance(item, Constant) and item.name == name for item in nodes(node))


def _mapped(value: Any, function: Callable[[Expr], Expr]) -> Any:
    if isinstance(value, tuple):
        return tuple(_mapped(item, function) for item in value)
    if hasattr(value, "__dataclass_fields__") and isinstance(value, Expr):
        return function(value)
    return value


def rebuild(node: Expr, function: Callable[[Expr], Expr]) -> Expr:
    """Return the node with `function` applied to each child."""
    fields = {name: getattr(node, name) for name in node.__dataclass_fields__}
    changed = {name: _mapped(value, function) for name, value in fields.items()}
    if all(changed[name] is fields[name] or changed[name] == fields[name] for name in fields):
        return node
    return type(node)(**changed)


def substitute(node: Expr, values: dict[str, Expr]) -> Expr:
    """Return the tree with free symbols replaced."""
    if isinstance(node, Symbol):
        return values.get(node.name, node)
    if isinstance(node, Series) and node.variable in values:
        values = {name: value for name, value in values.items() if name != node.variable}
    return rebuild(node, lambda child: substitute(child, values)) if values else node


def choose_signs(node: Expr, *, plus: bool) -> Expr:
    """Return the tree with every ± decided the same way."""
    if isinstance(node, PlusMinus):
        inner = choose_signs(node.argument, plus=plus)
        return inner if plus != node.flipped else Negation(inner)
    return rebuild(node, lambda child: choose_signs(child, plus=plus))


def lower_symbols(node: Expr) -> Expr:
    """Return the tree with all symbols in lower case."""
    if isinstance(node, Symbol):
        return Symbol(node.name.lower())
    return rebuild(node, lower_symbols)


def as_symbol(node: Expr, name: str) -> Expr:
    """Return the tree with the constant of that name read as a letter: an index called `i`."""
    if isinstance(node, Constant) and node.name == name:
        return Symbol(name)
    return rebuild(node, lambda child: as_symbol(child, name))
