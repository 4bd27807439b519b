"""Do the words that a text shares with a reference stand in an order of the reference's?"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple, TypeVar

T = TypeVar("T")


class Words(NamedTuple):
    """The words of a text in their order, and counted."""

    row: tuple[str, ...]
    counts: Counter[str]
    pairs: Counter[tuple[str, str]]


def words_in(row: Sequence[str]) -> Words:
    """Return words with their counts."""
    return Words(tuple(row), Counter(row), Counter(pairwise(row)))


def is_ordered(words: Words, reference: Words, common: int) -> bool:
    """Tell whether the words that two texts share, `common` in all, stand in an order of the second's.

    A quarter of them side by side is enough, and so is an eighth where half of all follow one another in turn: where
    languages order words freely, what moves are phrases, and of "Sie hat gestern den Hund gesehen" in "Den Hund hat sie
    gestern gesehen" one pair stays. A dozen shuffled words reach that seldom.
    """
    pairs = in_common(words.pairs, reference.pairs)
    if 4 * pairs >= common or 8 * pairs < common:
        return 4 * pairs >= common
    places: dict[str, list[int]] = {}
    for place in range(len(reference.row) - 1, -1, -1):
        places.setdefault(reference.row[place], []).append(place)
    ends: list[int] = []  # of the longest rows of words in turn, by their length
    for word in words.row:
        if places.get(word):
            place = places[word].pop()
            at = bisect_left(ends, place)
            ends[at : at + 1] = [place]
    return 2 * len(ends) >= common


def in_common(one: Counter[T], other: Counter[T]) -> int:
    """Return how many elements two bags have in common."""
    return sum(min(one[element], other[element]) for element in one.keys() & other.keys())
