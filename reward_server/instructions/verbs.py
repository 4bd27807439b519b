"""Whether a word can be a verb: the verbs of WordNet 3.0 that are one word, their irregular forms, regular endings."""

from functools import cache
from pathlib import Path

_ENDINGS = (
    ("ies", "y"), ("ied", "y"), ("ying", "ie"), ("es", ""), ("es", "e"), ("s", ""), ("ed", ""),
    ("ed", "e"), ("ing", ""), ("ing", "e"),
)  # fmt: skip
_LEAST_STEM = 2
_MODALS = frozenset(["can", "could", "may", "might", "must", "shall", "should", "will", "would", "let"])


@cache
def _verbs() -> frozenset[str]:
    return frozenset(Path(__file__).with_name("verbs.txt").read_text("utf-8").split()) | _MODALS


def is_verb(word: str) -> bool:
    """Tell whether an English word has a form of a verb; it may be a noun as well."""
    word, verbs = word.lower(), _verbs()
    if word in verbs:
        return True
    for ending, instead in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem == word or len(stem) < _LEAST_STEM:
            continue
        doubled = len(stem) > _LEAST_STEM and stem[-1] == stem[-2] and stem[:-1] in verbs and ending in {"ed", "ing"}
        if stem + instead in verbs or doubled:
            return True
    return False
