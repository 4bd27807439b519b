"""Go through a tree without knowing its node types: children, free symbols, substitution."""

from collections.abc import Callable, Iterable
from dataclasses import fields
from operator import attrgetter
from typing import Any, get_args

from reward_server.mathematics.tree.nodes import (
    Constant,
    Expr,
    Negation,
    Number,
    PlusMinus,
    Quotient,
    Series,
    Sum,
    Symbol,
)

_NODE_TYPES = frozenset(get_args(Expr))
_FIELDS = {kind: tuple(field.name for field in fields(kind)) for kind in _NODE_TYPES}
_HOLDS_NODES = {kind: tuple(field.name for field in fields(kind) if "Expr" in str(field.type)) for kind in _NODE_TYPES}
"""For each type of node the fields in which nodes may stand, by their annotations."""


_NONE: frozenset[str] = frozenset()


def children(node: Expr) -> list[Expr]:
    """Return the nodes directly below."""
    below = _BELOW.get(type(node))
    return [] if below is None else list(below(node))


def _children(node: Expr) -> list[Expr]:
    found: list[Expr] = []
    for name in _HOLDS_NODES[type(node)]:
        value = getattr(node, name)
        if type(value) in _NODE_TYPES:
            found.append(value)
        elif type(value) is tuple:
            _collect(value, found)
    return found


def _collect(values: tuple[Any, ...], found: list[Expr]) -> None:
    for value in values:
        if type(value) in _NODE_TYPES:
            found.append(value)
        elif type(value) is tuple:
            _collect(value, found)


def _below(kind: type) -> "Callable[[Expr], Iterable[Expr]] | None":
    """Return what finds the nodes directly below one of this type, in the shortest way its fields allow."""
    names = _HOLDS_NODES[kind]
    types = [field.type for field in fields(kind) if field.name in names]
    if types == ["tuple[Expr, ...]"] or (types and set(types) == {"Expr"} and len(types) > 1):
        return attrgetter(*names)
    return _children if names else None


_BELOW = {kind: below for kind in _NODE_TYPES if (below := _below(kind)) is not None}
"""For each type of node that is no leaf."""


def nodes(node: Expr) -> list[Expr]:
    """Return the node and everything below it, in no particular order."""
    found = [node]
    for item in found:
        below = _BELOW.get(type(item))
        if below is not None:
            found += below(item)
    return found


def free_symbols(node: Expr) -> frozenset[str]:
    """Return the names of the symbols a node depends on; bound variables are not among them."""
    kind = type(node)
    if kind is Number:
        return _NONE
    if kind is Symbol:
        return frozenset((node.name,))  # type: ignore[union-attr]
    names: list[str] = []
    for item in nodes(node):
        kind = type(item)
        if kind is Symbol:
            names.append(item.name)  # type: ignore[union-attr]
        elif kind is Series:
            return _free_under_series(node)
    return frozenset(names)


def _free_under_series(node: Expr) -> frozenset[str]:
    if isinstance(node, Symbol):
        return frozenset((node.name,))
    if not isinstance(node, Series):
        return frozenset().union(*map(_free_under_series, children(node)))
    names = _free_under_series(node.body) - {node.variable}
    names = frozenset(name for name in names if not name.endswith(f"_{node.variable}"))  # numbered by it
    for bound in (node.lower, node.upper):
        names |= _free_under_series(bound) if bound is not None else frozenset()
    return names


def contains(node: Expr, *kinds: type) -> bool:
    """Tell whether a node of one of these types is in the tree."""
    return not set(kinds).isdisjoint(map(type, nodes(node)))


def contains_constant(node: Expr, name: str) -> bool:
    """Tell whether a constant of this name is in the tree."""
    return any(isinstance(item, Constant) and item.name == name for item in nodes(node))


def _mapped(value: Any, function: Callable[[Expr], Expr]) -> Any:
    if type(value) is tuple:
        return tuple(_mapped(item, function) for item in value)
    return function(value) if type(value) in _NODE_TYPES else value


def rebuild(node: Expr, function: Callable[[Expr], Expr]) -> Expr:
    """Return the node with `function` applied to each child."""
    values = {name: getattr(node, name) for name in _FIELDS[type(node)]}
    changed = {name: _mapped(value, function) for name, value in values.items()}
    if all(changed[name] is values[name] or changed[name] == values[name] for name in values):
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


def is_partial(node: Expr) -> bool:
    """Tell whether a quotient or sum holds a partial derivative, whose index says what is held constant."""
    return isinstance(node, Quotient | Sum) and any(name.startswith("partial") for name in free_symbols(node))
