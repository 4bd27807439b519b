"""Do two nouns count the same things? "10 apples" are no oranges, "5 balls" may be the red balls, a rate is no number.

Nouns agree where the words of one are among those of the other, number and what stands behind them ("in total",
"left") aside. Words on one line of `_ALIKE` are one word; a word of `_GENERAL` agrees with those that it comprises.
What is counted in a rate ("per day", "each day") counts too. Nouns in other scripts are classifiers more often than
names of things, and agree with any.
"""

from reward_server.mathematics.reading.units import BARE
from reward_server.mathematics.tree.unit import Unit

split = str.split

_ASIDE = frozenset(
    split(
        "a an the of in total altogether overall exactly approximately approx left remaining each long old different "
        "distinct possible time unit number item thing object piece"
    )
)
_RATES = frozenset({"per", "every", "each"})
_ALIKE = {
    word: line.split()[0]
    for line in (
        "way possibility option choice arrangement combination permutation outcome method",
        "child kid student pupil",
        "solution root value integer",
    )
    for word in line.split()
}
"""Nouns that are used for the same things, as the first of their line."""
_GENERAL = {
    "person": frozenset(
        split(
            "child boy girl man woman adult worker employee friend player member guest passenger teacher visitor voter "
            "customer driver runner student"
        )
    ),
    "child": frozenset({"boy", "girl"}),
    "vehicle": frozenset(split("car truck bus bike bicycle motorcycle van")),
    "animal": frozenset(split("dog cat cow horse sheep pig goat chicken rabbit bird fish")),
}
"""Nouns, and those that each comprises."""
_NONE: frozenset[str] = frozenset()
_IRREGULAR = {"people": "person", "children": "child", "men": "man", "women": "woman", "feet": "foot", "mice": "mouse",
              "teeth": "tooth", "geese": "goose"}  # fmt: skip


def count_the_same(left: Unit, right: Unit) -> bool:
    """Tell whether two units that are not in the table may be the same."""
    if left.name in BARE.values() and right.name in BARE.values():
        return left.name == right.name
    if not (left.name.isascii() and right.name.isascii()):
        return True
    (one, rate), (other, other_rate) = _words(left.name), _words(right.name)
    return rate == other_rate and _agree(one, other)


def _agree(one: frozenset[str], other: frozenset[str]) -> bool:
    return one <= other or other <= one or _comprises(one, other) or _comprises(other, one)


def _comprises(general: frozenset[str], special: frozenset[str]) -> bool:
    """Tell whether a noun of one comprises one of the other, and what else it says is among the other's words."""
    return any(general - {word} <= special and not _GENERAL.get(word, _NONE).isdisjoint(special) for word in general)


def _words(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words of what is counted, and of what it is counted by."""
    words = name.lower().replace("/", " per ").split()
    cut = next((place for place, word in enumerate(words[:-1]) if word in _RATES), len(words))
    return _content(words[:cut]), _content(words[cut + 1 :])


def _content(words: list[str]) -> frozenset[str]:
    found = (_singular(word) for word in words)
    return frozenset(_ALIKE.get(word, word) for word in found if word not in _ASIDE)


def _singular(word: str) -> str:
    """Return a form that singular and plural of a noun share; it need not be a word."""
    word = _IRREGULAR.get(word, word)
    for ending in ("ches", "shes", "sses", "xes"):
        if word.endswith(ending):
            return word[:-2]
    word = word[:-1] if word.endswith("s") and not word.endswith("ss") else word
    for ending, one in (("ie", "y"), ("ve", "f"), ("fe", "f")):
        if word.endswith(ending) and len(word) > len("pie"):
            return word[:-2] + one
    return word
