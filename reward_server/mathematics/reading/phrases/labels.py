r"""Labels in front of values: `(a) 5, (b) 7`, "Minimum: 1, Maximum: 3", `\text{switch: } 3/4, \text{stay: } 1/4`.

A label that counts or names one of several values becomes the value's name, `\text{minimum} = 1`, so that the tree
keeps which value is which; a label in front of a single value is dropped.
"""

import re

from reward_server.mathematics.reading.phrases.nouns import is_label

_COUNTER = re.compile(
    r"(?:\\text(?:bf)?\s*\{\s*)?\(\s*(?:\\text(?:bf)?\{|\\mathrm\{)?([a-hA-H1-8]|[ivIV]{1,3})\}?\s*\)(?:\s*\}|\s*:)?\s*"
)
_COUNTERS = (
    "abcdefgh",
    "ABCDEFGH",
    "12345678",
    ("i", "ii", "iii", "iv", "v", "vi"),
    ("I", "II", "III", "IV", "V", "VI"),
)
_LETTER = r"\(\s*(?:[a-h]|i|ii|iii|iv|vi{0,3}|ix)\s*\)"
_SINGLE = re.compile(
    rf"(?:\\text(?:bf|rm)?\s*\{{\s*{_LETTER}\s*\}}|(?:{_LETTER}|[a-h]\))(?=:?[\s\\])):?(?:\s|\\[ ,;:])*"
    r"(?=[-+]?\d|\\(?:[dt]?frac|sqrt|text|pi)|\$)"
)
_WORD_LABEL = re.compile(
    r"(?:\\(?:text(?:bf)?|mathrm|mbox)\s*\{\s*)?([A-Za-z][A-Za-z ]{1,40}?)\s*(?:\}\s*:|:\s*\}|:)\s*"
)
_RELATION = re.compile(r"[=<>~]|\\(?:le|ge|ne|lt|gt|leq|geq|in|approx)\b")


def without_labels(text: str, ignored: list[str]) -> str:
    """Return the text with labels as names, or without the label of a single value, which is added to `ignored`."""
    if "(" in text or ")" in text:
        counted = _counted(text)
        if counted is not None:
            return counted
        match = _SINGLE.match(text)
        if match is not None:
            ignored.append(match[0].strip())
            return text[match.end() :]
    return _named(text) if ":" in text else text


def _counted(text: str) -> str | None:
    """Name the parts of a list that counts them, in whatever order."""
    counters = list(_COUNTER.finditer(text))
    if len(counters) < 2:
        return None
    for labels in _COUNTERS:
        found = [match for match in counters if match[1] in labels]
        if len(found) < 2 or found[0].start() or sorted(m[1] for m in found) != sorted(labels[: len(found)]):
            continue
        ends = [match.start() for match in found[1:]] + [len(text)]
        parts = [text[match.end() : end].strip(" ,;.:\n\\~") for match, end in zip(found, ends, strict=True)]
        if not all(parts):
            return None
        if any(_RELATION.search(part) or ":" in part for part in parts):
            in_order = sorted(zip(found, parts, strict=True), key=lambda pair: labels.index(pair[0][1]))
            return "; ".join(part for _, part in in_order)
        return "; ".join(rf"\text{{part {m[1]}}} = {part}" for m, part in zip(found, parts, strict=True))
    return None


def _named(text: str) -> str:
    """Name the values of `label: value, label: value`."""
    found = list(_WORD_LABEL.finditer(text))
    if not found or found[0].start() or not all(is_label(match[1]) for match in found):
        return text
    ends = [match.start() for match in found[1:]] + [len(text)]
    parts = [text[match.end() : end].strip(" ,;\n\\~") for match, end in zip(found, ends, strict=True)]
    parts = [re.sub(r"\s*,?\s*(?:\\text\s*\{\s*)?\band\b\s*\}?$", "", part).strip(" ,;") for part in parts]
    if not all(parts) or any(_RELATION.search(part) or "," in part for part in parts):
        return text
    return "; ".join(rf"\text{{{match[1].strip().lower()}}} = {part}" for match, part in zip(found, parts, strict=True))
