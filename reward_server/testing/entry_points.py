"""Whether a row's own program has the function that is to be called, as far as its text tells."""

import ast

_BINDS_UNSEEN = frozenset({"*", "exec", "globals", "setattr", "vars", "locals"})
"""What may define a function without naming it as one."""


def fault_of(code: str, entry_point: str) -> str:
    """Return why a program fails whatever it is called with; empty where its text does not show that it must."""
    try:
        nodes = list(ast.walk(ast.parse(code)))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return f"code: it is no Python: {str(error)[:100]}"
    names = {getattr(node, "asname", None) or getattr(node, "name", None) for node in nodes}
    names |= {node.id for node in nodes if isinstance(node, ast.Name)}
    return "" if names & {entry_point, *_BINDS_UNSEEN} else f"code: it defines no {entry_point!r}"
