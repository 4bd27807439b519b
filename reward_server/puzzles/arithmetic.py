"""Expressions that must use given numbers and come to a target: countdown and 24, in exact rational arithmetic."""

import re
from collections import Counter
from fractions import Fraction

from reward_server.errors import TaskError
from reward_server.puzzles.data import Check, Data, Violation
from reward_server.puzzles.reading import number, shortened

_LONGEST = 600
_DEEPEST = 40
_TOKEN = re.compile(r"\s*(?:([0-9]+(?:\.[0-9]+)?)|([-+*/()]))")
_SPELLED = str.maketrans(
    {"×": "*", "·": "*", "⋅": "*", "∗": "*", "÷": "/", "∶": "/", "−": "-", "–": "-", "[": "(", "]": ")"}
)
_LATEX = ((r"\times", "*"), (r"\cdot", "*"), (r"\div", "/"), (r"\left", ""), (r"\right", ""), ("$", ""))


class _Reader:
    """A recursive descent over + - * / and parentheses; numbers are counted as they are read."""

    def __init__(self, text: str) -> None:
        self.tokens: list[str] = []
        self.used: list[Fraction] = []
        at, text = 0, text.rstrip()
        while at < len(text):
            token = _TOKEN.match(text, at)
            if token is None:
                raise Violation(f"not read: {shortened(text[at:].strip(), 30)!r}")
            self.tokens.append(token[1] or token[2])
            at = token.end()
        self.at = 0

    def whole(self) -> Fraction:
        value = self._sum(0)
        if self.at < len(self.tokens):
            raise Violation(f"not read: {' '.join(self.tokens[self.at :])[:30]!r}")
        return value

    def _next(self, signs: str) -> str:
        if self.at < len(self.tokens) and self.tokens[self.at] in signs:
            self.at += 1
            return self.tokens[self.at - 1]
        return ""

    def _sum(self, depth: int) -> Fraction:
        if depth > _DEEPEST:
            raise Violation("nested too deep")
        value = self._product(depth)
        while sign := self._next("+-"):
            other = self._product(depth)
            value = value + other if sign == "+" else value - other
        return value

    def _product(self, depth: int) -> Fraction:
        value = self._factor(depth)
        while sign := self._next("*/"):
            other = self._factor(depth)
            if sign == "/" and not other:
                raise Violation("division by zero")
            value = value * other if sign == "*" else value / other
        return value

    def _factor(self, depth: int) -> Fraction:
        if depth > _DEEPEST:
            raise Violation("nested too deep")
        if self._next("-"):
            return -self._factor(depth + 1)
        if self._next("("):
            value = self._sum(depth + 1)
            if not self._next(")"):
                raise Violation("a parenthesis is not closed")
            return value
        token = self.tokens[self.at] if self.at < len(self.tokens) else ""
        if not token or not token[0].isdigit():
            raise Violation(f"a number is missing at {token!r}" if token else "the expression ends too early")
        if len(token) > 1 and token[0] == "0" and token[1] != ".":
            raise Violation(f"not a number: {token[:30]!r}")
        self.at += 1
        self.used.append(Fraction(token))
        return self.used[-1]


def target(data: Data, *, otherwise: int | None = None, every: bool = True) -> Check:
    """Check an expression: its value is the target, and each number is used once (`every`) or at most once.

    A right side that states the target ("= 24") may stand behind it.
    """
    given = data.need("numbers", "nums")
    if not isinstance(given, list) or not given or not all(type(n) in {int, float} for n in given):
        raise TaskError("metadata.numbers: not a list of numbers")
    numbers = Counter(Fraction(str(n)) for n in given)
    value = data.get("target") if otherwise is None or data.get("target") is not None else otherwise
    if type(value) not in {int, float}:
        raise TaskError("metadata.target: not a number")
    wanted = Fraction(str(value))

    def check(text: str) -> None:
        left, right = _sides(text)
        reader = _Reader(left)
        got = reader.whole()
        used = Counter(reader.used)
        surplus, missing = used - numbers, numbers - used
        if surplus:
            raise Violation(f"uses {_listed(surplus)}, which is not given or is used too often")
        if missing and every:
            raise Violation(f"does not use {_listed(missing)}")
        if got != wanted:
            raise Violation(f"comes to {got}, not {wanted}")
        if right and number(right) != wanted:
            raise Violation(f"states {shortened(right)!r} as its value")

    return check


def _sides(text: str) -> tuple[str, str]:
    text = text.strip().strip("`").strip()
    for written, plain in _LATEX:
        text = text.replace(written, plain)
    if len(text) > _LONGEST:
        raise Violation(f"longer than {_LONGEST} characters")
    left, equals, right = text.translate(_SPELLED).partition("=")
    if equals and not right.strip():
        raise Violation("nothing behind the equals sign")
    return left, right.strip().rstrip(".")


def _listed(numbers: Counter[Fraction]) -> str:
    return ", ".join(str(n) for n in sorted(numbers.elements()))[:80]
