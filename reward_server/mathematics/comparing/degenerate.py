"""Expressions that are no value: divisions by zero, indeterminate forms, the ratio of zeros, congruences modulo zero.

A comparison by proportion, family or congruence would find them equal to everything, so they are refused on either
side before anything is compared.
"""

from collections.abc import Callable
from typing import Any

from flint import fmpq

from reward_server.mathematics.comparing.identity import same_function
from reward_server.mathematics.tree.nodes import (
    Call,
    Constant,
    Expr,
    Negation,
    Number,
    Percent,
    Power,
    Product,
    Quotient,
    Ratio,
    Relation,
    Root,
    Sum,
    Symbol,
)
from reward_server.mathematics.tree.walk import children, nodes
from reward_server.mathematics.values.balls import Budget
from reward_server.mathematics.values.exact import rational

_ZERO = Number(fmpq(0))
_NONZERO = (Constant("pi"), Constant("e"), Constant("i"))
_BUDGET = 400


def no_value(node: Expr) -> str | None:
    """Return why an expression has no value, or None where nothing is wrong with its form."""
    found = nodes(node)
    infinite = Constant in set(map(type, found)) and any(map(_is_infinite, found))
    for item in found:
        kind = type(item)
        rule = _RULES.get(kind)
        reason = rule(item) if rule is not None else None
        if reason is None and infinite and kind in _ARITHMETIC and any(map(_is_infinite, _operands(item))):
            reason = "arithmetic with infinity"
        if reason is not None:
            return reason
    return None


def is_zero(node: Expr) -> bool:
    """Tell whether an expression is zero, whatever its symbols are."""
    if isinstance(node, Number):
        return bool(node.value == 0)
    if isinstance(node, Symbol | Constant):
        return False
    value = rational(node)
    if value is not None:
        return bool(value == 0)
    if _is_plainly_nonzero(node):
        return False
    return same_function(node, _ZERO, Budget(_BUDGET)).equal is True


def _is_infinite(node: Expr) -> bool:
    return isinstance(node, Constant) and node.name == "infinity"


def _is_plainly_nonzero(node: Expr) -> bool:
    """Tell whether a node is a root of a number that is not zero, a constant, or a product of such and of numbers."""
    if isinstance(node, Root):
        return isinstance(node.radicand, Number) and bool(node.radicand.value != 0)
    if isinstance(node, Product):
        return all(map(_is_plainly_nonzero, node.factors))
    return (isinstance(node, Number) and bool(node.value != 0)) or node in _NONZERO


def _operands(node: Expr) -> list[Expr]:
    """Return what an operation is done with; the terms of a sum without their signs."""
    if not isinstance(node, Sum):
        return children(node)
    return [term.argument if isinstance(term, Negation) else term for term in node.terms]


def _quotient(node: Quotient) -> str | None:
    return "division by zero" if is_zero(node.denominator) else None


def _power(node: Power) -> str | None:
    if isinstance(node.exponent, Number) and node.exponent.value > 0:
        return None
    exponent = rational(node.exponent)
    if exponent is not None and exponent <= 0 and is_zero(node.base):
        return "zero to the power of zero" if exponent == 0 else "division by zero"
    return None


def _root(node: Root) -> str | None:
    return "a root of index zero" if is_zero(node.index) else None


def _ratio(node: Ratio) -> str | None:
    return "a ratio of zeros" if all(map(is_zero, node.items)) else None


def _call(node: Call) -> str | None:
    is_modulo = node.name == "mod" and len(node.arguments) == 2
    return "modulo zero" if is_modulo and is_zero(node.arguments[1]) else None


def _relation(node: Relation) -> str | None:
    return "modulo zero" if "=mod" in node.operators and is_zero(node.sides[-1]) else None


_RULES: dict[type, Callable[[Any], str | None]] = {
    Quotient: _quotient, Power: _power, Root: _root, Ratio: _ratio, Call: _call, Relation: _relation,
}  # fmt: skip
_ARITHMETIC = frozenset({Sum, Product, Quotient, Power, Root, Ratio, Call, Percent})
"""What nothing comes of where an infinity is an operand."""
