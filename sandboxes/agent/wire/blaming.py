"""Whose fault it is that tests fail before they have asked the program anything.

Theirs, as a rule. But what the program has put in a name's place can be looked at without asking: its class, whether it
can be called, what it equals. Where a statement on the way to the failure names such a thing, that may be why.
"""

import ast
import linecache
from types import FrameType, ModuleType
from typing import Any

from sandboxes.agent.wire import proxies

_FILES = ("tests.py", "test_solution.py")


def looks_at_program(error: BaseException, names: Any) -> bool:
    """Whether a statement of the tests in the error's traceback names something of the program."""
    trace = error.__traceback__
    while trace is not None:
        frame = trace.tb_frame
        if frame.f_code.co_filename.rpartition("/")[2] in _FILES and _names_it(frame, trace.tb_lineno, names):
            return True
        trace = trace.tb_next
    return False


def _names_it(frame: FrameType, line: int, names: Any) -> bool:
    statement = _statement(frame.f_code.co_filename, line)
    used = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
    values = [scope[name] for name in used for scope in (frame.f_locals, frame.f_globals) if name in scope]
    if any(_is_of_program(value, names) for value in values):
        return True
    asking_nobody = [value for value in values if not isinstance(value, ModuleType)]
    return any(_is_of_program(held, names) for value in asking_nobody for held in _held_by(value))


def _held_by(value: Any) -> list[Any]:
    return list(getattr(value, "__dict__", {}).values())


def _is_of_program(value: Any, names: Any) -> bool:
    return value is names.module or issubclass(
        type(value), (proxies.Handle, proxies.Remote, proxies.Method, proxies.Carried)
    )


def _statement(path: str, line: int) -> ast.AST:
    """The innermost statement around a line; nothing where there is none to be read."""
    try:
        tree = ast.parse("".join(linecache.getlines(path)))
    except SyntaxError:
        return ast.Module([], [])
    around = [node for node in ast.walk(tree) if isinstance(node, ast.stmt) and _covers(node, line)]
    return max(around, key=lambda node: node.lineno, default=ast.Module([], []))


def _covers(node: ast.stmt, line: int) -> bool:
    return node.lineno <= line <= (node.end_lineno or node.lineno)
