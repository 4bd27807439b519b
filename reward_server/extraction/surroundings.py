r"""What stands directly around a box in its formula, which makes another value of it or offers another one.

`1 + \boxed{12}`, `\frac{1}{\boxed{12}}` and `\boxed{12}!` state a value that is not in the box, unless an equals sign
follows: a blank that was to be filled. "12 or \boxed{13}" is two answers. A sign that begins a line is a bullet.
Every repetition is bounded.
"""

import re

_WIDTH = 80
_OPERATOR_BEFORE = re.compile(r"[\w)}\]]\s{0,4}(?:[+/]|\\(?:cdot|times|div|pm|mp)(?![a-zA-Z]))\s{0,4}\$?\s{0,4}$")
_ARGUMENT_BEFORE = re.compile(
    r"\\(?:[dtc]?frac\s{0,2}(?:\{[^{}]{0,40}\}\s{0,2})?|sqrt\s{0,2}(?:\[[^\]]{0,8}\]\s{0,2})?)\{\s{0,4}$"
)
_OPERATOR_BEHIND = re.compile(r"\s{0,4}\\(?:cdot|times|div|pm|mp)(?![a-zA-Z])\s{0,4}[\w\\({]")
_FACTORIAL_BEHIND = re.compile(r"!\s{0,4}(?:\$|\\\)|\\\])")
_EQUALS_BEHIND = re.compile(r"[^$\n]{0,80}?(?:=|\\approx|≈)")
_SPACE = r"(?:[\s~]|\\[,;:! ]|\\q?quad(?![a-zA-Z])){0,6}"
"""Blanks, and what LaTeX writes for them."""
_OR_BEFORE = re.compile(
    rf"(?:^|[\s$(=:])(-?\d{{1,30}}(?:\.\d{{1,30}})?){_SPACE}\$?{_SPACE}"
    rf"(?:or|\\lor|\\vee|\\text\{{{_SPACE}or{_SPACE}\}}){_SPACE}\$?{_SPACE}$"
)
_TEX_WORD_BEHIND = re.compile(
    rf"{_SPACE}(?:\\text\{{{_SPACE}(or|and){_SPACE}\}}|\\(l)or(?![a-z])|\\(v)ee(?![a-z])){_SPACE}"
)


def is_part(text: str, start: int, end: int) -> bool:
    """Tell whether what stands at `start:end` is only a part of the value that its formula states."""
    before, behind = text[max(0, start - _WIDTH) : start].rpartition("\n")[2], text[end : end + _WIDTH]
    joined = _OPERATOR_BEFORE.search(before) or _OPERATOR_BEHIND.match(behind) or _FACTORIAL_BEHIND.match(behind)
    inside = behind.lstrip()[:1] == "}" and _ARGUMENT_BEFORE.search(before) is not None
    return (inside or joined is not None) and _EQUALS_BEHIND.match(behind) is None


def offered_before(text: str, start: int) -> str:
    """Return the number that is offered as an alternative in front of `start`; empty where there is none."""
    found = _OR_BEFORE.search(text[max(0, start - _WIDTH) : start].rpartition("\n")[2])
    return found[1] if found else ""


def in_plain_words(behind: str) -> str:
    r"""Return what stands behind a box with an `\text{ or }` or `\lor` that it begins with as the word."""
    found = _TEX_WORD_BEHIND.match(behind)
    return f" {found[1] or 'or'} {behind[found.end() :]}" if found else behind
