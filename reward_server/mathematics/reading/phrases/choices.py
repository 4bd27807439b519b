"""Option letters, with or without the option's content."""

import re

_MARKUP = re.compile(
    r"\\(?:text|textbf|mathrm|mathbf|textit|mathit|textrm|boldsymbol|bf|rm)\b\s*|[{}$*~]|\\[,;! ]|\\(?:quad|qquad)"
)
_LETTER = re.compile(r"\(?\s*([A-J])\s*\)?[.:]?")
_IN_ANSWER = re.compile(
    r"(?:(?:the\s+)?(?:correct\s+)?(?:option|choice|answer|选项|答案)\s*(?:is|:|是|为)?\s*)?"
    r"(?:\(\s*([A-Za-z])\s*\)|([A-Za-z])\s*[).:、]|([A-Za-z]))(?:\s*(.+))?",
    re.IGNORECASE | re.DOTALL,
)
_WITH_CONTENT = re.compile(r"(?:\(\s*([A-J])\s*\)|([A-J])\s*[).:])\s*(\S.*)", re.DOTALL)
_ANOTHER = re.compile(r"(?<![A-Za-z\\])[A-J]\s*[):=]")
"""A second label: `A: 5, B: 7` names two values and is no option."""


def stripped(text: str) -> str:
    """Return the text without the markup that may stand around a letter."""
    return _MARKUP.sub(" ", text).strip(" .,;")


def choice_of(ground_truth: str) -> tuple[str, str] | None:
    """Return the letter and content of a ground truth that is an option: `C`, `(C)`, `C. 12`; else None."""
    bare = stripped(ground_truth)
    match = _LETTER.fullmatch(bare)
    if match is not None:
        return match[1], ""
    match = _WITH_CONTENT.fullmatch(bare)
    if match is not None and not _ANOTHER.search(match[3]):
        return match[1] or match[2], match[3]
    return None


_SEVERAL = re.compile(r"\(?([A-H])\)?(?:(?:\s|,|;|and|&|和)*\(?[A-H]\)?)+")


def several(text: str) -> frozenset[str] | None:
    """Return the letters of a text that is nothing but two or more different option letters, such as `A, C` or `AC`."""
    bare = stripped(text)
    if len(bare) > 60 or not _SEVERAL.fullmatch(bare):
        return None
    letters = [c for c in bare if c in "ABCDEFGH"]
    return frozenset(letters) if 1 < len(letters) == len(set(letters)) else None


def chosen(answer: str) -> tuple[str, str] | None:
    """Return the letter an answer chooses, and what follows it; None where it does not begin with a choice."""
    bare = stripped(answer)
    match = _IN_ANSWER.fullmatch(bare)
    if match is None:
        return None
    marked, alone = match[1] or match[2], match[3]
    content = (match[4] or "").strip()
    if (marked is None and content) or _ANOTHER.search(content):
        return None
    return (marked or alone).upper(), content
