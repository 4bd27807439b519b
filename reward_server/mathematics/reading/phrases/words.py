"""Short answers in words: folded to a form in which spelling conventions no longer differ.

Two texts are the same when their folded forms are; nothing is matched by similarity, so a typing error is different.
"""

import re
from functools import lru_cache

from reward_server.mathematics.reading.vocabulary import NUMBER_WORDS, SCALE_WORDS

_COMMAND_WITH_TEXT = re.compile(
    r"\\(?:text|mbox|textbf|textit|mathrm|mathbf|textrm|textnormal|operatorname|ce|mathit)\b\s*"
)
_COMMAND = re.compile(r"\\(?:(?:left|right)(?![a-z])|,|;|:|!|quad|qquad|displaystyle|\s)")
_NOT_KEPT = re.compile(r"[\s{}$\"`*~]+|\\ ")
_TIGHT = re.compile(r"\s(?:(?<=[^\w\s]\s)\s*|\s*(?=[^\w\s]))")
"""White space behind a sign or before one."""
_PLURALS = frozenset({"hundreds", "thousands", "millions", "billions", "dozens"})
"""Words of scale that say no number when they stand alone."""
_MAX_LENGTH = 500
"""Longer texts are essays: they can only be equal letter by letter."""
_EDGES = ".,;:!?'() "
_ARTICLES = re.compile(r"\b(?:the|a|an)\b ")
_ARTICLES_OF_WORDS = re.compile(r"(?<!\S)(?:the|an?) (?=[A-Za-z]{3})")
"""Articles in a text that holds mathematics, in which `a` may be a letter."""
_SYNONYMS = {
    "true": "yes", "correct": "yes", "false": "no", "incorrect": "no", "proven": "proved", "disproven": "disproved",
    "refuted": "disproved", "none": "none", "dne": "does not exist",
    "d.n.e": "does not exist", "limit does not exist": "does not exist", "has no solution": "no solution",
    "has no solutions": "no solution",
    "no solutions": "no solution", "no real solutions": "no real solution", "undef": "undefined",
    "infinite": "infinitely many", "inf": "infinity", "does not exist": "does not exist", "无解": "no solution",
    "不存在": "does not exist", "是": "yes", "否": "no", "对": "yes", "错": "no", "正确": "yes", "错误": "no",
    "不正确": "no", "不是": "no",
    **dict.fromkeys(("да", "oui", "ja", "sí", "sì", "sim", "evet", "tak", "はい", "네", "예", "có", "ya", "हाँ", "نعم"),
                    "yes"),
    **dict.fromkeys(("нет", "non", "nein", "não", "hayır", "nie", "nee", "いいえ", "아니요", "không", "tidak", "नहीं"),
                    "no"),
}  # fmt: skip


def fold_words(text: str, *, keep_case: bool = False) -> str:
    """Return the folded form of a text; with `keep_case`, only its markup and spacing are folded.

    A question mark at its edge stays: what is asked is not said (`is_said_by` compares such texts).
    """
    if len(text) > _MAX_LENGTH:
        return " ".join(text.split() if keep_case else text.lower().split())
    return _folded(text, keep_case)


@lru_cache(maxsize=64)
def _folded(text: str, keep_case: bool) -> str:
    text = _COMMAND.sub(" ", _COMMAND_WITH_TEXT.sub(" ", text))
    edges = ".,;: " if keep_case else _EDGES
    text = _NOT_KEPT.sub(" ", text).replace("？", "?")
    core = text.strip(_EDGES)
    asked = "?" if text.count("?") > core.count("?") else ""
    text = text.strip(edges + "?!" if asked else edges)
    text = text if keep_case else text.lower()
    text = _TIGHT.sub("", text).replace("\\dfrac", "\\frac").replace("\\tfrac", "\\frac")
    text = (_ARTICLES_OF_WORDS if keep_case else _ARTICLES).sub("", text + " ").strip(edges)
    return _SYNONYMS.get(text, text) + asked


def is_said_by(truth: str, answer: str) -> bool:
    """Tell whether a folded answer says a folded ground truth: a question that is the answer needs no mark."""
    return answer in (truth, truth.removesuffix("?"))


def number_from_words(text: str) -> int | None:
    """Return the integer written in English words; None for anything else, such as "five seven"."""
    words = text.lower().replace("-", " ").replace(" and ", " ").split()
    if len(words) == 1 and words[0] in _PLURALS:
        return None
    if not words or len(words) > 12 or not all(word in NUMBER_WORDS or word in SCALE_WORDS for word in words):
        return None
    total, current, last_scale = 0, 0, 10**15
    for place, word in enumerate(words):
        if word in NUMBER_WORDS:
            number = NUMBER_WORDS[word]
            if current % 100 and not (number < 10 <= current % 100 and current % 100 >= 20 and current % 10 == 0):
                return None
            if number == 0 and len(words) > 1:
                return None
            current += number
        elif SCALE_WORDS[word] == 100 and current < 100:
            current = max(current, 1) * 100
        elif SCALE_WORDS[word] < last_scale and (current or place == 0):
            last_scale = SCALE_WORDS[word]
            total += max(current, 1) * last_scale
            current = 0
        else:
            return None
    return total + current
