"""A pattern with its words finds what the pattern alone finds."""

import random
import re

import pytest

from reward_server.extraction import assertion, remarks
from reward_server.words import denials
from reward_server.words.searching import WordPattern

_PATTERNS = {
    f"{module.__name__.rpartition('.')[2]}.{name}": value
    for module in (assertion, remarks, denials)
    for name, value in vars(module).items()
    if isinstance(value, WordPattern)
}
_ENDINGS = ("", "", "s", "e", "d", "es", "a", "ing", "n't", "'s")
_FRAMES = ("{}", "{}.", "({})", "{}, x", "{},", "I say {} now")


@pytest.mark.parametrize("name", _PATTERNS)
def test_a_text_of_a_patterns_own_words_is_found_as_without_the_words(name: str) -> None:
    words_pattern = _PATTERNS[name]
    source = re.sub(r"\\[bws]", " ", words_pattern.pattern.pattern).replace("ı", "i")
    words = sorted(set(re.findall(r"[A-Za-z]+", source)))
    rng = random.Random(17)
    found = 0
    for _ in range(3000):
        text = " ".join(rng.choice(words) + rng.choice(_ENDINGS) for _ in range(rng.randint(1, 3)))
        text = rng.choice(_FRAMES).format(rng.choice((text, text.upper())))
        plain = words_pattern.pattern.search(text)
        found += plain is not None
        assert (words_pattern.search(text) is None) == (plain is None), text
    assert found


def test_a_text_that_is_not_ascii_is_always_searched() -> None:
    assert WordPattern("déjà", "never").search("c’est déjà fait") is not None
    assert WordPattern("deja", "never").search("deja") is None


def test_a_stem_that_is_too_short_to_find_anything_is_refused() -> None:
    with pytest.raises(ValueError, match="no"):
        WordPattern("no+", "no*")
