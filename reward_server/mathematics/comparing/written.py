"""Answers that are no formulas, against others: words, clock times, dates, and mathematics that was not read."""

import re

from reward_server.mathematics.comparing.bounds import is_short
from reward_server.mathematics.comparing.identity import Finding
from reward_server.mathematics.reading.phrases.predicates import said
from reward_server.mathematics.reading.phrases.words import fold_words, is_said_by
from reward_server.mathematics.tree.nodes import Clock, Constant, Expr, Words

_SHOWN = 120
_INFINITY = Constant("infinity")
_INFINITELY_MANY = re.compile(
    r"(?:there are )?(?:infinitely many|infinite number of)"
    r"(?: (?:solutions|values|points|numbers|integers|ways|pairs|times))?"
    r"|infinite number"
)
"""How many, where that is `∞`."""
_ONE_HOUR = 3600
_BETWEEN_THINGS = re.compile(r"[,;](?:and )?| and ")


def compare_written(truth: Expr, answer: Expr) -> Finding:
    """Compare where a side is in words, a time or a date; the ground truth leads."""
    if isinstance(truth, Clock) and isinstance(answer, Clock):
        return Finding(_same_time(truth, answer), "clock")
    if isinstance(truth, Words):
        if isinstance(answer, Words) and (truth.text == answer.text or _say_the_same_things(truth, answer)):
            return Finding(True, "text")
        if truth.unread:
            return Finding(None, "none", {"reason": "the ground truth was not read as mathematics"})
        return Finding(answer == _INFINITY and _INFINITELY_MANY.fullmatch(truth.text) is not None, "text")
    if isinstance(answer, Words) and answer.unread:
        return Finding(False, "not_mathematics", {"witness": "the answer was not read as mathematics"})
    if isinstance(answer, Words) and truth == _INFINITY:
        return Finding(_INFINITELY_MANY.fullmatch(answer.text) is not None, "text")
    if type(truth) is type(answer):
        return Finding(truth == answer, "calendar")
    return Finding(False, "kind", {"witness": [type(truth).__name__, type(answer).__name__]})


def _say_the_same_things(truth: Words, answer: Words) -> bool:
    """Tell whether two texts list the same things in one order: "red, blue and green", "red, blue, green"."""
    if truth.unread or answer.unread:
        return False
    if all(_INFINITELY_MANY.fullmatch(words.text) for words in (truth, answer)):
        return True
    things = [_BETWEEN_THINGS.split(words.text) for words in (truth, answer)]
    return len(things[0]) > 1 and things[0] == things[1]


def _same_time(truth: Clock, answer: Clock) -> bool:
    if truth.half == answer.half or (truth.half and answer.half):
        return truth == answer
    bare = answer if truth.half else truth
    turned = 0 if bare.seconds < _ONE_HOUR or bare.seconds >= 13 * _ONE_HOUR else 12 * _ONE_HOUR
    return truth.seconds == answer.seconds or abs(truth.seconds - answer.seconds) == turned


def with_ignored(found: Finding, ignored: list[str], in_ground_truth: tuple[str, ...]) -> Finding:
    """Add to the evidence which words a rule stepped over; nothing else of either text was left out."""
    sides = {"ignored": ignored, "ignored_in_ground_truth": in_ground_truth}
    named = {
        key: [*found.evidence.get(key, ()), *(text[:_SHOWN] for text in texts[:8])]
        for key, texts in sides.items()
        if texts
    }
    return Finding(found.equal, found.method, {**found.evidence, **named}) if named else found


def in_one_word(truth: str, answer: str) -> Finding | None:
    """Return that a sentence says the word that the other side is; None where it does not."""
    for sentence, word, side in ((answer, truth, "ignored"), (truth, answer, "ignored_in_ground_truth")):
        found = said(sentence)
        if found is not None and same_words(found.word, word, keep_case=False):
            return Finding(True, "text", {side: [found.left_out]})
    return None


def same_words(truth: str, answer: str, *, keep_case: bool) -> bool:
    """Tell whether two short texts are the same words."""
    unfinished = [text.rstrip(" .$").endswith(tuple("0123456789")) and text.endswith("..") for text in (truth, answer)]
    if not is_short(truth, answer) or unfinished[0] != unfinished[1]:
        return False
    folded = fold_words(truth, keep_case=keep_case)
    if len(folded) < 2 or folded.isdigit():
        return False
    return is_said_by(folded, fold_words(answer, keep_case=keep_case))
