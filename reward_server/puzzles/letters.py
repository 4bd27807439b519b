"""Letters and words: sums in letters, palindromes, anagrams, sorted words, factors."""

import re
from collections import Counter
from math import prod
from typing import Any

from reward_server.errors import TaskError
from reward_server.puzzles.data import Check, Data, Violation
from reward_server.puzzles.reading import literal, shortened

_PAIR = re.compile(r"\s*([A-Za-z])\s*[=:]\s*([0-9])\s*")


def cryptarithm(data: Data) -> Check:
    """Check "A=1,B=2": another digit for each letter, no leading zero unless allowed, and the sum holds."""
    words, result = data.texts("words_letters"), data.text("result_letters")
    letters = set("".join(words) + result)
    leading = set() if data.get("allow_leading_zero") else {word[0] for word in [*words, result] if len(word) > 1}
    if len(letters) > 10:  # noqa: PLR2004 - as many as digits
        raise TaskError("metadata.words_letters: more letters than digits")

    def check(text: str) -> None:
        digits: dict[str, str] = {}
        for pair in re.split(r"[,;\n]", text.strip().strip("{}").rstrip(".")):
            found = _PAIR.fullmatch(pair.replace('"', "").replace("'", ""))
            if found is None:
                raise Violation(f"not read: {shortened(pair.strip(), 30)!r}")
            if found[1] in digits:
                raise Violation(f"{found[1]} is given twice")
            digits[found[1]] = found[2]
        if set(digits) != letters:
            raise Violation(f"{min(set(digits) ^ letters)} is missing, or is no letter of the sum")
        if len(set(digits.values())) != len(digits):
            raise Violation("two letters have the same digit")
        if zero := [letter for letter in sorted(leading) if digits[letter] == "0"]:
            raise Violation(f"the leading letter {zero[0]} is zero")
        values = [int("".join(digits[letter] for letter in word)) for word in [*words, result]]
        if sum(values[:-1]) != values[-1]:
            raise Violation(f"{' + '.join(map(str, values[:-1]))} is {sum(values[:-1])}, not {values[-1]}")

    return check


def palindrome(data: Data) -> Check:
    """Check a palindrome of exactly the given letters."""
    letters = Counter(letter.lower() for letter in data.texts("letters"))

    def check(text: str) -> None:
        word = text.strip().strip("\"'").lower()
        if word != word[::-1]:
            raise Violation("not the same when read backwards")
        if Counter(word) != letters:
            raise Violation("not made of exactly the given letters")

    return check


def anagrams(data: Data) -> Check:
    """Check a list of lists: the given words, grouped by their letters."""
    words = data.texts("words")
    groups: dict[str, list[str]] = {}
    for word in words:
        groups.setdefault("".join(sorted(word)), []).append(word)
    wanted = Counter(tuple(sorted(group)) for group in groups.values())

    def check(text: str) -> None:
        if _lists_of_texts(text) != wanted:
            raise Violation("not the given words in groups of the same letters")

    return check


def _lists_of_texts(text: str, *, ordered: bool = False) -> Counter[tuple[str, ...]]:
    given = literal(text)
    if not isinstance(given, list) or not all(isinstance(part, list) for part in given):
        raise Violation("not a list of lists")
    if not all(isinstance(word, str) for part in given for word in part):
        raise Violation("not lists of texts")
    return Counter(tuple(part if ordered else sorted(part)) for part in given)


def partitions(data: Data) -> Check:
    """Check that all ways to cut a text into palindromes are listed, each once."""
    stored = data.need("solution")
    if not isinstance(stored, list) or not all(isinstance(part, list) for part in stored) or not stored:
        raise TaskError("metadata.solution: not a list of lists")
    wanted = {tuple(map(str, part)) for part in stored}

    def check(text: str) -> None:
        given = _lists_of_texts(text, ordered=True)
        if max(given.values(), default=1) > 1:
            raise Violation("a way is listed twice")
        if missing := wanted - set(given):
            raise Violation(f"{len(missing)} ways are missing")
        if surplus := set(given) - wanted:
            raise Violation(f"not a way to cut it into palindromes: {shortened(str(list(min(surplus))), 60)}")

    return check


def sorted_words(data: Data) -> Check:
    """Check words separated by commas, in the stored order."""
    wanted = data.texts("sorted_words")

    def check(text: str) -> None:
        given = [word.strip() for word in text.strip().split(",")]
        for number, (word, right) in enumerate(zip(given, wanted, strict=False), start=1):
            if word != right:
                raise Violation(f"word {number} is {shortened(word, 30)!r}, not {right!r}")
        if len(given) != len(wanted):
            raise Violation(f"{len(given)} words, not {len(wanted)}")

    return check


def factors(data: Data) -> Check:
    """Check prime factors separated by signs of multiplication, in any order."""
    wanted = Counter(data.integers("factors"))
    if prod(wanted.elements()) != data.integer("number"):
        raise TaskError("metadata.factors: their product is not the number")

    def check(text: str) -> None:
        parts: list[Any] = re.split(r"\s*(?:×|\*|·|x|\\times|\\cdot)\s*", text.strip().strip("$"))
        if not all(re.fullmatch(r"[0-9]{1,40}", part) for part in parts):
            raise Violation(f"not factors: {shortened(text.strip(), 40)!r}")
        given = Counter(map(int, parts))
        if given != wanted:
            raise Violation(f"not the prime factors: {shortened(str(sorted(given.elements())), 60)}")

    return check
