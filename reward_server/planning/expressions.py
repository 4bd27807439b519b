"""The parenthesised expressions of PDDL, read with bounds: names in lower case and lists of them."""

import re

from reward_server.errors import TaskError

_TOKEN = re.compile(r"[()]|[^\s()]+")
_COMMENT = re.compile(r";[^\n]*")
_LONGEST = 200_000
_MOST = 60_000
_DEEPEST = 40


def read(text: str, field: str) -> list[object]:
    """Return the one list that a text spells.

    Raises:
        TaskError: it spells none, or more than one, or is beyond the bounds; `field` is named.
    """
    if len(text) > _LONGEST:
        raise TaskError(f"{field}: longer than {_LONGEST} characters")
    words = _TOKEN.findall(_COMMENT.sub("", text).lower())
    if len(words) > _MOST:
        raise TaskError(f"{field}: more than {_MOST} words")
    outermost: list[object] = []
    opened = [outermost]
    for word in words:
        if word == "(":
            inner: list[object] = []
            opened[-1].append(inner)
            opened.append(inner)
            if len(opened) > _DEEPEST:
                raise TaskError(f"{field}: nested deeper than {_DEEPEST}")
        elif word == ")":
            opened.pop()
            if not opened:
                raise TaskError(f"{field}: a parenthesis closes nothing")
        else:
            opened[-1].append(word)
    if len(opened) != 1:
        raise TaskError(f"{field}: a parenthesis is not closed")
    if len(outermost) != 1 or not isinstance(outermost[0], list):
        raise TaskError(f"{field}: not one expression in parentheses")
    return outermost[0]


def shown(expression: object) -> str:
    """Return an expression as it is written, shortened."""
    written = f"({' '.join(map(shown, expression))})" if isinstance(expression, list) else str(expression)
    return written if len(written) <= 120 else written[:119] + "…"  # noqa: PLR2004
