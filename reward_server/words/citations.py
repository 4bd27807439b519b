"""A text as claims with what each of them cites and quotes.

A claim is a sentence, or a line of a list. Citations are `[1]`, `[1, 2]`, `[1][3]`, `[2-4]`, `[doc-a]`, `[Source 2]`,
`[^2]` and `【2】`; they stand in the sentence or behind its full stop. A bracket is a citation where all in it are
numbers or known documents; `[sic]` and links are none. A line without a citation that begins with `#`, or that ends
with a colon and has another line behind it, introduces claims and is none, up to twelve words.
"""

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

_MARK = re.compile(r"\[([^\[\]\n]{1,80})\](?!\()|【([^【】\n]{1,80})】")
_MARKS_BEHIND = r"(?:[ \t]*(?:\[[^\[\]\n]{1,80}\](?!\()|【[^【】\n]{1,80}】))*"
_END = re.compile(r"(?:(?<![.!?…])[.!?…]++[\"”’)]*+(?=\s|$|\[|【)|[。！？]+[”’」』）]*)" + _MARKS_BEHIND)
_BULLET = re.compile(r"^\s*(?:[-*•+]|\d{1,3}[.)])\s+")
_PREFIX = re.compile(
    r"^(?:\^|(?:doc(?:ument)?|source|passage|ref(?:erence)?|cit(?:e|ation)?)[ :._-]*(?=\d))", re.IGNORECASE
)
_RANGE = re.compile(r"(\d{1,4})\s*[-–]\s*(\d{1,4})")
_QUOTE = re.compile(r"“([^“”\n]{1,2000})”|\"([^\"\n]{1,2000})\"|„([^„“\n]{1,2000})“|«([^«»\n]{1,2000})»")
_WORD = re.compile(r"\d+(?:[.,]\d+)+|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]|[^\W_]+")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_ABBREVIATIONS = frozenset(
    ("mr", "mrs", "ms", "dr", "prof", "st", "vs", "etc", "e.g", "i.e", "fig", "no", "approx", "inc", "ltd", "co", "jr",
     "sr", "u.s", "u.k", "al", "cf", "ca", "vol", "pp", "p", "dept", "gen", "sen", "gov", "rep")
)  # fmt: skip
_STOP = frozenset(
    ("the", "and", "for", "are", "was", "were", "that", "this", "with", "from", "has", "have", "had", "but",
     "its", "his", "her", "their", "which", "who", "whom", "into", "than", "then", "also", "been", "being",
     "such", "these", "those", "there", "they", "them", "will", "would", "can", "could", "may", "might",
     "about", "when", "where", "while", "you", "your", "our", "out", "all", "any", "both", "each", "more",
     "most", "other", "some", "only", "over", "under")
)  # fmt: skip
NEGATIONS = frozenset(
    ("not", "never", "nor", "neither", "without", "cannot", "nobody", "nothing", "none", "isn", "wasn", "aren",
     "weren", "didn", "doesn", "don", "hasn", "hadn", "couldn", "wouldn")
)  # fmt: skip
"""Words that turn a claim round; `n't` is cut off at its apostrophe."""
_SHORTEST_WORD = 3
_LOOKED_AHEAD = 40
"""Characters in which the beginning of the next sentence is looked for."""
_INTRODUCTION = 12
_MOST = 500
"""Claims that are looked at; a text of more is no answer with citations."""


class Claim(NamedTuple):
    """One claim."""

    text: str
    """Without its citations."""
    cited: tuple[str, ...]
    """Identifiers, each once, in the order in which they stand."""
    quotes: tuple[str, ...]


def claims(text: str, known: Collection[str]) -> tuple[list[Claim], list[str]]:
    """Return the claims of a text, at most 501, and the lines that only introduce some."""
    found: list[Claim] = []
    introductions: list[str] = []
    lines = [line for line in text.split("\n") if line.strip()]
    for number, line in enumerate(lines):
        if not _marks(line, known) and _introduces(line, last=number == len(lines) - 1):
            introductions.append(line.strip())
            continue
        for sentence in _sentences(_BULLET.sub("", line)):
            cited = tuple(dict.fromkeys(one for marks in _marks(sentence, known) for one in marks[1]))
            bare = _without_marks(sentence, known)
            if not _WORD.search(bare):
                if found and cited:
                    found[-1] = found[-1]._replace(cited=tuple(dict.fromkeys((*found[-1].cited, *cited))))
                continue
            quotes = tuple(next(filter(None, quote.groups())) for quote in _QUOTE.finditer(bare))
            found.append(Claim(bare.strip(), cited, quotes))
            if len(found) > _MOST:
                return found, introductions
    return found, introductions


def _introduces(line: str, *, last: bool) -> bool:
    words = len(_WORD.findall(line))
    return words <= _INTRODUCTION and (
        line.lstrip().startswith("#") or (line.rstrip(" *_").endswith((":", "：")) and not last)
    )


def _sentences(line: str) -> Iterator[str]:
    start = 0
    for end in _END.finditer(line):
        before, after = (
            line[start : end.start()].rsplit(maxsplit=1)[-1:],
            line[end.end() : end.end() + _LOOKED_AHEAD].lstrip(),
        )
        word = before[0].lower().strip('("“') if before else ""
        abbreviated = end.group()[0] == "." and (word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha()))
        if abbreviated or after[:1].islower():
            continue
        yield line[start : end.end()]
        start = end.end()
    if line[start:].strip():
        yield line[start:]


def _marks(text: str, known: Collection[str]) -> list[tuple[re.Match[str], tuple[str, ...]]]:
    found = []
    for mark in _MARK.finditer(text):
        named = _named((mark[1] or mark[2]).split("†")[0], known)
        if named:
            found.append((mark, named))
    return found


def _named(inside: str, known: Collection[str]) -> tuple[str, ...]:
    """Return the documents that a bracket names, empty for a bracket that is no citation."""
    if inside.strip() in known:
        return (inside.strip(),)
    named: list[str] = []
    for part in re.split(r"[,;、，]", inside):
        one = _PREFIX.sub("", part.strip()).strip()
        ranged = _RANGE.fullmatch(one)
        if part.strip() in known:
            named.append(part.strip())
        elif ranged and 0 < int(ranged[2]) - int(ranged[1]) <= _MOST:
            named += map(str, range(int(ranged[1]), int(ranged[2]) + 1))
        elif one in known or (one.isascii() and one.isdigit()):
            named.append(one)
        else:
            return ()
    return tuple(named)


def _without_marks(text: str, known: Collection[str]) -> str:
    pieces, place = [], 0
    for mark, _ in _marks(text, known):
        pieces.append(text[place : mark.start()])
        place = mark.end()
    return " ".join((*pieces, text[place:]))


def content_words(text: str) -> frozenset[str]:
    """Return the words that carry a text, folded: those with a digit, of three letters or more, and CJK characters.

    A number is one word, whatever separates its digits: `6,650` is `6650`, and neither `6` nor `650`.
    """
    words = (word.replace(",", "") if _THOUSANDS.fullmatch(word) else word.casefold() for word in _WORD.findall(text))
    return frozenset(
        word
        for word in words
        if (len(word) >= _SHORTEST_WORD and word not in _STOP) or not word.isascii() or any(map(str.isdigit, word))
    )


def folded(text: str) -> str:
    """Return a text as quotations are looked for in it: case, white space and the shape of quotes do not count."""
    return " ".join(text.translate(_SHAPES).casefold().split())


_SHAPES = str.maketrans("“”„«»‘’–—", '"""""\'\'--')
