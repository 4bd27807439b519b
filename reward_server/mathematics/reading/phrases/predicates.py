"""What a short sentence in words says: "The function is odd" says "odd", "Yes, because …" says "yes".

A subject in front and a reason behind are left out by these rules, and the evidence names them. Only one side of a
comparison may leave one out: "The sum is even" is not "The product is even".
"""

import re
from typing import NamedTuple

from reward_server.mathematics.reading.phrases.asides import may_stand_behind
from reward_server.mathematics.reading.phrases.nouns import is_label

_LONGEST = 200
_PREDICATE = re.compile(
    r"(?P<subject>(?:so|thus|hence|therefore)?,?\s*(?:the|this|it|that)\b(?:[^.!?:;=]{0,120}?\s)??)(?:is|are)\s+(?P<said>[a-z-]{2,30})[.!]?",
    re.IGNORECASE,
)
_NO_PREDICATE = frozenset(str.split("not never neither nor no false wrong incorrect if so and or possible impossible"))
_FORMULA = re.compile(r"\$[^$]{1,80}\$|\\\(.{1,80}?\\\)")
_OTHER_CLAUSE = frozenset(str.split("is are not no never and or if when unless but neither nor while than that which"))
_ANSWERED = re.compile(
    r"(?P<said>yes|no|true|false)\b\s*[,.;:]?\s+(?P<behind>(?:because|since|as)\s.{3,}|(?:it|they|there|this|that)\s+"
    r"(?P<verb>(?:is|are|does|do|can|exists?|has|have|will)(?:\s+not|n't)?|cannot))[.!]?",
    re.IGNORECASE | re.DOTALL,
)
_KIND = re.compile(
    r"(?P<subject>(?:an?|any|every|all)\s+)?(?P<said>odd|even|prime|composite|positive|negative|rational|irrational|increasing"
    r"|decreasing|convergent|divergent)(?P<noun>\s+(?:numbers?|integers?|functions?|series|sequence)(?:\s+of\s+[a-z]+)?)[.!]?",
    re.IGNORECASE,
)
"""Of what kind something is, with the noun beside it."""
_POSITIVE = frozenset({"yes", "true"})


class Said(NamedTuple):
    """What a text says in one word, with what was left out of it."""

    word: str
    left_out: str


def said(text: str) -> Said | None:
    """Return what a sentence says in one word; None where it says more, or is of no written form."""
    text = text.strip()
    if len(text) > _LONGEST or " " not in text:
        return None
    found = _ANSWERED.fullmatch(text)
    if found is not None:
        return Said(found["said"], found["behind"]) if _agrees(found) else None
    found = _KIND.fullmatch(text)
    if found is not None:
        return Said(found["said"], f"{found['subject'] or ''}…{found['noun']}")
    found = _PREDICATE.fullmatch(text)
    if found is None or found["said"].lower() in _NO_PREDICATE:
        return None
    subject = _FORMULA.sub(" ", found["subject"]).strip(" ,")
    words = [word.lower() for word in re.findall(r"[A-Za-z']+", subject)]
    plain = not any(map(str.isdigit, subject)) and "\\" not in subject
    if not plain or not _OTHER_CLAUSE.isdisjoint(words[1:]) or not (len(words) == 1 or is_label(" ".join(words))):
        return None
    return Said(found["said"], found["subject"].strip())


def _agrees(found: "re.Match[str]") -> bool:
    """Tell whether what stands behind yes or no does not take it back."""
    verb = found["verb"]
    if verb is None:
        return may_stand_behind(found["behind"])
    denied = verb.lower().endswith(("not", "n't"))
    return denied != (found["said"].lower() in _POSITIVE)
