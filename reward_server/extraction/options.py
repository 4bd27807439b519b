"""The options of a question, as data sets store them: a list, an object by letter, or one text with labels.

In a sentence an option is found word for word.
"""

import re
import string
import unicodedata

from reward_server.errors import TaskError

_MAX_OPTIONS = 26
_WORD = re.compile(r"[^\W_]+|[^\w\s]")
_BESIDE_AN_OPTION = re.compile(
    r"the|an?|is|are|it|that|this|one|of|them|to|option|answer|choice|correct|right|best|final|would|be|colou?r|[.:,]"
)
"""Words that may stand beside an option's text in an announcement."""
OWN_LABEL = re.compile(r"\s*[(\[]?([A-Z])\s*[)\].:：、]\s*")
OPTION_LETTER = re.compile(r"\W*(?:\\text\w*\{)?[\s($\[]*([A-Za-z])\s*[)\].:：}\s$]*")


def read_options(options: list[str] | dict[str, str] | str | None) -> dict[str, str]:
    """Return the options' texts by letter.

    Raises:
        TaskError: there are too many options, or a label is not a letter.
    """
    if options is None:
        return {}
    if isinstance(options, str):
        return _labelled(options)
    if isinstance(options, dict):
        read = {}
        for label, text in options.items():
            letter = OPTION_LETTER.fullmatch(label)
            if letter is None:
                raise TaskError(f"options: {label[:20]!r} is not a letter")
            read[letter[1].upper()] = str(text)
        return read
    if len(options) > _MAX_OPTIONS:
        raise TaskError(f"options: {len(options)} are more than {_MAX_OPTIONS}")
    letters = string.ascii_uppercase[: len(options)]
    labels_own = [OWN_LABEL.match(text) for text in options]
    if all(label and label[1] == letter for label, letter in zip(labels_own, letters, strict=True)):
        options = [OWN_LABEL.sub("", text, count=1) for text in options]
    return dict(zip(letters, options, strict=True))


def _labelled(text: str) -> dict[str, str]:
    """Split one text at its labels A, B, C, … in this order."""
    labels: list[re.Match[str]] = []
    for letter in string.ascii_uppercase:
        label = re.compile(rf"(?:^|\s)[(\[]?{letter}\s?[)\].:：、]\s?").search(text, labels[-1].end() if labels else 0)
        if label is None:
            break
        labels.append(label)
    if not labels:
        raise TaskError(f"options: no labels A, B, … in {text[:40]!r}")
    ends = [label.start() for label in labels[1:]] + [len(text)]
    texts = [text[label.end() : end].strip() for label, end in zip(labels, ends, strict=True)]
    return dict(zip(string.ascii_uppercase, texts, strict=False))


def words_of(text: str) -> tuple[str, ...]:
    """Return the words and signs of a text."""
    return tuple(_WORD.findall(text))


def _folded_words(content: str) -> tuple[str, ...]:
    return words_of(unicodedata.normalize("NFKC", content).casefold())


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
