"""The final answer as a text, for graders that compare texts and not mathematics.

The same rules as for every other answer (`find_answer`): the last answer tag, box, JSON field, `####` or announcement
in words. Without any of them it is the whole final text, a single line without its emphasis, quotes and full stop.
Different answers offered side by side are given joined by commas: none of them alone. Inside a tag the lines are kept.
A sentence that only says its answer ("It is Paris.", "Yes, it is.", "In 1912.") may also be read without its frame.

Signs of emphasis are taken away in pairs alone: `A*` is not `A`. Where a text could end in more than one place, because
a stop may end a sentence or an abbreviation, or where it is wrapped as a whole, its other readings are in `others`.
Lines of as many cells each behind a line that is only a label are one answer.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from reward_server.extraction import FoundAnswer, find_answer, languages, prose
from reward_server.extraction.region import final_region
from reward_server.extraction.wrapping import (
    layers,
    peeled,
    signs_around,
    trimmed,
    unboxed,
    unescaped,
    unfenced,
    unwrap,
    without_pairs,
)


@dataclass(frozen=True)
class FoundText:
    """An answer's text and the rule that found it: a rule of `find_answer`, or `whole_text`."""

    text: str
    rule: str
    read_otherwise: Callable[[], tuple[str, ...]] = tuple
    """Finds `others`, which few graders ask for, and only where `text` is not what they look for."""
    several: bool = False
    """Whether different answers were offered side by side, which `text` joins by commas."""

    @cached_property
    def others(self) -> tuple[str, ...]:
        """The same answer read otherwise: as it stands, as far as its line goes, without what wraps the whole of it."""
        return self.read_otherwise()


_LONGEST_LINE = 400
_ALONE, _LISTED = 300, 100
"""Characters of a line that is an answer alone, and of each of several."""
_COMPARED = 16
"""Characters of an answer that are found again beside the signs around it."""
_MOST_ENDS = 6
"""Places in a line at which its answer may end."""
_TITLES = re.compile(r"(?i)(?:the\s+)?(?:st|dr|mr|mrs|ms|prof|mt|ft|sgt|capt|gen|lt|col|rev|sen|gov|no|nr|vs|ca)")
"""What a stop abbreviates in front of a name or number; alone it is no answer there."""
_NAMED = re.compile(r"[*_`\"”]{0,3}\.\s+(?=[A-Z0-9])")
_NUMBERED = re.compile(r"[*_`\"”]{0,3}\.\s+(?=\d)")
_LABEL_LINE = re.compile(
    r"(?i)[\s#*_>]*(?:(?:the|my|our)\s+)?(?:(?:final|correct|complete|full)\s+)?(?:answer|solution|output)(?:\s+is)?"
    r"[*_ \t]*[:：]?[*_ \t]*"
)
_SENTENCES = frozenset({"final_answer", "answer_is"})


_FRAME = re.compile(
    r"(?i)(?P<frame>(?:it|that|this|he|she)(?:['’]s|\s+(?:is|was|would be))\s+(?:called\s+|in"
    r"\s+(?=\d{4}\W*$))?)(?P<answer>\S.{0,120}?)[.。!]?"
    r"|(?P<year>in\s+)(?P<when>\d{4})\.?"
    r"|(?P<yes>yes)(?P<so>,?\s+(?:it|he|she|they|that|this|there|we|you)\s+(?:is|was|are|were|does|did|do|can|has"
    r"|have|will))\.?"
    r"|(?P<no>no)(?P<not>,?\s+(?:it|he|she|they|that|this|there|we|you)\s+(?:(?:is|was|are|were|does|did|do|has|have"
    r"|will)(?:\s+not|n['’]t)"
    r"|cannot|can['’]t|won['’]t))\.?"
)


def without_frame(text: str) -> tuple[str, str] | None:
    """Return the answer that a plain sentence says, and the words of the sentence around it; None where it is none."""
    found = _FRAME.fullmatch(trimmed(text))
    if found is None:
        return None
    for answer, frame in (("answer", "frame"), ("when", "year"), ("yes", "so"), ("no", "not")):
        if found[answer] is not None:
            return found[answer], found[frame].strip(" ,")
    return None


def find_text(completion: str) -> FoundText:
    """Return the final answer as text; empty where the completion gives none."""
    found = find_answer(completion, "announced")
    region = final_region(completion)
    fenced = _labelled_fence(region.text)
    if found is None or (fenced is not None and found.start < region.offset + fenced[0]):
        return _whole(trimmed(region.text)) if fenced is None else _read("answer_is", fenced[1])
    if found.parts:
        return FoundText(_joined(completion, found), found.rule, lambda: _whole_line(completion, found), several=True)
    if found.rule == "answer_tag":
        return FoundText(found.written, found.rule, lambda: _unwrapped(found.written))
    if found.rule == "boxed":
        words = without_pairs(unboxed(found.written, keep_escapes=True))
        return FoundText(_cleaned(words), found.rule, lambda: _others(found.written, words, unboxed(found.written)))
    return _in_words(completion, _with_emphasis(completion, found), region.offset + len(region.text))


def is_answer_alone(text: str, *, lines: bool) -> bool:
    """Whether a text is nothing but an answer: one short line or, with `lines`, shorter lines of a list."""
    if lines and all(len(line) <= _LISTED for line in text.splitlines()):
        return True
    return "\n" not in text and len(text) <= _ALONE


def _with_emphasis(completion: str, found: FoundAnswer) -> FoundAnswer:
    """Return what was found with the signs of emphasis in front of it, which the announcement takes for its own."""
    start = found.start
    while start > 0 and completion[start - 1] in "*_`":
        start -= 1
    return found if start == found.start else found._replace(start=start)


def _in_words(completion: str, found: FoundAnswer, end: int) -> FoundText:
    """Return what is announced by words or signs, in a text that goes on to `end`."""
    before = completion[max(0, found.start - _LONGEST_LINE) : found.start].rpartition("\n")[2]
    if found.rule == "other_language":
        bare = languages.without_copula(without_pairs(completion[found.start : found.end], before))
        return FoundText(_cleaned(bare), found.rule, lambda: _others(bare, *_in_line(completion, found, before)))
    if found.rule == "hashes":
        return _read(found.rule, completion[found.start : found.end])
    if found.rule not in _SENTENCES:
        return _read(found.rule, found.written)
    return _announced(completion, found, before, completion[found.start : end])


def _joined(completion: str, found: FoundAnswer) -> str:
    """Return different answers side by side as one text."""
    if found.rule == "other_language":
        return prose.clean(languages.without_copula(completion[found.start : found.end]))
    return unwrap(found.answer) if found.rule == "boxed" else found.answer


def _whole_line(completion: str, found: FoundAnswer) -> tuple[str, ...]:
    """Return a last line that seems to say several answers as the one that it may be: "No. 5"."""
    line = trimmed(completion[found.start :])
    if found.rule not in _SENTENCES or len(line) > _LONGEST_LINE or "\n" in line:
        return ()
    return tuple(dict.fromkeys((line, line.removesuffix("."))))


def _whole(text: str) -> FoundText:
    if "\n" in text:
        return FoundText(text, "whole_text", lambda: _unwrapped(text))
    return _read("whole_text", text)


def _read(rule: str, raw: str) -> FoundText:
    """Return a text that is delimited by itself, or by what announces it."""
    bare = without_pairs(unfenced(raw))
    return FoundText(bare if "\n" in bare else _cleaned(bare), rule, lambda: _others(raw, bare))


def _announced(completion: str, found: FoundAnswer, before: str, behind: str) -> FoundText:
    """Return what a sentence announces, with the lines behind it where the sentence is only a label."""
    if not before.strip(" \t*_") and "\n" in (behind := trimmed(behind)):
        lines = re.split(r"\n[ \t]*\n", behind, maxsplit=1)[0]
        if "\n" in lines:
            return _in_lines(found.rule, lines, behind)
    asked = completion[found.end : found.end + 1] in ("?", "？", "؟")
    raw = found.answer if asked else completion[found.start : found.end]
    text = _cleaned(without_pairs(raw, before))
    stop = _NUMBERED if text.casefold() == "no" else _NAMED
    if not asked and _TITLES.fullmatch(text) and stop.match(completion, found.end):
        longer = [end for end in _in_line(completion, found, before) if len(end) > len(text) + 1]
        if not longer:
            return FoundText(without_pairs(raw, before), found.rule)
        return FoundText(longer[0], found.rule, lambda: _others(*longer))

    def others() -> tuple[str, ...]:
        return _others(*layers(raw, before), *(() if asked else _in_line(completion, found, before)))

    return FoundText(text, found.rule, others)


def _in_lines(rule: str, lines: str, behind: str) -> FoundText:
    """Return lines that a label announces: all of them where each has as many cells, else the first."""
    widths = {len(line.split()) for line in lines.splitlines()}
    text = lines if len(widths) == 1 else _cleaned(without_pairs(lines.splitlines()[0]))
    return FoundText(text, rule, lambda: _others(lines, behind))


def _in_line(completion: str, found: FoundAnswer, before: str) -> tuple[str, ...]:
    """Return what is announced up to each later end of its line, each with its last mark."""
    stop = completion.find("\n", found.end, found.start + _LONGEST_LINE)
    limit = stop if stop >= 0 else min(len(completion), found.start + _LONGEST_LINE)
    ends = [found.end + 1]
    while ends[-1] < limit and len(ends) < _MOST_ENDS:
        ends.append(min(prose.sentence_end(completion, ends[-1]) + 1, limit))
    return tuple(
        without_pairs(completion[found.start : min(end, limit)], before) for end in dict.fromkeys((*ends, limit))
    )


def _cleaned(bare: str) -> str:
    """Return a text without what is no part of an answer; the signs at its ends that belong to no others stay.

    Those of "**Answer:** in 1912" belong to the label in front of it.
    """
    front, tail = signs_around(bare)
    cleaned = prose.clean(bare)
    if front and not trimmed(bare[len(front) :]).startswith(cleaned[:_COMPARED]):
        front = ""
    return f"{front}{cleaned}{tail}" if cleaned else bare


def _unwrapped(*texts: str) -> tuple[str, ...]:
    """Return texts as they stand, and without what wraps the whole of each."""
    found: dict[str, None] = {}
    for text in dict.fromkeys(map(trimmed, texts)):
        found[text] = None
        plain = unfenced(text)
        for layer in (*layers(plain), peeled(trimmed(plain))):
            found |= dict.fromkeys((layer, unescaped(layer), unboxed(layer)))
    found.pop("", None)
    return tuple(found)


def _others(*texts: str) -> tuple[str, ...]:
    """Return the readings of texts that may be sentences: also without the marks that end them."""
    bare = [without_pairs(text) for text in dict.fromkeys(texts) if len(text) <= _LONGEST_LINE and "\n" not in text]
    return _unwrapped(*texts, *map(_cleaned, bare), *(one.removesuffix(".") for one in bare))


def _labelled_fence(text: str) -> tuple[int, str] | None:
    """Return where the fenced block begins that a text ends with, and the block; None where no label announces it."""
    body = text.rstrip()
    if not body.endswith("```"):
        return None
    start = body.rfind("```", 0, len(body) - 3)
    line = body[max(0, start - _LONGEST_LINE) : max(0, start)].rstrip().rpartition("\n")[2]
    return (start, body[start:]) if start > 0 and line and _LABEL_LINE.fullmatch(line) else None
