r"""What stands behind an announced answer: does the completion withdraw it, or state another one?

"\boxed{42}. Wait, it should be 11", "\boxed{42} is wrong" and "The answer is not \boxed{42}" do not say 42. What is
withdrawn is no answer; what is stated anew is an answer side by side with the announced one, so that both must be
right. A remark that repeats the announced value, or affirms it ("yes, that checks out"), takes a doubt back.

Only the end of a completion is read so, sentence by sentence, by written forms: a cue ("wait", "actually", "no,"),
a statement about the answer, or both. Sentences that suppose something state nothing. Linear in the text.
"""

import re
from typing import NamedTuple

from reward_server.extraction.assertion import denied_in_place, is_english
from reward_server.extraction.questions import reply, value_asked
from reward_server.extraction.remarks import (
    AFFIRMS,
    ANNOUNCES_ANEW,
    CLOSES,
    CLOSING,
    CUE_WITHIN,
    CUED,
    DIGITS,
    ELSEWHERE,
    FOREIGN,
    IS_RIGHT,
    LETTER,
    NO_ANSWER,
    ONLY,
    ONLY_WORDS,
    SENTENCE,
    STATES,
    SUPPOSES,
    TRIGGERS,
    WITHDRAWS,
    WORDS,
)
from reward_server.extraction.surroundings import in_plain_words, is_asked_about, is_negated, is_part, offered_before
from reward_server.words.denials import NOT, WRONG


class Afterthought(NamedTuple):
    """What is said of an answer behind it: that it is withdrawn, or another value that is stated instead."""

    withdrawn: bool
    value: str


_WINDOW = 20_000
_LONGEST = 400
"""Characters of a sentence that are read."""
_MOST = 300
"""Sentences that are read, first and last: prose has fewer in all."""
_SHORT = 60
_TELLING = 3
"""Characters of a value that are found again even without the blanks around them."""


def afterthought(text: str, start: int, end: int, said: str, *, in_words: bool = False) -> Afterthought | None:
    """Return what the completion says of an answer announced in `text[start:end]`; None where it lets it stand.

    What stands in front of an answer is looked at too, unless it was announced `in_words`, which have been judged.
    """
    rest = text[end : end + _WINDOW]
    if not in_words:
        asked = is_asked_about(text, start, end) and reply(said, text[end : end + _SHORT]) != "yes"
        if asked or is_negated(text, start) or is_part(text, start, end):
            return Afterthought(withdrawn=True, value="")
        rest = in_plain_words(rest)
    if in_words and not rest.strip(CLOSING):
        return None
    behind = rest[CLOSES.match(rest).end() :]  # type: ignore[union-attr]
    before = "" if in_words else text[max(0, start - 80) : start].rpartition("\n")[2]
    if denied_in_place(before, behind, rest):
        return Afterthought(withdrawn=True, value="")
    offered = "" if in_words else offered_before(text, start)
    if offered and not _same(said, offered):
        return Afterthought(withdrawn=False, value=offered)
    if not behind:
        return None
    only = ONLY.fullmatch(behind) if len(behind) < _SHORT else None
    value = only["value"] if only is not None and not _same(said, only["value"]) else ""
    withdrawn, value = _said_behind(behind if _may_matter(behind) or "?" in behind else "", said, value)
    if LETTER.fullmatch(value.strip("()")) and not LETTER.fullmatch(said.strip("()")):
        value = ""  # a letter in front of what it stands for
    return Afterthought(withdrawn, value) if withdrawn or value else None


def _said_behind(behind: str, said: str, value: str) -> Afterthought:
    """Read sentence by sentence what is said of an answer, where `value` seems to be stated instead."""
    withdrawn = cued = elsewhere = False
    asked = ""
    remarks = list(SENTENCE.finditer(behind))
    for match in remarks if len(remarks) <= 2 * _MOST else remarks[:_MOST] + remarks[-_MOST:]:
        sentence = match[0][:_LONGEST].strip()
        if not sentence:
            continue
        letters = set(LETTER.findall(sentence)) if LETTER.fullmatch(said) else set()
        elsewhere = (elsewhere or bool(letters)) and said not in letters
        question, asked = asked, value_asked(sentence, in_words=not any(map(str.isdigit, said)))
        replied = reply(question, sentence) if question and not _same(said, question) else ""
        if replied == "yes":
            withdrawn, value, cued = False, question, False
            continue
        if not (cued or value or withdrawn or replied or _may_matter(sentence)):
            continue
        withdraws = not elsewhere and not replied and _withdraws(sentence) and not SUPPOSES.search(sentence)
        stated = _stated(sentence, said, cued=cued or withdrawn)
        if (stated and _same(said, stated)) or (not withdraws and (cued or value) and _affirms(sentence, said)):
            withdrawn, value, cued = withdraws, "", False
            continue
        withdrawn, value = withdrawn or withdraws, stated or value
        cued = (cued or _is_cued(sentence)) and replied != "no"
    left_open = bool(asked) and not _same(said, asked)
    return Afterthought(withdrawn or left_open, value)


def _may_matter(text: str) -> bool:
    """Tell whether any of the forms may stand in a text, by its words alone."""
    return not text.isascii() or not TRIGGERS.isdisjoint(WORDS.findall(text.lower()))


def _withdraws(sentence: str) -> bool:
    if WITHDRAWS.match(sentence) is not None:
        return True
    if len(sentence) > _SHORT or any(map(str.isdigit, sentence)) or is_english(sentence):
        return False
    return WRONG.search(sentence) is not None


def _is_cued(sentence: str) -> bool:
    return (
        CUED.match(sentence) is not None
        or CUE_WITHIN.search(sentence) is not None
        or ELSEWHERE.search(sentence) is not None
    )


def _affirms(sentence: str, said: str) -> bool:
    return (AFFIRMS.search(sentence) is not None and NOT.search(sentence) is None) or _same(said, sentence)


def _stated(sentence: str, said: str, *, cued: bool) -> str:
    """Return the value that a sentence states as the answer; empty where it states none."""
    if SUPPOSES.search(sentence) or sentence.endswith("?"):
        return ""
    in_words = not any(map(str.isdigit, said))
    anew = list(ANNOUNCES_ANEW.finditer(sentence))
    if anew:
        words = anew[-1]["words"]
        if words is None or (in_words and not NO_ANSWER.match(words)):
            return anew[-1]["value"].strip()
    opening = CUED.match(sentence)
    cued = cued or opening is not None or CUE_WITHIN.search(sentence) is not None
    if cued:
        value = _stated_behind_cue(
            sentence[opening.end() :] if opening else sentence, in_words=in_words and bool(opening)
        )
        if value:
            return value
    if FOREIGN.search(sentence) or ELSEWHERE.search(sentence):
        corrects = cued or any(pattern.search(sentence) for pattern in (ELSEWHERE, WRONG, NOT))
        numbers = DIGITS.findall(sentence)
        if corrects and numbers and len(sentence) <= 2 * _SHORT:
            return numbers[-1]  # type: ignore[no-any-return]
    return ""


def _stated_behind_cue(body: str, *, in_words: bool) -> str:
    found = ONLY.fullmatch(body) or next(iter([*STATES.finditer(body)][-1:]), None) or IS_RIGHT.search(body)
    if found is None and in_words:
        found = ONLY_WORDS.fullmatch(body)
        if found is not None and NO_ANSWER.match(found["value"]):
            found = None
    return found["value"].strip() if found is not None else ""


def _same(said: str, remark: str) -> bool:
    """Tell whether a remark repeats the value that was announced, as it was written or as the same number."""
    wanted = re.sub(r"[^\w./%-]", "", said).casefold().strip(".")
    if not wanted:
        return False
    given = re.sub(r"[^\w./%\s-]", "", remark).casefold()
    if _holds_word(given, wanted):
        return True
    if " " in said and DIGITS.findall(said) == DIGITS.findall(remark) != []:
        return True
    return len(wanted) >= _TELLING and wanted in re.sub(r"\s", "", given)


def _is_negative(text: str, place: int) -> bool:
    """Tell whether a minus that is no operator or hyphen stands in front of what begins at a place."""
    return text[place - 1 : place] == "-" and (place == 1 or (text[place - 2].isspace() and place > 1))


def _holds_word(text: str, word: str) -> bool:
    """Tell whether a word or number stands in a text, not inside a longer one."""
    place = text.find(word)
    while place >= 0:
        before, behind = text[place - 1 : place], text[place + len(word) : place + len(word) + 2]
        before = "_" if _is_negative(text, place) and not word.startswith("-") else before
        apart = not (before.isalnum() or before in {".", "_"} or behind[:1].isalnum() or behind[:1] == "_")
        if apart and not (behind[:1] == "." and behind[1:].isdigit()):
            return True
        place = text.find(word, place + 1)
    return False
