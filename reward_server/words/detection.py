"""Which language is a text in? By its script where that tells, else by CLD2, and not at all where it is not sure."""

from collections import Counter

import pycld2

from reward_server.words.scripts import ALIKE, LATIN_WORD, OTHER_THAN_LATIN, OWN_SCRIPT, SHARED, WORD

_LEAST_WORDS = 4
"""Words of a script that several languages share, below which CLD2 guesses."""
_LONGEST = 20_000
_MOST_OF_IT = 0.7
_KANA = 0.1


def language_of(text: str) -> str | None:
    """Return the code of the language that most of a text is in, None where that cannot be told."""
    text = text[:_LONGEST]
    if OTHER_THAN_LATIN.search(text) is None:
        return _by_cld2(LATIN_WORD.findall(text))
    words: dict[str, list[str]] = {}
    for match in WORD.finditer(text):
        words.setdefault(str(match.lastgroup), []).append(match.group())
    counts = Counter({script: sum(map(len, found)) for script, found in words.items()})
    total = counts.total()
    if not total:
        return None
    if counts["han"] + counts["kana"] >= _MOST_OF_IT * total:
        return "ja" if counts["kana"] >= _KANA * total else "zh"
    script, most = counts.most_common(1)[0]
    if most < _MOST_OF_IT * total:
        return None
    return OWN_SCRIPT.get(script) or (_by_cld2(words[script]) if script in SHARED else None)


def _by_cld2(words: list[str]) -> str | None:
    if len(words) < _LEAST_WORDS:
        return None
    try:
        reliable, _, details = pycld2.detect(" ".join(words))
    except pycld2.error:
        return None
    code, percent = details[0][1].split("-")[0], details[0][2]
    return code if reliable and percent >= 100 * _MOST_OF_IT and code != "un" else None


def are_alike(one: str, other: str) -> bool:
    """Whether two languages are the same, or so near that short texts do not tell them apart."""
    return one == other or (one, other) in ALIKE or (other, one) in ALIKE
