r"""Numerals that are a whole answer and no formula: `0x1F`, `2A_{16}`, "4210 in base 5", `24.3M`, 二十五, 三分之二."""

import re

from flint import fmpq

from reward_server.mathematics.reading.phrases.nouns import is_counted
from reward_server.mathematics.reading.unit_table import CURRENCIES
from reward_server.mathematics.reading.units import unknown_unit
from reward_server.mathematics.reading.vocabulary import CHINESE_DIGITS, NUMBER_WORDS, SHORT_SCALES
from reward_server.mathematics.tree.nodes import BasedInteger, Expr, Measure, Number, Percent, Quotient

_PREFIXED = re.compile(r"0(?:[xX](?P<hex>[0-9A-Fa-f]{1,64})|[bB](?P<bin>[01]{1,256})|[oO](?P<oct>[0-7]{1,128}))")
_BASED = re.compile(
    r"(?:\\(?:text|mathrm)\s*\{\s*)?\(?(?P<digits>[0-9A-Za-z]{1,64})\s*\}?\)?\s*"
    r"(?:_\s*\{?\s*(?:\\(?:text|mathrm)\s*\{)?\s*(?:base\s*\}?\s*)?\(?(?P<sub>\d{1,2}|[a-z]{3,7})\)?[\s}]*"
    r"|(?:\\(?:text|mathrm)\s*\{)?\s*\(?\s*(?:in\s+)?base[\s~-]*\}?\s*(?P<base>\d{1,2}|[a-z]{3,7})\s*\}?\)?)"
)
_UPRIGHT = re.compile(r"\\(?:mathrm|text|mathtt|texttt)\s*\{([0-9A-Fa-f]+)\}")
_BASE_NAMES = {**{name: n for name, n in NUMBER_WORDS.items() if 2 <= n <= 16}, "hex": 16, "bin": 2, "oct": 8,
               "binary": 2, "octal": 8, "decimal": 10, "dec": 10}  # fmt: skip
_SCALED = re.compile(
    r"(?P<sign>[-+]?)\s*(?P<money>\\?[$€£¥₹])\s*(?P<digits>\d[\d,]*(?:\.\d+)?)(?P<scale>[kKMBT]|bn|mn)"
)
_CHINESE = re.compile(
    r"(?P<sign>负)?(?P<number>[零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟]+)(?:点(?P<decimals>[零〇一二三四五六七八九]+))?"
)
_DIGITS = "零〇一二两三四五六七八九十百千万亿"
_WITH_UNIT = re.compile(rf"(?P<sign>负)?(?P<number>[{_DIGITS}]+)(?P<unit>[^{_DIGITS}\d\s]{{1,6}})")
_CHINESE_FRACTION = re.compile(r"(?P<sign>负)?(?:(?P<whole>[^又]+)又)?(?P<bottom>.+?)分之(?P<top>.+)")
_SCALE_SIGNS = {"十": 10, "百": 100, "千": 1000}
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟〇两", "一二三四五六七八九十百千零二")
_MAX_CHINESE = 24
_RANK = re.compile(
    r"(?:(?:on|in|at)\s+)?(?:the\s+)?(?P<number>\d{1,6})\s*-?(?:\^\s*)?\{?\s*(?P<ending>st|nd|rd|th)\s*\}?\s+(?P<noun>[A-Za-z]{3,20})",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?P<noun>day|week|month|year|grade|chapter|page|row|column|round|floor|stage|term)\s+(?P<number>\d{1,6})",
    re.IGNORECASE,
)
_NO_RANKS = frozenset({"power", "root", "degree", "order", "derivative", "percentile"})
"""Nouns before which an ordinal makes another value."""
_IN_TEXT = re.compile(r"\\text\s*\{([^{}]*)\}")
_LONGEST_RANK = 80


def numeral(text: str) -> Expr | None:
    """Return the number a whole text spells; None where it is none of these."""
    if not text.isascii():
        return _chinese_number(text)
    if text[:1] == "0":
        match = _PREFIXED.fullmatch(text)
        if match is not None:
            base = {"hex": 16, "bin": 2, "oct": 8}[match.lastgroup or ""]
            return BasedInteger(match[match.lastgroup or 0].lower(), base)
    if text[-1:] in "kKMBTn":
        match = _SCALED.fullmatch(text)
        if match is not None:
            return _scaled(match)
    if "_" in text or "base" in text:
        return _based(text)
    return None


def rank(text: str) -> Expr | None:
    """Return the place that "15th day" or "day 15" names; a place is no number of days."""
    if len(text) > _LONGEST_RANK:
        return None
    plain = " ".join(_IN_TEXT.sub(r"\1", text).split())
    match = _RANK.fullmatch(plain) or _NUMBERED.fullmatch(plain)
    if match is None:
        return None
    noun = match["noun"].lower()
    if noun in _NO_RANKS or not is_counted(noun, single=True):
        return None
    return Measure(Number(fmpq(int(match["number"]))), unknown_unit(f"{noun}-rank"))


def _scaled(match: "re.Match[str]") -> Expr:
    """Read `$48k`; without a currency the letter may be a symbol."""
    whole, _, decimals = match["digits"].replace(",", "").partition(".")
    value = fmpq(int(whole + decimals), 10 ** len(decimals)) * SHORT_SCALES[match["scale"]]
    number = Number(-value if match["sign"] == "-" else value)
    return Measure(number, CURRENCIES[match["money"].lstrip("\\")])


def _based(text: str) -> Expr | None:
    match = _BASED.fullmatch(_UPRIGHT.sub(r"\1", text))
    if match is None:
        return None
    name = (match["sub"] or match["base"]).lower()
    base = int(name) if name.isdigit() else _BASE_NAMES.get(name, 0)
    digits = match["digits"].lower()
    if not 2 <= base <= 36 or any(int(c, 36) >= base for c in digits):
        return None
    if not any(c.isdigit() for c in digits) and (base <= 10 or (match["base"] is None and len(digits) < 2)):
        return None
    return BasedInteger(digits, base)


def _chinese_number(text: str) -> Expr | None:
    if len(text) > _MAX_CHINESE:
        return None
    fraction = _CHINESE_FRACTION.fullmatch(text)
    if fraction is not None:
        bottom, top = fraction["bottom"], fraction["top"]
        numerator = chinese_integer(top)
        if bottom == "百" and numerator is not None and not fraction["whole"]:
            return Percent(Number(fmpq(-numerator if fraction["sign"] else numerator)))
        denominator = chinese_integer(bottom)
        whole = chinese_integer(fraction["whole"]) if fraction["whole"] else 0
        if numerator is None or not denominator or whole is None:
            return None
        sign = -1 if fraction["sign"] else 1
        if whole:
            return Number(sign * (whole + fmpq(numerator, denominator)))
        return Quotient(Number(fmpq(sign * numerator)), Number(fmpq(denominator)))
    match = _CHINESE.fullmatch(text)
    if match is None:
        return None
    number = chinese_integer(match["number"])
    if number is None:
        return None
    decimals = "".join(str(CHINESE_DIGITS[c]) for c in match["decimals"] or "")
    value = number + fmpq(int(decimals or "0"), 10 ** len(decimals))
    return Number(-value if match["sign"] else value, len(decimals) or None)


def chinese_integer(text: str) -> int | None:
    """Return the value of 三百零五, 一万二千 or 二五; None where the signs do not make a number."""
    text = text.strip().translate(_FORMAL)
    if text.isdigit() and text.isascii():
        return int(text)
    if not text:
        return None
    for sign, scale in (("亿", 10**8), ("万", 10**4)):
        head, found, tail = text.rpartition(sign)
        if found:
            upper, lower = chinese_integer(head), chinese_integer(tail) if tail else 0
            return None if upper is None or lower is None or lower >= scale else upper * scale + lower
    if all(c in CHINESE_DIGITS and c != "十" for c in text):
        return int("".join(str(CHINESE_DIGITS[c]) for c in text)) if len(text) == 1 or "零" in text else None
    return _below_ten_thousand(text)


def digits_before_unit(text: str) -> str:
    """Return 十二元 as `12元`; the text itself where it is no Chinese numeral with a unit or classifier."""
    match = _WITH_UNIT.fullmatch(text) if len(text) <= _MAX_CHINESE else None
    number = chinese_integer(match["number"]) if match is not None else None
    if match is None or number is None or not is_counted(match["unit"], single=False):
        return text
    return f"{'-' if match['sign'] else ''}{number}{match['unit']}"


def _below_ten_thousand(text: str) -> int | None:
    total, digit, last = 0, None, 10_000
    for c in text:
        if c in _SCALE_SIGNS:
            scale = _SCALE_SIGNS[c]
            if scale >= last or (digit is None and (scale != 10 or total)):
                return None
            total, digit, last = total + (1 if digit is None else digit) * scale, None, scale
        elif c in CHINESE_DIGITS:
            if digit is not None:
                return None
            digit = CHINESE_DIGITS[c] or None
        else:
            return None
    return total + (digit or 0)
