"""Python literals as models write them: read by value, never evaluated, and equal only when their types are too."""

import ast
import json
from typing import Any

from reward_server.extraction.expressions import expression

LONGEST = 20_000
"""Characters of a literal."""
_MOST = 20_000
"""Nodes of a literal."""
_DEEPEST = 60


_EMPTY_SET = ast.dump(ast.parse("set()", mode="eval").body)


class NotALiteral(ValueError):  # noqa: N818 - named after what the text is
    """The text is no literal; says why."""


def parsed(text: str) -> ast.expr:
    """Return the tree of one expression.

    Raises:
        NotALiteral: it is none, or longer than is read.
    """
    if len(text) > LONGEST:
        raise NotALiteral(f"longer than {LONGEST} characters")
    tree = expression(text.strip())
    if tree is None:
        raise NotALiteral(f"not Python: {text.strip()[:40]!r}")
    return tree


def value_of(tree: ast.expr) -> Any:
    """Return the value of a literal: constants, signed numbers, containers, and `set()`.

    Raises:
        NotALiteral: there is anything else in it, a key stands twice, or it is too large.
    """
    return _Reader().value(tree, 0)


def read(text: str) -> Any:
    """Return the value of a text that is a literal.

    Raises:
        NotALiteral: it is none.
    """
    return value_of(parsed(text))


class _Reader:
    def __init__(self) -> None:
        self.nodes = 0

    def value(self, node: ast.expr, depth: int) -> Any:
        self.nodes += 1
        if self.nodes > _MOST or depth > _DEEPEST:
            raise NotALiteral("too large")
        if isinstance(node, ast.Constant) and node.value is not ...:
            return node.value
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
            number = self.value(node.operand, depth + 1)
            if type(number) in {int, float, complex}:
                return -number if isinstance(node.op, ast.USub) else number
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            items = [self.value(item, depth + 1) for item in node.elts]
            return items if isinstance(node, ast.List) else self._made(node, items)
        if isinstance(node, ast.Dict):
            return self._dict(node, depth)
        if isinstance(node, ast.Call) and ast.dump(node) == _EMPTY_SET:
            return set()
        raise NotALiteral(f"{type(node).__name__} is no literal")

    @staticmethod
    def _made(node: ast.expr, items: list[Any]) -> Any:
        try:
            return tuple(items) if isinstance(node, ast.Tuple) else set(items)
        except TypeError:
            raise NotALiteral("a member of a set cannot be one") from None

    def _dict(self, node: ast.Dict, depth: int) -> dict[Any, Any]:
        made: dict[Any, Any] = {}
        for key, held in zip(node.keys, node.values, strict=True):
            if key is None:
                raise NotALiteral("unpacking is no literal")
            name = self.value(key, depth + 1)
            try:
                known = name in made
            except TypeError:
                raise NotALiteral("a key cannot be one") from None
            if known:
                raise NotALiteral(f"the key {name!r:.40} stands twice")
            made[name] = self.value(held, depth + 1)
        return made


def same(one: Any, other: Any, depth: int = 0) -> bool:
    """Tell whether two built-in values are equal with equal types: `1` is neither `True` nor `1.0`, a list no tuple."""
    if type(one) is not type(other) or depth > _DEEPEST * 4:
        return False
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(same(a, b, depth + 1) for a, b in zip(one, other, strict=True))
    if isinstance(one, dict):
        if len(one) != len(other):
            return False
        keys = {key: key for key in other}
        return all(
            key in keys and same(key, keys[key]) and same(held, other[key], depth + 1) for key, held in one.items()
        )
    if isinstance(one, set | frozenset):
        members = {member: member for member in other}
        return len(one) == len(other) and all(member in members and same(member, members[member]) for member in one)
    return bool(one == other) or (one != one and other != other)  # noqa: PLR0124 - NaN is what is printed


def strict_json(text: str) -> Any:
    """Return the value of a JSON text.

    Raises:
        NotALiteral: it is none, holds NaN or infinity, or a key stands twice.
    """
    if len(text) > LONGEST:
        raise NotALiteral(f"longer than {LONGEST} characters")
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_refused)
    except RecursionError:
        raise NotALiteral("nested too deep") from None
    except NotALiteral:
        raise
    except ValueError:
        raise NotALiteral(f"not JSON: {text.strip()[:40]!r}") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise NotALiteral("a key stands twice")
    return made


def _refused(name: str) -> Any:
    raise NotALiteral(f"{name} is no JSON")
