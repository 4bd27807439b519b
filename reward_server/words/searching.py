"""Patterns of words, searched only where one of their words stands in the text.

A pattern of a hundred words costs many times more than splitting a sentence into its words, and most sentences hold
none of them. The words of a pattern are stated beside it: each match of the pattern in an ASCII text holds one of them
as a run of letters; one that ends in `*` is the beginning of such a run. Other texts are always searched.
"""

import re
from functools import lru_cache

STEM = 4
"""Letters of a word by which a stem finds it."""
_RUNS = re.compile(r"[a-z]+")


@lru_cache(maxsize=512)
def words_of(text: str) -> frozenset[str] | None:
    """Return the words of a text in lower case, and their stems; None where it is not ASCII."""
    if not text.isascii():
        return None
    runs = _RUNS.findall(text.lower())
    return frozenset([*runs, *(run[:STEM] + "*" for run in runs)])


class WordPattern:
    """A pattern with the words one of which each of its matches in an ASCII text holds."""

    def __init__(self, pattern: str, words: str) -> None:
        """Take the pattern, which ignores case, and the words, separated by blanks.

        Raises:
            ValueError: a stem is shorter than that.
        """
        self.pattern = re.compile(pattern, re.IGNORECASE)
        stems = [word for word in words.split() if word.endswith("*")]
        if any(len(stem) <= STEM for stem in stems):
            raise ValueError(f"stems of fewer than {STEM} letters: {stems}")
        self.words = frozenset(word[:STEM] + "*" if word.endswith("*") else word for word in words.split())

    def search(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """Return the first match in `text[start:end]`, as the pattern itself does."""
        end = len(text) if end is None else end
        words = words_of(text[start:end])
        return self.pattern.search(text, start, end) if words is None or not self.words.isdisjoint(words) else None
