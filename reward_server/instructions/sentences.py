"""Where sentences end, in linear time and without data: signs, abbreviations, initials, numbers of list items."""

import re

from reward_server.instructions.vocabulary import ABBREVIATIONS, TITLES

_END = re.compile(
    r"(?<![.!?…])[.!?…]++[\"'”’)\]»*_]*+(?=\s|\Z|[\U0001f300-\U0001faff\u2600-\u27bf])|[。！？｡।؟۔]++[」』”’）]*+"
)
_LOOKED_BACK = 24
_ITEM = re.compile(r"[ \t>*#-]*(?:\d{1,3}[.)][ \t]*)*(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})")


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a text; what has no letter belongs to the sentence before it."""
    sentences: list[list[str]] = []
    start = 0
    for sign in _END.finditer(text):
        if not _goes_on(text, start, sign):
            _add(sentences, text[start : sign.end()])
            start = sign.end()
    _add(sentences, text[start:])
    return [" ".join(pieces) for pieces in sentences]


def _add(sentences: list[list[str]], piece: str) -> None:
    piece = piece.strip()
    if any(character.isalpha() for character in piece):
        sentences.append([piece])
    elif piece and sentences:
        sentences[-1].append(piece)


def _goes_on(text: str, start: int, sign: re.Match[str]) -> bool:
    """Tell whether a full stop ends an abbreviation, an initial or the number of an item, and no sentence."""
    stop = sign.group()
    if not stop.startswith((".", "…")):
        return False
    following = text[sign.end() : sign.end() + 4].lstrip()[:1]
    if stop.startswith(("..", "…")):
        return following.islower()
    begun = max(start, sign.start() - _LOOKED_BACK)
    line = text[begun : sign.start()].rpartition("\n")
    if (line[1] or begun == start) and _ITEM.fullmatch(line[2]):
        return bool(following)
    word = (line[2].split() or [""])[-1].lstrip("([\"'“‘*_")
    if len(word) == 1 and word.isupper() and word != "I" and following.isupper():
        return True
    word = word.lower()
    return word in TITLES or (word in ABBREVIATIONS and bool(following) and not following.isupper())
