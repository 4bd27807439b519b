"""`length`: rewards and penalties for how long a completion is.

`overlong` is DAPO's soft overlong punishment (arXiv 2503.14476, eq. 13): 0 up to `maximum - buffer`, falling linearly
to -1 at `maximum`, and -1 beyond. `cosine` is the length-scaled reward of "Demystifying Long Chain-of-Thought"
(arXiv 2502.03373, section 4.2): a right answer earns `right_short` falling along a cosine to `right_long` at `maximum`,
a wrong one `wrong_short` rising to `wrong_long`; a completion without a score has no such reward.

Length is counted in characters (about 4 for a token of English), words, or the trainer's own tokens where each item
brings `token_count` or `token_ids`; a request for tokens without them is refused.
"""

import math
import re
from typing import Literal

from pydantic import Field, model_validator

from reward_server.graders import Completion
from reward_server.rewards import PartOptions, RewardPart
from reward_server.verdict import Verdict

Unit = Literal["characters", "words", "tokens"]
_WORD = re.compile(r"[㐀-鿿぀-ヿ가-힣]|[^\s㐀-鿿぀-ヿ가-힣]+")
_COUNTED = 1_000_000
_CHARACTERS_A_WORD = 6
"""Beyond a million characters words are estimated, so that counting them keeps nobody waiting."""
_RIGHT = 0.5
"""A score from here on counts as right for the cosine."""


class LengthOptions(PartOptions):
    """Which curve, and its corners."""

    mode: Literal["overlong", "cosine"] = "overlong"
    unit: Unit = "characters"
    maximum: int = Field(default=65_536, gt=0)
    buffer: int = Field(default=16_384, gt=0)
    """`overlong`: the punishment begins this far before `maximum`."""
    right_short: float = 1.0
    right_long: float = 0.5
    wrong_short: float = -1.0
    wrong_long: float = -0.5

    @model_validator(mode="after")
    def _buffer_fits(self) -> "LengthOptions":
        if self.buffer > self.maximum:
            raise ValueError("buffer must not be larger than maximum")
        return self


def measure(options: LengthOptions, completion: Completion, verdict: Verdict) -> float | None:
    """Return the length term; None for `cosine` where the verdict has no score, and for tokens nobody counted."""
    length = length_of(options.unit, completion)
    if length is None:
        return None
    if options.mode == "overlong":
        start = options.maximum - options.buffer
        return -min(1.0, max(0.0, (length - start) / options.buffer))
    if verdict.score is None:
        return None
    right = verdict.score >= _RIGHT
    short, long = (options.right_short, options.right_long) if right else (options.wrong_short, options.wrong_long)
    progress = min(1.0, length / options.maximum)
    return long + (short - long) * (1 + math.cos(math.pi * progress)) / 2


def length_of(unit: Unit, completion: Completion) -> int | None:
    """Return a completion's length, thinking included; None for tokens nobody counted."""
    if unit == "tokens":
        return completion.token_count if completion.token_count is not None else len(completion.token_ids or ()) or None
    text = (completion.thinking or "") + completion.text
    if unit == "characters" or len(text) > _COUNTED:
        return len(text) if unit == "characters" else len(text) // _CHARACTERS_A_WORD
    return sum(1 for _ in _WORD.finditer(text))


PART = RewardPart(
    options=LengthOptions,
    measure=measure,
    needs_tokens=lambda options: options.unit == "tokens",
    examples=[
        ({"maximum": 10, "buffer": 4}, "x" * 6, 0.0),
        ({"maximum": 10, "buffer": 4}, "x" * 8, -0.5),
        ({"maximum": 10, "buffer": 4}, "x" * 99, -1.0),
        ({"maximum": 4, "buffer": 2, "unit": "words"}, "one two three", -0.5),
        ({"maximum": 10, "mode": "cosine", "buffer": 1}, "x" * 5, 0.75),
    ],
)
