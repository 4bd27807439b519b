r"""Answers in boxes: `\boxed{…}`, `\fbox{…}`, with nesting, spaces, no braces, or a brace that never closes.

The last box counts, because a model may correct itself ("… \boxed{41}. Wait: \boxed{42}"). A last box that is empty or
never closed is no answer, and no earlier one is taken instead: its content comes back empty. An empty box in a phrase
such as "within \boxed{}" quotes the instruction and is passed over. Boxes that stand side by
side, with nothing but connecting words between them, are one answer of several parts: the caller compares all of them,
so that "\boxed{1} or \boxed{2}" cannot earn the reward of "2". Boxes that quote the instruction ("\boxed{}",
"\boxed{your answer}") are not answers.

Work is bounded: brace matching of all boxes together stops after `_MAX_TOKENS` braces, and a group has at most
`MAX_PARTS` parts (a longer one is cut, which cannot make it equal to any shorter answer).
"""

import re
from typing import NamedTuple

from reward_server.extraction.surroundings import decimals_before, with_signs, with_words

MAX_PARTS = 64
_MAX_TOKENS = 20_000
_MAX_BOXES = 512
_MAX_GAP = 80

_BOX = re.compile(r"(?:\\(?:begin)?boxed|\\fbox|\\framebox|\x08oxed)(?![a-zA-Z])[ \t\n]*")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_UNBRACED = re.compile(r"\\?[^\s$\\{}]+")
_PLACEHOLDER = re.compile(
    r"(?i)(?:\\(?:text|textbf|mathrm)\{)?[\s.…·_?\[<(*]*"
    r"(?:(?:the |your |my )?(?:final )?(?:answer|result|solution)(?: here| goes here)?|\\[lc]?dots|答案|最终答案)?"
    r"[\s.…·_?\]>)}*]*"
)
_QUOTING = re.compile(r"(?i)\b(?:in|within|inside|into|using|with|by)\s+(?:an?\s+|the\s+)?[`$(\\\"']*$")
"""What stands before an empty box that only names the form asked for: "within \\boxed{}"."""
_AFTER = re.compile(r"[ \t]*(?:\\?%|\^?\{?\\circ\}?|°|\\degree|\+[ \t]*C(?![\w'^({\\]))")
_PARTS = (
    "halves|thirds|fourths|fifths|sixths|sevenths|eighths|ninths|tenths|elevenths|twelfths|(?:thir|four|fif|six|seven"
    "|eigh|nine)teenths|twentieths|hundredths|thousandths|millionths|billionths|ten-thousandths|hundred-thousandths"
)
"""Parts of one; "quarters" may be coins."""
_SCALED = re.compile(
    r"(?:[ \t~]|\\[,;:! ]){0,4}(?:\$\$?|\\\)|\*\*)?[ \t]{0,4}(?:\\(?:text|mathrm|textrm|mbox)\{[\s~]{0,4})?-?"
    r"(?P<word>(?i:hundred|thousand|million|billion|trillion|quadrillion|percent|per cent|pct|factorial)s?"
    rf"(?![A-Za-z])|(?i:{_PARTS})(?![A-Za-z])|(?i:squared|cubed)(?!\s{0, 4}[A-Za-z])"
    r"|[万亿萬億]|千(?![克米瓦卡焦帕赫伏安])|百(?!分))[\s~]{0,4}\}?"
)
"""Words behind the box that make another value of what is in it."""
_ATTACHED = re.compile(r"(?:[mb]n|(?![mgshlLNJWVACFHS])[A-Za-z])(?![\w'’^({\\$])")
"""Letters at the box, without a blank, that are read as if they stood in it: thousands, millions, an unknown.

One of the usual units stays a unit, that may be missing in the ground truth: `\\boxed{7}m`; `\\boxed{7}M` is rather 7
million.
"""
_NUMERIC = frozenset("0123456789)}]")
_CLOSING = r"[qQ]\.?[eE]\.?[dD]\b|(?i:done|end|as (?:desired|required|claimed|wanted|expected))\b"
"""Words that end a solution: no units."""
_CONNECTING = "and|or|for|if|where|is|are|as|when|so|by|with|at|not|but|then|thus"
"""Words that go on with the sentence: no units."""
_UNIT = re.compile(
    r"(?:[ \t~]|\\[,;:! ]){0,4}\\(?:text|mathrm|textrm|mbox)\{[\s~]{0,4}"
    rf"(?!(?:{_CONNECTING}|in)\b|{_CLOSING})"
    r"[A-Za-zµμΩ]{1,16}(?:/[A-Za-z]{1,8})?(?:\^?[-0-9²³]{1,2})?\s{0,4}\}(?:\^\{?-?\d\}?)?"
)
"""One word in the same formula behind the box, which may be a unit."""
_PLAIN_UNIT = re.compile(
    rf"\s?\$?\s?(?!(?:{_CONNECTING})\b|{_CLOSING})"
    r"([A-Za-z]{1,16}(?:[ /][A-Za-z]{1,16}){0,4}(?:\^?[23²³])?)"
    r"[\s.!$*]{0,6}(?:\n|$)"
)
"""Words behind the box that end its line: a unit or what is counted, where the reader reads them so."""
_MINUS_BEFORE = re.compile(r"[=$(\[:]\s*-(?:[\s~]|\\[,;:! ])*$|(?:^|\s)[-−]$")
"""A sign in front of a box: behind an opening, or directly at the box, where no bullet stands."""
_SENTENCE_END = re.compile(r"[.!?。！？](?=[\s$\\)]|$)")
_RECONSIDERS = re.compile(
    r"(?i)\b(?:wait|no|not|actually|instead|recheck\w*|correct\w*|but|so|therefore|thus|hence|then|which|verif\w+|check\w*"
    r"|final\w*|steps?|however|mistake|sorry|hmm+|answer|should)\b|不|错|重新|所以|因此|最终|答案"
)
_CONNECTS = re.compile(r"[,;、，；&]|\b(?:and|or|as well as)\b|和|或|与|及")
_TEX_WORD = re.compile(r"\\[a-zA-Z]+")
_LABEL_ONLY = re.compile(r"\W*(?:\(?\w{1,4}[).:]|\w{1,6}\s*=)?\W*")
_EQUALS_ONLY = re.compile(r"[\s$\\()\[\]]*(?:=|≈|\\approx)[\s$\\()\[\]]*")


class Box(NamedTuple):
    """One box: its content and the bounds of the whole command in the text."""

    content: str
    start: int
    end: int
    unit: str = ""
    """A word directly behind the box, in LaTeX; the reader decides whether it is a unit."""


def last_boxes(text: str) -> list[Box]:
    """Return the last box with content, preceded by the boxes side by side with it; empty when there is none."""
    starts = [match.span() for match in _BOX.finditer(text)][-_MAX_BOXES:]
    tokens = _MAX_TOKENS
    group: list[Box] = []
    for position in range(len(starts) - 1, -1, -1):
        start, body = starts[position]
        closing, used = closing_brace(text, body) if text.startswith("{", body) else (None, 1)
        if position == len(starts) - 1 and closing is not None:
            open_at = _unfinished(text, start, body, closing)
            if open_at is not None:
                return [Box("", start, open_at)]
        box = _read(text, start, body, closing)
        tokens -= used
        if tokens < 0 or len(group) >= MAX_PARTS:
            break
        if box is None:
            continue
        if not group:
            group = [box]
        elif box.end >= group[0].end:
            group[0] = Box(box.content.replace(r"\boxed", "").replace(r"\fbox", ""), box.start, box.end)
        elif side_by_side(text[box.end : group[0].start]):
            group.insert(0, box)
        else:
            break
    return group


def _unfinished(text: str, start: int, body: int, end: int) -> int | None:
    """Return where a last box ends that is empty or never closed, or None for a box with an answer."""
    if end < 0:
        return len(text)
    empty = not text[body + 1 : end].strip()
    return end + 1 if empty and not _QUOTING.search(text, max(0, start - 30), start) else None


def _read(text: str, start: int, body: int, closing: int | None) -> Box | None:
    """Read the box whose command spans start:body; `closing` is its last brace, -1 without one, None without braces."""
    if closing is None:
        match = _UNBRACED.match(text, body)
        if match is None:
            return None
        content, end = match.group().rstrip(".,;:!?"), match.end()
    elif closing < 0:
        end = text.find("\n", body)
        end = len(text) if end < 0 else end
        content = text[body + 1 : end].split("$", maxsplit=1)[0].rstrip(" .$)\\]")
    else:
        content, end = text[body + 1 : closing], closing + 1
    content = content.strip()
    if not content or _PLACEHOLDER.fullmatch(content[:80]):
        return None
    if start and text[start - 1] == "\\":
        content = content.replace("\\\\", "\\")
    decimals = decimals_before(text, start, content)
    start, content = start - len(decimals), decimals + content
    after = _AFTER.match(text, end)
    if after is not None:
        content, end = content + after.group().strip(), after.end()
    content, end = _scaled(text, content, end)
    if _MINUS_BEFORE.search(text, max(0, start - 8), start):
        content = f"-({content})"
    content = with_words(text, start, with_signs(text, start, content))
    unit = _UNIT.match(text, end)
    plain = None if unit else _PLAIN_UNIT.match(text, end)
    shown = unit.group().strip() if unit else rf"\text{{ {plain[1]}}}" if plain else ""
    return Box(content, start, end, shown)


def _scaled(text: str, content: str, end: int) -> tuple[str, int]:
    r"""Return the content with the word of scale behind the box, and where that ends: `\boxed{7} million` is not 7."""
    attached = _ATTACHED.match(text, end)
    if attached is not None and content[-1:] in _NUMERIC:
        return content + attached.group(), attached.end()
    word = _SCALED.match(text, end)
    if word is None:
        return content, end
    return rf"{content}\text{{ {word['word']}}}", word.end()


def closing_brace(text: str, opening: int) -> tuple[int, int]:
    """Return where the brace opened at `opening` closes, or -1, and how many braces were looked at."""
    depth = used = 0
    for token in _BRACE.finditer(text, opening):
        used += 1
        sign = token.group()
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth -= 1
            if depth == 0:
                return token.start(), used
        if used > _MAX_TOKENS:
            break
    return -1, used


def side_by_side(gap: str) -> bool:
    """Tell whether what stands between two answers joins them, rather than replacing the first by the second."""
    if len(gap) > _MAX_GAP or _EQUALS_ONLY.fullmatch(gap):
        return False
    if not gap.strip(" \n\t$\\()[]"):
        return True
    if _RECONSIDERS.search(gap) or _SENTENCE_END.search(gap):
        return False
    return _CONNECTS.search(gap) is not None or _LABEL_ONLY.fullmatch(_TEX_WORD.sub("", gap)) is not None
