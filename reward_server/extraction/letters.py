r"""The option letters a completion chooses: "(C)", "C.", "option C", `\boxed{\text{C}}`, "故选C", "A, C".

The same announcements count as for other answers, the last one first, but each must name letters of the question's
options: "ANSWER: [LETTER]" quotes the instruction and is passed over. Several letters announced together are all
returned, in order; whether that is an answer or hedging is the grader's business. Where no letter is named, `content`
holds the announced words, which may be an option's text. Numbered announcements ("(1) 答案 A (2) 答案 C") answer
several questions and are returned in the order of their numbers.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from reward_server.extraction import boxes, languages, prose, statements
from reward_server.extraction.afterthoughts import Afterthought, afterthought
from reward_server.extraction.assertion import behind_denial, is_asserted, is_taken_back
from reward_server.extraction.region import final_region, overflow_starts
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
    afterthought: Afterthought | None = None
    """What the completion says of the choice behind the announcement, where it does not let it stand."""


_MAX_PLACES = 100
_WINDOW = 1 << 15
_TAIL = 600
"""Characters searched first: the last announcement counts, so one found there need not be searched for elsewhere."""
_WRAPPED = re.compile(r"\\(?:text(?:bf|rm|it)?|math(?:rm|bf|sf|it)|boxed|fbox)\s?\{([^{}]{0,300})\}")
_DECORATION = re.compile(
    r"\$|\*\*|\\[()\[\]]|\\,|\\ |\\;|[「」『』“”\"`]"
    r"|</?(?:answer|eoa|eoe|final|option|choice|strong|em|b|i|u|code|p|br|span|font)\b[^<>]{0,12}>"
)
_PREFIX = re.compile(
    r"(?i)[\s:：*_.,，、\-–—#>$\"'“”‘’`|/\\✅☑✔→⇒]{0,6}(?:(?:(?:the|my)\s+)?(?:correct\s+|right\s+|best\s+|final\s+)?"
    r"(?:answer|option|choice|letter|statement|therefore|thus|then|clearly|(?:most )?(?:likely|probably)|definitely"
    r"|is\b|选项|选择|应选|选|是|为|应该是|ข้อ|opción|opção|opzione|вариант)"
    r"(?:\s+(?:is|would be|should be))?\\?[\s_:：]{0,6}){0,3}"
)
_SEPARATOR = r"(?:\s{0,4}(?:[,，、;；/&|+]|\band\b|\bor\b|和|与|或|及)){0,3}\s{0,4}"
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
    r"(?i:\b(?:option|choice)\s*[_\\]{0,3}\s*)\(?([A-Z])\)?(?![a-zA-Z])|\(([A-Z])\)|选项?\s?([A-Z])(?![a-zA-Z])"
)
_ENDS_IN = re.compile(
    r"(?i:\b(?:is|be|it's|so|therefore|thus|hence|then|choose)\b(?:\s+(?:therefore|thus))?|\b(?:choice|correct)\s?:|[:：])"
    r"\s*\(?([A-Z])\)?[.!。\s]*$"
)
_CHOOSES = re.compile(
    r"(?i)\b(?:answer|correct|right|best|choose|select|pick|so|thus|hence|therefore|match\w*|is|are)\b|[选对是为故]|正确|答案"
)
"""A line that names one option chooses it only with one of these."""
_SENTENCES = re.compile(r"[.!?](?=\s)|[。！？]")
_JOINED = re.compile(r"[,，、;；/&|+和与或及]|and|or")
_NUMBER_BEFORE = re.compile(r"(?:^|\n|>)[ \t]{0,8}[（(]?\s?\d{1,3}\s?[）)]?[.．、:：]?[ \t]{0,8}$")


_START = itemgetter(0)


class _Labels:
    """Reads letters at the beginning of an announcement, for one set of option letters."""

    def __init__(self, letters: str) -> None:
        chosen = f"[{letters}]"
        one = rf"(?:[(\[（【{{]\s?{chosen}\s?[)\]）】}}]|{chosen}(?![a-zA-Z0-9'’_^]))"
        several = rf"{one}(?:{_SEPARATOR}{one}){{0,25}}"
        self.listed = re.compile(rf"{several}\s{{0,2}}[)\]）】}}]?|[(\[（【{{]\s?{several}\s{{0,2}}[)\]）】}}]?")
        self.run = re.compile(rf"[(\[（【]?\s?((?:{chosen}){{2,26}})\s?[)\]）】]?(?![a-zA-Z0-9])")
        self.lower = re.compile(rf"\W{{0,6}}([{letters.lower()}])\W{{0,6}}")
        self.letter = re.compile(chosen)

    def read(self, span: str) -> tuple[tuple[str, ...], str]:
        """Return the letters a cleaned announcement begins with, none where it names none, and what follows them."""
        prefix = _PREFIX.match(span)
        body = span[prefix.end() :] if prefix else span
        body = behind_denial(body.lstrip(" \t\n:：*_-.#"))
        run = self.run.match(body)
        if run:
            rest = body[run.end() :]
            return ((), "") if is_taken_back(rest) else (tuple(run.group(1)), rest)
        listed = self.listed.match(body)
        if listed is None:
            lower = self.lower.fullmatch(body)
            return ((lower.group(1).upper(),), "") if lower else ((), "")
        letters = tuple(self.letter.findall(listed.group()))
        rest = body[listed.start() + len(listed.group().rstrip()) :]
        if is_taken_back(rest):
            return (), ""
        bare = listed.group().strip() == letters[0]
        only_listed = len(letters) > 1 and not _JOINED.search(listed.group()) and rest.lstrip()[:1].isalpha()
        if only_listed or (bare and letters[0] in "AI" and _is_word(rest)):
            return (), ""
        return letters, rest


def _is_word(rest: str) -> bool:
    """Tell whether a bare "A" or "I" goes on as the article or the pronoun."""
    following = re.match(r"\s+([a-z]+)", rest)
    return following is not None and following.group(1) not in (
        "is",
        "because",
        "since",
        "as",
        "and",
        "but",
        "which",
        "with",
    )


def find_choice(completion: str, letters: str) -> FoundChoice | None:
    """Return what the completion chooses among options named by `letters` ("ABCD"), or None if it announces nothing."""
    text, offset = final_region(completion, _WINDOW)
    if not text or text.isspace():
        return None
    labels = _labels(letters)
    for end in [*overflow_starts(text), len(text)]:
        found = None
        if end > _TAIL:
            found, numbered = _announced(text[end - _TAIL : end], offset + end - _TAIL, labels)
            if found is not None and found.letters and not numbered:
                return found
        found, _ = _announced(text[:end], offset, labels)
        if found is not None and (found.letters or end == len(text)):
            return found
    return _unannounced(text, offset, labels)


@lru_cache(maxsize=64)
def _labels(letters: str) -> _Labels:
    return _Labels(letters)


def _announced(text: str, offset: int, labels: _Labels) -> tuple[FoundChoice | None, bool]:
    """Return the last announcement that names letters, or else the last one with words; and whether it is numbered."""
    numbered: list[tuple[str, ...]] = []
    words: FoundChoice | None = None
    best: FoundChoice | None = None
    for start, end, content, rule in sorted(_announcements(text), key=_START, reverse=True):
        cleaned = languages.without_copula(unwrap(content))
        letters, rest = labels.read(cleaned)
        line = _line(text, start, content, rule)
        if not letters:
            words = words or FoundChoice((), prose.clean(cleaned), rule, offset + start, line=line)
            continue
        if best is None:
            thought = afterthought(text, start, end, letters[0] if len(letters) == 1 else ", ".join(letters))
            best = FoundChoice(
                letters, cleaned[:200], rule, offset + start, rest=rest[:200], line=line, afterthought=thought
            )
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
        yield start, end, text[start:end], "answer_is"


def _asserted_in_words(text: str) -> Iterator[int]:
    """Yield where the words behind each announcement begin that is neither denied nor supposed."""
    past = 0
    for trigger in list(_TRIGGER.finditer(text))[-_MAX_PLACES:]:
        place = trigger.start()
        match = _ANNOUNCED.match(text, place) if place >= past else None
        if match is None:
            continue
        past = match.end()
        if is_asserted(text, place, match["gap"] or match["zh"] or ""):
            yield past


def _unannounced(text: str, offset: int, labels: _Labels) -> FoundChoice | None:
    """Return a choice made without an announcement: the whole text, the last line, or an option called right."""
    body = text.strip()
    right = list(_OPTION_IS_RIGHT.finditer(body))[-1:]
    if right:
        letter = next(group for group in right[0].groups() if group).upper()
        if labels.letter.fullmatch(letter) and is_asserted(body, right[0].start(), right[0].group()):
            return FoundChoice((letter,), right[0].group(), "option_is_right", offset + right[0].start())
    for line in (body, body[body.rfind("\n") + 1 :]):
        letters, rest = labels.read(unwrap(line[:400])) if len(line) <= 400 else ((), "")  # noqa: PLR2004
        if letters:
            return FoundChoice(letters, prose.clean(line), "last_line", offset, rest=rest, line=unwrap(line))
    last = body[body.rfind("\n") + 1 :][-400:]
    ending = _ENDS_IN.search(last)
    if ending is not None and labels.letter.fullmatch(ending[1]) and _is_plain(last, ending.start()):
        return FoundChoice((ending[1],), prose.clean(last), "last_line", offset)
    named = {
        group
        for match in _NAMED.finditer(last)
        for group in match.groups()
        if group
        and _CHOOSES.search(last)
        and is_asserted(last, match.start())
        and not is_taken_back(last[match.end() :])
    }
    if len(named) == 1 and labels.letter.fullmatch(next(iter(named))):
        return FoundChoice((named.pop(),), prose.clean(last), "last_line", offset)
    if len(body) <= 400:  # noqa: PLR2004 - a short completion may be an option's text
        return FoundChoice((), prose.clean(body), "last_line", offset, line=unwrap(body))
    return None


def _is_plain(line: str, start: int) -> bool:
    """Tell whether a line asserts what it ends in, from `start` on."""
    sentence = _SENTENCES.split(line[:start])[-1]
    return is_asserted(line, start, sentence) and not denies_elsewhere(sentence)


def unwrap(span: str) -> str:
    """Remove LaTeX and Markdown wrapping around words."""
    for _ in range(3):
        if "\\" not in span:
            break
        span = _WRAPPED.sub(r"\1", span)
    span = _DECORATION.sub("", span).strip()
    return span.lstrip("{").strip() if span.count("{") > span.count("}") else span
