"""Compare what a program printed with what it should have printed. Everything here is linear in the text.

| mode | two outputs are equal when |
|---|---|
| `lines` | their lines are, trailing white space of each line and trailing blank lines aside (the default) |
| `exact` | their bytes are |
| `tokens` | their white-space separated tokens are |
| `floats` | their tokens are, numbers within the tolerance (absolute or relative); every other token exactly |
| `unordered` | their lines are, in any order, as `lines` reads a line |

Program output is untrusted text of megabytes: nothing here calls `int()` or `Decimal()` on it, a token counts as a
number only when it is short and plain ASCII, and NaN equals nothing, not even a ground truth of NaN.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

_NUMBER = re.compile(rb"[+-]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,4})?")
_LONGEST_NUMBER = 1000
"""Characters; a longer token is text."""
_SHOWN = 200
"""Characters of an output that the evidence shows."""


class CompareMode(StrEnum):
    """How two outputs are compared; the table above."""

    LINES = "lines"
    EXACT = "exact"
    TOKENS = "tokens"
    FLOATS = "floats"
    UNORDERED = "unordered"


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Two numbers agree when they differ by at most `absolute`, or by `relative` of the expected one."""

    absolute: float = 1e-6
    relative: float = 1e-6

    def admits(self, got: float, expected: float) -> bool:
        """Say whether `got` is close enough to `expected`; infinities agree with themselves, NaN with nothing."""
        if got == expected:
            return True
        return abs(got - expected) <= max(self.absolute, self.relative * abs(expected)) < float("inf")


@dataclass(frozen=True, slots=True)
class OutputRule:
    """A compare mode with what refines it."""

    mode: CompareMode = CompareMode.LINES
    ignore_case: bool = False
    tolerance: Tolerance = Tolerance()

    def difference(self, got: bytes, expected: bytes) -> str | None:
        """Return None when the outputs are equal, else one line saying where they first differ (of `got` alone)."""
        if self.ignore_case:
            got, expected = got.lower(), expected.lower()
        if got == expected and self.mode is not CompareMode.FLOATS:
            return None
        if self.mode is CompareMode.EXACT:
            return f"byte {_first_difference(got, expected)}"
        if self.mode is CompareMode.TOKENS:
            return _sequence_difference(got.split(), expected.split(), "token")
        if self.mode is CompareMode.FLOATS:
            return self._number_difference(got.split(), expected.split())
        got_lines, expected_lines = lines(got), lines(expected)
        if self.mode is CompareMode.UNORDERED:
            got_lines, expected_lines = sorted(got_lines), sorted(expected_lines)
        return _sequence_difference(got_lines, expected_lines, "line")

    def _number_difference(self, got: list[bytes], expected: list[bytes]) -> str | None:
        if len(got) != len(expected):
            return f"{len(got)} tokens"
        for position, (mine, theirs) in enumerate(zip(got, expected, strict=True)):
            if not self._tokens_agree(mine, theirs):
                return f"token {position + 1}"
        return None

    def _tokens_agree(self, got: bytes, expected: bytes) -> bool:
        theirs, mine = _number(expected), _number(got)
        if theirs is None or mine is None:
            return got == expected and b"nan" not in expected.lower()
        return got == expected or self.tolerance.admits(mine, theirs)


def lines(output: bytes) -> list[bytes]:
    """Return the lines of `output` without trailing white space and without trailing blank lines."""
    stripped = [line.rstrip() for line in output.split(b"\n")]
    while stripped and not stripped[-1]:
        stripped.pop()
    return stripped


def shown(text: bytes | str, limit: int = _SHOWN) -> str:
    """Return `text` for display: decoded, with its middle left out when it is long."""
    if isinstance(text, bytes):
        text = (text if len(text) <= 8 * limit else text[: 4 * limit] + text[-4 * limit :]).decode("utf-8", "replace")
    text = text.replace("\x00", "\ufffd")
    return text if len(text) <= limit else f"{text[: limit // 2]} … {text[-limit // 2 :]}"


def _number(token: bytes) -> float | None:
    if len(token) > _LONGEST_NUMBER or _NUMBER.fullmatch(token) is None:
        return None
    return float(token)


def _sequence_difference(got: list[bytes], expected: list[bytes], unit: str) -> str | None:
    if got == expected:
        return None
    for position, (mine, theirs) in enumerate(zip(got, expected, strict=False)):
        if mine != theirs:
            return f"{unit} {position + 1}"
    return f"{len(got)} {unit}s"


def _first_difference(got: bytes, expected: bytes) -> int:
    for position, (mine, theirs) in enumerate(zip(got, expected, strict=False)):
        if mine != theirs:
            return position + 1
    return min(len(got), len(expected)) + 1
