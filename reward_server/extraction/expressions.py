"""Python expressions that a completion wrote: parsed, never evaluated."""

import ast
import warnings

from reward_server.normal_forms import has_endless_row

_LONGEST_BITS = 14_284
"""Of an integer: more are beyond the 4,300 digits that Python writes, and whoever shows its value would fail."""
_HOLDS_LONG = _LONGEST_BITS // 4
"""Characters of the shortest text that may hold one, in hexadecimal digits."""


def expression(text: str) -> ast.expr | None:
    """Return the tree of one expression, None where it is none; never raises and never warns, whatever the text.

    An integer that could not be written again, as only hexadecimal and the like can spell it, is none.
    """
    if has_endless_row(text):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "1or 2" is a completion's doing, and nothing for the server's log
            tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return None if len(text) > _HOLDS_LONG and any(map(_is_too_long, ast.walk(tree))) else tree


def _is_too_long(node: ast.AST) -> bool:
    value = node.value if isinstance(node, ast.Constant) else None
    return isinstance(value, int) and value.bit_length() > _LONGEST_BITS
