"""Which part of a completion may hold the program: what follows the thinking, narrowed to an answer tag.

A thinking tag that the program itself mentions is text of the program: an opening tag inside a fenced block that does
not begin its line, and a closing one inside a fenced block between two quotes of one kind, or where the thinking was
closed before and not opened again. Draft blocks in the thinking are not protected by this, since a thought ends on a
line of its own or after unquoted words.
"""

import re
from bisect import bisect_left

from reward_server.extraction.region import final_region
from reward_server.testing.submission.fences import placed_blocks

_TAG = re.compile(r"<(?=/?(?:think|thought|reasoning)\b)")
_MOST_TAGS = 200
"""Beyond this many nothing is looked into: no program mentions thinking so often."""
_QUOTES = "'\""
_STAND_IN = "\ue0f1"
"""A private character in place of the `<` of a quoted tag while the thinking is looked for."""


def reply_text(completion: str) -> str | None:
    """Return the part of a completion that may hold its program; None inside a thought that never ends."""
    masked = _masked(completion)
    text = answer_text(final_region(masked).text)
    return text if text is None or masked is completion else text.replace(_STAND_IN, "<")


def begun(prefix: str, completion: str) -> str:
    """Return the answer that a prompt began with `prefix` and a completion went on with; a fence is opened once."""
    opened = prefix.rstrip().rpartition("\n")[2].lstrip()
    if opened.startswith(("```", "~~~")) and completion.lstrip().startswith(opened[:3]):
        return prefix[: len(prefix.rstrip()) - len(opened)] + completion
    return prefix + completion


def _masked(text: str) -> str:
    """Return `text` with a stand-in for the `<` of every thinking tag that the program mentions."""
    if _TAG.search(text) is None or _STAND_IN in text:
        return text
    tags = list(_TAG.finditer(text))
    if len(tags) > _MOST_TAGS:
        return text
    spans = [(start, start + len(block.content)) for block, start in placed_blocks(text)]
    pieces, done, ended = [], 0, False
    for position in (tag.start() for tag in tags):
        inside = any(start < position < end for start, end in spans[bisect_left(spans, (position, 0)) - 1 :][:1])
        closes = text.startswith("</", position)
        if inside and ((closes and ended) or _is_mentioned(text, position)):
            pieces += [text[done:position], _STAND_IN]
            done = position + 1
        else:
            ended = closes
    return "".join([*pieces, text[done:]]) if pieces else text


def _is_mentioned(text: str, position: int) -> bool:
    before = text[text.rfind("\n", 0, position) + 1 : position]
    if not text.startswith("</", position):
        return bool(before.strip())
    end = text.find("\n", position)
    after = text[position : end if end >= 0 else len(text)]
    return any(before.count(quote) % 2 and quote in after for quote in _QUOTES)


def answer_text(text: str) -> str | None:
    """Return what follows the thinking, narrowed to the last answer tag that holds code; None inside open thinking."""
    _, closing, after = text.rpartition("</think>")
    if not closing and "<think>" in text:
        return None
    end = after.rfind("</answer>")
    start = after.rfind("<answer>", 0, max(end, 0))
    if start >= 0:
        answer = after[start + len("<answer>") : end]
        if "```" in answer or "```" not in after:
            return answer
    return after
