"""Labels and labelled spans as a completion writes them, and how two sets of them compare.

A list is read as JSON where it is JSON (an array, or an object with one of `label`, `labels`, `answer`, `entities`,
`spans`, or a word for what is asked such as `sentiment`), else as parts between commas, semicolons or lines; a known
label that holds such a sign itself stays whole. Spans are JSON alone: `{"text", "label"}` objects, with `start` and
`end` where the task counts characters, `[text, label]` pairs, or an object of lists by label.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from reward_server.documents.reading import DocumentError, read

_SEPARATORS = re.compile(r"[,;\n、，；]")
_AND = re.compile(r" (?:and|&) ", re.IGNORECASE)
_BULLET = re.compile(r"^ ?(?:[-*•]|\d{1,3}[.)])\s+", re.MULTILINE)
_BULLET_BESIDE_SIGNS = re.compile(r"^ ?(?:[*•]|-(?!\s+\d)|\d{1,3}[.)])\s+", re.MULTILINE)
"""Where a label begins with a minus: "- 1" may be that."""
_LISTS = ("labels", "label", "answer", "entities", "spans")
_TEXT, _LABEL = ("text", "span", "word", "entity_text"), ("label", "type", "entity", "tag")
_NOUNS = (
    "label", "labels", "class", "classes", "category", "categories", "sentiment", "topic", "topics", "tag", "tags",
    "intent", "emotion", "emotions", "genre", "genres", "classification", "prediction", "stance", "type",
)  # fmt: skip
"""What one answer or several may be called in a question."""
_ASKED_LISTS = frozenset((*_LISTS, *_NOUNS))
_ASKED = re.compile(
    rf"(?:the\s+)?(?:(?:predicted|correct|final|overall)\s+)?(?:{'|'.join(_NOUNS)})(?:\s*[:：]|\s+(?:is|are)\b\s*:?)\s*(?=\S)",
    re.IGNORECASE,
)
"""What names that which is asked for, in front of the answer."""
MOST = 1_000
"""Labels or spans of one answer that are looked at; more are an answer that lists everything."""


class Unreadable(Exception):  # noqa: N818 - named after what was found
    """The answer is no list of labels or spans; the message says why."""


class Span(NamedTuple):
    """A labelled piece of a text."""

    label: str
    text: str
    start: int | None = None
    end: int | None = None


_BETWEEN_WORDS = re.compile(r"_|(?<=\w)\s?-\s?(?=[^\W\d])|(?<=[^\W\d])-(?=\w)|\s")
"""Blanks, and `_` and `-` between words; a minus in front of a number and a grade's (`B-`) are none."""


_INNER_MINUS = re.compile(r"(?<=\w)\s?-\s?(?=\w)")
"""What may be a minus or a hyphen: "topic-1" is topic 1 or topic −1, so that not both can be labels."""


def fold(label: str) -> str:
    """Return a label as it is compared: case, runs of blanks, `_` and `-` between words do not count; `-1` is not 1."""
    return " ".join(_BETWEEN_WORDS.sub(" ", label).split()).casefold()


def without_question(answer: str, known: Mapping[str, str]) -> str:
    """Return an answer without the words for what was asked: "Sentiment: positive", "The label is positive"."""
    if fold(answer) in known:
        return answer
    plain = answer.replace("**", "")
    asked = _ASKED.match(plain)
    return plain[asked.end() :] if asked else answer


def read_labels(answer: str, known: Mapping[str, str]) -> list[str]:
    """Return the labels of an answer, each as `known` (folded → label) spells it, or as it was written.

    Raises:
        Unreadable: it is JSON of another shape, signs alone, or lists more than `MOST` labels.
    """
    answer = answer.strip()
    if answer[:1] in {"[", "{"}:
        listed = _listed(answer, _ASKED_LISTS)
        if not all(isinstance(one, str | int) for one in listed):
            raise Unreadable("a list of something else than labels")
        found = [str(one) for one in listed]
    elif fold(answer) in known:
        found = [answer]
    else:
        lines = "\n".join(" ".join(line.split()) for line in answer.split("\n"))
        bullet = _BULLET_BESIDE_SIGNS if any(one.startswith("-") for one in known) else _BULLET
        parts = _SEPARATORS.split(bullet.sub("", lines), maxsplit=MOST)
        found = [part for whole in parts for part in _joined_by_and(whole.strip(), known)]
    if len(found) > MOST:
        raise Unreadable(f"more than {MOST} labels")
    named = [label for part in found if (label := part.strip().strip("*`\"'").strip())]
    if not named and answer[:1] not in {"[", "{"}:
        raise Unreadable("signs alone; that there is no label is said by [] or none")
    return [known.get(fold(label), label) for label in named]


def _joined_by_and(part: str, known: Mapping[str, str]) -> list[str]:
    part = re.sub(r"^(?:and|&)\s+", "", part, flags=re.IGNORECASE)
    return [part] if fold(part) in known else _AND.split(part, maxsplit=MOST)


def _listed(answer: str, names: Collection[str] = _LISTS) -> list[Any]:
    try:
        value = read(answer, "json")
    except DocumentError as error:
        raise Unreadable(f"not JSON: {error}") from None
    if isinstance(value, dict):
        named = [name for name in value if name in names]
        if len(value) == 1 and named:
            value = value[named[0]]
        elif value and not named and all(isinstance(texts, list) for texts in value.values()):
            value = [{"label": label, "text": text} for label, texts in value.items() for text in texts]
        else:
            raise Unreadable(f"an object of {', '.join(map(str, value))[:80]}, not a list")
    listed = value if isinstance(value, list) else [value]
    if len(listed) > MOST:
        raise Unreadable(f"more than {MOST} entries")
    return listed


def read_spans(answer: str) -> list[Span]:
    """Return the spans of an answer.

    Raises:
        Unreadable: it is not JSON of one of the forms above.
    """
    return [span_of(entry) for entry in _listed(answer.strip())]


def span_of(entry: Any) -> Span:
    """Return one span of an answer or of a ground truth.

    Raises:
        Unreadable: it has no text or no label, or its positions are no integers.
    """
    if isinstance(entry, list | tuple) and len(entry) == 2:  # noqa: PLR2004 - a pair
        entry = {"text": entry[0], "label": entry[1]}
    if not isinstance(entry, dict):
        raise Unreadable(f"a {type(entry).__name__} is no span")
    text = next((entry[name] for name in _TEXT if name in entry), None)
    label = next((entry[name] for name in _LABEL if name in entry), None)
    start, end = entry.get("start"), entry.get("end")
    if not isinstance(text, str) or not isinstance(label, str):
        raise Unreadable("a span needs `text` and `label`")
    if not all(place is None or type(place) is int for place in (start, end)):
        raise Unreadable("`start` and `end` of a span are integers")
    return Span(label, text, start, end)


class Overlap(NamedTuple):
    """How many of two bags agree."""

    common: int
    right: int
    given: int

    @property
    def f1(self) -> float:
        """Twice the common ones over all of both, the harmonic mean of precision and recall; 1 for two empty bags."""
        return 2 * self.common / (self.right + self.given) if self.right + self.given else 1.0


def overlap(right: Iterable[Any], given: Iterable[Any]) -> tuple[Overlap, list[Any], list[Any]]:
    """Compare two bags: (counts, missing, surplus)."""
    wanted, got = Counter(right), Counter(given)
    common = sum((wanted & got).values())
    missing, surplus = list((wanted - got).elements()), list((got - wanted).elements())
    return Overlap(common, wanted.total(), got.total()), missing, surplus


def distinct(labels: Sequence[str], what: str, error: Callable[[str], Exception]) -> dict[str, str]:
    """Return folded → label of labels that must stay apart when folded.

    Raises:
        error: two of them read alike, or one has nothing to read in it; `what` names the field.
    """
    found: dict[str, str] = {}
    loosely: dict[str, str] = {}
    for label in labels:
        folded = fold(label)
        if not folded:
            raise error(f"{what}: {label!r} has nothing to read in it")
        other = loosely.setdefault(fold(_INNER_MINUS.sub(" ", label)), label)
        if other != label:
            raise error(f"{what}: {label!r} and {other!r} read alike")
        found[folded] = label
    return found
