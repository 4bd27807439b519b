"""What test code says about itself, found out without running it."""

import ast
import builtins

from sandboxes.agent.wire.naming import bound_in


def about(tree: ast.Module) -> tuple[bool, str | None]:
    """Say whether test code can fail, and what it tests: the first name that it calls and that is not its own."""
    return _can_fail(tree), _tested(tree)


def about_text(code: str) -> tuple[bool, str | None]:
    """Return the same of code that is not parsed yet; raises as `ast.parse`."""
    return about(ast.parse(code))


def _can_fail(tree: ast.Module) -> bool:
    """Say whether test code contains an assertion of any kind about something that is not constant."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert) and not (isinstance(node.test, ast.Constant) and node.test.value):
            return True
        if isinstance(node, ast.Raise):
            return True
        if isinstance(node, ast.Attribute) and (node.attr.startswith(("assert", "fail")) or node.attr == "raises"):
            return True
    return False


def _tested(tree: ast.Module) -> str | None:
    """Return the first name that the tests call and that is neither theirs nor Python's own."""
    bound = bound_in(tree)
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    names = (function.id for function in calls if isinstance(function, ast.Name))
    local = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    return next((name for name in names if name not in bound | local and not hasattr(builtins, name)), None)
