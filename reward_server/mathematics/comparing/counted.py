"""Do two nouns count the same things? "10 apples" are no oranges, "5 balls" may be the red balls, a rate is no number.

Nouns agree where the words of one are among those of the other, number and what stands behind them ("in total",
"left") aside, or where both are on one line of `_ALIKE`. What is counted in a rate ("per day") counts too. Nouns in
other scripts are classifiers more often than names of things, and agree with any.
"""

from reward_server.mathematics.reading.units import BARE
from reward_server.mathematics.tree.unit import Unit

split = str.split

_ASIDE = frozenset(
    split(
        "a an the of in total altogether overall exactly approximately approx left remaining each long old different "
        "distinct possible"
    )
)
_RATES = frozenset({"per", "every"})
_ALIKE = (
    frozenset(split("way possibility option choice arrangement combination permutation outcome method")),
    frozenset(split("person people student child children kid pupil")),
    frozenset(split("item thing object piece")),
    frozenset(split("solution root value")),
)
"""Nouns that are used for the same things; on a line of its own each."""
_SAYS_NOTHING = frozenset({"time", "unit", "number"})


def count_the_same(left: Unit, right: Unit) -> bool:
    """Tell whether two units that are not in the table may be the same."""
    if left.name in BARE.values() and right.name in BARE.values():
        return left.name == right.name
    if not (left.name.isascii() and right.name.isascii()):
        return True
    (one, rate), (other, other_rate) = _words(left.name), _words(right.name)
    return rate == other_rate and _agree(one, other)


def _agree(one: frozenset[str], other: frozenset[str]) -> bool:
    if one <= other or other <= one or not _SAYS_NOTHING.isdisjoint(one | other):
        return True
    return any(not alike.isdisjoint(one) and not alike.isdisjoint(other) for alike in _ALIKE)


def _words(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words of what is counted, and of what it is counted by."""
    words = name.lower().replace("/", " per ").split()
    cut = next((place for place, word in enumerate(words) if word in _RATES), len(words))
    return _content(words[:cut]), _content(words[cut + 1 :])


def _content(words: list[str]) -> frozenset[str]:
    return frozenset(_singular(word) for word in words if word not in _ASIDE)


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > len("dies"):
        return word[:-3] + "y"
    for ending in ("ches", "shes", "sses", "xes"):
        if word.endswith(ending):
            return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word
