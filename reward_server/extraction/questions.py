"""Questions about the answer, and whether what follows them says yes or no.

What is asked is not said: "The answer is 13?" announces nothing. "Yes" behind it makes it said, "No" takes it away as
if it had never been asked. A question left open says nothing, and where it asks about another answer than the one that
was given before, that one is no longer given either: nobody can tell which of them is meant.
"""

import re
from typing import Literal

from reward_server.extraction.remarks import CUED, NO_ANSWER, NUMERAL, ONLY

Reply = Literal["yes", "no", ""]
"""What is said to a question; empty where it stays open."""

_MARKS = ("?", "？", "؟")
_TAG = re.compile(
    r"(?i)[\s,，–—-]*(?:(?<=[\s,，–—-])(?:right|correct|true|yes|no|ok|okay|eh|then|i (?:think|guess|suppose)"
    r"|is(?:n['’]t| not)? (?:it|that)(?: (?:right|correct|so|not))?|don['’]t you (?:think|agree))"
    r"|吗|嘛|吧|对吗|对吧|是吗|不是吗|か|ですか)[\s?？؟]*$"
)
"""What turns a statement into a question: "…, right?"."""
_BEHIND = re.compile(r"[\s?？؟!！*_$)\]}\"'”’》」-]*")
_SENTENCE = re.compile(r"[^\n.!?。！？]*(?:\.(?=\d)[^\n.!?。！？]*)*")
_NO = re.compile(
    r"(?i)(?:(?:well|hmm+|oh|but|of course)[\s,]+)*(?:(?:no|nope|not|never|nah|wrong|incorrect|false|hardly|impossible"
    r"|i (?:do not|don['’]t) (?:think|believe) so|non|nein|não|нет|hayır|nie)\b"
    r"|(?:that|this|it|which)(?:['’]s|\s+(?:is|was|would be|must be|seems|looks))\s+(?:\w+\s+)?"
    r"(?:not|wrong|incorrect|false|impossible|too|a mistake)\b"
    r"|(?:that|this|it)\s+(?:isn['’]t|wasn['’]t|cannot|can['’]t|can not|won['’]t|doesn['’]t)(?!\w)"
    r"|不|错|否|没有|いいえ|違|아니)"
)
_YES = re.compile(
    r"(?i)(?:(?:well|hmm+|oh|ah|and|of course)[\s,]+)*(?:(?:yes|yep|yeah|yup|indeed|correct|exactly|right|sure"
    r"|certainly|definitely|absolutely|of course|true|confirmed|i (?:think|believe|guess) so|sí|oui|ja"
    r"|да|sim|sì|evet|tak)\b"
    r"|(?:that|this|it)(?:['’]s|\s+is)\s+(?:\w+\s+)?(?:right|correct|true|it|so|the (?:final )?answer)\b"
    r"|是的|对|没错|正确|当然|はい|네|예|✓|✔|✅)"
)
_IT_IS = re.compile(r"(?i)(?:so\s+)?(?:it|that|this)(?:['’]s|\s+(?:is|was|must be))(?!\w)")
_VALUE_BEHIND = re.compile(r"(?i)[\s,:;–—-]*(?:(?:so\s+)?(?:it|that|this)(?:['’]s|\s+is)\s+)?")
_ELSEWHERE = re.compile(
    r"(?i)\b(?:what|which|why|how|who|when|where|whether|if|need|want|shall (?:i|we)"
    r"|(?:do|did|can|could|would|will) you)\b|什么|怎么|为什么|哪|多少"
)
"""Words of a question that does not ask whether its statement is so."""
_ANSWER = r"(?:the|my|our)\s+(?:(?:correct|right|real|actual|final|true)\s+)*(?:answer|result|value|solution)"
_ADVERBS = r"(?:\s+(?:be|not|actually|really|then|rather|instead|maybe|perhaps|just|exactly|simply))*"
_ASKS = re.compile(
    rf"(?i)(?:(?:is|was|isn['’]t|could|should|might|would|wouldn['’]t|shouldn['’]t|couldn['’]t|can|must|may)"
    rf"\s+(?:it|that|this|{_ANSWER}){_ADVERBS}(?:\s+that\s+(?:it|{_ANSWER})\s+(?:is|was))?[\s:]+"
    rf"|(?:it|that|this|{_ANSWER})(?:['’]s|\s+(?:is|was|should|could|might|must|would|may)){_ADVERBS}[\s:]+"
    rf"|(?:maybe|perhaps|possibly|or)(?:\s+it(?:['’]s|\s+is))?[\s:]+|(?P<bare>)|(?P<is>(?:is|isn['’]t)\s+))"
    rf"(?:(?P<value>{NUMERAL})|(?P<words>[^\W\d_][\w'’-]*(?:\s[\w'’-]+)?))"
    rf"(?(is)\s+(?:{_ANSWER}|right|correct|it))(?(bare)(?<=[\d$)%])|)(?:[\s,]+(?:then|instead|rather))?\W*"
)


def is_asked(text: str, start: int, end: int) -> bool:
    """Tell whether the statement in `text[start:end]` is a question, and not one in a bracket that is still open."""
    return text[end : end + 1] in _MARKS and text.count("(", start, end) <= text.count(")", start, end)


def without_tag(asked: str) -> str:
    """Return what a question asks about without the words that only make it one: "12, right" asks about 12."""
    return _TAG.sub("", asked.rstrip("?？؟ ")).rstrip("?？؟ ")


def reply(asked: str, behind: str) -> Reply:
    """Tell what the text behind a question about `asked` says to it."""
    sentence = _SENTENCE.match(behind, _BEHIND.match(behind).end())  # type: ignore[union-attr]
    assert sentence is not None
    said = sentence[0]
    if _NO.match(said):
        return "no"
    yes = _YES.match(said)
    if yes is None and (yes := _IT_IS.match(said)) is None:
        return ""
    rest = said[yes.end() :]
    only = ONLY.fullmatch(rest[_VALUE_BEHIND.match(rest).end() :])  # type: ignore[union-attr]
    if only is None:
        return "yes" if yes.re is _YES or not rest.strip(" .!*") else ""
    if _plain(only["value"]) == _plain(asked):
        return "yes"
    return "no" if yes.re is _IT_IS else ""


def is_about(asked: str, before: str, said: str) -> bool:
    """Tell whether an open question, with `before` in front of its statement, asks about another value than `said`."""
    led = re.split(r"[.!?。！？\n]", before)[-1]
    if _ELSEWHERE.search(led) or NO_ANSWER.match(asked):
        return False
    if _holds_value(asked) != _holds_value(said):
        return False
    return not _repeats(asked, said) and not _repeats(said, asked)


def value_asked(sentence: str, *, in_words: bool) -> str:
    """Return the value that a whole sentence asks about ("Wait, is it 13?"); empty where it asks about none."""
    if not sentence.endswith(_MARKS):
        return ""
    cued = CUED.match(sentence)
    found = _ASKS.fullmatch(without_tag(sentence[cued.end() :] if cued else sentence).strip(" *"))
    if found is None:
        return ""
    words = found["words"]
    if words is None:
        return found["value"].strip()
    return words.strip() if in_words and cued and not NO_ANSWER.match(words) else ""


def _holds_value(text: str) -> bool:
    return re.search(r"[\d$\\]", text) is not None


def _plain(value: str) -> str:
    return re.sub(r"[^\w./%-]", "", value).casefold().strip(".")


def _repeats(value: str, text: str) -> bool:
    """Tell whether a text holds a value, not inside a longer one."""
    plain = _plain(value)
    return (
        not plain
        or re.search(rf"(?<![\w.-]){re.escape(plain)}(?!\w|\.\d)", text.casefold()) is not None
        or (plain == _plain(text))
    )
