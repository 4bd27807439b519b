"""Ground truths that are a whole solution without a mark at its answer.

Such a text says its answer as a completion does, and the same extraction reads it: an announcement ("the answer is
9"), or a last sentence that concludes ("Therefore, she eats 9 cookies."). Nothing is read where the two differ, where
several values stand side by side, or where words beside the value are on no allow list: then the text stays what it
is, and answers that are not the same text are undecided. What was read is named in the evidence, and lint reports it.
"""

import re
from typing import NamedTuple

from reward_server.extraction import FoundAnswer, find_answer
from reward_server.extraction.prose import last_resort
from reward_server.mathematics import compare, compile_ground_truth, parse
from reward_server.mathematics.reading.phrases.asides import left_out
from reward_server.mathematics.tree.nodes import Words

_SHORTEST = 80
"""Characters from which a text may be a solution rather than an answer in words."""
_SENTENCE_END = re.compile(r"[.!?](?:\$+|\\[\])])?\s+(?=[A-Z\\$∴(])|[。！？]|\n")
_CONCLUDES = re.compile(
    r"(?i)[\s*$\\(\[]*(?:(?:therefore|thus|hence|so|consequently|finally|in conclusion|answer)\b|∴|therefore\b"
    r"|因此|所以|故|综上|答)"
)


class Stated(NamedTuple):
    """The value that a solution states, how it was found, and the words beside it that were left out."""

    value: str
    rule: str
    ignored: list[str]


def stated_value(text: str) -> Stated | None:
    """Return the one value that a whole solution ends with; None where a text is no solution, or may say others."""
    if len(text) < _SHORTEST or not isinstance(parse(text), Words):
        return None
    body = text.strip()
    sentences = [match.end() for match in _SENTENCE_END.finditer(body) if match.end() < len(body)]
    if not sentences:
        return None
    found = [find_answer(text, "announced")]
    ending = last_resort(text) if _CONCLUDES.match(body, sentences[-1]) else None
    if ending:
        found.append(FoundAnswer(ending, "last_resort", 0, len(text)))
    stated = [_value(one) for one in found if one is not None]
    first = stated[0] if stated else None
    if first is None or not all(other is not None and _same(first, other) for other in stated[1:]):
        return None
    return first


def _value(found: FoundAnswer) -> Stated | None:
    """Return the widest reading that is mathematics, with the words it leaves out."""
    if found.parts:
        return None
    for reading in found.readings:
        if isinstance(parse(reading), Words):
            continue
        ignored = [] if reading == found.answer else left_out(found.answer, reading)
        return None if ignored is None else Stated(reading, found.rule, ignored)
    return None


def _same(one: Stated, other: Stated) -> bool:
    return one.value == other.value or compare(compile_ground_truth(one.value), other.value).equal is True
