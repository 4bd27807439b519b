"""Look through the syntax trees of test code without looking at its data."""

import ast
from collections.abc import Iterator


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
