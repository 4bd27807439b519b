"""Tests and answers that leave nothing behind in the process that hears them, so that the next may be heard there too.

Allowed is what is named here: statements that check and calculate with the names of the file itself, functions of the
language that change nothing, and answers of plain values. Whatever else there is has a process of its own.
"""

import ast
import builtins
import json
from typing import Any

from sandboxes.agent.wire.pipes import PREFIX

_NODES = (
    ast.Module, ast.Assert, ast.Expr, ast.Assign, ast.For, ast.If, ast.Pass, ast.FunctionDef, ast.arguments, ast.arg,
    ast.Return, ast.Compare, ast.BinOp, ast.BoolOp, ast.UnaryOp, ast.IfExp, ast.Call, ast.keyword, ast.Constant,
    ast.List, ast.Tuple, ast.Dict, ast.Set, ast.Subscript, ast.Slice, ast.Starred, ast.Name, ast.Attribute,
    ast.JoinedStr, ast.FormattedValue, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.comprehension,
    ast.ImportFrom, ast.Import, ast.alias, ast.With, ast.withitem, ast.expr_context, ast.operator, ast.boolop,
    ast.unaryop, ast.cmpop,
)  # fmt: skip
_CALLED = frozenset({
    "abs", "all", "any", "bool", "dict", "divmod", "enumerate", "float", "frozenset", "int", "isinstance", "len",
    "list", "map", "max", "min", "pow", "range", "repr", "reversed", "round", "set", "sorted", "str", "sum", "tuple",
    "zip",
})  # fmt: skip
_LIBRARY = frozenset({"math", "typing", "collections", "itertools"})
_PROGRAM = frozenset({"solution", "program", "submission"})
_UNITS, _NOTED = "_units", frozenset({"begin", "see", "want"})
_KEYS = frozenset({"v", "k", "shared", "out", "err", "raised"})
_KINDS = frozenset({"function", "type", "builtin_function_or_method"})


def is_pure(file: Any) -> bool:
    """Whether a prepared file of tests is. `file.tree` has its units marked by now."""
    if file.code is None:
        return False
    nodes = [*ast.walk(file.tree), *ast.walk(file.names.context)]
    bound = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    bound |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    bound |= {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    taken = (alias for node in nodes if isinstance(node, ast.Import | ast.ImportFrom) for alias in node.names)
    bound |= {alias.asname or alias.name for alias in taken}
    called = _CALLED | set(file.names.wanted) | bound | {"candidate"}
    return not (bound & (_CALLED | {_UNITS})) and all(_is_harmless(node, called) for node in nodes)


def _is_harmless(node: ast.AST, called: set[str] | frozenset[str]) -> bool:
    if isinstance(node, ast.FunctionDef):
        return not node.decorator_list
    if isinstance(node, ast.Import):
        return all(alias.name in _LIBRARY | _PROGRAM and alias.asname is None for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        return node.module in _LIBRARY | _PROGRAM and all(alias.name != "*" for alias in node.names)
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Attribute) or (isinstance(node.func, ast.Name) and node.func.id in called)
    if isinstance(node, ast.Attribute):
        owner = node.value.id if isinstance(node.value, ast.Name) else ""
        allowed = owner in _LIBRARY or (owner == _UNITS and node.attr in _NOTED)
        return isinstance(node.ctx, ast.Load) and allowed and not node.attr.startswith("_")
    if isinstance(node, ast.Name):
        known = node.id in called or node.id == _UNITS
        return known or not (hasattr(builtins, node.id) or node.id.startswith("__"))
    if isinstance(node, ast.Subscript):
        return isinstance(node.ctx, ast.Load)
    return isinstance(node, _NODES)


def are_plain(answers: bytes | bytearray) -> bool:
    """Whether nothing but plain values and the functions of a module stands in a program's answers."""
    position = 0
    try:
        while position < len(answers):
            size = PREFIX.unpack_from(answers, position)[0]
            end = position + PREFIX.size + size
            message = json.loads(answers[position + PREFIX.size : end])
            if not message.keys() <= _KEYS or any(said["name"] not in _KINDS for said in message.get("k", ())):
                return False
            position = end
    except Exception:  # noqa: BLE001 - whatever they are
        return False
    return True
