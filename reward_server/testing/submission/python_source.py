"""Python source as a syntax tree, read within bounds: does it parse, what does it name?"""

import ast
import builtins
import sys
import textwrap
import warnings

from reward_server.testing import pieces

MAX_PARSED = 65_536
"""Characters of Python that are parsed: nobody submits a longer program."""
_DATA = (
    ast.Expr, ast.Constant, ast.Name, ast.Tuple, ast.List, ast.Set, ast.Dict, ast.UnaryOp, ast.BinOp, ast.expr_context,
    ast.operator, ast.unaryop,
)  # fmt: skip
_BUILTINS = frozenset(dir(builtins)) | {"__name__", "__file__", "__doc__", "__builtins__"}


def parsed(source: str) -> ast.Module | None:
    """Return the syntax tree of Python source, or None; never raises and never warns, whatever the text.

    Source longer than `MAX_PARSED` counts as not parsing.
    """
    if len(source) > MAX_PARSED:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return pieces.parse(source)
    except pieces.UNPARSED:
        return None


def parsed_indented(source: str) -> ast.Module | None:
    """Return the syntax tree of source that may be indented as a whole."""
    tree = parsed(source)
    if tree is not None or source[:1] not in (" ", "\t", "\n", "\r"):
        return tree
    return parsed(textwrap.dedent(source))


def parses(source: str) -> bool:
    """Say whether `source` is Python, possibly indented as a whole."""
    return bool(source.strip()) and parsed_indented(source) is not None


def is_data(tree: ast.Module) -> bool:
    """Say whether source that parses is no program but values and words: `42`, `yes`, `[1, 2]`, or nothing at all."""
    return all(isinstance(node, ast.Expr) and all(map(_is_data_node, ast.walk(node))) for node in tree.body)


def _is_data_node(node: ast.AST) -> bool:
    return isinstance(node, _DATA)


def defined_names(tree: ast.Module) -> set[str]:
    """Return the names that source gives a meaning anywhere."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names.update((alias.asname or alias.name).split(".")[0] for alias in node.names)
    return names


def top_level_names(tree: ast.Module) -> set[str]:
    """Return the names that the statements of the module itself define."""
    plain = [node for node in tree.body if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
    heads = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)}
    return heads | defined_names(ast.Module(plain, []))


def taken_names(tree: ast.Module) -> set[str]:
    """Return the names that are imported from modules that are not the standard library's."""
    found = (node for node in tree.body if isinstance(node, ast.ImportFrom))
    own = (node for node in found if (node.module or "").split(".")[0] not in sys.stdlib_module_names)
    return {alias.asname or alias.name for node in own for alias in node.names}


def free_names(tree: ast.Module) -> set[str]:
    """Return the names that source uses and nowhere defines; none after a star import, which may define any."""
    bound = defined_names(tree)
    if "*" in bound:
        return set()
    used: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            used.add(node.id)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            bound.add(node.name)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            bound.add(node.rest)
    return used - bound - _BUILTINS
