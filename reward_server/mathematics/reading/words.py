"""Short answers in words: folded to a form in which spelling conventions no longer differ.

Two texts are the same when their folded forms are; nothing is matched by similarity, so a typing error is different.
"""

import re

from reward_server.mathematics.reading.vocabulary import CHINESE_DIGITS, NUMBER_WORDS, SCALE_WORDS

_COMMAND_WITH_TEXT = re.compile(
    r"\\(?:text|mbox|textbf|textit|mathrm|mathbf|textrm|textnormal|operatorname|ce|mathit)\b\s*"
)
_COMMAND = re.compile(r"\\(?:left|right|,|;|:|!|quad|qquad|displaystyle|\s)")
_NOT_KEPT = re.compile(r"[\s{}$\"`*~]+|\\ ")
_TIGHT = re.compile(r"\s*([^\w\s])\s*")
_MAX_LENGTH = 500
"""Longer texts are essays: they can only be equal letter by letter."""
_EDGES = ".,;:!?'() "
_ARTICLES = re.compile(r"\b(?:the|a|an)\b ")
_SYNONYMS = {
    "yes": "yes", "true": "true", "no": "no", "false": "false", "none": "none", "dne": "does not exist",
    "no solutions": "no solution", "no real solutions": "no real solution", "undef": "undefined",
    "infinite": "infinitely many", "inf": "infinity", "does not exist": "does not exist", "无解": "no solution",
    "不存在": "does not exist", "是": "yes", "否": "no", "对": "true", "错": "false", "正确": "true", "错误": "false",
}  # fmt: skip


def fold_words(text: str, *, keep_case: bool = False) -> str:
    """Return the folded form of a text; with `keep_case`, only its markup and spacing are folded."""
    if len(text) > _MAX_LENGTH:
        return " ".join(text.split() if keep_case else text.lower().split())
    text = _COMMAND.sub(" ", _COMMAND_WITH_TEXT.sub(" ", text))
    text = _NOT_KEPT.sub(" ", text).strip(_EDGES)
    text = text if keep_case else text.lower()
    text = _TIGHT.sub(r"\1", text).replace("\\dfrac", "\\frac").replace("\\tfrac", "\\frac")
    text = _ARTICLES.sub("", text + " ").strip(_EDGES)
    return _SYNONYMS.get(text, text)


def number_from_words(text: str) -> int | None:
    """Return the integer written in English words or simple Chinese numerals; None for anything else."""
    words = text.lower().replace("-", " ").replace(" and ", " ").split()
    if len(words) == 1 and len(words[0]) <= 3 and all(c in CHINESE_DIGITS for c in words[0]):
        return _chinese(words[0])
    if not words or len(words) > 12 or not all(word in NUMBER_WORDS or word in SCALE_WORDS for word in words):
        return None
    total, current = 0, 0
    for word in words:
        if word in NUMBER_WORDS:
            current += NUMBER_WORDS[word]
        elif SCALE_WORDS[word] == 100:
            current = max(current, 1) * 100
        else:
            total += max(current, 1) * SCALE_WORDS[word]
            current = 0
    return total + current


def _chinese(text: str) -> int | None:
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (CHINESE_DIGITS[tens] if tens else 1) * 10 + (CHINESE_DIGITS[ones] if ones else 0)
    return CHINESE_DIGITS[text] if len(text) == 1 else None
