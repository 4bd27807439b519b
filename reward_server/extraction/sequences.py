"""What options are called: the sequences of labels in use, and the letters that look alike in several scripts.

Look-alikes, decided: a letter of another script counts as the label it looks like only where it can be no other: the
place that it has in its own script's sequence is the label's place too, or there is no option at that place. So
Cyrillic А is A, and Cyrillic С is C among four options; Cyrillic В is never B, for it is also the third letter.
Compatibility forms (Ａ, 𝐀, Ⓐ, ①, ⑴, Ⅳ, ｱ, digits of other scripts) are the label they stand for.
"""

import re
import string
import unicodedata
from functools import lru_cache

LATIN = tuple(string.ascii_uppercase)
GREEK = tuple("αβγδεζηθικλμνξοπρστυφχψω")
CYRILLIC = tuple("АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЭЮЯ")
ROMAN = (
    "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII",
    "XVIII", "XIX", "XX",
)  # fmt: skip
SEQUENCES = (
    LATIN, tuple(string.ascii_lowercase), tuple(str(number) for number in range(1, 100)), GREEK,
    tuple(letter.upper() for letter in GREEK), CYRILLIC, tuple(letter.lower() for letter in CYRILLIC),
    tuple("АБВГҐДЕЄ"), ROMAN, tuple(number.lower() for number in ROMAN),
    tuple("أبجدهوزحطي"), tuple("ابجدهوزحطي"), tuple("אבגדהוזחטי"),
    tuple("가나다라마바사아자차"), tuple("ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊ"),
    tuple("アイウエオカキクケコ"), tuple("あいうえおかきくけこ"), tuple("イロハニホヘト"),
    tuple("甲乙丙丁戊己庚辛壬癸"),
    tuple("कखगघङ"), tuple("กขคงจ"),
)  # fmt: skip
"""Labels that follow one another; texts and lists that carry their own labels are read by them."""
_SKELETONS = dict(zip("АВСЕНКМОРТХΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABCEHKMOPTXABEZHIKMNOPTYX", strict=True))
_ALIKE = {letter: letter for letter in "ABCEHIKMNOPTXYZ"} | _SKELETONS
_FULL_WIDTH = (range(0xFF10, 0xFF1A), range(0xFF21, 0xFF3B), range(0xFF41, 0xFF5B), range(0xFF71, 0xFF9E))
_MATHEMATICAL = (range(0x1D400, 0x1D6A6), range(0x1D7CE, 0x1D800))
_ENCLOSED = (range(0x2160, 0x216C), range(0x2170, 0x217C), range(0x2460, 0x24EA), range(0x326E, 0x327C),
             range(0x32D0, 0x32FF))  # fmt: skip
_DIGITS = (0x660, 0x6F0, 0x966, 0x9E6, 0xE50)


def _standing_for() -> dict[int, str]:
    """Return compatibility letters and foreign digits with what they stand for; enclosed ones apart from others."""
    table = {
        code: unicodedata.normalize("NFKC", chr(code)) for codes in (*_FULL_WIDTH, *_MATHEMATICAL) for code in codes
    }
    for code in (code for codes in _ENCLOSED for code in codes):
        plain = unicodedata.normalize("NFKC", chr(code)).strip("().")
        table[code] = f" {plain.upper() if len(plain) == 1 and plain.isascii() else plain} "
    return table | {code: str(code - start) for start in _DIGITS for code in range(start, start + 10)}


_STANDS_FOR = _standing_for()
_BRACKETED = _STANDS_FOR | {code: f"({_STANDS_FOR[code].strip()})" for codes in _ENCLOSED for code in codes}
_AROUND = re.compile(r"^(?:\\text\w*\{|[^\w\\])+|[^\w]+$")
_WRAPPED = re.compile(
    r"\\(?:text|math)\w*\s?\{([^{}]*)\}|\$\$?([^$]+?)\$?\$|\\\((.*)\\\)|\\\[(.*)\\\]|<([^<>]*)>|\"([^\"]*)\"|'([^']*)'"
    r"|`([^`]*)`|“([^“”]*)”|‘([^‘’]*)’|「([^「」]*)」|\*\*?([^*]+?)\*?\*|__?([^_]+?)_?_"
)
_BULLET = re.compile(r"(?:[-–•]\s+)(?=[^\W\d])|#+\s?")
_BRACKETS = ("()", "[]", "{}", "（）", "【】")
_MOST_WRAPPINGS = 8
_HYPHENS = re.compile(r"(?<=\w)[-_]+(?=\w)")
_ALEFS = str.maketrans("أإآ", "ااا", "ـ")


def plainly(span: str) -> str:
    """Return a span whose circled, full-width, bold and foreign digits and letters are written plainly."""
    return span if span.isascii() else span.translate(_STANDS_FOR)


def bracketed(span: str) -> str:
    """Return a span written `plainly`, with brackets around what was circled."""
    return span if span.isascii() else span.translate(_BRACKETED)


def folded(label: str) -> str:
    """Return a label as labels are compared: case, blanks, alefs and tatweel do not count."""
    return " ".join(_HYPHENS.sub(" ", label.casefold().translate(_ALEFS)).split())


def core(label: str) -> str:
    """Return a label without the brackets, full stop, quotes or LaTeX around it; a single Latin letter as a capital.

    A sign that makes it another thing stays: "B-", "-2", "$2" and "A'" are not "B", "2" and "A".
    """
    bare = plainly(label).strip()
    for _ in range(_MOST_WRAPPINGS):
        before = bare
        wrapped = _WRAPPED.fullmatch(bare)
        bare = next(group for group in wrapped.groups() if group is not None) if wrapped else _outside(bare)
        bare = bare.strip()
        if bare == before:
            break
    return _capital(bare)


def _outside(bare: str) -> str:
    """Return a label without a list's mark, an end mark and the brackets that it does not hold itself."""
    bare = _BULLET.sub("", bare, count=1) if bare[:1] in "-–•#" else bare
    for brackets in _BRACKETS:
        opening, closing = brackets[0], brackets[1]
        if bare.startswith(opening) and (closing not in bare or bare.find(closing) == len(bare) - 1):
            bare = bare[1:].removesuffix(closing)
        elif bare.endswith(closing) and opening not in bare:
            bare = bare[:-1]
    return bare.rstrip(".:：,，、;；。" + ("!?！？" if len(bare) > 2 and bare[:-1].isalpha() else ""))  # noqa: PLR2004


def loose_core(label: str) -> str:
    """Return what a text is without any sign around it: what contradicts a label need not be written as one."""
    return _capital(_AROUND.sub("", plainly(label)).strip())


def _capital(bare: str) -> str:
    return bare.upper() if len(bare) == 1 and bare.isascii() else bare


def numbered(count: int) -> tuple[str, ...]:
    """Return the labels of so many options that have none: A to Z, AA, AB, … ZZ."""
    return tuple(LATIN[place] if place < 26 else LATIN[place // 26 - 1] + LATIN[place % 26] for place in range(count))  # noqa: PLR2004


@lru_cache(maxsize=256)
def look_alikes(labels: tuple[str, ...]) -> dict[str, str]:
    """Return the letters of other scripts that can be no other label than the one they look like."""
    found = {}
    capitals = {label.upper() for label in labels}
    for place, label in enumerate(labels):
        skeleton = _ALIKE.get(label.upper())
        for letter, other in _ALIKE.items():
            if other == skeleton and letter not in capitals and _place(letter) in {place, *range(len(labels), 99)}:
                found[letter] = label
    return found


def _place(letter: str) -> int:
    for sequence in (LATIN, tuple(one.upper() for one in GREEK), CYRILLIC):
        if letter in sequence:
            return sequence.index(letter)
    return 98
