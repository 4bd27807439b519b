"""`format`: does the completion keep the template it was asked to keep?

`think-answer` is DeepSeek-R1-Zero's: `<think> reasoning </think> <answer> answer </answer>` (Nature
s41586-025-09422-z, Table 1). `think` asks for the thinking block alone, as TRL's `think_format_reward` does: what
follows it is the answer.

Three ways to be strict:

- `strict`: the tags occur once each, in order, and nothing but white space stands before, between and after the
  blocks.
- `lenient`: the tags occur once each and in order; other text around the blocks is tolerated.
- `tags`: the share of the template's tags that occur exactly once, in any order (open-r1's `tag_count_reward`).

In `strict` and `lenient` neither block may be empty: white space and invisible characters are nothing. An end-of-turn
token (`<|im_end|>`, `</s>`) ends the completion and is no content. `allow_empty_thinking` lets empty thinking pass.

When the trainer sends the thinking apart (`reasoning_content`), the thinking block counts as kept. When the prompt
ends with `<think>` the completion starts inside the block: say `prefilled_think: true`.
"""

import re
from typing import Literal

from reward_server.extraction.region import is_visible, without_end
from reward_server.graders import Completion
from reward_server.rewards import PartOptions, RewardPart
from reward_server.verdict import Verdict

_TAGS = {
    "think-answer": ("<think>", "</think>", "<answer>", "</answer>"),
    "think": ("<think>", "</think>"),
}
_ANY_TAG = re.compile(r"</?(?:think|answer)>")


class FormatOptions(PartOptions):
    """Which template, and how strictly."""

    template: Literal["think-answer", "think"] = "think-answer"
    mode: Literal["strict", "lenient", "tags"] = "strict"
    prefilled_think: bool = False
    """The prompt already ends with `<think>`, so the completion begins with the reasoning."""
    allow_empty_thinking: bool = False
    """Whether `<think></think>` keeps the template."""


def measure(options: FormatOptions, completion: Completion, verdict: Verdict) -> float:
    """Return 1.0 where the template was kept, 0.0 where not, and a share in [0, 1] for mode `tags`."""
    del verdict
    text = without_end(completion.text)
    if completion.thinking is not None:
        text = f"<think>{completion.thinking}</think>{text}"
    elif options.prefilled_think and not text.lstrip().startswith("<think>"):
        text = f"<think>{text}"
    wanted = _TAGS[options.template]
    if options.mode == "tags":
        return sum(text.count(tag) == 1 for tag in wanted) / len(wanted)
    found = [(tag.group(), tag.start(), tag.end()) for tag in _ANY_TAG.finditer(text) if tag.group() in wanted]
    if tuple(tag for tag, _, _ in found) != wanted:
        return 0.0
    if not options.allow_empty_thinking and not is_visible(text[found[0][2] : found[1][1]]):
        return 0.0
    answer = text[found[2][2] : found[3][1]] if len(found) > 2 else text[found[1][2] :]  # noqa: PLR2004 - tags
    return float(is_visible(answer) and (options.mode == "lenient" or _nothing_outside(text, found)))


def _nothing_outside(text: str, found: list[tuple[str, int, int]]) -> bool:
    if text[: found[0][1]].strip():
        return False
    if len(found) == 2:  # noqa: PLR2004 - `think`: the answer is whatever follows
        return True
    between, after = text[found[1][2] : found[2][1]], text[found[3][2] :]
    return not between.strip() and not after.strip()


PART = RewardPart(
    options=FormatOptions,
    measure=measure,
    examples=[
        ({}, "<think>2+2 is 4</think>\n<answer>4</answer>", 1.0),
        ({}, "<think>2+2 is 4</think>\n<answer>4</answer> Done.", 0.0),
        ({"mode": "lenient"}, "<think>2+2 is 4</think>\n<answer>4</answer> Done.", 1.0),
        ({"mode": "lenient"}, "<answer>4</answer><think>2+2 is 4</think>", 0.0),
        ({"mode": "tags"}, "<think>2+2 is 4\n<answer>4</answer>", 0.75),
        ({"prefilled_think": True}, "2+2 is 4</think><answer>4</answer>", 1.0),
        ({"template": "think"}, "<think></think>4", 0.0),
        ({"template": "think", "allow_empty_thinking": True}, "<think></think>4", 1.0),
        ({}, "<think>2+2 is 4</think><answer>\u200b</answer>", 0.0),
        ({}, "<think>2+2 is 4</think><answer>4</answer><|im_end|>", 1.0),
    ],
)
