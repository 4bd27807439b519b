"""Compare what a program printed with what it should have printed. Everything here is linear in the text.

| mode | two outputs are equal when |
|---|---|
| `lines` | their lines are; white space around the output and at the ends of lines aside (the default) |
| `exact` | their bytes are |
| `tokens` | their white-space separated tokens are |
| `floats` | their tokens are, numbers within the tolerance (absolute or relative); every other token exactly |
| `unordered` | their lines are, in any order, as `lines` reads a line |

In every mode but `exact` a byte order mark is nothing, and a no-break space is a space: data sets that were copied from
web pages have both, and programs print neither.

Program output is untrusted text of megabytes, and is compared on the event loop: nothing here calls `int()` or
`Decimal()` on it or makes more objects of it than the expected output has tokens or lines. A token counts as a number
only when it is short and plain ASCII, and NaN equals nothing, not even a ground truth of NaN.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

_NUMBER = re.compile(rb"[+-]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,4})?")
_LONGEST_NUMBER = 1000
"""Characters; a longer token is text."""
_SHOWN = 200
"""Characters of an output that the evidence shows."""
_TRAILING = re.compile(rb"(?<![ \t\r\f\v])[ \t\r\f\v]++(?=\n)")
"""Possessive, and only from where a run begins: linear on any text."""
_NEWLINE = b"\n"
_SPACE = b" \t\n\r\f\v"
_GLIMPSE = 1 << 16
"""Bytes of an output of another length that are searched for the first difference."""
_BYTE_ORDER_MARK, _NO_BREAK_SPACE = b"\xef\xbb\xbf", b"\xc2\xa0"


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
            return f"byte {_first_difference(got, expected) + 1}"
        got, expected = _clean(got), _clean(expected)
        if self.mode is CompareMode.FLOATS:
            return self._number_difference(got, expected.split())
        other = len(got.translate(None, _SPACE)) != len(expected.translate(None, _SPACE))
        if other:
            got = got[: 4 * len(expected) + _GLIMPSE]
        if self.mode is CompareMode.TOKENS:
            place = _token_difference(got, expected)
        else:
            place = _line_difference(_plain(got), _plain(expected), ordered=self.mode is CompareMode.LINES)
        return place or ("more than expected" if other else None)

    def _number_difference(self, got: bytes, expected: list[bytes]) -> str | None:
        tokens = _first_tokens(got, len(expected))
        for position, (mine, theirs) in enumerate(zip(tokens, expected, strict=False)):
            if not self._tokens_agree(mine, theirs):
                return f"token {position + 1}"
        return None if len(tokens) == len(expected) else _count(tokens, len(expected))

    def _tokens_agree(self, got: bytes, expected: bytes) -> bool:
        if got == expected:
            return b"nan" not in got.lower()
        theirs, mine = _number(expected), _number(got)
        return theirs is not None and mine is not None and self.tolerance.admits(mine, theirs)


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


def _clean(output: bytes) -> bytes:
    """Return the output without what web pages and editors put into it."""
    output = output.removeprefix(_BYTE_ORDER_MARK)
    return output.replace(_NO_BREAK_SPACE, b" ") if _NO_BREAK_SPACE in output else output


def _plain(output: bytes) -> bytes:
    """Return the output without the white space that does not count between lines."""
    return _TRAILING.sub(b"", output).strip()


def _first_tokens(output: bytes, wanted: int) -> list[bytes]:
    """Return the first `wanted` tokens, and the rest as one more where there is a rest."""
    return output.split(None, wanted)


def _count(tokens: list[bytes], wanted: int) -> str:
    return f"more than {wanted} tokens" if len(tokens) > wanted else f"{len(tokens)} tokens"


def _token_difference(got: bytes, expected: bytes) -> str | None:
    wanted = expected.split()
    tokens = _first_tokens(got, len(wanted))
    if tokens == wanted:
        return None
    for position, (mine, theirs) in enumerate(zip(tokens, wanted, strict=False)):
        if mine != theirs:
            return f"token {position + 1}"
    return _count(tokens, len(wanted))


def _line_difference(got: bytes, expected: bytes, *, ordered: bool) -> str | None:
    if got == expected:
        return None
    breaks = got.count(b"\n")
    if not ordered and breaks == expected.count(b"\n"):
        wanted = sorted(expected.split(b"\n"))
        mine = sorted(got.split(b"\n"))
        place = next((index for index, pair in enumerate(zip(mine, wanted, strict=True)) if pair[0] != pair[1]), None)
        return None if place is None else f"line {place + 1} of the sorted lines"
    place = _first_difference(got, expected)
    if not ordered or place == len(got):
        return f"{breaks + bool(got)} lines"
    extra = place == len(expected) and got[place : place + 1] == b"\n"
    return f"line {got.count(_NEWLINE, 0, place) + 1 + extra}"


def _first_difference(got: bytes, expected: bytes) -> int:
    """Return the position of the first byte that differs, by halving: a loop over megabytes would take a second."""
    low, high = 0, min(len(got), len(expected))
    if got[:high] == expected[:high]:
        return high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if got[low:middle] == expected[low:middle] else (low, middle)
    return low
