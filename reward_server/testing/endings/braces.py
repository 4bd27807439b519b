"""Braces of C-like languages, read past strings and comments: where a block ends, what a text leaves open.

Not a parser: a brace in a regular expression literal or behind an unusual quote can mislead it. What it finds is only
used where the compiler would complain about a mistake.
"""

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r'"""(?s:.)*?(?:"""|\Z)|"(?:\\(?s:.)?|[^"\\\n])*+(?:"|$)|`[^`]*+(?:`|\Z)|//[^\n]*|/\*(?s:.)*?(?:\*/|\Z)'
    r"|'(?:\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)|[^'\\\n])'|[{}]",
    re.MULTILINE,
)
"""Each alternative ends at the end of the text or line at the latest: one pass, whatever the text."""


def braces(text: str, start: int = 0) -> Iterator[tuple[int, int]]:
    """Yield (position, +1 or -1) for each brace that is code."""
    for token in _TOKEN.finditer(text, start):
        if token[0] in "{}":
            yield token.start(), 1 if token[0] == "{" else -1


def closing(text: str, opening: int) -> int | None:
    """Return the position of the brace that closes the one at `opening`."""
    depth = 0
    for position, step in braces(text, opening):
        depth += step
        if depth == 0:
            return position
    return None


def block(text: str, head: str) -> tuple[int, int] | None:
    """Return the positions of the braces around the body that follows the last match of the pattern `head`."""
    matches = list(re.finditer(head, text, re.MULTILINE))
    if not matches:
        return None
    opening = text.find("{", matches[-1].end())
    between = text[matches[-1].end() : opening]
    if opening < 0 or ";" in between or "\n\n" in between or re.search(r"\b(?:fun|func|fn|def|class)\b", between):
        return None
    end = closing(text, opening)
    return (opening, end) if end is not None else None


def fitted(source: str, tests: str) -> str:
    """Return the submission without the closing braces that the tests bring themselves.

    MultiPL-E's tests begin with the brace that ends the function, or the class, that the prompt began; a submission
    that is whole has these already.
    """
    depth = needed = 0
    for _, step in braces(tests):
        depth += step
        needed = max(needed, -depth)
    surplus = needed - sum(step for _, step in braces(source))
    for _ in range(min(surplus, needed)):
        shorter = source.rstrip().removesuffix(";").rstrip()
        if not shorter.endswith("}"):
            return source
        source = shorter[:-1]
    return source


def hoisted(source: str, tests: str, line: str) -> tuple[str, str, str]:
    """Return (lines of the tests that match `line`, which have to stand in front of everything; source; tests)."""
    pattern = re.compile(line, re.MULTILINE)
    return "".join(f"{match[0].strip()}\n" for match in pattern.finditer(tests)), source, pattern.sub("", tests)
