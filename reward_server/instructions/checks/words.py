"""IFBench's words: initials, lengths, repetitions, palindromes, languages, counts."""

import re
from collections import Counter
from itertools import pairwise

from reward_server.instructions import Finding, instruction
from reward_server.instructions.answer import Answer, folded, words_of
from reward_server.instructions.arguments import Count, Position
from reward_server.instructions.syllables import syllables
from reward_server.instructions.verbs import is_verb
from reward_server.instructions.vocabulary import AUXILIARIES, CONJUNCTIONS, NAMES, PRONOUNS

_PRIMES = frozenset({2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97})
_CLUSTER = re.compile(r"[bcdfghjklmnpqrstvwxyz]{2}")
_JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_PALINDROMES, _LEAST_PALINDROME = 10, 5


def _is_palindrome(word: str, least: int) -> bool:
    return len(word) >= least and word == word[::-1] and word.isalpha() and len(set(word)) > 1


@instruction("words:palindrome")
def palindromes(answer: Answer) -> Finding:
    """Ten different palindromes of five letters or more; the reference counts one ten times."""
    found = sorted({word for word in answer.lower_words if _is_palindrome(word, _LEAST_PALINDROME)})
    return Finding(len(found) >= _PALINDROMES, found[:20])


@instruction("keywords:palindrome")
def palindrome(answer: Answer) -> Finding:
    """A palindrome of three letters or more, not all the same; in the reference "I" and "-" are palindromes."""
    found = [word for word in answer.lower_words if _is_palindrome(word, 3)]
    return Finding(bool(found), found[:5])


@instruction("words:alphabet")
def alphabet(answer: Answer) -> Finding:
    """Every word begins with the next letter, `a` behind `z`; two words or more."""
    letters = [word[0] for word in answer.lower_words]
    if len(letters) < 2 or not all("a" <= letter <= "z" for letter in letters):
        return Finding(passed=False, counted="".join(letters[:40]))
    return Finding(all((ord(b) - ord(a)) % 26 == 1 for a, b in pairwise(letters)), "".join(letters[:40]))


@instruction("words:vowel")
def vowels(answer: Answer) -> Finding:
    """One paragraph with three of the vowels a, e, i, o, u at most, and one at least."""
    found = sorted(set(answer.lower) & set("aeiou"))
    passed = "\n" not in answer.stripped and 0 < len(found) <= 3
    return Finding(passed, found)


@instruction("words:consonants")
def consonants(answer: Answer) -> Finding:
    """Every word has two consonants in a row."""
    wrong = [chunk for chunk in answer.lower.split() if any(map(str.isalnum, chunk)) and not _CLUSTER.search(chunk)]
    return Finding(not wrong, {"without": [chunk[:40] for chunk in wrong[:5]]})


@instruction("words:prime_lengths")
def prime_lengths(answer: Answer) -> Finding:
    """Every word has a prime number of letters; apostrophes and hyphens are none."""
    lengths = [sum(map(str.isalnum, word)) for word in answer.words]
    wrong = [word for word, length in zip(answer.words, lengths, strict=True) if length not in _PRIMES]
    return Finding(not wrong, {"others": [word[:40] for word in wrong[:5]]})


@instruction("words:repeats")
def repeats(answer: Answer, small_n: Position) -> Finding:
    """No word occurs more often than so."""
    word, count = Counter(answer.lower_words).most_common(1)[0]
    return Finding(count <= small_n, [word[:40], count])


@instruction("count:count_unique")
def unique(answer: Answer) -> Finding:
    """No word occurs twice, in other case either; punctuation may."""
    twice = [word for word, count in Counter(answer.lower_words).most_common(5) if count > 1]
    return Finding(not twice and len(answer.words) > 1, twice)


@instruction("words:no_consecutive")
def no_consecutive(answer: Answer) -> Finding:
    """No two words in a row share their first letter; two words or more."""
    wrong = [[a[:20], b[:20]] for a, b in pairwise(answer.lower_words) if a[0] == b[0]]
    return Finding(not wrong and len(answer.words) > 1, wrong[:5])


@instruction("keywords:no_adjacent_consecutive")
def no_adjacent(answer: Answer) -> Finding:
    """No word begins with the letter behind that of the word before; two words or more."""
    wrong = [[a[:20], b[:20]] for a, b in pairwise(answer.lower_words) if ord(b[0]) - ord(a[0]) == 1]
    return Finding(not wrong and len(answer.words) > 1, wrong[:5])


@instruction("words:odd_even_syllables")
def odd_even(answer: Answer) -> Finding:
    """Odd and even counts of syllables in turn; a word that is said with either count fits both. Two words or more."""
    parities = [{count % 2 for count in syllables(word)} for word in answer.words if not word.isdigit()]
    for first in (0, 1):
        turns = all((first + place) % 2 in parity for place, parity in enumerate(parities))
        if turns and len(parities) > 1:
            return Finding(passed=True, counted=len(parities))
    shown = [f"{word[:20]}:{'/'.join(map(str, sorted(syllables(word))))}" for word in answer.words[:10]]
    return Finding(passed=False, counted=shown)


@instruction("words:start_verb")
def start_verb(answer: Answer) -> Finding:
    """The first word can be a verb, and no verb follows that would make it the subject ("Water is …")."""
    first, second = [*answer.lower_words[:2], "", ""][:2]
    return Finding(is_verb(first) and (second not in AUXILIARIES or first in AUXILIARIES), first[:40])


@instruction("count:words_japanese")
def japanese(answer: Answer, N: Position) -> Finding:
    """Every N-th word is Japanese; a number may stand there. There are N words or more."""
    found = [
        word for word in answer.chunks[N - 1 :: N] if any(map(str.isalnum, word)) and not word.strip(".,").isdigit()
    ]
    wrong = [word for word in found if not _JAPANESE.search(word)]
    return Finding(bool(found) and not wrong, {"looked_at": len(found), "others": [word[:20] for word in wrong[:5]]})


@instruction("words:paragraph_last_first")
def paragraph_last_first(answer: Answer) -> Finding:
    """Every line ends with the word it begins with, and has two words or more."""
    lines = [words_of(folded(line)) for line in answer.lines]
    lines = [words for words in lines if words]
    wrong = [[words[0][:20], words[-1][:20]] for words in lines if words[0] != words[-1] or len(words) == 1]
    return Finding(bool(lines) and not wrong, wrong[:5])


@instruction("count:conjunctions")
def conjunctions(answer: Answer, small_n: Count) -> Finding:
    """So many different ones of and, but, for, nor, or, so, yet."""
    found = sorted(CONJUNCTIONS.intersection(answer.lower_words))
    return Finding(len(found) >= small_n, found)


@instruction("count:person_names")
def person_names(answer: Answer, N: Count) -> Finding:
    """So many different names of the fifty in the prompt."""
    found = len(NAMES.intersection(answer.simple_words))
    return Finding(found >= N, found)


@instruction("count:pronouns")
def pronouns(answer: Answer, N: Count) -> Finding:
    """So many pronouns; "it's" has one."""
    found = sum(word in PRONOUNS for word in map(str.lower, answer.simple_words))
    return Finding(found >= N, found)


@instruction("count:numbers")
def numbers(answer: Answer, N: Count) -> Finding:
    """Exactly so many numbers in digits: `1,000` and `3.14` are one each, `1-2` and `10/12` are two."""
    found = _NUMBER.findall(answer.text)
    return Finding(len(found) == N, [number[:20] for number in found[:20]])
