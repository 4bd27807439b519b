r"""Answers that are almost the ground truth and are wrong.

Each is a function of the ground truth's text, its kind and a seeded generator, and returns None where the result might
be right after all.
"""

import random
import re
from fractions import Fraction

from tests.reward_server.mathematics.metamorphic.writings import Way, _inner, in_words

_INTEGER = re.compile(r"-?\d{1,9}")
_FRACTION = re.compile(r"(-?)\\[dt]?frac\{(\d+)\}\{(\d+)\}")
_SIMPLE = frozenset({"integer", "fraction", "real", "expression"})


def _value(text: str) -> Fraction | None:
    if _INTEGER.fullmatch(text):
        return Fraction(int(text))
    match = _FRACTION.fullmatch(text)
    return Fraction(int(match[1] + match[2]), int(match[3])) if match and int(match[3]) else None


def _around(pattern: str) -> Way:
    """Put signs or words around an integer or a fraction that is not 0, 1 or -1."""

    def way(text: str, _kind: str, _rng: random.Random) -> str | None:
        inner = _inner(text)
        value = _value(inner) if inner is not None else None
        return None if inner is None or value is None or value in {0, 1, -1, 2} else pattern.replace("@", inner)

    return way


def _of_expression(pattern: str) -> Way:
    """Make another value of an expression that is surely not 0 or fixed by the change."""

    def way(text: str, kind: str, _rng: random.Random) -> str | None:
        inner = _inner(text)
        if inner is None or kind not in _SIMPLE or "C" in inner or "10^" in inner or _value(inner) in {0, 1, -1}:
            return None
        if re.search(
            r"[=<>,;%°:]|\\(?:text|pm|mp|approx|in|mathrm|circ|ldots|dots)|[A-Za-z]{3}",
            re.sub(r"\\(?:frac|sqrt|pi|cdot|times|left|right|dfrac|tfrac|sin|cos|tan|ln|log)", "", inner),
        ):
            return None
        return pattern.replace("@", inner)

    return way


def _digit_changed(text: str, kind: str, rng: random.Random) -> str | None:
    inner = _inner(text)
    if (
        inner is None
        or kind not in {"integer", "fraction", "interval", "tuple", "decimal"}
        or re.search(r"\\text|[A-Za-z]{4}", re.sub(r"\\[a-z]+", "", inner))
    ):
        return None
    places = [m.start() for m in re.finditer(r"[1-9]", inner)]
    if (
        not places
        or re.search(r"[-+*/^]|\\(?:cdot|times|sqrt|left|begin)", inner.lstrip("-"))
        or (kind == "decimal" and len(re.sub(r"\D", "", inner)) > 6)
    ):
        return None
    place = rng.choice(places)
    other = rng.choice([d for d in "23456789" if d != inner[place]])
    changed = inner[:place] + other + inner[place + 1 :]
    if kind == "fraction" and _value(changed) == _value(inner):
        return None
    return changed


def _fraction_turned(text: str, _kind: str, _rng: random.Random) -> str | None:
    inner = _inner(text)
    match = _FRACTION.fullmatch(inner) if inner is not None else None
    if match is None or int(match[2]) in {0, int(match[3])}:
        return None
    return rf"{match[1]}\frac{{{match[3]}}}{{{match[2]}}}"


def _interval_end(text: str, kind: str, _rng: random.Random) -> str | None:
    inner = _inner(text)
    match = re.fullmatch(r"(\[|\()([^()\[\]]+,[^()\[\]]+)(\]|\))", inner or "")
    if inner is None or kind != "interval" or match is None or "infty" in match[2] or "∞" in match[2]:
        return None
    return {"[": "(", "(": "["}[match[1]] + match[2] + match[3]


def _relation_turned(text: str, kind: str, _rng: random.Random) -> str | None:
    inner = _inner(text)
    if (
        inner is None
        or kind != "inequality"
        or re.search(r"[=,]|\\(?:le|ge|ne|text|cup|in|or)(?![a-z])|leq|geq|\|", inner)
    ):
        return None
    if inner.count("<") + inner.count(">") != 1:
        return None
    return inner.translate(str.maketrans("<>", "><"))


def _items_dropped(text: str, kind: str, _rng: random.Random) -> str | None:
    inner = _inner(text)
    if (
        inner is None
        or kind not in {"list", "tuple"}
        or re.search(r"\d,\d{3}(?!\d)|[=<>\[\]{}]|\\(?:text|in|ldots|dots)|[A-Za-z]{4}", inner)
    ):
        return None
    body = inner.strip("()")
    items = [item.strip() for item in body.split(",")]
    if len(items) < 3 or "(" in body or len(set(items)) < len(items):
        return None
    return inner.replace(body, ", ".join(items[:-1]))


def _tuple_turned(text: str, kind: str, _rng: random.Random) -> str | None:
    inner = _inner(text)
    match = re.fullmatch(r"\(([^(),]+),([^(),]+)\)", inner or "")
    if match is None or kind != "tuple" or match[1].strip() == match[2].strip():
        return None
    return f"({match[2].strip()}, {match[1].strip()})"


def _letter_changed(text: str, kind: str, _rng: random.Random) -> str | None:
    inner = _inner(text)
    if inner is None or kind != "expression" or not re.fullmatch(r"[0-9x+\-*/^{} ()]*x[0-9x+\-*/^{} ()]*", inner):
        return None
    return inner.replace("x", "q")


def _in_other_words(text: str, kind: str, _rng: random.Random) -> str | None:
    inner = _inner(text)
    if inner is None or kind != "integer" or not _INTEGER.fullmatch(inner) or abs(int(inner)) < 2:
        return None
    return in_words(int(inner) + 1)


NEAR_MISSES: dict[str, Way] = {
    "a digit changed": _digit_changed,
    "negated": _of_expression("-(@)"),
    "one more": _of_expression("@ + 1"),
    "doubled": _of_expression("2(@)"),
    "over three": _of_expression(r"\frac{@}{3}"),
    "in a color, negated": _of_expression(r"\textcolor{red}{-}(@)"),
    "a fraction turned": _fraction_turned,
    "an end of an interval": _interval_end,
    "a relation turned": _relation_turned,
    "an item dropped": _items_dropped,
    "a pair turned": _tuple_turned,
    "another letter": _letter_changed,
    "the next number in words": _in_other_words,
    "squared in words": _around("@ squared"),
    "negative in words": _around("negative @"),
    "minus in words": _around("minus @"),
    "reciprocal in words": _around("the reciprocal of @"),
    "half in words": _around("half of @"),
    "twice in words": _around("twice @"),
    "factorial": _around("@ factorial"),
    "not": _around("not @"),
    "is wrong": _around("@ is wrong"),
    "no longer": _around("no longer @"),
    "the wrong answer": _around("the wrong answer is @"),
    "as a string": _around("int('@')"),
    "of another unknown side": _around("-x = @"),
    "in brackets denied": _around("@ (wrong)"),
    "at most": _around("@ at most"),
    "below zero": _around("@ below zero"),
    "doubled in words": _around("@ doubled"),
    "corrected": _around("@, no, 17071"),
    "a sentence further": _around("@ is too much. It is 17071"),
    "at least": _around("at least @"),
    "more than": _around("more than @"),
    "or less": _around("@ or less"),
    "less than": _around("less than @"),
    "hundred": _around("@ hundred"),
    "million": _around("@ million"),
    "dozen": _around("@ dozen"),
    "an alternative": _around("@ or 17071"),
    "another answer behind": _around("@, 17071"),
    "another base": _around("@_7"),
    "factor of pi": _around(r"@\pi"),
    "factor x": _around("@x"),
    "plus a constant": _around("@ + C"),
    "as an exponent": _around("2^{@}"),
    "inequality": _around(r"x \ge @"),
    "per cent of": _around(r"@\% of 70"),
    "Chinese denial": _around("不是@"),
    "a later line": _around(r"\begin{aligned} x &= @ \\ &= 17071 \end{aligned}"),
    "squared": _around("(@)^2"),
    "in a set of two": _around(r"\{@, 17071\}"),
    "in a pair": _around("(@, 17071)"),
    "three times": _around("three times @"),
    "in a crossed-out color": _around(r"\cancel{@}"),
    "hidden": _around(r"\phantom{@}17071"),
    "in the tag": _around(r"17071 \tag{@}"),
    "the root of": _around("the square root of @"),
}
"""Every near miss by its name."""
