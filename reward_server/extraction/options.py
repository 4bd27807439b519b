"""The options of a question, as data sets store them: a list, an object by letter, or one text with labels.

In a sentence an option is found word for word.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate

from reward_server.errors import TaskError
from reward_server.extraction.sequences import SEQUENCES, bracketed, core, folded, numbered, plainly
from reward_server.normal_forms import normal_form

_MAX_OPTIONS = 100
LONGEST_LABEL = 40
LONGEST_LABELS = 800
"""Characters of all labels together: patterns are compiled of them while everybody waits."""
_MEASURES = re.compile(r"(?:[^\W\d]{1,3}|[%°‰]\S{0,2})(?:\s|$)|[-+*/=^<>×·%°]")
"""What behind a number and blanks makes it no label: a unit, an operator."""
_WORD = re.compile(r"[^\W_]+|[^\w\s]")
_BESIDE_AN_OPTION = re.compile(
    r"the|an?|is|are|it|that|this|one|of|them|to|option|answer|choice|correct|right|best|final|would|be|colou?r|[.:,]"
)
"""Words that may stand beside an option's text in an announcement."""


def read_options(
    options: list[str] | dict[str, str] | str | None, labels: Sequence[str] | None = None
) -> dict[str, str]:
    """Return the options' texts by label; without options, the labels with empty texts.

    A list whose texts carry the labels of a known sequence ("1) …", "(가) …", "① …") has those; one without has A to Z,
    AA, AB, …. A single Latin letter is a capital; brackets around labels and case are no part of them.

    Raises:
        TaskError: there are too many options, labels read alike or have no letter or digit, or their number differs.
    """
    named = [_label(label) for label in labels or ()]
    if options is None:
        return _distinct(named, [""] * len(named))
    if isinstance(options, str):
        return _labelled(options, [named] if named else SEQUENCES)
    if isinstance(options, dict):
        if named and named != [_label(label) for label in options]:
            raise TaskError("labels: `options` is an object with other labels")
        return _distinct([_label(label) for label in options], [str(text) for text in options.values()])
    if named and len(named) != len(options):
        raise TaskError(f"labels: {len(named)} for {len(options)} options")
    own, texts = _own_labels(options, [tuple(named)] if named else SEQUENCES)
    return _distinct(named or own, texts)


def _label(label: str) -> str:
    bare = core(str(label))
    plain = bare[:1].isalnum() and (bare[-1].isalnum() or unicodedata.category(bare[-1]).startswith("M"))
    if not plain or len(bare) > LONGEST_LABEL:
        raise TaskError(f"options: {str(label)[:20]!r} is no label")
    return bare


def _distinct(labels: Sequence[str], texts: Sequence[str]) -> dict[str, str]:
    if len(texts) > _MAX_OPTIONS:
        raise TaskError(f"options: {len(texts)} are more than {_MAX_OPTIONS}")
    if (length := sum(map(len, labels))) > LONGEST_LABELS:
        raise TaskError(f"options: their labels have {length} characters together, more than {LONGEST_LABELS}")
    if len({folded(label) for label in labels}) < len(labels):
        raise TaskError("options: two labels read alike")
    return dict(zip(labels, texts, strict=True))


def _own_labels(options: list[str], sequences: Iterable[tuple[str, ...]]) -> tuple[Sequence[str], list[str]]:
    """Return the labels that all texts of a list carry, and the texts without them."""
    for sequence in sequences:
        if len(sequence) < len(options) or not options:
            continue
        labels = [_label(label) for label in sequence[: len(options)]]
        texts = _without_labels(options, sequence)
        if texts is not None:
            return labels, texts
    return numbered(len(options)), options


def _without_labels(options: list[str], sequence: tuple[str, ...]) -> list[str] | None:
    """Return the texts without the labels that all of them carry; None where some do not, or they are no labels.

    "①②" and "(1) and (2)" speak of statements, "1  km" of a length, and "(1) only" beside "(2) only" are no options
    called 1 and 2 with one and the same text.
    """
    written = [bracketed(text.strip()) for text in options]
    found = [own_label(label).match(text) for label, text in zip(sequence, written, strict=False)]
    if not all(found):
        return None
    rests = [text[one.end() :] for one, text in zip(found, written, strict=True) if one]
    joined = [_joins_another(sequence).match(rest) is not None for rest in rests]
    alike = len(rests) > 1 and len(set(rests)) == 1 and rests[0] != ""
    apart = [one.group().strip() == label for one, label in zip(found, sequence, strict=False) if one]
    measured = all(apart) and all(_MEASURES.match(rest) for rest in rests)
    if alike or measured or joined[0] or 2 * sum(joined) >= len(joined):
        return None
    return [_behind(text.strip(), one.end()) for one, text in zip(found, options, strict=True) if one]


def _behind(text: str, place: int) -> str:
    """Return the text, written plainly, from a place in it as it is with circled labels in brackets."""
    ends = accumulate(len(bracketed(character)) for character in text)
    taken = next((at for at, end in enumerate(ends, 1) if end >= place), len(text))
    return plainly(text[taken:])


@lru_cache(maxsize=128)
def _joins_another(sequence: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of another label behind a label: "(1) and (2)", "①②"."""
    one = "|".join(sorted(map(re.escape, sequence), key=len, reverse=True))
    words = r"(?:[,，、;；&]|和|与|與|及|或|と|와|과|\b(?:and|or|but|und|oder|et|ou|y|e|и|или)\b)"
    enclosed = rf"[(\[（]\s?(?:{one})\s?[)\]）]"
    return re.compile(rf"\s*(?:{words}\s*(?:{one})(?!\w)|(?:{words}|[-+/|∧∨])?\s*{enclosed}|(?:{one})\s?[)\]）])")


@lru_cache(maxsize=512)
def own_label(label: str) -> re.Pattern[str]:
    """Return the pattern of a label in front of its option's text: "A)", "(1)", "2. ", "ア："."""
    closed = r"[)\]）]\s*(?:[.:：、．](?!\d)\s*)?"
    ends = rf"(?:\s?{closed}|[.．、]\s+|\s{{2,}})" if label.isdecimal() else rf"\s*(?:{closed}|[.:：、．]\s*)"
    return re.compile(rf"\s*[(\[（]?{re.escape(label)}{ends}")


def _labelled(text: str, sequences: Iterable[Sequence[str]]) -> dict[str, str]:
    """Split one text at its labels A, B, C, … or those of another sequence, in this order."""
    found: list[re.Match[str]] = []
    labels: Sequence[str] = ()
    plain = plainly(text)
    for sequence in sequences:
        cuts = _cuts(plain, sequence)
        if len(cuts) > len(found):
            found, labels = cuts, [_label(label) for label in sequence[: len(cuts)]]
        if len(cuts) > 1:
            break
    if not found:
        raise TaskError(f"options: no labels A, B, … in {text[:40]!r}")
    ends = [cut.start() for cut in found[1:]] + [len(plain)]
    texts = [plain[cut.end() : end].strip() for cut, end in zip(found, ends, strict=True)]
    return _distinct(labels, texts)


def _cuts(text: str, sequence: Sequence[str]) -> list[re.Match[str]]:
    cuts: list[re.Match[str]] = []
    for label in sequence:
        ends = r"(?:\s?[)\]）]\s?|[.．、:：]\s|\s{2,})" if label.isdecimal() else r"\s?[)\].:：、．）]\s?"
        pattern = re.compile(rf"(?:^|\s)[(\[（]?{re.escape(label)}{ends}")
        since = cuts[-1].end() if cuts else 0
        cut = pattern.search(text, since - 1 if cuts and text[since - 1].isspace() else since)
        if cut is None:
            break
        cuts.append(cut)
    return cuts


def words_of(text: str) -> tuple[str, ...]:
    """Return the words and signs of a text."""
    return tuple(_WORD.findall(text))


def _folded_words(content: str) -> tuple[str, ...]:
    return words_of(normal_form("NFKC", content).casefold())


def standing_in(options: dict[str, tuple[str, ...]], content: str) -> set[str]:
    """Return the options whose words stand in the content one after another, not inside another option's words."""
    words = _folded_words(content)
    found = {letter: text for letter, text in options.items() if text and _contains(words, text)}
    longest = max(found.values(), key=len, default=())
    return {letter for letter, text in found.items() if not (len(text) < len(longest) and set(text) <= set(longest))}


def _contains(words: tuple[str, ...], text: tuple[str, ...]) -> bool:
    return any(words[at : at + len(text)] == text for at in range(len(words) - len(text) + 1))


def stands_plainly(letter: str, options: dict[str, tuple[str, ...]], content: str) -> bool:
    """Tell whether only words of the allow list and the option's own letter stand beside its words."""
    text = {*options[letter], letter.casefold(), "(", ")"}
    return all(word in text or _BESIDE_AN_OPTION.fullmatch(word) for word in _folded_words(content))
