"""What stands inside of tags, in time that is linear in the text: a tag that is never closed is looked for once."""

from collections.abc import Iterator, Sequence


def inside_marks(text: str, opening: str, closing: str) -> Iterator[tuple[int, str]]:
    """Yield where each `opening … closing` begins and what stands between; marks do not nest."""
    start = text.find(opening)
    while start >= 0:
        end = text.find(closing, start + len(opening))
        if end < 0:
            return
        yield start, text[start + len(opening) : end]
        start = text.find(opening, end + len(closing))


def inside_tags(text: str, names: Sequence[str] = ("answer",)) -> list[str]:
    """Return the different texts inside of `<name>…</name>`, without blanks at their ends, in the order they stand."""
    found = sorted(one for name in names for one in inside_marks(text, f"<{name}>", f"</{name}>"))
    return list(dict.fromkeys(inside.strip() for _, inside in found))
