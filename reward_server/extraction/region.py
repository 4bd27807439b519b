"""Which part of a completion is its final text: after the thinking, before a runaway continuation.

Answers inside thinking do not count: they are drafts. Text after the last closing tag counts; an unfinished `<think>`
hides everything behind it. Chat end tokens end the completion whatever follows. A base model that has answered often
invents the next problem of its few-shot prompt; `overflow_starts` names those places, and the caller stops there if an
answer was already given. Only the last `WINDOW` characters of the final text are searched, so that the work is bounded
whatever the size; finding thinking tags scans the whole text once per tag with `str.find`.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

WINDOW = 1 << 17
"""Characters searched for an answer; longer than any answer in the data sets measured (100,008 characters)."""

_LONGEST_KEPT = 65_536
"""Characters of a completion whose region is kept until a few others have been read."""

_CLOSERS = (
    "</think", "</thought", "</reasoning", "<|end_of_thought|", "◁/think▷", "</seed:think", "[/THINK]",
    "<|END_THINKING|",
)  # fmt: skip
_OPENERS = (
    "<think", "<thought", "<reasoning", "<|begin_of_thought|", "◁think▷", "<seed:think", "[THINK]",
    "<|START_THINKING|", "<|channel|>analysis",
)  # fmt: skip
"""Of harmony's channels `final` alone ends the analysis: one that is never reached leaves thinking alone."""
_FINAL_CHANNEL = "<|channel|>final<|message|>"
_END_TOKENS = re.compile(
    r"<\|(?:im_end|endoftext|eot_id|im_start|end|return|end_of_text)\|>|</s>|<end_of_turn>|<｜end▁of▁sentence｜>"
)
_STRUCK = re.compile(
    r"(?<![\w\\~}])~~(?=[^\s~])[^\n~]{0,400}(?<=[^\s~])~~(?![\w\\~])|<(?P<tag>s|del|strike)>[^<>]{0,400}</(?P=tag)>",
    re.IGNORECASE,
)
"""What is struck out in Markdown or HTML: its author has taken it back."""
_MAX_OVERFLOWS = 4
_OVERFLOW = re.compile(
    r"(?:\n|\A)[ \t]*(?:\#{1,6}[ \t]*|\*\*)?"
    r"(?:(?P<what>Problem|Question|Exercise|Example|Q|Human|User|Instruction)(?:[ \t]+(?P<number>\d{1,4}))?"
    r"[ \t]*\**[:：]"
    r"|问题[:：]|题目[:：])"
)


class Region(NamedTuple):
    """A slice of the completion, `text`, that begins at character `offset` of it."""

    text: str
    offset: int


def final_region(completion: str, window: int = WINDOW) -> Region:
    """Return the part of the completion in which its final answer may stand, at most `window` characters.

    Blanks stand for what is struck out. What a grader and the rules that it uses ask for is found once.
    """
    return _kept_region(completion, window) if len(completion) <= _LONGEST_KEPT else _region(completion, window)


def _region(completion: str, window: int) -> Region:
    start, end = 0, len(completion)
    if "<" in completion or "◁" in completion or "THINK]" in completion:
        start, end = _outside_thinking(completion)
    start = max(start, end - window)
    text = completion[start:end]
    if "<|" in text or "</s>" in text or "<end_of_turn>" in text or "<｜" in text:
        for token in _END_TOKENS.finditer(text):
            if text[: token.start()].strip():
                text = text[: token.start()]
                break
    if "~~" in text or "</" in text:
        text = _STRUCK.sub(lambda struck: " " * len(struck[0]), text)
    return Region(text, start)


_kept_region = lru_cache(maxsize=4)(_region)


def without_end(completion: str) -> str:
    """Return a completion without its end-of-turn token and what follows it; a token before any content is skipped."""
    if not any(mark in completion for mark in ("<|", "</s>", "<end_of_turn>", "<｜")):
        return completion
    start = 0
    for token in _END_TOKENS.finditer(completion):
        if completion[start : token.start()].strip():
            return completion[start : token.start()]
        start = token.end()
    return completion[start:]


def is_visible(text: str) -> bool:
    """Tell whether a text has anything to read in it: no white space and no invisible characters alone."""
    return text[:1].isalnum() or any(unicodedata.category(character)[0] in "LNPS" for character in text)


def _outside_thinking(completion: str) -> tuple[int, int]:
    """Return the bounds of what follows the last finished thinking and precedes an unfinished one."""
    final = completion.rfind(_FINAL_CHANNEL)
    start = final + len(_FINAL_CHANNEL) if final >= 0 else 0
    for closer in _CLOSERS:
        found = completion.rfind(closer, start)
        if found >= 0:
            bracket = completion.find("]" if closer[0] == "[" else ">", found, found + 32)
            start = bracket + 1 if bracket >= 0 else found + len(closer)
    end = len(completion)
    for opener in _OPENERS:
        found = completion.find(opener, start, end)
        if found >= 0:
            end = found
    return start, end


def overflow_starts(text: str) -> list[int]:
    """Return where the text seems to begin another problem, first to last; the very beginning is not one.

    Headings that count from 1 on are the text's own: what stands under "Question 2:" behind "Question 1:" is its next
    part.
    """
    if "roblem" not in text and "uestion" not in text and "\n" not in text:
        return []
    starts: list[int] = []
    counted: dict[str, int] = {}
    for match in _OVERFLOW.finditer(text):
        what, number = match["what"], int(match["number"] or 0)
        if number and number == counted.get(what, 0) + 1:
            counted[what] = number
            if number > 1:
                continue
        if not match.start():
            continue
        starts.append(match.start())
        if len(starts) == _MAX_OVERFLOWS:
            break
    return starts
