"""chrF and chrF++ of one text against references that were counted before, exactly as `sacrebleu` scores a sentence.

The formula and the cutting of words are `sacrebleu`'s own. What is done here is counting: each n-gram of the text is
made from the one before it, and only those that stand more than once are counted one by one.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from operator import add
from typing import Any, NamedTuple


class Grams(NamedTuple):
    """The n-grams of one order of a text."""

    count: int
    different: frozenset[str]
    repeated: dict[str, int]
    """Those that stand more than once, and how often."""


def grams_of(text: str, metric: Any) -> list[Grams]:
    """Return a text's n-grams by order, of characters without blanks and then of words, for a `sacrebleu` CHRF."""
    line = "".join(text.split())
    orders: list[Sequence[str]] = [line]
    for order in range(1, metric.char_order):
        orders.append(list(map(add, orders[-1], line[order:])))
    if metric.word_order:
        words = metric._remove_punctuation(text)  # noqa: SLF001 - its words, so that its scores come out
        orders += [
            [" ".join(words[place : place + order]) for place in range(len(words) - order + 1)]
            for order in range(1, metric.word_order + 1)
        ]
    return list(map(_grams, orders))


def _grams(every: Sequence[str]) -> Grams:
    different = frozenset(every)
    if len(different) == len(every):
        return Grams(len(every), different, {})
    return Grams(len(every), different, {gram: count for gram, count in Counter(every).items() if count > 1})


def score(given: Sequence[Grams], references: Iterable[Sequence[Grams]], metric: Any) -> float:
    """Return the best score, in [0, 1], of a text's n-grams against those of each reference."""
    return max(metric._compute_f_score(_statistics(given, reference)) for reference in references) / 100  # noqa: SLF001


def _statistics(given: Sequence[Grams], reference: Sequence[Grams]) -> list[int]:
    """Return for each order how many n-grams the text and the reference have, and how many in common."""
    counts: list[int] = []
    for ours, theirs in zip(given, reference, strict=True):
        common = len(ours.different & theirs.different)
        if ours.repeated and theirs.repeated:
            both = ours.repeated.keys() & theirs.repeated.keys()
            common += sum(min(ours.repeated[gram], theirs.repeated[gram]) - 1 for gram in both)
        counts += (ours.count if theirs.count else 0, theirs.count, common)
    return counts
