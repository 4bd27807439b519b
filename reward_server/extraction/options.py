"""The options of a question, as data sets store them: a list, an object by letter, or one text with labels."""

import re
import string

from reward_server.errors import TaskError

_MAX_OPTIONS = 26
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
