"""`language`: the share of words that are in the target language.

DeepSeek-R1's language-consistency reward, Num(words in the target language) / Num(words) over the chain of thought
(Nature s41586-025-09422-z, eq. 7). A run of letters is a word; a Han, Kana, Hangul, Thai, Lao, Khmer or Burmese
character is one by itself. Decided:

- Code, mathematics and tags have no language as far as they are code, mathematics and tags: prose inside a fence,
  between dollar signs or in backticks, and letters of another script anywhere, count as what they are.
- A script that one language is written in tells it; Han counts as Japanese in sentences with kana for at least a
  tenth of their characters, else as Chinese; shared scripts (Latin, Cyrillic, Arabic, Devanagari, …) are divided by
  CLD2's shares, and given to the target where CLD2 cannot tell, as in a few short words.
- Abbreviations of up to five capitals ("ABC", "DNA") belong to no language while they are at most a fifth of the
  words.
- A completion without a word scores 1: nothing in it is in another language.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Literal

import pycld2
from pydantic import field_validator

from reward_server.graders import Completion
from reward_server.rewards import PartOptions, RewardPart
from reward_server.verdict import Verdict
from reward_server.words.scripts import ALIKE, LANGUAGES, NAMES, OWN_SCRIPT, SHARED, WORD

_LONGEST = 24_000
"""Characters looked at, half from the beginning and half from the end: the cost is bounded, and so is what hides."""
_ABBREVIATION, _ABBREVIATIONS = 5, 0.2
_CLD2_WORDS = 6
_PURE = 0.97
_KANA = 0.1
_SENTENCE = re.compile(r"[。！？.!?\n]+")
_SPELLED = re.compile(r"(?<![^\W\d_])(?:[^\W\d_][ \t.\-_]){3,}[^\W\d_](?![^\W\d_])")
"""Words written letter by letter."""
_FENCE = re.compile(r"```[^\n]*\n?(.*?)(?:```|\Z)", re.DOTALL)
_MATH = re.compile(r"\$\$([^$]{0,4000})\$\$|\$([^$\n]{1,1000})\$|\\\[(.{0,4000}?)\\\]|\\\((.{0,1000}?)\\\)", re.DOTALL)
_TICKS = re.compile(r"`([^`\n]{1,400})`")
_COMMAND = re.compile(r"\\[a-zA-Z]+|</?[a-zA-Z_]{1,20}>")
_CODE = re.compile(
    r"[=(){};\[\]<>]|^\s*(?:def|class|return|import|from|for|if|while|print|elif|else|#)\b", re.MULTILINE
)
_PROSE = re.compile(r"(?:[^\W\d_]{2,}[ ,.]+){5,}[^\W\d_]{2,}")
"""Six words in a row: prose, wherever it stands."""
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]+")


class LanguageOptions(PartOptions):
    """Which language, and in which text."""

    target: str = "en"
    """A language as BCP 47 writes it (`en`, `zh-CN`, `pt_BR`), its ISO 639-2 code or its English name."""
    scope: Literal["all", "thinking"] = "all"
    """`thinking` measures the `<think>` block, or the reasoning sent apart, alone."""

    @field_validator("target")
    @classmethod
    def _known(cls, target: str) -> str:
        name = target.strip().lower()
        code = NAMES.get(name, re.split(r"[-_]", name)[0])
        code = NAMES.get(code, code)
        if code not in LANGUAGES:
            raise ValueError(
                f"{target[:20]!r} is no known language: write a code such as {', '.join(sorted(LANGUAGES)[:8])}"
            )
        return code


def measure(options: LanguageOptions, completion: Completion, verdict: Verdict) -> float:
    """Return the share of words in the target language, in [0, 1]."""
    del verdict
    text = _text(options, completion)
    if len(text) > _LONGEST:
        text = f"{text[: _LONGEST // 2]} {text[-_LONGEST // 2 :]}"
    counted: Counter[str] = Counter()
    shared: dict[str, list[list[str]]] = {}
    for sentence in _SENTENCE.split(_without_code(text)):
        for script, found in _by_script(sentence).items():
            own = OWN_SCRIPT.get(script)
            if own is not None:
                counted[own] += len(found)
            elif script in SHARED:
                shared.setdefault(script, []).append(found)
    total = sum(counted.values()) + sum(len(words) for groups in shared.values() for words in groups)
    share = float(counted[options.target])
    for script, groups in shared.items():
        kept = _without_abbreviations(groups, total) if script == "latin" else groups
        total -= sum(map(len, groups)) - sum(map(len, kept))
        share += _share_of(script, kept, options.target)
    return min(1.0, share / total) if total else 1.0


def _by_script(sentence: str) -> dict[str, list[str]]:
    """Return a sentence's words by script; Han counts as kana where the sentence has kana enough, else as Chinese."""
    words: dict[str, list[str]] = {}
    for match in WORD.finditer(sentence):
        words.setdefault(str(match.lastgroup), []).append(match.group())
    han = words.pop("han", None)
    if han:
        kana = words.setdefault("kana", []) if "kana" in words else []
        if len(kana) >= _KANA * (len(han) + len(kana)):
            kana += han
        else:
            words["chinese"] = han
    return words


def _share_of(script: str, groups: list[list[str]], target: str) -> float:
    """Return how many words are in the target: by the whole text where that is one language, else by sentence."""
    words = [word for group in groups for word in group]
    whole = _told(script, words, target)
    if len(groups) > 1 and (whole is None or whole < _PURE):
        told = ((len(some), _told(script, some, target)) for some in _long_enough(groups))
        return sum(count * (1.0 if share is None else share) for count, share in told)
    return len(words) * (1.0 if whole is None else whole)


def _long_enough(groups: list[list[str]]) -> Iterator[list[str]]:
    """Yield sentences long enough for CLD2 one by one, and all the short ones together."""
    short: list[str] = []
    for words in groups:
        if len(words) >= _CLD2_WORDS:
            yield words
        else:
            short += words
    if short:
        yield short


def _without_abbreviations(groups: list[list[str]], total: int) -> list[list[str]]:
    kept = [[word for word in words if not (word.isupper() and len(word) <= _ABBREVIATION)] for words in groups]
    few = sum(map(len, groups)) - sum(map(len, kept)) <= _ABBREVIATIONS * total
    return kept if few else groups


def _without_code(text: str) -> str:
    """Remove what has no language, keep what only pretends to have none."""
    text = _FENCE.sub(
        lambda found: _kept(found[1], code=len(_CODE.findall(found[1])) >= max(1, found[1].count("\n") // 3)), text
    )
    text = _MATH.sub(
        lambda found: _kept(next(group or "" for group in found.groups() if group is not None), code=True), text
    )
    text = _TICKS.sub(lambda found: _kept(found[1], code=True), text)
    text = _SPELLED.sub(lambda found: re.sub(r"[ \t.\-_]", "", found.group()), text)
    return _COMMAND.sub(" ", text)


def _kept(inside: str, *, code: bool) -> str:
    """Return what of a piece of code or formula is language: all of it if it is not code, else prose and scripts."""
    inside = _COMMAND.sub(" ", inside)
    if not code:
        return f" {inside} "
    prose = " ".join(found.group() for found in _PROSE.finditer(inside))
    return f" {prose} {_LATIN.sub(' ', inside)} "


def _told(script: str, words: list[str], target: str) -> float | None:
    """Return the share of these words, of one script, that CLD2 finds in the target; None where it cannot tell."""
    if target not in SHARED[script] or not words:
        return 0.0
    try:
        reliable, _, details = pycld2.detect(" ".join(words), bestEffort=True)
    except pycld2.error:
        return None
    shares = {code.split("-")[0]: percent for _, code, percent, _ in details if code != "un"}
    if not reliable or not shares:
        return None
    known = sum(percent for code, percent in shares.items() if code == target or (code, target) in ALIKE)
    return float(known / sum(shares.values()))


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
        ({"target": "zh-CN"}, "我们先把这些数加起来，再除以个数。", 1.0),
        ({"target": "zh"}, _ENGLISH, 0.0),
        ({"target": "en"}, "$x^2 + \\alpha$ ```python\nprint(1)\n```", 1.0),
        ({"target": "en"}, "mean 平均", 1 / 3),
        ({"target": "korean"}, "먼저 이 수들을 더한다.", 1.0),
        ({"target": "zh"}, "我们检查 DNA 的结构，然后得到结论。", 1.0),
    ],
)
