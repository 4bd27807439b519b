"""`repetition`: a penalty for repeated n-grams, from 0 (all distinct) towards `max_penalty`.

penalty = max_penalty × (1 − distinct n-grams / n-grams), as in open-r1's `repetition_penalty_reward` after
"Demystifying Long Chain-of-Thought" (arXiv 2502.03373, appendix). Words are split at white space; a Han or Kana
character is a word of its own. Texts shorter than one n-gram have no penalty.
"""

import re

from pydantic import Field

from reward_server.graders import Completion
from reward_server.rewards import PartOptions, RewardPart
from reward_server.verdict import Verdict

_WORD = re.compile(r"[㐀-鿿぀-ヿ]|[^\s㐀-鿿぀-ヿ]+")
_LONGEST_WORDS = 100_000


class RepetitionOptions(PartOptions):
    """How long the n-grams are and how much they cost."""

    ngram_size: int = Field(default=20, ge=1, le=100)
    max_penalty: float = Field(default=-1.0, le=0.0)


def measure(options: RepetitionOptions, completion: Completion, verdict: Verdict) -> float:
    """Return the penalty, in [max_penalty, 0]."""
    del verdict
    text = ((completion.thinking or "") + " " + completion.text).lower()
    words = [match.group() for match in _WORD.finditer(text)][:_LONGEST_WORDS]
    count = len(words) - options.ngram_size + 1
    if count <= 0:
        return 0.0
    distinct = len({tuple(words[start : start + options.ngram_size]) for start in range(count)})
    return options.max_penalty * (1 - distinct / count)


PART = RewardPart(
    options=RepetitionOptions,
    measure=measure,
    examples=[
        ({"ngram_size": 2}, "this is a test sentence", 0.0),
        ({"ngram_size": 2}, "word word word word", -2 / 3),
        ({"ngram_size": 3, "max_penalty": -1.0}, "A B C A B C", -0.25),
        ({"ngram_size": 3}, "two words", 0.0),
    ],
)
