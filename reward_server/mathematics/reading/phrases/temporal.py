"""Clock times and calendar dates, recognised as a whole text or not at all."""

import re

from reward_server.mathematics.tree.nodes import CalendarDate, Clock

_CLOCK = re.compile(
    r"(?P<hour>\d{1,2}):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?\s*(?P<half>[ap]\.?\s?m\.?)?", re.IGNORECASE
)
_PART_OF_DAY = re.compile(r"\s*(?:in\s+the\s+(morning|afternoon|evening)|(noon|midnight))", re.IGNORECASE)
_HALVES = {"morning": " am", "afternoon": " pm", "evening": " pm"}
_HOUR_ONLY = re.compile(r"(?P<hour>\d{1,2})\s*(?P<half>[ap]\.?\s?m\.?)", re.IGNORECASE)
_OCLOCK = re.compile(r"(?P<hour>\d{1,2})\s*o\s?['’]?\s?clock(?:\s+(?P<half>[ap]\.?\s?m\.?))?", re.IGNORECASE)
_MONTHS = {
    name: n
    for n, name in enumerate(
        [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ],
        1,
    )
}
_MONTH = r"(?P<month>" + "|".join(f"{name[:3]}(?:{name[3:]})?" for name in _MONTHS) + r")\.?"
_DATES = (
    re.compile(_MONTH + r"\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:\s*,?\s*(?P<year>\d{4}))?", re.IGNORECASE),
    re.compile(
        r"(?:the\s+)?(?P<day>\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?" + _MONTH + r"(?:\s*,?\s*(?P<year>\d{4}))?",
        re.IGNORECASE,
    ),
    re.compile(r"(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})"),
    re.compile(r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日"),
)
_CALENDAR = re.compile(r"(?P<year>[12]\d{3})-(?P<month>\d{2})-(?P<day>\d{2})")
_PLAIN = re.compile(r"[\d\s.,+*()=^_$-]*")
"""What no time or date is written with alone: it needs a colon, a letter or a slash."""
_NEVER = frozenset("^+=*()[]<>")
"""Signs that no time or date is written with."""
_TEXT = re.compile(r"\\(?:text|mbox|mathrm|textrm|textnormal)\s*\{([^{}]*)\}")


def temporal(text: str) -> Clock | CalendarDate | None:
    r"""Return the time or date a text is, with `\text` around its parts dropped; None for anything else."""
    if _PLAIN.fullmatch(text):
        found = _CALENDAR.fullmatch(text)
        return _date(found.groupdict()) if found is not None else None
    if not _NEVER.isdisjoint(text):
        return None
    bare = _TEXT.sub(r" \1 ", text) if "\\t" in text or "\\m" in text else text
    bare = bare.replace("\\", " ").replace("~", " ").strip(" .")
    if not bare or "{" in bare or len(bare) > 40 or not any(map(str.isdigit, bare)):
        return None
    bare = _with_half(bare)
    match = _CLOCK.fullmatch(bare) or _HOUR_ONLY.fullmatch(bare) or _OCLOCK.fullmatch(bare)
    if match is not None:
        return _clock(match.groupdict())
    for pattern in _DATES:
        match = pattern.fullmatch(bare)
        if match is not None:
            return _date(match.groupdict())
    return None


def _with_half(text: str) -> str:
    """Write "in the afternoon" as pm, and 12 noon as the hour it is."""
    found = _PART_OF_DAY.search(text) if "n" in text or "N" in text else None
    if found is None or found.end() < len(text):
        return text
    if found[2] is None:
        return text[: found.start()] + _HALVES[found[1].lower()]
    hour = "12:00 pm" if found[2].lower() == "noon" else "12:00 am"
    return hour if text[: found.start()].strip() in {"12", "12:00"} else text


def _clock(parts: dict[str, str | None]) -> Clock | None:
    half = (parts["half"] or "").lower().replace(".", "").replace(" ", "")
    hour, minute = int(parts["hour"] or 0), int(parts.get("minute") or 0)
    if half == "pm" and 12 < hour < 24:
        half = ""
    if hour > (12 if half else 24) or (half and hour == 0):
        return None
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return Clock(hour * 3600 + minute * 60 + int(parts.get("second") or 0), half)


def _date(parts: dict[str, str | None]) -> CalendarDate | None:
    month_text = (parts["month"] or "").lower()
    month = (
        int(month_text)
        if month_text.isdigit()
        else next(n for name, n in _MONTHS.items() if name[:3] == month_text[:3])
    )
    day = int(parts["day"] or 0)
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return CalendarDate(int(parts["year"] or 0), month, day)
