"""`language`: the share of words that are in the target language.

DeepSeek-R1's language-consistency reward, Num(words in the target language) / Num(words) over the chain of thought
(Nature s41586-025-09422-z, eq. 7). Code blocks, mathematics and tags have no language and are left out. A run of
letters is a word; a Han, Kana or Hangul character is one by itself. Scripts that belong to one language are counted as
such (Han counts for Japanese too when kana stand beside it); words in shared scripts (Latin, Cyrillic, Arabic,
Devanagari) are divided by CLD2's shares, and given to the target where CLD2 cannot tell, as in a few short words.
A completion without a word scores 1: nothing in it is in another language.
"""

import re
from collections import Counter
from typing import Literal

import pycld2

from reward_server.graders import Completion
from reward_server.rewards import PartOptions, RewardPart
from reward_server.verdict import Verdict

_LONGEST = 200_000
"""Characters looked at: enough for the longest chain of thought, little enough for microseconds per kilobyte."""
_NO_LANGUAGE = re.compile(
    r"```.*?(?:```|\Z)|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]*\$|\\\[(?:[^\\]|\\[^\[\]()])*\\\]|\\\((?:[^\\]|\\[^\[\]()])*\\\)|\\[a-zA-Z]+|</?\w+>",
    re.DOTALL,
)
_WORD = re.compile(
    r"(?P<han>[㐀-䶿一-鿿豈-﫿])|(?P<kana>[぀-ヿ])|(?P<hangul>[가-힣])|(?P<thai>[฀-๿]+)|(?P<greek>[Ͱ-Ͽ]{2,})"
    r"|(?P<hebrew>[֐-׿]+)|(?P<cyrillic>[Ѐ-ӿ]+)|(?P<arabic>[؀-ۿ]+)|(?P<devanagari>[ऀ-ॿ]+)"
    r"|(?P<latin>[A-Za-zÀ-ɏ]{2,})"
)
_OWN_SCRIPT = {"hangul": "ko", "thai": "th", "greek": "el", "hebrew": "he", "kana": "ja"}
_SHARED = {
    "latin": None,
    "cyrillic": frozenset({"ru", "uk", "bg", "sr", "mk", "be", "kk", "mn"}),
    "arabic": frozenset({"ar", "fa", "ur", "ps"}),
    "devanagari": frozenset({"hi", "mr", "ne"}),
}
_OTHER_SCRIPTS = frozenset({"zh", *_OWN_SCRIPT.values(), *(c for codes in _SHARED.values() if codes for c in codes)})


class LanguageOptions(PartOptions):
    """Which language, and in which text."""

    target: str = "en"
    """ISO 639-1 code, such as `en` or `zh`."""
    scope: Literal["all", "thinking"] = "all"
    """`thinking` measures the `<think>` block, or the reasoning sent apart, alone."""


def measure(options: LanguageOptions, completion: Completion, verdict: Verdict) -> float:
    """Return the share of words in the target language, in [0, 1]."""
    del verdict
    words: dict[str, list[str]] = {}
    for match in _WORD.finditer(_NO_LANGUAGE.sub(" ", _text(options, completion)[:_LONGEST])):
        words.setdefault(str(match.lastgroup), []).append(match.group())
    total = sum(map(len, words.values()))
    if not total:
        return 1.0
    counted: Counter[str] = Counter()
    for script, found in words.items():
        if script == "han":
            counted["ja" if options.target == "ja" and "kana" in words else "zh"] += len(found)
        elif script in _OWN_SCRIPT:
            counted[_OWN_SCRIPT[script]] += len(found)
        else:
            counted[options.target] += _share(script, found, options.target)  # type: ignore[assignment] # a fraction
    return min(1.0, counted[options.target] / total)


def _share(script: str, words: list[str], target: str) -> float:
    """Return how many of these words, which share a script, are in the target language; a fraction is fine."""
    codes = _SHARED[script]
    if target not in codes if codes else target in _OTHER_SCRIPTS:
        return 0.0
    try:
        reliable, _, details = pycld2.detect(" ".join(words), bestEffort=True)
    except pycld2.error:
        return float(len(words))
    shares = {code.split("-")[0]: percent for _, code, percent, _ in details if code != "un"}
    if not reliable or not shares:
        return float(len(words))
    return float(len(words) * shares.get(target, 0) / sum(shares.values()))


def _text(options: LanguageOptions, completion: Completion) -> str:
    if options.scope == "all":
        return f"{completion.thinking or ''} {completion.text}"
    if completion.thinking is not None:
        return completion.thinking
    return completion.text.partition("<think>")[2].partition("</think>")[0] or completion.text.partition("</think>")[0]


_ENGLISH = "Let us first compute the sum of the numbers and then divide it by their count to get the mean."
PART = RewardPart(
    options=LanguageOptions,
    measure=measure,
    examples=[
        ({"target": "en"}, _ENGLISH, 1.0),
        ({"target": "zh"}, "我们先把这些数加起来，再除以个数。", 1.0),
        ({"target": "zh"}, _ENGLISH, 0.0),
        ({"target": "en"}, "$x^2 + \\alpha$ ```python\nprint(1)\n```", 1.0),
        ({"target": "en"}, "mean 平均", 1 / 3),
    ],
)
