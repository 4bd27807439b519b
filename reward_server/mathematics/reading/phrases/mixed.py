r"""Quantities in two or three units of one kind: "2 h 30 min", "2 hours and 30 minutes", `5'6"`."""

import re

_TEXT = re.compile(r"\\(?:text|mbox|textrm|mathrm)\s*\{([^{}]*)\}|\\[,;: ]|~")
_JOIN = r"\s*(?:and\s+)?"
_NUMBER = r"(\d{1,6}(?:\.\d{1,6})?)\s*"
_KINDS = (
    (
        ("days", "hours", "minutes", "seconds"),
        (r"d(?:ays?)?", r"h(?:(?:ou)?rs?)?\.?", r"m(?:in(?:ute)?s?)?\.?", r"s(?:ec(?:ond)?s?)?\.?"),
    ),
    (("ft", "in"), (r"(?:ft\.?|feet|foot|['’′])", "(?:in\\.?|inch(?:es)?|[\"”″]|'')")),
    (("dollars", "cents"), (r"dollars?", r"cents?")),
    (("lb", "oz"), (r"(?:lbs?\.?|pounds?)", r"(?:oz\.?|ounces?)")),
)
_PATTERNS = tuple(
    (names[place : place + count], re.compile(_JOIN.join(_NUMBER + unit for unit in units[place : place + count])))
    for names, units in _KINDS
    for count in (2, 3)
    for place in range(len(units) - count + 1)
)
_NEVER = frozenset("^+=()*/<>")
"""Signs that no such quantity is written with."""
_LONGEST = 60


def in_two_units(text: str) -> str | None:
    """Return a quantity in several units in the words the grammar reads; None for any other text."""
    if len(text) > _LONGEST or not text[:1].isdigit() or text[-1:].isdigit() or not _NEVER.isdisjoint(text):
        return None
    bare = " ".join(_TEXT.sub(r" \1 ", text).split()) if "\\" in text or "~" in text else text
    if sum(map(str.isdigit, bare)) == len(bare) - 1:
        return None
    for names, pattern in _PATTERNS:
        match = pattern.fullmatch(bare)
        if match is not None:
            return " ".join(f"{number} {name}" for number, name in zip(match.groups(), names, strict=True))
    return None
