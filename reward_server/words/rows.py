"""Words that are said over and over in a row: "the rain rain rain", "no longer safe no longer safe no longer safe"."""

import re
from collections.abc import Mapping, Sequence
from operator import eq

_LONGEST = 8
"""Words of a piece that is looked for."""
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
"""Characters of scripts that put no blanks between words."""

Rows = Mapping[tuple[str, ...], int]
"""A piece, its words in the order of the alphabet → how many words too many the longest row of it has."""


def rows_of(words: Sequence[str]) -> Rows:
    """Return the pieces of one to eight words that are said again at once, in time linear in the words."""
    rows: dict[tuple[str, ...], int] = {}
    if len(set(words)) == len(words):
        return rows
    for size in range(1, _LONGEST + 1):
        if not any(map(eq, words[size:], words)):
            continue
        row = 0
        for place in range(size, len(words) + 1):
            if place < len(words) and words[place] == words[place - size]:
                row += 1
                continue
            if row >= size:
                piece = tuple(sorted(words[place - size : place]))
                rows[piece] = max(row, rows.get(piece, 0))
            row = 0
    return rows


def units_of(text: str, words: Sequence[str]) -> Sequence[str]:
    """Return what a text is made of: its words, or its characters where most are of a script without blanks."""
    plain = "".join(words)
    return plain if 2 * len(_UNSPACED.findall(text)) > len(plain) else words


def said_over_and_over(units: Sequence[str], known: Sequence[Rows], vocabulary: frozenset[str]) -> str:
    """Return the piece of a vocabulary that stands in a row oftener than in any text whose rows are `known`.

    Three words too many are a row (five characters, in scripts without blanks), and at least the piece twice more:
    "very, very, very" is a way to say "very, very". Empty where there is none.
    """
    least = 5 if isinstance(units, str) else 3
    for piece, row in rows_of(units).items():
        more = row - max(rows.get(piece, 0) for rows in known)
        if more >= max(least, 2 * len(piece)) and vocabulary.issuperset(piece):
            return ("" if isinstance(units, str) else " ").join(piece)
    return ""
