"""chrF and chrF++ of one text against references that were counted before, exactly as `sacrebleu` scores a sentence.

The formula and the cutting of words are `sacrebleu`'s own. What is done here is counting: each n-gram of the text is
made from the one before it, and only those that stand more than once in a reference are counted one by one.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from operator import add
from typing import Any, NamedTuple

_FEW = 3
"""N-grams that are sought one by one in a text rather than counted all together."""


class Counts(NamedTuple):
    """The n-grams of one order of a reference."""

    every: int
    different: frozenset[str]
    repeated: dict[str, int]
    """Those that stand more than once, and how often."""


def grams_of(text: str, metric: Any) -> list[list[str]]:
    """Return a text's n-grams by order, of characters without blanks and then of words, for a `sacrebleu` CHRF."""
    line = "".join(text.split())
    orders = [list(line)]
    for order in range(1, metric.char_order):
        orders.append(list(map(add, orders[-1], line[order:])))
    if metric.word_order:
        words = metric._remove_punctuation(text)  # noqa: SLF001 - its words, so that its scores come out
        orders += [
            [" ".join(words[place : place + order]) for place in range(len(words) - order + 1)]
            for order in range(1, metric.word_order + 1)
        ]
    return orders


def counts_of(text: str, metric: Any) -> list[Counts]:
    """Return the n-grams of a reference, counted."""
    return [
        Counts(len(every), frozenset(every), {gram: count for gram, count in Counter(every).items() if count > 1})
        for every in grams_of(text, metric)
    ]


def score(given: Sequence[list[str]], references: Iterable[Sequence[Counts]], metric: Any) -> float:
    """Return the best score, in [0, 1], of a text's n-grams against each reference."""
    return max(float(metric._compute_f_score(_statistics(given, reference))) for reference in references) / 100  # noqa: SLF001


def _statistics(given: Sequence[list[str]], reference: Sequence[Counts]) -> list[int]:
    """Return for each order how many n-grams the text and the reference have, and how many in common."""
    counts: list[int] = []
    for ours, theirs in zip(given, reference, strict=True):
        shared = theirs.different.intersection(ours)
        common = len(shared)
        again = shared & theirs.repeated.keys() if theirs.repeated else ()
        if again:
            times = Counter(ours).__getitem__ if len(again) > _FEW else ours.count
            common += sum(min(times(gram), theirs.repeated[gram]) - 1 for gram in again)
        counts += (len(ours) if theirs.every else 0, theirs.every, common)
    return counts
