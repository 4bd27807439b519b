"""How many syllables an English word has by its spelling: one number, or the two that are both said."""

import re

from reward_server.instructions.vocabulary import TWO_WAYS

_GROUPS = re.compile(r"[aeiouy]+")
_HIATUS = re.compile(r"(?<![tscg])i[ao]|(?<![aeou])iu|eo(?!u)|ua(?![rl])|uo|[aeiouy]ing")
_SILENT = re.compile(
    r"[^aeiouy]e\Z(?<![^aeiouy]le)|[aeiou]le\Z|[aeiouy][^aeiouytd]{1,3}ed\Z|[aeiou][^aeiouyszxcg]{1,2}es\Z(?<![cs]hes)"
    r"|(?<=[aeiouy][^aeiouy])e(?=(?:ly|ment|ful|less|times?|thing|where|one)\Z)"
)
_KNOWN = {"people": 2, "area": 3, "create": 2, "being": 2, "eye": 1, "once": 1, "one": 1, "the": 1, "something": 2}


def syllables(word: str) -> frozenset[int]:
    """Return the counts a word may be said with; empty for what is no word of Latin letters."""
    word = word.lower().replace("’", "'").replace("'s", "").replace("'", "")
    if "-" in word:
        parts = [syllables(part) for part in word.split("-") if part]
        return frozenset({sum(max(part) for part in parts)}) if parts and all(parts) else frozenset()
    if not word.isascii() or not word.isalpha():
        return frozenset()
    if word in _KNOWN:
        return frozenset({_KNOWN[word]})
    count = len(_GROUPS.findall(word)) + len(_HIATUS.findall(word)) - (_SILENT.search(word) is not None)
    count = max(count, 1)
    return frozenset({count, count + 1} if word in TWO_WAYS else {count})
