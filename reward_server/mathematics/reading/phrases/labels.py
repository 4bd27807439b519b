r"""Labels in front of values: `(a) 5, (b) 7`, "Minimum: 1, Maximum: 3", `\text{switch: } 3/4, \text{stay: } 1/4`.

A label that names one of several values becomes the value's name, `\text{minimum} = 1`, so that the tree keeps which
value is which; labels that count make a list of parts, each read for itself, so that `(1) x > 2; (2) x > 3` is not both
at once; a label in front of a single value is dropped.
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


_WORD_BEHIND = re.compile(r"\s*[,;]?\s*(?:\\text\s*\{\s*)?(?:\b(?:and|with)\b|和)?\s*\}?\s*(?:\\text\s*\{)?\s*$")
"""What joins the value to the label behind it."""
_LETTERED = re.compile(
    r"(?:\\?\{)?\s*['\"]?[a-z]['\"]?: [^:,;{}=]{1,40}(?:[,;]\s*['\"]?[a-z]['\"]?: [^:,;{}=]{1,40}){1,7}(?:\\?\})?"
)
_OPENS_PARTS = frozenset("(\\")
_EDGE = re.compile(r"(?:\\[ ,;:!]|[ ,;.:\n~])+")
_EXTREME = re.compile(
    r"(?<![\\A-Za-z])(?:\\(?:text|mathrm)\s*\{\s*)?(?:the\s+)?(?:(?P<name>max|min)(?:imum)?|(?P<chinese>最[大小])值?)"
    r"(?![A-Za-z(])\s*(?:value\b\s*)?\}?\s*(?:\\text\s*\{\s*)?(?:\bis\b|=|:|为|是)?\s*\}?\s*",
    re.IGNORECASE,
)


def without_labels(text: str, ignored: list[str]) -> str:
    """Return the text with labels as names, or without the label of a single value, which is added to `ignored`."""
    if "(" in text or ")" in text:
        match = _SINGLE.match(text)
        if match is not None:
            ignored.append(match[0].strip())
            return text[match.end() :]
    extremes = _extremes(text) if ("ax" in text and "in" in text) or "最" in text else None
    if extremes is not None:
        return extremes
    if ": " in text and _LETTERED.fullmatch(text) is not None:
        return _valued(text)
    return _named(text) if ":" in text else text


def _valued(text: str) -> str:
    """Write `x: 1, y: 2` as equations; the text itself where a letter stands twice."""
    pairs = [part.split(":") for part in text.strip("\\{} ").replace(";", ",").split(",")]
    names = [name.strip(" '\"") for name, _ in pairs]
    if len(set(names)) < len(names):
        return text
    return ", ".join(f"{name} = {value.strip()}" for name, (_, value) in zip(names, pairs, strict=True))


def _bare(part: str) -> str:
    """Return a part without the marks and spaces around it."""
    opening = _EDGE.match(part)
    return part[opening.end() if opening is not None else 0 :].rstrip(" ,;.:\n\\~")


def _extremes(text: str) -> str | None:
    """Name the values of "maximum 5, minimum 2" in whatever order; None for any other text."""
    found = list(_EXTREME.finditer(text))
    names = [(match["name"] or {"最大": "max", "最小": "min"}[match["chinese"]]).lower() for match in found]
    if sorted(names) != ["max", "min"] or found[0].start():
        return None
    parts = [text[found[0].end() : found[1].start()], text[found[1].end() :]]
    parts = [_WORD_BEHIND.sub("", _bare(part)) for part in parts]
    if not all(parts) or any(_RELATION.search(part) for part in parts):
        return None
    return "; ".join(rf"\text{{{name}imum}} = {part}" for name, part in zip(names, parts, strict=True))


def counted_parts(text: str) -> list[str] | None:
    """Return what `(a) 3; (b) 5` says under each of its labels, first label first; None for other texts."""
    if text[:1] not in _OPENS_PARTS:
        return None
    counters = list(_COUNTER.finditer(text))
    if len(counters) < 2:
        return None
    for labels in _COUNTERS:
        found = [match for match in counters if match[1] in labels]
        if len(found) < 2 or found[0].start() or sorted(m[1] for m in found) != sorted(labels[: len(found)]):
            continue
        ends = [match.start() for match in found[1:]] + [len(text)]
        parts = {match[1]: _bare(text[match.end() : end]) for match, end in zip(found, ends, strict=True)}
        return [parts[label] for label in labels[: len(found)]] if all(parts.values()) else None
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
