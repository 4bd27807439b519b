"""Is what a text announces asserted, or denied, supposed or only asked?

"The answer cannot be 12", "If the answer were 12", "答案不是B" and "Do not select B" announce nothing. What stands
before the announced words decides: in the gap between the noun and the verb ("answer … is"), and in the clause in front
of it. What stands behind them can take them back ("B is wrong").
"""

import re
from functools import lru_cache

from reward_server.words.denials import NOT, WRONG
from reward_server.words.searching import WordPattern

_NEGATION = (
    r"not|never|no|neither|nor|cannot|can't|isn't|aren't|wasn't|won't|wouldn't|shouldn't|couldn't|doesn't|don't|didn't"
    r"|can’t|isn’t|aren’t|wasn’t|won’t|wouldn’t|shouldn’t|couldn’t|doesn’t|don’t|didn’t|hardly|unlikely|impossible"
    r"|wrong|incorrect|false|except|rather than|instead of|unless|without"
)
_NEGATION_WORDS = (
    "not never no neither nor cannot t hardly unlikely impossible wrong incorrect false except rather instead unless "
    "without"
)
_SUPPOSITION = (
    r"if|whether|suppose|supposing|assume|assuming|unless|were|would have|imagine|say|claims?|claimed|thinks?|thought"
    r"|guess(?:ed|es)?|doubt|maybe|perhaps|possibly|might|could|may|used to|formerly|previously|originally|initially"
)
_UNASSERTED_GAP = re.compile(
    rf"(?i)\b(?:{_NEGATION}|{_SUPPOSITION})\b|n't\b|n’t\b|[不非没未错别勿]|如果|若|假设|假如|是否"
)
_OTHERS = (
    r"doubt\w*|(?:some|others|people|many|students?|he|she|they|someone|somebody|everyone|everybody|nobody|no one"
    r"|friends?|teachers?|textbook|book|internet|brother|sister|mother|father|colleague|classmate)\s+"
    r"(?:(?:might|may|would|could)\s+)?"
    r"(?:say|says|said|thinks?|thought|believes?|believed|claims?|claimed|guess|guesses|guessed)"
    r"|(?<!\bwe )(?<!\bi )(?<!\bthis )(?<!\bthat )(?:claims|believes|guesses|suspects|insists|pretends?|alleges)"
    r"|(?:one|you|we)\s+(?:might|may|could)\s+(?:be tempted to\s+)?(?:say|think|believe|claim|guess)|tempt\w+"
    r"|(?:mistake|error|foolish|silly|absurd|nonsense)\s+to\s+\w+|refuse\w*|rumou?r\w*|legend|dream\w*|naive|alleged"
    r"|supposed"
)
"""Who else says it, or does not believe it."""
_OTHERS_WORDS = (
    "doubt* say says said think thinks thought believ* claim* guess* suspect* insist* pretend* alleg* tempt* mistake "
    "error foolish silly absurd nonsense refuse* rumor* rumour* legend dream* naive suppos*"
)
_HEARSAY = WordPattern(rf"\b(?:{_OTHERS})\b", _OTHERS_WORDS)
_UNASSERTED_BEFORE = WordPattern(
    rf"(?:\b(?:{_NEGATION}|{_OTHERS}|if|whether|suppose|supposing|assume|assuming|unless|imagine)\b|n't\b|n’t\b)"
    r"[^.!?;:\n。，,]{0,24}$|(?:[不别勿非未错误]|不要|如果|若|假设|假如|是否)[^.!?;:\n。，,]{0,6}$",
    f"{_NEGATION_WORDS} {_OTHERS_WORDS} if whether assum* imagine",
)
_TAKEN_BACK = re.compile(
    r"(?i)[\s\"'”’(（)\]}）】*$.]{0,6}(?:(?:选项|这个?)?"
    r"(?:is|are|was|were|seems?|looks?|would be|must be|can)?\s{0,3}"
    r"(?:not\b|never\b|wrong\b|incorrect\b|false\b|impossible\b|invalid\b|isn't|isn’t|aren't|cannot\b|can't|不|错|非)"
    r"|,?\s{0,3}(?:or not\b|but (?:that|this|it) (?:is|would be|can|does))|是?错)"
)
_WITHDRAWN = re.compile(
    r"(?i)(?:[.!?…。！？][\s*_)\]$\"'”’—–-]{0,6}|[,;—–][\s]{0,3})"
    r"(?:no\s{0,2}[,.!;:—–]|(?:oh,?\s)?wait\b|actually\b|hmm+\b|scratch that|sorry\b|oops\b|correction\b|or\s"
    r"|(?:that|this|it)(?:'s|’s| is| was| would be| must be)\s+(?:not\b|wrong|incorrect|false|impossible|a mistake)"
    r"|不[,，。！]|等等|不对|错了)"
)
_BACK = 60
_SENTENCE = 200
_ENDS_SENTENCE = re.compile(r"[.!?](?=\s)|[\n。！？]")
_NOT_BUT = re.compile(
    r"(?i)not\s+[^\s,.;]{1,30}\s{0,2},?\s{0,2}but\s+(?:rather\s+)?|不是\s{0,2}[^\s,，。]{1,20}\s{0,2}[,，]?\s{0,2}而是\s{0,2}"
)


_DENYING = WordPattern(rf"\b(?:{_NEGATION})\b|n't\b|n’t\b", _NEGATION_WORDS)
_SUPPOSING = WordPattern(
    r"\b(?:if|suppos\w+|assum\w+|unless|whether|contradict\w*|imagine)\b|如果|若是|假设|假如|是否|矛盾",
    "if suppos* assum* unless whether contradict* imagine",
)
_CLAUSES = re.compile(r"[,;:](?=\s)|[，；：]")


def denies(sentence: str) -> bool:
    """Tell whether a sentence supposes something anywhere, or denies something in its last clause.

    What such a sentence says is not picked out of it.
    """
    last = _CLAUSES.split(sentence.rstrip(" ,;:，；："))[-1]
    return (
        _SUPPOSING.search(sentence) is not None
        or _DENYING.search(last) is not None
        or WRONG.search(last) is not None
        or NOT.search(last) is not None
    )


def is_hearsay(sentence: str) -> bool:
    """Tell whether a sentence says what others say, or what it would be wrong to say."""
    return _HEARSAY.search(sentence) is not None


_CONDITION = WordPattern(
    r"(?:^|[.!?:;]\s|\n)[\s*_>-]{0,6}(?:(?:so|then|and|but|now|well|ok|okay)\b[\s,]{1,3})?"
    r"(?:(?:only |even )?if|unless|suppose|assume|in case|imagine)\s"
    r"(?:(?!\b(?:so|thus|hence|therefore|since|because|we)\b)[^.!?\n]){1,80}[,;]\s{0,3}(?:then\s{1,3})?"
    r"(?:the\s{1,3})?(?:(?:final|correct|right)\s{1,3})?$",
    "if unless suppose assume case imagine",
)
"""A condition in the same sentence: "If it rains, the answer is B." asserts nothing, whatever the weather."""


def is_asserted(text: str, start: int, gap: str = "") -> bool:
    """Tell whether an announcement that begins at `start`, with `gap` between noun and verb, asserts anything."""
    if gap and _UNASSERTED_GAP.search(gap):
        return False
    if "would" in gap and _SUPPOSING.search(_ENDS_SENTENCE.split(text[max(0, start - _SENTENCE) : start])[-1]):
        return False
    if _UNASSERTED_BEFORE.search(text, max(0, start - _BACK), start) is not None:
        return False
    return _CONDITION.search(text, max(0, start - 2 * _BACK), start) is None


def is_taken_back(rest: str) -> bool:
    """Tell whether what follows an announced answer denies it."""
    return _TAKEN_BACK.match(rest) is not None


def is_withdrawn(line: str) -> bool:
    """Tell whether a line that begins with an answer goes on to withdraw it ("12. No, wait, that is wrong")."""
    return _WITHDRAWN.search(line) is not None


def behind_denial(span: str) -> str:
    """Return what "not A but …" asserts; the span itself where it does not begin so."""
    denied = _NOT_BUT.match(span)
    return span[denied.end() :] if denied else span


_NEAR = 60
split = str.split
_DENIED_BEHIND = re.compile(
    r"(?i)(?:is|was|are)\s+(?:(?:the|a|an|clearly|obviously|simply|just|actually|definitely)\s+){0,2}"
    r"(?:wrong|incorrect|false|mistaken|not\s+(?:the|correct|right|it\b|true|our|what))"
    r"|(?:isn['’]t|wasn['’]t|cannot be|can['’]t be)\s+(?:the|correct|right|it\b|true)|\((?:wrong|incorrect|false"
    r"|not)\b|[:–—-]\s*(?:wrong|false)\b"
)
_DENIED_BEFORE = re.compile(
    r"(?i)(?:(?:\b(?:not|cannot|never|rather than|instead of|other than|anything but|except|unequal to)|n['’]t|≠"
    r"|\\neq?(?![a-z])|!=)"
    r"(?:\s+(?:be|equal|equals|to|possibly|ever|really|actually|even|simply|just|exactly|the|answer|is|it|that|think"
    r"|believe|it's|correct|right)\b){0,6}"
    r"|\b(?:wrong|incorrect|false)\s+(?:answer|result|value|choice)?(?:\s+(?:is|would be))?:?)[\s$(\\\[*_{:]*$"
)
_DENIED_BEFORE_ELSEWHERE = re.compile(
    r"(?i)(?:\b(?:nicht|keinesfalls|n['’]est pas|no (?:es|son|sería|puede ser)|não (?:é|são|será)|non (?:è|sono)|не"
    r"|nie(?: jest)?(?: to)?"
    r"|niet|inte|ikke|bukan|không phải(?: là)?|si|siyo|není|nu este|nem|δεν είναι|אינו|אינה|ليس(?:ت)?(?: هو)?)\s"
    r"|ไม่ใช่|不是|不等于|不为|并非|不应是|不可能是|不能是)[\s$(\\\[*_:：]*$"
)
_CLAUSE_ENDS = re.compile(r"[.\n。]")
_BEFORE_WORDS = re.compile(r"[^\W\d_]+")
_DENIERS = frozenset(
    split("not cannot never than except unequal t wrong incorrect false instead rather other anything nicht "
          "keinesfalls pas no não non nie niet inte ikke bukan không si siyo není este nem")
)  # fmt: skip
"""Words one of which stands in front of an answer that is denied in Latin letters."""


def denied_in_place(before: str, behind: str, rest: str) -> bool:
    """Tell whether the clause that holds the answer denies it."""
    near_before = _BEFORE_WORDS.findall(before[-_NEAR:].lower())[-7:]
    suspect = not before.isascii() or "\\n" in before or "!=" in before or not _DENIERS.isdisjoint(near_before)
    if suspect and (_DENIED_BEFORE.search(before) or _DENIED_BEFORE_ELSEWHERE.search(before)):
        return True
    if not behind:
        return False
    if _DENIED_BEHIND.match(behind):
        return True
    clause = _CLAUSE_ENDS.split(rest[:200].lstrip('$)]}*\\ "'), maxsplit=1)[0][:_NEAR]
    return _denies_nearby(" ".join(clause.split()[:3]) if clause.isascii() or " " in clause.strip() else clause[:12])


@lru_cache(maxsize=4096)
def _denies_nearby(words: str) -> bool:
    denied = words and (WRONG.search(words) or NOT.search(words)) is not None
    return bool(denied) and not is_english(words)


def is_english(words: str) -> bool:
    """Tell whether words hold one of English grammar, so that a foreign denial among them is an English word."""
    return words.isascii() and re.search(r"(?i)\b(?:the|is|are|no|of|and|we|so|mai|mali)\b", words) is not None
