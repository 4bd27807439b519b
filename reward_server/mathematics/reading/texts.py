"""A text to the trees it may mean: the usual reading first, then the others its notation leaves open.

Order of attempts: clock times and dates; words and number words; chemical formulas; mathematics; at last the folded
words themselves. An English or Chinese lead-in ("the answer is …") is dropped.
"""

import re
from collections.abc import Iterator

from flint import fmpq

from reward_server.mathematics.reading.atoms import to_number
from reward_server.mathematics.reading.building import negate
from reward_server.mathematics.reading.lexer import ParseError
from reward_server.mathematics.reading.names import GLUED
from reward_server.mathematics.reading.phrases.chemistry import equation, formula
from reward_server.mathematics.reading.phrases.labels import counted_parts, without_labels
from reward_server.mathematics.reading.phrases.mixed import in_two_units
from reward_server.mathematics.reading.phrases.nouns import names_a_value
from reward_server.mathematics.reading.phrases.number_sets import SETS_IN_WORDS
from reward_server.mathematics.reading.phrases.numerals import digits_before_unit, numeral, rank
from reward_server.mathematics.reading.phrases.qualifiers import with_conditions
from reward_server.mathematics.reading.phrases.reworded import reworded, second_spelling
from reward_server.mathematics.reading.phrases.sentences import sentence_in_signs
from reward_server.mathematics.reading.phrases.spoken import spelled_in_signs
from reward_server.mathematics.reading.phrases.temporal import temporal
from reward_server.mathematics.reading.phrases.words import fold_words, number_from_words
from reward_server.mathematics.reading.spelling import MAX_LENGTH, plain
from reward_server.mathematics.reading.statements import parse_statement
from reward_server.mathematics.reading.vocabulary import FUNCTIONS, GREEK
from reward_server.mathematics.tree.nodes import (
    PARTS,
    Clock,
    Constant,
    Expr,
    Listing,
    NamedSet,
    Negation,
    Number,
    Ratio,
    SetOf,
    Words,
)

_LEAD_IN = re.compile(
    r"^(?:[^\w\\({\[$-]|\\text\s*\{|\\textbf\s*\{){0,20}(?:(?:so|thus|hence|therefore|then|and|finally)\b[,:]?\s*)?"
    r"(?:(?:the|our|my)\s+)?(?:(?:final|correct|right|required|desired)\s+)?"
    r"(?:answer|result|solution|value)\b[^.=:\d\\$]{0,40}?(?:\bis\b|\bare\b|\bequals\b|:|=)\s*:?\s*(?:\*\*|\}|:)?\s*",
    re.IGNORECASE,
)
_MINERVA = re.compile(r"final answer is:?\s*([^.]{1,200}(?:\.\d[^.]{0,200})*)\.?\s*I hope it is correct", re.IGNORECASE)
"""The closing sentence of Minerva's prompts (arXiv:2206.14858), which models trained on them keep writing."""
_SENTENCE = re.compile(
    r"^(?:(?:so|thus|hence|therefore|then|and|finally)\b[,:]?\s*)?(?:"
    r"(?:the|our|its|this|that|their|his|her)\b[^.=:\d\\$]{0,60}?\b(?:is|are|equals|was|were)\b"
    r"|there\s+(?:is|are|were|will\s+be)\b)\s*:?\s*",
    re.IGNORECASE,
)
_EMPHASIS = re.compile(
    r"^(?:\\text\s*\{\s*)?(?:exactly|precisely|only|just|the\s+(?:number|value|answer|result)|a\s+total\s+of"
    r"|the\s+(?:set|function|line|circle|curve|equation|polynomial|expression|matrix|fraction|sequence|ratio)"
    r"|the\s+(?:numbers|values|integers|points|pairs|(?:real\s+)?roots|solutions|ordered\s+pairs)"
    r"|(?:the\s+)?(?:point|interval|vector|vertex|cent(?:er|re)|focus|midpoint|(?:ordered\s+)?(?:pair|triple)))"
    r"(?:\s*\}\s*|\s*:?\s+)(?=[-+]?[\d\\$.(\[{]|[A-Za-z](?:_\{?\w\}?|\(\w\))?\s*=)",
    re.IGNORECASE,
)
_CHINESE_LEAD_IN = re.compile(
    r"^(?:因此|所以|故|综上|于是)?[,，]?(?:最终|最后|正确)?(?:的)?(?:答案|结果|答|解|原式)?(?:是|为|等于|:|=)\s*:?"
)
_WORDS_ONLY = re.compile(r"[^\W\d_]+(?:[ ,'-]+[^\W\d_]+)*")
_NO_WORDS = frozenset(FUNCTIONS) - {"complex", "pow", "perm"} | GREEK | {"pi", "and", "or", *str.split(
    "inf infinity infty mod if for where")}  # fmt: skip
_LONG_FUNCTIONS, _SHORT_WORDS = frozenset(n for n in FUNCTIONS if len(n) >= 3), frozenset(str.split("no up ok on in"))
_INFINITIES = {"infinity": 1, "positive infinity": 1, "plus infinity": 1, "+infinity": 1, "unbounded": 0,
               "negative infinity": -1, "-infinity": -1, "minus infinity": -1}  # fmt: skip
_EMPTY = frozenset({"empty set", "null set", "none"})
_NOTHING = re.compile(
    r"(?:there (?:is|are|exists?) |(?:(?:it|equation|inequality|system) )?has )?no "
    r"(?:such |real )?(?:solutions?|roots?|values?|numbers?|[xyzn])(?: exists?)?"
)
"""That nothing solves what was to be solved, in words."""
_DECIMAL_COMMA = re.compile(r"\s*[-+]?(?:0,\d+|\d+,(?:\d{2}|\d{4,}))(?![\d,.])[^,;]*")
_MATH_SIGNS, _VOWELS = frozenset("0123456789+=<>^/*"), frozenset("aeiouy")
_TO = re.compile(r"(?<=[\d)}])\s*(?:\\text\s*\{\s*to\s*\}|\bto\b)\s*(?=[\d(\\])")
_LETTERS = re.compile(r"(?<!\\)\b[A-Za-z]{2,}")
_OTHER_WORD = re.compile(r"(?<!\\)\b(?!to\b)[A-Za-z]{2,}")
"""A word beside "to", with which a text is no ratio."""
_IMAGINARY = re.compile(r"(?<=\d)\*?[jI](?![A-Za-z(_\d])")
"""The imaginary unit of Python and of SymPy."""
_HOLDS_MATHEMATICS = re.compile(r"[\d+=<>^*]|\\(?!text|mbox|mathrm|[\s,;])[A-Za-z]")
_THOUSANDS, _PADDED = re.compile(r"\d,\d{3}(?!\d)"), re.compile(r",0\d\d(?!\d)")
_BETWEEN_WORDS = re.compile(r"[ ,'-]+")
_NUMERAL = re.compile(r"-?\d{1,40}(?:\.\d{1,40})?", re.ASCII)
"""What needs no parser."""
MAX_READINGS = 5
_MOST_WRITTEN = 100 * MAX_LENGTH
"""Characters, wrappers and spaces included, in which what is read is looked for."""


def readings(text: str, ignored: list[str] | None = None) -> Iterator[Expr]:
    """Yield the trees a text may mean, the usual one first; at least one, `Words` where nothing else fits.

    Words that a rule steps over are added to `ignored`.
    """
    ignored = [] if ignored is None else ignored
    if len(text) <= _MOST_WRITTEN:
        text = plain(text, ignored)
    if len(text) > MAX_LENGTH:
        yield Words("", unread=True)
        return
    if _NUMERAL.fullmatch(text):
        number = to_number(text.lstrip("-"))
        yield negate(number) if text[0] == "-" else number
        return
    parts = counted_parts(text)
    if parts is not None and (read := _in_parts(parts, ignored)) is not None:
        yield read
        return
    together = in_two_units(text)
    if together is not None and (found := _parsed(together)) is not None:
        yield found[0]
    written, text = text, _in_signs(text, ignored)
    special = _special(text)
    if isinstance(special, Words) and (others := _in_other_words(written, special)):
        yield from others
        return
    if special is not None:
        yield special
        ratio = _parsed(text) if isinstance(special, Clock) and not special.half else None
        if ratio is not None and not _has_zero(ratio[0]):
            yield ratio[0]
        return
    found = _parsed(text, ignored=ignored)
    if found is None:
        shorter = _without_lead_in(text)
        special = _special(shorter) if shorter != text else None
        if special is not None:
            yield special
            return
        found = _parsed(shorter, ignored=ignored) if shorter != text else None
        if shorter != text:
            ignored.append(text.removesuffix(shorter).strip())
        text = shorter
    if found is None:
        words = written if text == shorter else text
        if others := _in_other_words(words, None):
            yield from others
            return
        yield Words(fold_words(words), unread=_HOLDS_MATHEMATICS.search(words) is not None)
        return
    yield from _alternatives(text, *found)


def _in_other_words(text: str, read: Words | None) -> tuple[Expr, ...]:
    """Read what are only words in the words of another table; nothing where these are words too."""
    if read is not None and any(map(str.isupper, read.text)):
        return ()  # a chemical formula
    other = reworded(text)
    if other is None or reworded(other) is not None:
        return ()
    trees = tuple(readings(other))
    return () if isinstance(trees[0], Words) else trees


def _has_zero(node: Expr) -> bool:
    """Tell whether a ratio has a term that is zero, so that a time of day is meant."""
    return isinstance(node, Ratio) and any(isinstance(item, Number) and item.value == 0 for item in node.items)


def _in_parts(parts: list[str], ignored: list[str]) -> Expr | None:
    """Read every part by itself; None where one of them is no mathematics."""
    trees = tuple(next(readings(part, ignored)) for part in parts)
    return None if any(isinstance(tree, Words) and tree.unread for tree in trees) else Listing(trees, PARTS)


def _in_signs(text: str, ignored: list[str]) -> str:
    """Write words that mean mathematics in signs: labels, qualifiers, spelled numbers, "3 to 4"."""
    if not any(map(str.isalpha, text)):
        return text
    if not text.isascii():
        text = digits_before_unit(text)
    text = without_labels(sentence_in_signs(text), ignored)
    text = spelled_in_signs(with_conditions(text, ignored))
    if "to" in text and _OTHER_WORD.search(text) is None:
        ratio = _TO.sub(" : ", text)
        text = text if _LETTERS.search(ratio) else ratio
    return text


def _alternatives(text: str, first: Expr, switches: frozenset[str]) -> Iterator[Expr]:
    yield first
    if "," in text and _DECIMAL_COMMA.fullmatch(text):
        other = _parsed(text.replace(",", ".", 1))
        if other is not None:
            yield other[0]
    if ("j" in text or "I" in text) and "i" not in text and _IMAGINARY.search(text):
        other = _parsed(_IMAGINARY.sub("i", text))
        if other is not None:
            yield other[0]
    if (spelling := second_spelling(text)) is not None and (other := _parsed(spelling)) is not None:
        yield other[0]
    if "," in text and _THOUSANDS.search(text) and not _PADDED.search(text):
        switches |= {"separate_thousands"}
    if not switches:
        return
    seen = [first]
    for switch in sorted(switches)[: MAX_READINGS - 1]:
        other = _parsed(text, frozenset((switch,)))
        if other is not None and other[0] not in seen:
            seen.append(other[0])
            yield other[0]


def _parsed(
    text: str, switches: frozenset[str] = frozenset(), ignored: list[str] | None = None
) -> tuple[Expr, frozenset[str]] | None:
    try:
        return parse_statement(_without_line_end(text), switches, [] if ignored is None else ignored)
    except (ParseError, RecursionError, ValueError, OverflowError):
        return None


def _without_line_end(text: str) -> str:
    """Return a text without the backslashes that end a line of LaTeX."""
    text = text.rstrip()
    if text[-1:] != "\\":
        return text
    return text[: -2 if text[-2:] == "\\\\" else -1].rstrip()


def _without_lead_in(text: str) -> str:
    minerva = _MINERVA.search(text)
    if minerva is not None:
        return minerva[1].strip(" .*:")
    shorter = text
    for pattern in (_LEAD_IN, _SENTENCE, _EMPHASIS):
        match = pattern.match(text)
        if match is not None and (pattern is _EMPHASIS or names_a_value(match[0])):
            shorter = text[match.end() :]
            break
    if shorter == text and not text.isascii():
        shorter = _CHINESE_LEAD_IN.sub("", text, count=1)
    return shorter.strip(" .*:") if shorter and (shorter != text or not text.endswith("..")) else text


def _special(text: str) -> Expr | None:
    """Recognise what is not a formula: times, dates, words, number words, chemical formulas."""
    if not text:
        return Words("")
    found = numeral(text)
    if found is not None:
        return found
    if (
        (len(text) <= 60 and text[0].isdigit())
        or ":" in text
        or "年" in text
        or text[:3].isalpha()
        or text[:6] == "\\text{"
    ):
        moment = temporal(text)
        if moment is not None:
            return moment
    if text[-1:].isalpha() or text[-1] == "}" or text[0].isalpha():
        place = rank(text)
        if place is not None:
            return place
    if _MATH_SIGNS.isdisjoint(text):
        words = _words(text)
        if words is not None:
            return words
    return formula(text) or equation(text)


def _words(text: str) -> Expr | None:
    folded = fold_words(text)
    if _INFINITIES.get(folded):
        infinity = Constant("infinity")
        return infinity if _INFINITIES[folded] > 0 else Negation(infinity)
    if not _WORDS_ONLY.fullmatch(folded):
        return None
    number = number_from_words(folded)
    if number is not None:
        return Number(fmpq(number))
    if folded in _EMPTY or _NOTHING.fullmatch(folded) is not None:
        return SetOf(())
    phrase = folded[:-2] if folded[-2:-1] == " " else folded
    if phrase in SETS_IN_WORDS:
        return NamedSet(SETS_IN_WORDS[phrase])
    names = _BETWEEN_WORDS.split(folded)
    if any(_is_word(name) for name in names):
        return Words(folded)
    return None


def _is_word(name: str) -> bool:
    if not name.isascii():
        return True
    if name in _NO_WORDS or len(name) < 3 or GLUED.fullmatch(name):
        return name in _SHORT_WORDS
    return bool(_VOWELS & set(name)) and list(name) != sorted(name) and _LONG_FUNCTIONS.isdisjoint((name, name[:-1]))
