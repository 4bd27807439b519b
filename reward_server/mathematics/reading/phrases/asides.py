"""What may stand beside a value and be left out: its name in front, a noun, a reason or a remark behind it.

An allow list of forms. A name in front holds no number, no negation and nothing that makes another value of it; behind
the value stand a counted noun, a phrase that begins with one of the written words, or a remark in brackets, and none of
them takes back what was said, concludes anew or states an alternative.
"""

import re

from reward_server.mathematics.reading.phrases.nouns import is_counted, names_a_value, says_what_is_measured
from reward_server.mathematics.reading.phrases.spoken import CUES
from reward_server.words.denials import denies_elsewhere

split = str.split

_CLAUSES = frozenset(split("which that because since as where so after given for using when with i.e e.g"))
_PLACES = frozenset(split("by from in of per on at to each every"))
"""Words that may open a phrase behind a value."""
_COMPARES = frozenset(split("most least more less fewer below above beyond under over times minus plus power"))
_TAKES_BACK = frozenset(
    split("not no never cannot none wrong incorrect false impossible invalid neither nor instead actually but or "
          "contradiction contradicts fails unless except therefore thus hence wait mistake error doesn isn don didn "
          "won wasn however rather although maybe perhaps possibly probably guess unsure if")
)  # fmt: skip
_CONCLUDES = frozenset({"therefore", "thus", "hence"})
_LINKS = frozenset(split("to from by of than with near off against beside besides under over past toward towards"))
"""Words that relate a value to the number behind them: "close to 12", "divisible by 12"."""
_LEADS_TO = frozenset(
    split("equal equals equates equivalent comes come came amounts amount adds add up sums sum total leads reduces "
          "simplifies evaluates rounds brings works out get gets got down left")
)  # fmt: skip
"""Words in front of these with which the number is the value all the same: "comes to 12", "a total of 12"."""
_REPORTED = frozenset(
    split("used supposed meant said thought believed assumed rumored rumoured claimed reported alleged guessed")
)
_PLAIN_ADVERBS = frozenset(
    split("exactly precisely simply only finally actually really approximately roughly directly namely clearly "
          "certainly definitely obviously consequently accordingly ultimately equivalently correctly early daily "
          "weekly monthly yearly family")
)  # fmt: skip
_CHINESE_BEFORE = re.compile(
    r"(?:所以|因此|故|那么|答|综上|于是|[,，、:：\s])*(?:最终|最后|正确)?的?"
    r"(?:答案|结果|值|一共|总共|共|应)*(?:有|是|为|等于|[:：]|\s)*"
)
_CHINESE_NAME = re.compile(r"[\u4e00-\u9fff，,：:]{1,24}(?:是|为|等于|共有|有)[:：]?")
_CHINESE_CHANGES = frozenset("不非没无错否未负倒反倍半如若假")
_WORDS = re.compile(r"[^\W\d_]+(?:\.[a-z]\b)?")
_ENDS_SENTENCE = re.compile(r"[.!?。！？]\s+\S|[。！？]\S")
_COUNTER = re.compile(r"^\(?\d\)")
_NEGATED = re.compile(r"[!¬≠]\s*$")
_EDGES = " \t\n.,;:!$*\\~{}"
_MAX_LENGTH = 400
_AGAIN = r"(?:or|i\.e\.,?|that is,?|which is|equivalently,?|namely|equals?|=)"
_TWICE = re.compile(
    rf"(?P<once>[^()]*[^()\s,;]|.*\S(?=\s\())\s*(?:[,;]\s*(?:\\text\s*\{{\s*)?{_AGAIN}[\s}}]+(?P<told>[^();,]+)"
    rf"|\(\s*(?:{_AGAIN}\s*|(?P<about>about|approximately|approx\.?|roughly|≈|\\approx|~)\s*)(?P<bracketed>[^()]+)\)"
    r"|\s\((?P<spelled>[A-Za-z][A-Za-z -]+)\)|\s\((?P<digits>-?\d{1,15})\))\s*\$?"
)
_REASON = re.compile(r"^\W*(?:[A-Za-z]{2,}[\s,:]+)*(?=[-\d(\\$√])")


def left_out(answer: str, reading: str) -> list[str] | None:
    """Return the words of an answer that a narrower reading of it leaves out; None where they may not be left out."""
    start = answer.find(reading)
    if start < 0 or len(answer) > _MAX_LENGTH or (start and answer.find(reading, start + 1) >= 0):
        return None
    if _NEGATED.search(answer, 0, start) is not None:
        return None
    before, behind = answer[:start].strip(_EDGES), answer[start + len(reading) :].strip(_EDGES)
    if (before and not _may_stand_before(before)) or (behind and not may_stand_behind(behind)):
        return None
    return [words for words in (before, behind) if words]


def said_twice(answer: str) -> tuple[str, str, bool] | None:
    """Split "3/4 (or 0.75)" and "1/2, i.e. 50%" into both ways to say the value; tell whether the second rounds it.

    None where an answer is not of this form. Both must be right: this reads an answer, it leaves nothing out.
    """
    found = _TWICE.fullmatch(answer) if len(answer) <= _MAX_LENGTH else None
    if found is None:
        return None
    again = next(found[name] for name in ("told", "bracketed", "spelled", "digits") if found[name])
    if found["digits"] and any(map(str.isdigit, found["once"])):
        return None  # a product
    return found["once"].strip(), again.strip(" $"), found["about"] is not None


def equation_in(words: str) -> str:
    """Return the equation that a reason behind a value states: "since 3 + 4 = 7" says `3 + 4 = 7`."""
    return _REASON.sub("", words) if "=" in words else ""


def _may_stand_before(text: str) -> bool:
    words = [word.lower() for word in _WORDS.findall(text)]
    if not text.isascii():
        return _CHINESE_BEFORE.fullmatch(text) is not None or (
            _CHINESE_NAME.fullmatch(text) is not None and _CHINESE_CHANGES.isdisjoint(text)
        )
    text = _COUNTER.sub("", text)
    plain = not any(map(str.isdigit, text)) and re.fullmatch(r"[\w\s,:'$(){}\\.-]*", text) is not None
    if not plain or not (CUES | _TAKES_BACK - _CONCLUDES).isdisjoint(words) or denies_elsewhere(text):
        return False
    return not text or (names_a_value(text) and not _relates(words))


def _relates(words: list[str]) -> bool:
    """Tell whether words in front of a number say how another value lies to it, or that others say so."""
    last = words[-1] if words else ""
    if last == "be":
        return len(words) > 2 and words[-2] == "to" and words[-3] in _REPORTED
    if last in _LINKS:
        return not (len(words) > 1 and words[-2] in _LEADS_TO)
    return last.endswith("ly") and last not in _PLAIN_ADVERBS


def may_stand_behind(text: str) -> bool:
    """Tell whether words behind a value count, explain or place it, and take nothing back."""
    words = [word.lower() for word in _WORDS.findall(text)]
    if _ENDS_SENTENCE.search(text) or not _TAKES_BACK.isdisjoint(words) or denies_elsewhere(text):
        return False
    if text[0] in "(（" and text[-1] in ")）":
        return bool(re.search(r"[\d=]", text)) or may_stand_behind(text[1:-1].strip(_EDGES) or "=")
    if not text.isascii():
        return is_counted(text, single=False)
    words = text.split()
    for count in range(len(words), 0, -1):
        phrase = " ".join(words[:count]).rstrip(",;:")
        if is_counted(phrase, single=False) or says_what_is_measured(phrase):
            return count == len(words) or _opens_clause(words[count:])
    return _opens_clause(words)


def _opens_clause(words: list[str]) -> bool:
    first, *rest = (word.lower().strip(_EDGES + "(") for word in words)
    if first in _PLACES:
        return bool(rest) and _COMPARES.isdisjoint(rest)
    return first in _CLAUSES or (first in {"possible", "different", "distinct"} and bool(rest) and _opens_clause(rest))
