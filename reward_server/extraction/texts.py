"""The final answer as a text, for graders that compare texts and not mathematics.

The same rules as for every other answer (`find_answer`): the last answer tag, box, JSON field, `####` or announcement
in words. Without any of them it is the whole final text, a single line without its emphasis, quotes and full stop.
Different answers offered side by side are given joined by commas: none of them alone. Inside a tag the lines are kept.
A sentence that only says its answer ("It is Paris.", "Yes, it is.", "In 1912.") may also be read without its frame.
"""

import re
from typing import NamedTuple

from reward_server.extraction import find_answer, languages, prose
from reward_server.extraction.region import final_region
from reward_server.extraction.wrapping import unwrap


class FoundText(NamedTuple):
    """An answer's text and the rule that found it: a rule of `find_answer`, or `whole_text`."""

    text: str
    rule: str


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
    found = _FRAME.fullmatch(text.strip())
    if found is None:
        return None
    for answer, frame in (("answer", "frame"), ("when", "year"), ("yes", "so"), ("no", "not")):
        if found[answer] is not None:
            return found[answer], found[frame].strip(" ,")
    return None


def find_text(completion: str) -> FoundText:
    """Return the final answer as text; empty where the completion gives none."""
    found = find_answer(completion, "announced")
    if found is None:
        whole = final_region(completion).text.strip()
        return FoundText(whole if "\n" in whole else prose.clean(whole) or whole, "whole_text")
    if found.rule == "answer_tag" and not found.parts:
        return FoundText(found.written, found.rule)
    if found.rule == "other_language":
        return FoundText(prose.clean(languages.without_copula(completion[found.start : found.end])), found.rule)
    return FoundText(unwrap(found.answer) if found.rule == "boxed" else found.answer, found.rule)
