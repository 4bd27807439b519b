"""Unicode's normal forms in time linear in the text, also for text from outside.

`unicodedata.normalize` brings combining marks that stand in a row into order by insertion: sixty thousand of them keep
the interpreter for seconds. Here no row is longer than thirty, as in Unicode's stream-safe text (UAX #15): behind each
thirty a grapheme joiner (U+034F), which prints nothing, is put in. No word of a language has so many, so that of other
texts the form is Unicode's. All of the server's texts are normalized here.
"""

import re
import unicodedata
from typing import Literal

Form = Literal["NFC", "NFD", "NFKC", "NFKD"]

_MOST = 30
_JOINER = "\u034f"
_BLOCKS = (
    range(0x300, 0x3400),
    range(0xA000, 0xAC00),
    range(0xF900, 0x12000),
    range(0x16A00, 0x17000),
    range(0x1BC00, 0x1BD00),
    range(0x1CF00, 0x1D300),
    range(0x1E000, 0x1F000),
)
"""Where Unicode has marks that combine: elsewhere are ideographs and syllables, too many to look at each."""


def combines(character: str) -> bool:
    """Tell whether a character, or what it stands for, is ordered among the marks behind a letter."""
    return unicodedata.combining(unicodedata.normalize("NFKD", character)[0]) > 0


_CODES = [code for block in _BLOCKS for code in block if combines(chr(code))]
_BASIC = "".join(chr(code) for code in _CODES if code <= 0xFFFF)  # noqa: PLR2004 - the basic plane's last
_MARK = f"[{''.join(map(chr, _CODES))}]"
_ROW = re.compile(f"{_MARK}{{{_MOST}}}(?={_MARK})")
_LIKE_A_ROW = re.compile(f"[{_BASIC}\U00010000-\U0001efff]{{{_MOST + 1}}}")
"""What every long row is, and few other texts are: sought five times as fast, the basic plane's set being a table."""
_ENDLESS = re.compile(f"{_MARK}{{500}}")


def has_endless_row(source: str) -> bool:
    """Tell whether a text has a row of marks that Python, which puts names into NFKC, would be busy with for long.

    For source that is to be parsed; in it nothing may be put in, since what stands in quotes must stay what it is.
    """
    return not source.isascii() and _LIKE_A_ROW.search(source) is not None and _ENDLESS.search(source) is not None


def normal_form(form: Form, text: str) -> str:
    """Return a text in one of Unicode's normal forms."""
    if text.isascii():
        return text
    if _LIKE_A_ROW.search(text):
        text = _ROW.sub(rf"\g<0>{_JOINER}", text)
    return unicodedata.normalize(form, text)
