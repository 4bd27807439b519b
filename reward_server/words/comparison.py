"""Is a short answer one of the accepted ones? Exact match, token F1, or a list of several answers.

Token F1 is SQuAD v1.1's `f1_score` over normalised tokens, the best over the aliases, with HotpotQA's rule that yes, no
and `noanswer` must match exactly. CJK characters are tokens of their own, since these texts have no blanks.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from reward_server.words.normalization import Normalization, date, normalized, number

_CLOSED = frozenset(("yes", "no", "noanswer"))
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\s\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
_SEPARATORS = re.compile(r"(\s*[,;\n]\s*(?:(?:and|&)\s+)?|\s+(?:and|&)\s+|、|，|；)", re.IGNORECASE)
_MAX_PARTS = 200
_CURRENCIES = frozenset("$€£")
_MOST_JOINED = 8
"""Pieces of which one member of a list may be made, as "Earth, Wind & Fire"."""


class ShortAnswer(NamedTuple):
    """An answer, right or given, as it was written and as it is compared."""

    text: str
    folded: str
    number: Decimal | None
    percent: bool
    currency: str
    """The sign of a currency in front of the number; empty where there is none."""
    date: tuple[int, int | None, int | None] | None


def read(text: str, how: Normalization) -> ShortAnswer:
    """Return an answer ready to be compared with others that were read the same way; under `exact` texts alone."""
    folded = normalized(text, how)
    if how == "exact":
        return ShortAnswer(text, folded, None, percent=False, currency="", date=None)
    currency = text.strip().lstrip("+-−")[:1]
    return ShortAnswer(
        text, folded, number(text), text.strip().endswith("%"), currency if currency in _CURRENCIES else "", date(text)
    )


def same(accepted: ShortAnswer, given: ShortAnswer) -> str | None:
    """Return the rule by which an answer is this accepted one, or None.

    `normalized_text`, or `number` where both are numbers and nothing else and no two currencies, or `date` where both
    say the same date to the same precision.
    """
    if accepted.number is not None:
        equal = given.number == accepted.number and given.percent == accepted.percent
        equal = equal and (given.currency == accepted.currency or not (given.currency and accepted.currency))
        return "number" if equal else None
    if accepted.folded == given.folded:
        return "normalized_text"
    if accepted.date is not None and accepted.date[1] is not None and accepted.date == given.date:
        return "date"
    return None


def token_f1(accepted: ShortAnswer, answer: ShortAnswer) -> float:
    """Return the F1 of the answer's tokens against the accepted answer's, in [0, 1]."""
    if (answer.folded in _CLOSED or accepted.folded in _CLOSED) and answer.folded != accepted.folded:
        return 0.0
    right, given = _TOKEN.findall(accepted.folded), _TOKEN.findall(answer.folded)
    common = sum((Counter(right) & Counter(given)).values())
    if not common:
        return 0.0
    precision, recall = common / len(given), common / len(right)
    return 2 * precision * recall / (precision + recall)


def separators_in(text: str) -> tuple[str, ...]:
    """Return at what a text would be cut if it were a list: "&" in "Simon & Garfunkel", "," in "Paris, Texas"."""
    return tuple(sign.strip().lower() for sign in _SEPARATORS.findall(text.strip()))


def parts(answer: str, whole: Callable[[str], bool] | None = None) -> list[str]:
    """Return the members of an answer that is a list: split at commas, semicolons, lines, "and" and "&".

    What is a member as a `whole` stays in one piece, the longest first.
    """
    answer = re.sub(r"^\s*(?:[-*•]|\d{1,3}[.)])\s+", "", answer, flags=re.MULTILINE)
    pieces = _SEPARATORS.split(answer.strip(" []{}()"), maxsplit=_MAX_PARTS)
    found, place = [], 0
    while place < len(pieces):
        end = place + 1 if whole is None else _end_of_member(pieces, place, whole)
        found.append("".join(pieces[place:end]).strip())
        place = end + 1
    return [part.removeprefix("and ") for part in found if part]


def _end_of_member(pieces: Sequence[str], place: int, whole: Callable[[str], bool]) -> int:
    """Return where the member ends that begins at a piece; separators stand between pieces."""
    for end in range(min(place + 2 * _MOST_JOINED - 1, len(pieces)), place + 1, -2):
        text = "".join(pieces[place:end]).strip()
        if "\n" not in text and whole(text):
            return end
    return place + 1


def unmatched(wanted: Sequence[Sequence[ShortAnswer]], given: Iterable[ShortAnswer]) -> tuple[list[str], list[str]]:
    """Match members of a list one to one, each wanted member given by its aliases.

    Returns:
        Which wanted members were not given (by first alias), and which given ones were not wanted.
    """
    open_members = list(wanted)
    surplus = []
    for member in given:
        found = next((aliases for aliases in open_members if any(same(alias, member) for alias in aliases)), None)
        if found is None:
            surplus.append(member.text)
        else:
            open_members.remove(found)
    return [aliases[0].text for aliases in open_members], surplus
