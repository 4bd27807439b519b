r"""The option letters a completion chooses: "(C)", "C.", "option C", `\boxed{\text{C}}`, "故选C", "A, C".

The same announcements count as for other answers, the last one first, but each must name letters of the question's
options: "ANSWER: [LETTER]" quotes the instruction and is passed over. Several letters announced together are all
returned, in order; whether that is an answer or hedging is the grader's business. Where no letter is named, `content`
holds the announced words, which may be an option's text. Numbered announcements ("(1) 答案 A (2) 答案 C") answer
several questions and are returned in the order of their numbers.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from reward_server.extraction import boxes, languages, prose, questions, statements
from reward_server.extraction.afterthoughts import Afterthought, afterthought
from reward_server.extraction.assertion import is_asserted, is_taken_back
from reward_server.extraction.claims import CLAIM, is_claimed_of_the_statement, is_turned, speaks_of_another
from reward_server.extraction.labels import LabelReader, called_the_answer, reader_of
from reward_server.extraction.region import final_region, overflow_starts
from reward_server.extraction.wrapping import unwrap
from reward_server.words.denials import denies_elsewhere


@dataclass(frozen=True, slots=True)
class FoundChoice:
    """The letters announced, or the words announced instead of letters."""

    letters: tuple[str, ...]
    content: str
    """The announcement as written, cleaned."""
    rule: str
    start: int
    """Where it stands in the completion, in characters."""
    numbered: bool = False
    """The letters answer numbered questions, one each."""
    rest: str = ""
    """What stands behind the letters in the announcement; in a last line, in all of the line."""
    line: str = ""
    """The line that the announcement begins, decoration removed, which may be an option's whole text."""
    offered: bool = False
    """The letters stand there as alternatives: "A or C"."""
    afterthought: Afterthought | None = None
    """What the completion says of the choice behind the announcement, where it does not let it stand."""


_MAX_PLACES = 100
_WINDOW = 1 << 15
_NEAR = 60
_TAIL = 600
"""Characters searched first: the last announcement counts, so one found there need not be searched for elsewhere."""
_ANNOUNCED = re.compile(
    r"(?i:\banswers?\b(?P<gap>[^\n.:：=]{0,80}?)(?:[:：=]|\b(?:is|are|be|was)\b[ \t]*[:：]?)|\bans[.]?\s?[:：]"
    r"|\bsolution\s?[:：]|\bfinal answer\W{1,12}"
    r"|\b(?:correct|right|best|appropriate|suitable|accurate)\s+(?:\w+\s+)?(?:answer|option|choice|statement)\s+"
    r"(?:is|would be)[ \t]*[:：]?|\b(?:choose|select|pick|go with)\b"
    r"|\b(?:option|choice)\s+(?=\(?[A-Z]\)?\s+is\s+(?:the\s+)?(?:correct|right|best)))"
    r"|(?:正确)?(?:答案|选项)(?P<zh>[^\n。:：是为]{0,20}?)[】\])]?[ \t]*(?:应该是|应该为|应为|是|为|[:：])|【答案】"
    r"|故选|应选|所以选|因此选|应该选择|选择|综合考虑，?选|答案(?=\s?[A-J（(])|(?<![a-zA-Z])答[:：]"
)
_TRIGGER = re.compile(
    r"[Aa]ns|ANS|[Ss]olution|SOLUTION|[Ff]inal|[Cc]orrect|[Rr]ight|[Bb]est|[Aa]ppropriate|[Ss]uitable|[Aa]ccurate"
    r"|[Cc]hoo|[Ss]elect|[Pp]ick|[Gg]o with|[Oo]ption|[Cc]hoice|[正答选【故应所因综]"
)
"""Where an announcement may begin: the first letters of each alternative of `_ANNOUNCED`, found quickly."""
_OPTION_IS_RIGHT = re.compile(
    r"(?i:\b(?:option|choice)\s*[_\\]{0,3}\s*)\(?([A-Z])\)?"
    r"(?i:\b[^.\n]{0,60}?\bis\s+(?:the\s+)?(?:most\s+)?(?:correct|right|best|accurate))"
    r"|选项?\s{0,2}([A-Z])\s{0,2}(?:选项)?(?:是|为)?(?:正确|对)的?|(?<![A-Za-z])([A-Z])\s{0,2}(?:选?项)?(?:是)?正确"
)
_NAMED = re.compile(
    r"(?i:\b(?:option|choice)\s*[_\\]{0,3}\s*)\(?([A-Z])\)?(?![a-zA-Z])|(?<![a-zA-Z0-9])\(([A-Z])\)|选项?\s?([A-Z])(?![a-zA-Z])"
)
_ENDS = (
    r"(?i:\b(?:is|be|it's|so|therefore|thus|hence|then|choose)\b(?:\s+(?:therefore|thus))?"
    r"|\b(?:choice|correct)\s?:|(?<!\b[A-Z])(?<!\d)[:：])"
)
_ENDS_AS_LABEL = r"(?i:\b(?:option|choice|letter)\s?(?:is|[:：])?|\b(?:correct|right|best)\s?[:：]|\bchoose\b)"
"""A number is a label at the end of a line only behind these: "so the sum is 2" names no option."""
_ENDS_IN = re.compile(rf"{_ENDS}\s*\(?([A-Z])\)?[.!。\s]*$")
_STOP = r"[.!。*\"'”\s]*$"
_CHOOSES = re.compile(
    r"(?i)\b(?:answer|correct|right|best|choose|select|pick|so|thus|hence|therefore|match\w*|is|are)\b|[选对是为故]|正确|答案"
)
"""A line that names one option chooses it only with one of these."""
_SENTENCES = re.compile(r"[.!?](?=\s)|[。！？]")
_NUMBER_BEFORE = re.compile(r"(?:^|\n|>)[ \t]{0,8}[（(]?\s?\d{1,3}\s?[）)]?[.．、:：]?[ \t]{0,8}$")


_START = itemgetter(0)


def find_choice(
    completion: str, letters: Sequence[str], aliases: tuple[tuple[str, str], ...] = ()
) -> FoundChoice | None:
    """Return what the completion chooses among options called by `letters` ("ABCD", or a sequence of labels).

    `aliases` are other words for labels. None where it announces nothing.
    """
    text, offset = final_region(completion, _WINDOW)
    if not text or text.isspace():
        return None
    labels = _labels(tuple(letters), aliases)
    for end in [*overflow_starts(text), len(text)]:
        found = None
        if end > _TAIL:
            found, numbered = _announced(text[end - _TAIL : end], offset + end - _TAIL, labels)
            if found is not None and found.letters and not numbered:
                return found
        found, _ = _announced(text[:end], offset, labels)
        if found is not None and (found.letters or end == len(text)):
            return found
    called, line, rest = called_the_answer(text.strip(), labels.reader)
    if called:
        return FoundChoice(called, line, "option_is_right", offset, rest=rest, line=line, offered=len(called) > 1)
    return _unannounced(text, offset, labels)


class _Patterns(NamedTuple):
    """Sentences that choose a label without an announcement, each with the label in a group."""

    reader: LabelReader
    option_is_right: re.Pattern[str]
    named: re.Pattern[str]
    ends_in: re.Pattern[str]


@lru_cache(maxsize=256)
def _labels(labels: tuple[str, ...], aliases: tuple[tuple[str, str], ...]) -> _Patterns:
    reader = reader_of(labels, aliases)
    if reader.latin:
        return _Patterns(reader, _OPTION_IS_RIGHT, _NAMED, _ENDS_IN)
    one = reader.pattern
    is_right = re.compile(
        rf"(?i:\b(?:option|choice|statement)\s*[_\\]{{0,3}}\s*)\(?({one})\)?"
        r"(?i:[^.\n]{0,60}?\bis\s+(?:the\s+)?(?:most\s+)?(?:correct|right|best|accurate)\b)"
        rf"|选项?\s{{0,2}}({one})\s{{0,2}}(?:选项)?(?:是|为)?(?:正确|对)的?"
    )
    if reader.words:
        return _Patterns(reader, re.compile(r"(?!)"), re.compile(r"(?!)"), re.compile(rf"{CLAIM}({one}){_STOP}"))
    named = re.compile(
        rf"(?i:\b(?:option|choice)\s*[_\\]{{0,3}}\s*)\(?({one})\)?|(?<![a-zA-Z0-9])\(({one})\)(?!\s+(?!is\b|as\b|because\b|since\b)[a-z])|选项?\s?({one})"
    )
    ends = _ENDS_AS_LABEL if any(map(str.isdecimal, labels)) else _ENDS
    return _Patterns(reader, is_right, named, re.compile(rf"{ends}\s*\(?({one})\)?{_STOP}"))


def _announced(text: str, offset: int, labels: _Patterns) -> tuple[FoundChoice | None, bool]:
    """Return the last announcement that names letters, or else the last one with words; and whether it is numbered."""
    numbered: list[tuple[str, ...]] = []
    words: FoundChoice | None = None
    best: FoundChoice | None = None
    for start, end, content, rule in sorted(_announcements(text), key=_START, reverse=True):
        cleaned = languages.without_copula(unwrap(content, keep_prices=True))
        letters, rest = labels.reader.read(cleaned)
        line = _line(text, start, content, rule)
        if not letters:
            words = words or FoundChoice((), prose.clean(unwrap(cleaned)), rule, offset + start, line=line)
            continue
        if best is None:
            thought = afterthought(text, start, end, letters[0] if len(letters) == 1 else ", ".join(letters))
            offered = len(letters) > 1 and labels.reader.offers(cleaned)
            best = FoundChoice(
                letters, cleaned[:200], rule, offset + start, False, rest[:200], line, offered, thought
            )  # fmt: skip
        if rule != "answer_is" or not _NUMBER_BEFORE.search(text, max(0, start - 40), _marker_start(text, start)):
            if not numbered:
                break
            continue
        numbered.insert(0, letters)
    if best is not None and len(numbered) > 1:
        each = tuple(letter for group in numbered for letter in group[:1])
        return FoundChoice(each, best.content, "numbered", best.start, numbered=True), True
    return best or words, bool(numbered)


def _line(text: str, start: int, content: str, rule: str) -> str:
    """Return the whole line an announcement in words begins, or what its box or tag holds."""
    if rule != "answer_is":
        return unwrap(content)[:_TAIL]
    end = text.find("\n", start, start + _TAIL)
    return unwrap(text[start : end if end >= 0 else start + _TAIL])


def _marker_start(text: str, start: int) -> int:
    """Return where the marker that ends at `start` begins."""
    bracket = text.rfind("【", max(0, start - 30), start)
    return bracket if bracket >= 0 else max(text.rfind("答案", max(0, start - 30), start - 1), 0)


def _announcements(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Yield (start, end, content, rule) of every announcement."""
    if "oxed" in text or "\\fbox" in text:
        group = boxes.last_boxes(text)
        if group and group[-1].content:
            yield group[0].start, group[-1].end, ", ".join(box.content for box in group), "boxed"
    if "nswer>" in text:
        tags = statements.last_answer_tags(text)
        if tags:
            contents = [tag.content for tag in tags]
            once = contents if len(set(contents)) > 1 else contents[:1]
            yield tags[0].start, tags[-1].end, ", ".join(once), "answer_tag"
    if 'nswer"' in text or "nswer'" in text:
        field = statements.json_field(text)
        if field is not None:
            yield field.start, field.end, field.content, "json"
    for place in (*_asserted_in_words(text), *(place.end for place in languages.places(text))):
        start = place
        while start < len(text) and text[start] in " \t\n*_":
            start += 1
        end = min(prose.sentence_end(text, start) + 1, start + _TAIL)
        said = _said(text, start, end)
        if said is not None:
            yield start, end, said, "answer_is"


def _said(text: str, start: int, end: int) -> str | None:
    """Return what an announcement says; a question is one still where nothing answers it, and None where "no" does."""
    if not questions.is_asked(text, start, end - 1):
        return text[start:end]
    about = questions.without_tag(text[start : end - 1])
    reply = questions.reply(about, text[end - 1 : end - 1 + _NEAR])
    return None if reply == "no" else about if reply else f"{about}?"


def _asserted_in_words(text: str) -> Iterator[int]:
    """Yield where the words behind each announcement begin that is neither denied nor supposed."""
    past = 0
    for trigger in list(_TRIGGER.finditer(text))[-_MAX_PLACES:]:
        place = trigger.start()
        match = _ANNOUNCED.match(text, place) if place >= past else None
        if match is None:
            continue
        past = match.end()
        if is_asserted(text, place, match["gap"] or match["zh"] or "") and not _is_of_another(text, place):
            yield past


def _is_of_another(text: str, place: int) -> bool:
    """Tell whether an announcement at a place speaks of another thing than the answer: "the opposite of the answer"."""
    return speaks_of_another(_SENTENCES.split(text[max(0, place - _NEAR) : place].rpartition("\n")[2])[-1])


def _unannounced(text: str, offset: int, labels: _Patterns) -> FoundChoice | None:
    """Return a choice made without an announcement: the whole text, the last line, or an option called right."""
    body = text.strip()
    right = list(labels.option_is_right.finditer(body))[-1:]
    if right:
        letter = labels.reader.name(next(group for group in right[0].groups() if group))
        place = right[0].start()
        if letter is not None and is_asserted(body, place, right[0].group()) and not _is_of_another(body, place):
            return FoundChoice((letter,), right[0].group(), "option_is_right", offset + right[0].start())
    for line in (body, body[body.rfind("\n") + 1 :]):
        bare = unwrap(line, keep_prices=True) if len(line) <= 400 else ""  # noqa: PLR2004
        letters, rest = labels.reader.read(bare)
        if letters:
            offered = len(letters) > 1 and labels.reader.offers(bare)
            return FoundChoice(letters, prose.clean(line), "last_line", offset, rest=rest, line=bare, offered=offered)
    last = body[body.rfind("\n") + 1 :][-400:]
    if letter := _ended_in(last, labels):
        return FoundChoice((letter,), prose.clean(last), "last_line", offset)
    named = {
        labels.reader.name(group)
        for match in labels.named.finditer(last)
        for group in match.groups()
        if group
        and _CHOOSES.search(last)
        and is_asserted(last, match.start())
        and not _is_of_another(last, match.start())
        and not is_taken_back(last[match.end() :])
    }
    only = named.pop() if len(named) == 1 else None
    if only is not None:
        return FoundChoice((only,), prose.clean(last), "last_line", offset)
    if len(body) <= 400:  # noqa: PLR2004 - a short completion may be an option's text
        return FoundChoice((), prose.clean(body), "last_line", offset, line=unwrap(body))
    return None


def _ended_in(line: str, labels: _Patterns) -> str | None:
    """Return the label that a line plainly ends in."""
    ending = labels.ends_in.search(line)
    if ending is None:
        return None
    gap = ending.groupdict().get("gap") or ""
    plain = is_asserted(line, ending.start(), gap) and _is_plain(line, ending.start())
    if plain and labels.reader.words:
        before = _SENTENCES.split(line[: ending.start()])[-1]
        plain = is_claimed_of_the_statement(before, gap) and re.search(rf"(?<!\w){labels.reader.pattern}", gap) is None
    return labels.reader.name(ending[ending.lastindex or 1]) if plain else None


def _is_plain(line: str, start: int) -> bool:
    """Tell whether a line asserts what it ends in, from `start` on."""
    sentence = _SENTENCES.split(line[:start])[-1]
    return is_asserted(line, start, sentence) and not denies_elsewhere(sentence) and not is_turned(sentence)
