"""How much work can a pattern make at most? An upper bound on the steps of Python's backtracking matcher.

A matcher that goes back tries, at worst, every combination of the choices in its pattern. An alternation multiplies
them by its branches. Repeats of something fixed share the text among them: m of them can end in at most C(n + m, m)
ways on n characters. A repeat of something that itself has choices has them in every round. Each way through the
pattern costs a step for each of its parts and, in repeats, for each character. It is a bound, not an estimate: what it
lets pass is cheap, what it does not may be cheap as well.
"""

import math
import re
import warnings
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

ENDLESS = 1 << 40
"""Where counting stops."""
_DEEPEST = 60
_FEW = 3
"""Rounds up to which a repeat is counted as so many choices."""


class BadPattern(Exception):  # noqa: N818 - named after what was found
    """The text is no regular expression; the message says why."""


def compiled(pattern: str, flags: int) -> re.Pattern[str]:
    """Compile a pattern as Python's `re` does.

    Raises:
        BadPattern: it is none.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return re.compile(pattern, flags)
    except (re.error, OverflowError, RecursionError, ValueError) as error:
        raise BadPattern(str(error)[:200] or type(error).__name__) from None


def steps(pattern: str, flags: int, length: int, *, anywhere: bool) -> int:
    """Return the most steps that matching takes on a text of `length` characters, at most `ENDLESS`.

    `anywhere` counts an attempt at every position, as `search` makes them.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        whole = _count(_parser.parse(pattern, flags), length, 0)
    return min(ENDLESS, whole.all_ways(length) * (whole.parts + 1) * (length + 1 if anywhere else 1))


class _Work(NamedTuple):
    """What a sequence may cost."""

    ways: int = 1
    """Ways through it, repeats that share the text not counted."""
    repeats: int = 0
    """Repeats that share the text."""
    parts: int = 1
    """Steps on the longest way."""

    def all_ways(self, length: int) -> int:
        return min(ENDLESS, self.ways * math.comb(length + self.repeats, self.repeats))

    def behind(self, other: "_Work") -> "_Work":
        ways, parts = min(ENDLESS, self.ways * other.ways), min(ENDLESS, self.parts + other.parts)
        return _Work(ways, self.repeats + other.repeats, parts)


def _count(sequence: Any, length: int, depth: int) -> _Work:
    work = _Work(parts=0)
    for operation, argument in sequence:
        work = work.behind(_one(operation, argument, length, depth + 1))
    return work


def _one(operation: Any, argument: Any, length: int, depth: int) -> _Work:
    if depth > _DEEPEST:
        return _Work(ENDLESS, 0, ENDLESS)
    if operation in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        least, most, inner = argument
        return _repeated(least, min(int(most), max(length, least)), _count(inner, length, depth), length)
    if operation in (sre.BRANCH, sre.GROUPREF_EXISTS):
        branches = argument[1] if operation is sre.BRANCH else [one for one in argument[1:] if one is not None]
        counted = [_count(branch, length, depth) for branch in branches]
        ways = sum(work.ways for work in counted) + (operation is sre.GROUPREF_EXISTS)
        return _Work(ways, max(work.repeats for work in counted), max(work.parts for work in counted) + 1)
    if operation is sre.SUBPATTERN:
        return _count(argument[3], length, depth).behind(_Work())
    if operation in (sre.ATOMIC_GROUP, sre.ASSERT, sre.ASSERT_NOT):  # their repeats have the text for themselves
        inside = _count(argument if operation is sre.ATOMIC_GROUP else argument[1], length, depth)
        return _Work(inside.all_ways(length), 0, inside.parts + 1)
    return _Work(parts=length + 1 if operation is sre.GROUPREF else 1)


def _repeated(least: int, most: int, inner: _Work, length: int) -> _Work:
    rounds, parts = most - least + 1, min(ENDLESS, most * (inner.parts + 1))
    ways = inner.all_ways(length)
    if ways == 1:
        return _Work(rounds, 0, parts) if rounds <= _FEW else _Work(1, 1, parts)
    if most > _FEW:
        return _Work(ENDLESS, 0, ENDLESS)
    return _Work(min(ENDLESS, rounds * ways**most), 0, parts)
