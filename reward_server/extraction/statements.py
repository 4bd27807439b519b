r"""Answers announced by words or marks: answer tags, JSON fields, `####`, "the answer is", "A:", 答案是.

Every finder looks for a literal word first and reads on from there; every repetition is bounded or possessive, and the
number of places looked at is bounded, so that hostile text costs time linear in the searched window.
"""

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from reward_server.extraction import boxes
from reward_server.extraction.assertion import is_asserted


class Statement(NamedTuple):
    """Where an announced answer stands (`start:end` of the text), what it says, and what announced it."""

    content: str
    start: int
    end: int
    rule: str


_MAX_PLACES = 400
"""Occurrences of a marker word that are looked at, last first."""

_CHINESE_TAIL = 8_000
"""Characters at the end in which a Chinese announcement is looked for."""

_TAG = re.compile(r"[<\[](/?)(?:final[_ ]?)?answer\s{0,4}[>\]]", re.IGNORECASE)
_JSON_FIELD = re.compile(r"nswer[\"']\s{0,8}:\s{0,8}")
"""`"answer"`, `"final_answer"`, `'Answer'`: found by the part they share."""
_JSON_VALUE = re.compile(
    r'"(?P<double>(?:[^"\\]++|\\.){0,20000}+)"|\'(?P<single>(?:[^\'\\\n]++|\\.){0,20000}+)\''
    r"|(?P<list>\[[^\]]{0,2000}\])|(?P<bare>[^,}\n\]\"]{1,2000})|[\"'](?P<open>[^\n]{1,2000})",
    re.DOTALL,
)
_LATEX_COMMAND = re.compile(r"(?<!\\)(?:\\\\)*+\\(?!n(?![a-z]))[a-zA-Z(\[{}!,;% ]")
_HASHES = re.compile(r"\#{4}(?!\#)[ \t]*+([^\n]*)")
_HEADING = re.compile(r"\W{0,8}(?:[A-Za-z]{2,}|\d+[.)]\s+[A-Za-z]|步骤|第)")
_ANSWER = re.compile(
    r"ans(?:wers?\b(?P<between>[^\n.:：=]{0,80}?)"
    r"(?:[:：=]|\b(?:is|are|was|be|equals?|becomes|comes to)\b"
    r"(?:[ \t]{1,4}(?:therefore|thus|then|simply|just|also|now|indeed|exactly|equal to|approximately)\b){0,2}"
    r"[ \t]{0,4}[:：]?)"
    r"|wer[*_:： \t]{0,8}(?P<heading>\n)|wer[ \t]{1,4}(?=\\[\[(]|\$)|[.]?[ \t]{0,3}[:=])[*_]{0,6}[\s:：]{0,8}"
)
_HEADS_LINE = re.compile(r"(?:^|\n)[ \t#*_]{0,12}$")
_CHINESE = re.compile(
    r"(?:(?P<final>最终|最后的?)?(?:答案|结果)(?P<gap>[^\n。:：是为]{0,20}?)[】\])]?[ \t]{0,4}(?:是|为|[:：])|【答案】"
    r"|故选|应选|所以选|(?<![问解回])答[:：])[选 \t*_:：]{0,8}\n?"
)
_LABEL = re.compile(r"(?:^|\n)[ \t]{0,8}A[:：][ \t]{0,8}([^\n]{1,200})(?=\n|$)")
_OPTION_B = re.compile(r"(?:^|\n)[ \t]{0,8}B[:：.)]")
_NOT_AN_ANSWER = re.compile(
    r"(?i)(?:not|in|within|inside|found|given|obtained|placed|put|written|correct|incorrect|wrong|right|the following"
    r"|as follows|unclear|unknown|here|below|above|one of|supposed|expected|what)\b"
)
_OF_THE_ANSWER = re.compile(
    r"\b(?:twice|thrice|half|double|triple|plus|minus|times|over|than|(?:negative|opposite|negation|reciprocal|inverse"
    r"|square|square root|cube|double|triple|half|third|quarter|factorial|absolute value|complement|sum|product"
    r"|logarithm) of)\s{1,4}(?:the|this|that|my|our|your|its)?\s{0,4}(?:final |correct |right )?$"
)
"""In front of "answer is …": what makes another value of the answer."""
_CHANGED = re.compile(
    r"[\s,]{1,4}(?:plus|minus|times|divided by|multiplied|doubled|tripled|halved|squared|cubed|negated|increased"
    r"|decreased|modulo|mod|over)\b"
)
_CHANGED_TAIL = 300
_LATIN_CAPITALS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def lowercase(text: str) -> str:
    """Return the text in lower case with every character at its place."""
    lower = text.lower()
    return lower if len(lower) == len(text) else text.translate(_LATIN_CAPITALS)


def answer_tags(text: str) -> list[Statement]:
    """Return every `<answer>` with content, in order; the last one need not be closed."""
    tags: list[Statement] = []
    opened = -1
    for tag in _TAG.finditer(text):
        if tag.group(1) and opened >= 0:
            tags.append(Statement(text[opened : tag.start()].strip(), opened, tag.start(), "answer_tag"))
            opened = -1
        elif not tag.group(1):
            opened = tag.end()
    if opened >= 0:
        tags.append(Statement(text[opened:].strip(), opened, len(text), "answer_tag"))
    return [tag for tag in tags if tag.content]


def last_answer_tags(text: str) -> list[Statement]:
    """Return the last answer tag together with those side by side with it, in order; empty where there is none."""
    tags = answer_tags(text)
    group = tags[-1:]
    for tag in reversed(tags[:-1]):
        gap = text[tag.end : group[0].start].replace("</answer>", "").replace("<answer>", "")
        if len(group) >= boxes.MAX_PARTS or not boxes.side_by_side(gap):
            break
        group.insert(0, tag)
    return group


def json_field(text: str) -> Statement | None:
    """Return the last `"answer": …` of what looks like JSON, well-formed or not."""
    found = None
    for match in islice(_JSON_FIELD.finditer(text), _MAX_PLACES + 1):
        value = _JSON_VALUE.match(text, match.end())
        if value is None:
            continue
        name = value.lastgroup or "bare"
        raw = value.group(name).strip()
        content = _unescape(raw) if name in ("double", "single", "open") else raw
        if content:
            found = Statement(content, *value.span(name), "json")
    return found


def _unescape(raw: str) -> str:
    r"""Undo JSON's escapes, unless the model wrote LaTeX without escaping it ("\frac" is not a form feed)."""
    if "\\" not in raw:
        return raw
    if not _LATEX_COMMAND.search(raw):
        try:
            return str(json.loads(f'"{raw}"', strict=False)).strip()
        except ValueError:
            return raw
    return raw.replace('\\"', '"')


def hashes(text: str) -> Statement | None:
    """Return what follows GSM8K's `####`, unless it reads like a heading."""
    found = None
    last_line = text.rstrip().rfind("\n")
    for match in _HASHES.finditer(text):
        content = match.group(1).strip(" \t*")
        if content and (match.start() > last_line or not _HEADING.match(content)):
            found = Statement(content, match.start(1), match.end(1), "hashes")
    return found


def phrases(text: str, lower: str) -> Iterator[tuple[int, bool]]:
    """Yield where announced answers begin, last first, and whether they were announced as final."""
    place = len(lower)
    for _ in range(_MAX_PLACES):
        place = lower.rfind("ans", 0, place)
        if place < 0:
            break
        if place and lower[place - 1].isalpha():
            continue
        match = _ANSWER.match(lower, place)
        if match is not None and _announces(text, lower, match):
            final = lower[max(0, place - 12) : place].rstrip(" \t*_").endswith("final")
            if final or match["heading"] is None or _HEADS_LINE.search(lower, max(0, place - 16), place):
                yield match.end(), final
    if "答" in text or "选" in text or "结果" in text:
        start = max(0, len(text) - _CHINESE_TAIL)
        for match in reversed(list(_CHINESE.finditer(text, start))[-_MAX_PLACES:]):
            if is_asserted(text, match.start(), match["gap"] or ""):
                yield match.end(), match["final"] is not None


def _announces(text: str, lower: str, match: re.Match[str]) -> bool:
    if _is_changed(lower, match):
        return False
    asserted = is_asserted(lower, match.start(), match["between"] or "")
    return asserted and not _NOT_AN_ANSWER.match(text, match.end())


def _is_changed(lower: str, match: re.Match[str]) -> bool:
    """Tell whether words around "answer is …" make another value of the answer: "twice the answer", "plus one"."""
    before = _OF_THE_ANSWER.search(lower, max(0, match.start() - 60), match.start())
    return before is not None or _CHANGED.match(match["between"] or "") is not None


def ends_with_another_value(text: str) -> bool:
    """Tell whether the end of a text states what the answer becomes by a calculation, and so no answer."""
    lower = lowercase(text[-_CHANGED_TAIL:])
    return "answer" in lower and any(_is_changed(lower, match) for match in _ANSWER.finditer(lower))


def line_label(text: str) -> Statement | None:
    """Return the content of the last line `A: …`, unless the lines list options A, B, …."""
    found = None
    for match in _LABEL.finditer(text):
        found = match
    if found is None or _OPTION_B.search(text):
        return None
    return Statement(found.group(1).strip(), found.start(1), found.end(1), "a_label")
