"""Python expressions that a completion wrote: parsed, never evaluated."""

import ast
import warnings

from reward_server.normal_forms import has_endless_row


def expression(text: str) -> ast.expr | None:
    """Return the tree of one expression, None where it is none; never raises and never warns, whatever the text."""
    if has_endless_row(text):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "1or 2" is a completion's doing, and nothing for the server's log
            return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
