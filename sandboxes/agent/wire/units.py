"""Where one test ends and the next begins.

Statements that check something, at the top of the file and in `check(candidate)`, each become a unit of its own.
"""

import ast
from typing import Any

CHECK = "check"
_FLOW = (ast.Return, ast.Break, ast.Continue, ast.Yield, ast.YieldFrom, ast.Await)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def divide(tree: ast.Module) -> tuple[ast.Module, int]:
    """The module with its units marked, in place, and how many there are; loops repeat theirs."""
    counter = _Counter()
    tree.body = counter.block(tree.body)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == CHECK:
            node.body = counter.block(node.body)
    return ast.fix_missing_locations(tree), counter.count


class _Counter:
    def __init__(self) -> None:
        self.count = 0

    def block(self, body: list[ast.stmt]) -> list[ast.stmt]:
        return [self.statement(node) for node in body]

    def statement(self, node: ast.stmt) -> ast.stmt:
        if isinstance(node, ast.For | ast.While | ast.If):
            if _checks_itself(node):
                return self.unit(node) if not _flows(node) else node
            node.body, node.orelse = self.block(node.body), self.block(node.orelse)
        elif isinstance(node, ast.Assert) or (isinstance(node, ast.Expr) and _is_check(node.value)):
            return self.unit(_looked_at(node))
        elif isinstance(node, ast.Try | ast.With) and not _flows(node) and _asserts(node):
            return self.unit(node)
        return node

    def unit(self, node: ast.stmt) -> ast.stmt:
        """`if _units.begin(number): with _units: node`."""
        self.count += 1
        units = ast.Name("_units", ast.Load())
        number: list[ast.expr] = [ast.Constant(getattr(node, "lineno", 0))]
        begun = ast.Call(ast.Attribute(units, "begin", ast.Load()), number, [])
        marked = ast.If(begun, [ast.With([ast.withitem(units)], [node])], [])
        return ast.copy_location(marked, node)


def _checks_itself(node: Any) -> bool:
    """A condition that counts, or a loop with an `else`: its parts mean something only together."""
    return isinstance(node, ast.For | ast.While) and bool(node.orelse)


def _is_check(value: ast.expr) -> bool:
    if not isinstance(value, ast.Call):
        return False
    return not (isinstance(value.func, ast.Name) and value.func.id in (CHECK, "print"))


def _flows(node: ast.AST) -> bool:
    waiting: list[ast.AST] = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, _FLOW):
            return True
        waiting += [child for child in ast.iter_child_nodes(current) if not isinstance(child, _SCOPES)]
    return False


def _asserts(node: ast.AST) -> bool:
    return any(isinstance(each, ast.Assert | ast.Call) for each in ast.walk(node))


def _looked_at(node: ast.stmt) -> ast.stmt:
    """`assert a == b` with both sides noted, for the evidence."""
    test = getattr(node, "test", None)
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq):
        sides = ("want", "see") if isinstance(test.left, ast.Constant) else ("see", "want")
        test.left = _noted(test.left, sides[0])
        test.comparators[0] = _noted(test.comparators[0], sides[1])
    return node


def _noted(value: ast.expr, side: str) -> ast.expr:
    units = ast.Attribute(ast.Name("_units", ast.Load()), side, ast.Load())
    plain = ast.Constant(isinstance(value, ast.Call))
    return ast.copy_location(ast.Call(units, [value, plain], []), value)
