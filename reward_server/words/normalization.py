"""Normalisations of short answers, each as its source defines it, and the readings of a text as a number or a date.

- `squad`: lower case, no punctuation, no articles, single spaces (SQuAD v1.1 `evaluate-v1.1.py`, used by HotpotQA, NQ,
  TriviaQA and search agents alike). The articles are English.
- `gaia`: lower case, no white space, no punctuation (GAIA's `scorer.py`, `normalize_str`).
- `exact`: NFC and surrounding white space alone.

Signs that say something are no punctuation under either: `C++`, `C#` and `A*` are not `C` and `A`, `-5 °C` is not
`5 °C`, `3.5 million` is not `35 million`; only the commas of thousands go. SQuAD's own script drops these too.

All of them drop invisible characters (Unicode category Cf) and put letters into NFC first; `squad` and `gaia` also fold
full-width forms (NFKC), in letters and digits alone, so that `2¹⁰` stays what it is.
"""

import calendar
import datetime as dt
import re
import string
import unicodedata
from decimal import Decimal
from typing import Literal

from reward_server.normal_forms import normal_form

Normalization = Literal["squad", "gaia", "exact"]

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = frozenset(string.punctuation) | frozenset("，。、；：？！（）《》“”‘’«»…·–—")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_SIGNS = re.compile(
    r"(?<=\w)(?:\+\+|[+#*])(?!\w)|(?<=\d)[.,/:-](?=\d)|(?<![\w)])-(?=\.?\d)"
    r"|(?<![\w.])\.(?=\d)|(?<=[A-Za-z])-(?=\s|$)|(?<=\d)%|[=<>^]|\?(?=\s*$)"
)
"""Punctuation that is part of a name or of a number, or asks rather than says."""
_BETWEEN_NUMBERS = re.compile(r"(?<=\d)(?:,\s+|\s+)(?=\d)")
_DASHES = str.maketrans("−–‐‑", "----")
_NUMBER = re.compile(r"(?=\.?\d)(?:\d{1,3}(?:,\d{3})+|\d{1,60})?(?:\.\d{1,60})?(?:[eE][-+]?\d{1,3})?", re.ASCII)
_DIGIT = re.compile(r"[0-9]")
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_WEEKDAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}
_WEEKDAYS |= {name[:length]: number for name, number in tuple(_WEEKDAYS.items()) for length in (3, 4)}
_EASTERN = re.compile(r"(\d{4})[年년](\d{1,2})[月월](?:(\d{1,2})[日号號일])?")
LONGEST = 10_000
"""Characters of an answer that are compared; a longer one is no short answer."""


def normalized(text: str, how: Normalization) -> str:
    """Return a text as `how` folds it."""
    in_ascii = text.isascii()  # nothing of it is invisible, composed, wide, or another dash
    if not in_ascii:
        text = "".join(character for character in text if unicodedata.category(character) != "Cf")
        text = normal_form("NFC", text)
    text = text.strip()
    if how == "exact":
        return text
    text = (text if in_ascii else "".join(map(_folded_width, text)).translate(_DASHES)).lower()
    text = _THOUSANDS.sub("", text)
    if how == "gaia":
        text = _BETWEEN_NUMBERS.sub("/", text)
    if not _PUNCTUATION.isdisjoint(text):
        kept = {place for sign in _SIGNS.finditer(text) for place in range(*sign.span())}
        text = "".join(one for place, one in enumerate(text) if place in kept or one not in _PUNCTUATION)
    if how == "gaia":
        return "".join(text.split())
    return " ".join(_ARTICLES.sub(" ", text).split())


def _folded_width(character: str) -> str:
    return unicodedata.normalize("NFKC", character) if "！" <= character <= "～" or character == "　" else character


def number(text: str) -> Decimal | None:
    """Return a text that is a number and nothing else: digits, thousands commas, a leading `$`/`€`/`£`, a final `%`."""
    text = text.strip().replace("−", "-")
    sign = text[:1] if text[:1] in "+-" else ""
    text = text[len(sign) :].lstrip("$€£ ").removesuffix("%").strip()
    if not sign and text[:1] in {"+", "-"}:
        sign, text = text[0], text[1:]
    if not _NUMBER.fullmatch(text):
        return None
    return Decimal(sign + text.replace(",", ""))


_Date = tuple[int, int | None, int | None]


def date(text: str) -> _Date | None:
    """Return (year, month, day) of a date, with None for what is not said; None for no date or an ambiguous one.

    Read: ISO `2024-03-05`, `March 5, 2024`, `the 5th of March 2024`, `Mar 2024`, `2024`, `2024年3月5日`, each behind
    the day of the week that it was. A date of three numbers that is not ISO (`03/05/2024`) is read only where one of
    the two cannot be a month.
    """
    if _DIGIT.search(text) is None:
        return None
    text = re.sub(r"\b(\d{1,2})(?:st|nd|rd|th)\b", r"\1", text.strip().lower().replace(",", " ").replace(".", " "))
    words = text.replace(" of ", " ").split()
    if words[0] in _WEEKDAYS and not set(words[1:2]) & set(_WEEKDAYS):
        return _on_weekday(_WEEKDAYS[words[0]], date(" ".join(words[1:])))
    words = words[1:] if words[:1] == ["the"] else words
    if len(words) == 1 or text.strip()[-1:] in "日号號일월月":
        return _numeric_date("".join(words))
    months = [word for word in words if word in _MONTHS]
    numbers = [word for word in words if word.isascii() and word.isdigit()]
    if len(months) != 1 or len(months) + len(numbers) != len(words) or len(numbers) not in {1, 2}:
        return None
    year = [int(word) for word in numbers if len(word) == 4]  # noqa: PLR2004 - digits of a year
    day = [int(word) for word in numbers if len(word) <= 2]  # noqa: PLR2004 - digits of a day
    if len(year) != 1 or len(day) != len(numbers) - 1:
        return None
    return _checked(year[0], _MONTHS[months[0]], day[0] if day else None)


def _on_weekday(weekday: int, said: _Date | None) -> _Date | None:
    """Return a date that was this day of the week, else None."""
    if said is None or said[1] is None or said[2] is None:
        return None
    return said if dt.date(said[0], said[1], said[2]).weekday() == weekday else None


def _numeric_date(word: str) -> tuple[int, int | None, int | None] | None:
    if re.fullmatch(r"\d{4}", word, re.ASCII):
        return int(word), None, None
    if (eastern := _EASTERN.fullmatch(word)) is not None:
        return _checked(int(eastern[1]), int(eastern[2]), int(eastern[3]) if eastern[3] else None)
    iso = re.fullmatch(r"(\d{4})[-/](\d{1,2})(?:[-/](\d{1,2}))?", word, re.ASCII)
    if iso:
        return _checked(int(iso[1]), int(iso[2]), int(iso[3]) if iso[3] else None)
    other = re.fullmatch(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})", word, re.ASCII)
    if other is None:
        return None
    first, second, year = int(other[1]), int(other[2]), int(other[3])
    readings = {_checked(year, month, day) for month, day in ((first, second), (second, first))} - {None}
    return readings.pop() if len(readings) == 1 else None


def _checked(year: int, month: int, day: int | None) -> tuple[int, int | None, int | None] | None:
    try:
        dt.date(year, month, day or 1)
    except ValueError:
        return None
    return year, month, day
