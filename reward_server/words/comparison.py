"""Is a short answer one of the accepted ones? Exact match, token F1, or a list of several answers.

Token F1 is SQuAD v1.1's `f1_score` over normalised tokens, the best over the aliases, with HotpotQA's rule that yes, no
and `noanswer` must match exactly. CJK characters are tokens of their own, since these texts have no blanks.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from reward_server.words.normalization import Normalization, date, normalized, number

_CLOSED = frozenset(("yes", "no", "noanswer"))
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\s\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
_SEPARATORS = re.compile(r"\s*[,;\n]\s*|\s+and\s+|、|，|；", re.IGNORECASE)
_MAX_PARTS = 200


class Accepted(NamedTuple):
    """One right answer as it was written and as it is compared."""

    text: str
    folded: str
    how: Normalization


def accept(text: str, how: Normalization) -> Accepted:
    """Return a right answer ready to be compared."""
    return Accepted(text, normalized(text, how), how)


def same(accepted: Accepted, answer: str) -> str | None:
    """Return the rule by which an answer is this accepted one, or None.

    `normalized_text`, or `number` where both are numbers and nothing else, or `date` where both say the same date to
    the same precision; under `exact` texts alone.
    """
    if accepted.how == "exact":
        return "normalized_text" if accepted.folded == normalized(answer, "exact") else None
    value = number(accepted.text)
    if value is not None:
        return "number" if number(answer) == value and _percent(accepted.text) == _percent(answer) else None
    if accepted.folded and accepted.folded == normalized(answer, accepted.how):
        return "normalized_text"
    day = date(accepted.text)
    if day is not None and day[1] is not None and date(answer) == day:
        return "date"
    return None


def _percent(text: str) -> bool:
    return text.strip().endswith("%")


def token_f1(accepted: Accepted, answer: str) -> float:
    """Return the F1 of the answer's tokens against the accepted answer's, in [0, 1]."""
    folded = normalized(answer, accepted.how)
    if (folded in _CLOSED or accepted.folded in _CLOSED) and folded != accepted.folded:
        return 0.0
    right, given = _TOKEN.findall(accepted.folded), _TOKEN.findall(folded)
    common = sum((Counter(right) & Counter(given)).values())
    if not common:
        return 0.0
    precision, recall = common / len(given), common / len(right)
    return 2 * precision * recall / (precision + recall)


def parts(answer: str) -> list[str]:
    """Return the members of an answer that is a list: split at commas, semicolons, lines and "and"."""
    answer = re.sub(r"^\s*(?:[-*•]|\d{1,3}[.)])\s+", "", answer, flags=re.MULTILINE)
    found = [part.strip() for part in _SEPARATORS.split(answer.strip(" []{}()"), maxsplit=_MAX_PARTS)]
    return [part.removeprefix("and ") for part in found if part]


def matched_members(wanted: Sequence[Sequence[Accepted]], given: Iterable[str]) -> tuple[int, list[str], list[str]]:
    """Match members of a list one to one, each wanted member given by its aliases.

    Returns:
        How many wanted members were given, which were not (by first alias), and which given ones were not wanted.
    """
    open_members = list(wanted)
    surplus = []
    for member in given:
        found = next((aliases for aliases in open_members if any(same(alias, member) for alias in aliases)), None)
        if found is None:
            surplus.append(member)
        else:
            open_members.remove(found)
    return len(wanted) - len(open_members), [aliases[0].text for aliases in open_members], surplus


def visible(text: str) -> bool:
    """Whether a text has anything to read in it."""
    return any(unicodedata.category(character)[0] in "LNPS" for character in text)
