"""`repetition`: a penalty for repeated n-grams, from 0 (all distinct) towards `max_penalty`.

penalty = max_penalty × (1 − distinct n-grams / n-grams), as in open-r1's `repetition_penalty_reward` after
"Demystifying Long Chain-of-Thought" (arXiv 2502.03373, appendix). The units are the trainer's tokens where an item
brings `token_ids`; else words split at white space, a Han, Kana, Hangul or Thai character being a word of its own. A
run without blanks of more than 30 characters (`123123…`, a formula that repeats itself) is split into commands,
words, digits and signs, so that a loop needs no blanks to be seen. Texts shorter than one n-gram have no penalty.
"""

import re
from array import array
from collections.abc import Sequence

from pydantic import Field

from reward_server.graders import Completion
from reward_server.rewards import PartOptions, RewardPart
from reward_server.verdict import Verdict

_ALONE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7a3"
_WORD = re.compile(rf"[{_ALONE}]|[^\s{_ALONE}]+")
_UNIT = re.compile(r"\\[a-z]+|[^\W\d_]+|.")
_LONGEST_WORD = 30
_LONGEST_TEXT = 120_000
"""Characters looked at, half from the beginning and half from the end, so that one item costs some ten milliseconds."""
_LONGEST_WORDS = 40_000


class RepetitionOptions(PartOptions):
    """How long the n-grams are and how much they cost."""

    ngram_size: int = Field(default=20, ge=1, le=100)
    max_penalty: float = Field(default=-1.0, le=0.0)


def measure(options: RepetitionOptions, completion: Completion, verdict: Verdict) -> float:
    """Return the penalty, in [max_penalty, 0]."""
    del verdict
    words = completion.token_ids[:_LONGEST_WORDS] if completion.token_ids else _words(completion)
    count = len(words) - options.ngram_size + 1
    if count <= 0:
        return 0.0
    numbers: dict[str | int, int] = {}
    packed = array("I", [numbers.setdefault(word, len(numbers)) for word in words])
    encoded, width = packed.tobytes(), packed.itemsize
    size = options.ngram_size * width
    distinct = len({encoded[start : start + size] for start in range(0, count * width, width)})
    return options.max_penalty * (1 - distinct / count)


def _words(completion: Completion) -> Sequence[str]:
    text = f"{completion.thinking or ''} {completion.text}"
    if len(text) > _LONGEST_TEXT:
        text = f"{text[: _LONGEST_TEXT // 2]} {text[-_LONGEST_TEXT // 2 :]}"
    text = text.lower()
    words: list[str] = []
    for match in _WORD.finditer(text):
        word = match.group()
        words += _UNIT.findall(word) if len(word) > _LONGEST_WORD else (word,)
        if len(words) >= _LONGEST_WORDS:
            break
    return words[:_LONGEST_WORDS]


PART = RewardPart(
    options=RepetitionOptions,
    measure=measure,
    examples=[
        ({"ngram_size": 2}, "this is a test sentence", 0.0),
        ({"ngram_size": 2}, "word word word word", -2 / 3),
        ({"ngram_size": 3, "max_penalty": -1.0}, "A B C A B C", -0.25),
        ({"ngram_size": 3}, "two words", 0.0),
        ({"ngram_size": 3}, "123" * 20, -55 / 58),
    ],
)
