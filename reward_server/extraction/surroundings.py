r"""What stands directly around a box in its formula, which makes another value of it or offers another one.

`1 + \boxed{12}`, `2\boxed{12}`, `\frac{1}{\boxed{12}}` and `\boxed{12}!` state a value that is not in the box, unless
an equals sign follows: a blank that was to be filled. `\lnot\boxed{…}` denies it, "Is it \boxed{…}?" only asks.
"12 or \boxed{13}" is two answers. A sign and a blank that begin a line are a bullet. Every repetition is bounded.
"""

import re

_WIDTH = 80
_OPERATOR_BEFORE = re.compile(r"[\w)}\]]\s{0,4}(?:[+/]|\\(?:cdot|times|div|pm|mp)(?![a-zA-Z]))\s{0,4}\$?\s{0,4}$")
_NEGATED_BEFORE = re.compile(r"(?:¬|\\(?:neg|lnot|not)(?![a-zA-Z]))\s{0,4}[${(\s]{0,4}$")
_ASKED_BEFORE = re.compile(
    r"(?i)(?:^|[.!?,:;]\s)\s{0,4}(?:(?:so|but|then|or|wait|hmm+)[\s,]{1,4}){0,2}"
    r"(?:is|was|isn['’]t|could|might|would|should|can|may|must)\s+(?:it|that|this|the\s+(?:final\s+)?answer)"
    r"(?:\s+(?:be|not|really|just|maybe)){0,2}[\s$(\\\[*:]{0,6}$"
)
_ASKED_BEHIND = re.compile(r"[\s$)\]}\\*]{0,6}[?？؟]")
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
    multiplied = before[-1:].isdecimal() and text.startswith("\\", start)
    inside = behind.lstrip()[:1] == "}" and _ARGUMENT_BEFORE.search(before) is not None
    return (inside or multiplied or joined is not None) and _EQUALS_BEHIND.match(behind) is None


def is_negated(text: str, start: int) -> bool:
    """Tell whether a sign of negation stands in front of what begins at `start`."""
    return _NEGATED_BEFORE.search(text, max(0, start - _WIDTH), start) is not None


def is_asked_about(text: str, start: int, end: int) -> bool:
    """Tell whether what stands at `start:end` is only asked about: "Is it …?"."""
    if _ASKED_BEHIND.match(text, end) is None:
        return False
    return _ASKED_BEFORE.search(text[max(0, start - _WIDTH) : start].rpartition("\n")[2]) is not None


def offered_before(text: str, start: int) -> str:
    """Return the number that is offered as an alternative in front of `start`; empty where there is none."""
    found = _OR_BEFORE.search(text[max(0, start - _WIDTH) : start].rpartition("\n")[2])
    return found[1] if found else ""


def in_plain_words(behind: str) -> str:
    r"""Return what stands behind a box with an `\text{ or }` or `\lor` that it begins with as the word."""
    found = _TEX_WORD_BEHIND.match(behind)
    return f" {found[1] or 'or'} {behind[found.end() :]}" if found else behind
