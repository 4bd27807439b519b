"""Tests that a web page or a data set cut short: every program fails them, so that the row is broken.

Judges show long inputs and outputs with `...` or `…` at the end. Dots are also what grids are drawn with and what
programs print, so that only these count as cut short: `…` or exactly three dots, directly behind a digit, on a last
line of numbers alone, in a text that has dots nowhere else but in decimal numbers; and either at the end of a text of
more than 200 characters, under the same condition on its other dots.
"""

import re

_LONG = 200
_ENDS_CUT = re.compile(rb"[\w](?<!\.)(?:\.\.\.|\xe2\x80\xa6)\s*\Z")
_NUMBERS_CUT = re.compile(
    rb"(?:\A|\n)[ \t]*(?:[+-]?\d+(?:\.\d+)?[ \t,]+)*[+-]?\d+(?:\.\d+)?(?:\.\.\.|\xe2\x80\xa6)\s*\Z"
)
_NUMBER_CUT_INSIDE = re.compile(rb"\d[ ]?\xe2\x80\xa6")
_DOT = re.compile(rb"(?<!\d)\.|\.(?!\d)")


def is_truncated(text: bytes) -> bool:
    """Say whether stored input or output was cut short."""
    if _NUMBER_CUT_INSIDE.search(text):
        return True
    ending = _ENDS_CUT.search(text[-_LONG:])
    if ending is None:
        return False
    dots = 3 if text.rstrip().endswith(b"...") else 0
    if _DOT.search(text.rstrip()[: len(text.rstrip()) - dots]):
        return False
    return len(text) > _LONG or _NUMBERS_CUT.search(text) is not None


def refuse_truncated(stdin: bytes | str, expected: bytes | str) -> None:
    """Refuse a test that was cut short.

    Raises:
        ValueError: it was.
    """
    for part, text in (("input", stdin), ("expected output", expected)):
        if is_truncated(text.encode("utf-8", "replace") if isinstance(text, str) else text):
            raise ValueError(f"its {part} is cut short: it ends in dots")
