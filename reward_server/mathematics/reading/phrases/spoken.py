r"""Mathematics spelled out in English becomes signs: "negative twelve" is `-12`, "12 squared" is `12^2`.

Only the words of the tables here are rewritten, and every one of them; what stands beside them stays and is read, or
refused, by the grammar. So "the reciprocal of 12" is 1/12 and never 12.
"""

import re

from reward_server.mathematics.reading.phrases.words import number_from_words
from reward_server.mathematics.reading.vocabulary import NUMBER_WORDS, SCALE_WORDS

_PARTS = {"half": 2, "halve": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
          "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fifteenth": 15,
          "fourteenth": 14, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20,
          "hundredth": 100, "thousandth": 1000, "millionth": 10**6, "billionth": 10**9}  # fmt: skip
_ORDINALS = {"first": 1, **{name: n for name, n in _PARTS.items() if n > 2 and name != "quarter"}}
_SIGNS = {"negative", "minus", "plus", "times", "squared", "cubed", "factorial", "reciprocal", "root", "twice",
          "thrice", "double", "triple", "divided", "over", "multiplied", "opposite", "negation", "absolute", "power",
          "square", "cube", "percent", "positive", "dozen", "dozens", "choose", "base"}  # fmt: skip
_ALL_PARTS = frozenset({*_PARTS, *(part + "s" for part in _PARTS)})
_ENGLISH = {word for word in (*NUMBER_WORDS, *SCALE_WORDS) if word.isascii()}
CUES = frozenset({*_SIGNS, *_ENGLISH, *_ALL_PARTS, *_ORDINALS})
"""Words that say there may be something to rewrite."""
VALUE_CHANGING = frozenset({*_SIGNS, *_PARTS, *(part + "s" for part in _PARTS), "inverse", "square", "cube", "half",
                            "complement", "tens", "ones", "hundreds", "thousands", "doubled",
                            "tripled", "halved", "negated", "fails"}) - {"positive", "choose", "base"}  # fmt: skip
"""Words beside a value that make another value of it."""
DENYING = frozenset({"negative", "minus", "opposite", "reciprocal", "inverse", "negation", "twice", "thrice", "half",
                     "double", "triple", "wrong", "incorrect", "false", "invalid", "impossible"})  # fmt: skip
"""Words in the name of a value that say that the value is another one."""

_WORD = re.compile(r"[A-Za-z]{3,}")
_IN_TEXT = re.compile(r"\\(?:text|mathrm|textrm|mbox)\s*\{([A-Za-z ,.-]{3,60})\}")
_NUMBER_WORD = "(?:" + "|".join(sorted(_ENGLISH, key=len, reverse=True)) + ")"
_SCALE_WORD = "(?:" + "|".join(word for word in SCALE_WORDS if word.isascii()) + ")"
_RUN = re.compile(
    rf"(?<![\\A-Za-z])(?:a\s+(?=hundred|thousand|million|billion)|(?!{_SCALE_WORD})){_NUMBER_WORD}"
    rf"(?:(?:\s*-\s*|\s+|(?<=hundred)\s+and\s+|(?<=thousand)\s+and\s+){_NUMBER_WORD})*(?![A-Za-z])",
    re.IGNORECASE,
)
_PART = "(?:" + "|".join(sorted((*_PARTS, *(part + "s" for part in _PARTS)), key=len, reverse=True)) + ")"
_FRACTION = re.compile(
    rf"(?<![\\A-Za-z])(?P<top>an?|{_NUMBER_WORD})(?:\s+|-)(?P<part>{_PART})(?![A-Za-z])", re.IGNORECASE
)
_PLURALS = sorted((part + "s" for part in _PARTS if part != "quarter"), key=len, reverse=True)
_PARTS_IN_DIGITS = re.compile(
    rf"(?<![\w.,/\\}}])(?P<top>\d{{1,9}})(?:\s+|-)(?P<part>{'|'.join(_PLURALS)})(?![A-Za-z])", re.IGNORECASE
)
"""`5 tenths`; five quarters may be coins, and a single part behind a number an ordinal."""
_OPERAND = (
    r"((?:[-+]?\d[\d.,]*\d|[-+]?\d|(?<!\w)[A-Za-z](?!\w)|\([^()]{1,60}\)|\\frac\{[^{}]*\}\{[^{}]*\}|\\sqrt\{[^{}]*\}"
    r"|\\pi)(?:\^\{[^{}]*\}|\^\d)?!?)"
)
_KINDS = "real|integer|number|rational|whole"
_TO_POWER = r"(?:raised\s+)?to\s+the\s+power"
_REWRITES = tuple(
    (frozenset(cues), re.compile(pattern, re.IGNORECASE), replacement)
    for cues, pattern, replacement in (
        (("minus",), r"(?<![\\A-Za-z])plus\s+or\s+minus\s+(?=[\d(\\a-zA-Z.])", r"\\pm "),
        (
            ("negative", "minus"),
            r"(?<![\\A-Za-z-])(?:negative|minus)\s+(?=[-\d(\\a-zA-Z.$])(?!real|integer|number|rational|whole)",
            "-",
        ),
        (("plus", "positive"), r"(?<![\\A-Za-z])(?:plus|positive)\s+(?=[\d(\\.$])", "+"),
        (("root",), rf"(?:(?:the|a)\s+)?(?:positive\s+|principal\s+)?square\s+root\s+of\s+{_OPERAND}", r"\\sqrt{\1}"),
        (("root",), rf"(?:(?:the|a)\s+)?cube\s+root\s+of\s+{_OPERAND}", r"\\sqrt[3]{\1}"),
        (("reciprocal",), rf"(?:(?:the|a)\s+)?reciprocal\s+of\s+{_OPERAND}", r"\\frac{1}{\1}"),
        (
            ("opposite", "negation", "negative"),
            rf"(?:(?:the|a)\s+)?(?:opposite|negation|negative)\s+of\s+{_OPERAND}",
            r"(-(\1))",
        ),
        (("absolute",), rf"(?:(?:the|a)\s+)?absolute\s+value\s+of\s+{_OPERAND}", r"\\left|\1\\right|"),
        (("square",), rf"(?:(?:the|a)\s+)?square\s+of\s+{_OPERAND}", r"(\1)^2"),
        (("cube",), rf"(?:(?:the|a)\s+)?cube\s+of\s+{_OPERAND}", r"(\1)^3"),
        (("squared",), rf"{_OPERAND}\s+squared(?!\s+[A-Za-z])", r"(\1)^2"),
        (("cubed",), rf"{_OPERAND}\s+cubed(?!\s+[A-Za-z])", r"(\1)^3"),
        (("factorial",), rf"{_OPERAND}\s+factorial(?![A-Za-z])", r"(\1)!"),
        (
            ("power",),
            rf"{_OPERAND}\s+(?:raised\s+)?to\s+the\s+power\s+(?:of\s+)?(?=(\d+/\d+|{_OPERAND}))\2",
            r"(\1)^{\2}",
        ),
        (("root",), rf"(?<![A-Za-z] )(?<![A-Za-z])root\s+{_OPERAND}", r"\\sqrt{\1}"),
        (("base",), rf"log(?:arithm)?\s+base\s+(\d+|[a-z])\s+of\s+{_OPERAND}", r"\\log_{\1}(\2)"),
        (("choose",), rf"{_OPERAND}\s+choose\s+{_OPERAND}", r"\\binom{\1}{\2}"),
        (("twice", "double"), rf"(?:twice|double)\s+{_OPERAND}", r"2(\1)"),
        (("thrice", "triple", "three"), rf"(?:thrice|triple|three\s+times)\s+{_OPERAND}", r"3(\1)"),
        (("of",), rf"(\\frac\{{\d+\}}\{{\d+\}})\s+of\s+{_OPERAND}", r"\1(\2)"),
        (("half",), rf"(?<![A-Za-z])half\s+of\s+{_OPERAND}", r"\\frac{1}{2}(\1)"),
        (("times", "multiplied"), r"(?<=[\d)}])\s+(?:times|multiplied\s+by)\s+(?=[\d(\\-])", r" \\times "),
        (("divided",), r"(?<=[\d)}])\s+divided\s+by\s+(?=[\d(\\-])", " / "),
        (("over",), r"(?<=[\d)}])\s+over\s+(?=[\d(\\-])", " / "),
        (("and",), r"(\d+)\s+and\s+(\\frac\{\d+\}\{\d+\})", r"\1\2"),
        (("dozen",), r"(?<=\d)\s+dozens?(?![A-Za-z])", r" \\times 12"),
    )
)
"""Each with words of which one is in every text that its pattern fits."""
_CUES_OF_REWRITES = tuple(sorted({cue for cues, _, _ in _REWRITES for cue in cues}))
_COMMA_IN_NUMBER = re.compile(rf"\b(thousand|million|billion),\s+(?={_NUMBER_WORD})", re.IGNORECASE)
_ORDINAL = re.compile(
    r"(?:the\s+)?(\d+)\s*-?\s*(?:\^\s*)?\{?\s*(?:\\(?:text|mathrm)\s*\{\s*)?(?:st|nd|rd|th)\s*\}?\s*\}?", re.IGNORECASE
)
_ORDINAL_WORD = re.compile(r"(?:the\s+)?([a-z]+)", re.IGNORECASE)
_POWER_IN_ORDINAL = re.compile(rf"{_OPERAND}\s+(?:raised\s+)?to\s+the\s+(-?\d+)(?:st|nd|rd|th)(?:\s+power)?")
_MAX_LENGTH = 300


def spelled_in_signs(text: str) -> str:
    """Return the text with English words of arithmetic as signs; the text itself where there are none."""
    if len(text) > _MAX_LENGTH:
        return text
    if text[-1:] in "hdt}HDT":
        ordinal = _ordinal(text)
        if ordinal is not None:
            return ordinal
    spoken = CUES.intersection(map(str.lower, _WORD.findall(text)))
    if not spoken:
        return text
    if not text.isascii():
        spoken = CUES  # letters beyond ASCII may be one with those of a word where case does not count
    text = _IN_TEXT.sub(
        lambda m: f" {m[1]} " if not CUES.isdisjoint(map(str.lower, _WORD.findall(m[1]))) else m[0], text
    )
    if text.strip().lower() in {"half", "a half"}:
        return r"\frac{1}{2}"
    if not _ALL_PARTS.isdisjoint(spoken):
        text = _PARTS_IN_DIGITS.sub(_fraction, _FRACTION.sub(_fraction, text))
    if not _ENGLISH.isdisjoint(spoken):
        text = _RUN.sub(_digits, _COMMA_IN_NUMBER.sub(r"\1 ", text))
    words = text.lower()
    found = [cue for cue in _CUES_OF_REWRITES if cue in words]
    for cues, pattern, replacement in _REWRITES:
        if not cues.isdisjoint(found):
            text = pattern.sub(replacement, text)
    return text.strip()


def _ordinal(text: str) -> str | None:
    """Return the number of an ordinal that is the whole text: `15th`, "third"."""
    match = _ORDINAL.fullmatch(text)
    if match is not None:
        return match[1]
    match = _POWER_IN_ORDINAL.fullmatch(text) if " the " in text else None
    if match is not None:
        return f"({match[1]})^{{{match[2]}}}"
    match = _ORDINAL_WORD.fullmatch(text)
    number = _ORDINALS.get(match[1].lower()) if match is not None else None
    return None if number is None else str(number)


def _fraction(match: "re.Match[str]") -> str:
    top = 1 if match["top"].lower() in {"a", "an"} else match["top"]
    top = number_from_words(top) if isinstance(top, str) and not top.isdigit() else top
    part = match["part"].lower()
    bottom = _PARTS.get(part) or _PARTS[part.removesuffix("s")]
    return rf"\frac{{{top}}}{{{bottom}}}"


def _digits(match: "re.Match[str]") -> str:
    number = number_from_words(match[0].removeprefix("a ").removeprefix("A "))
    return match[0] if number is None else str(number)
