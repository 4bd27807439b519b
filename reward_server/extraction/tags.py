"""What stands inside of tags, in time that is linear in the text: a tag that is never closed is looked for once."""

from collections.abc import Sequence


def inside_tags(text: str, names: Sequence[str] = ("answer",)) -> list[str]:
    """Return the different texts inside of `<name>…</name>`, without blanks at their ends, in the order they stand."""
    found: list[tuple[int, str]] = []
    for name in names:
        opening, closing = f"<{name}>", f"</{name}>"
        start = text.find(opening)
        while start >= 0:
            end = text.find(closing, start + len(opening))
            if end < 0:
                break
            found.append((start, text[start + len(opening) : end].strip()))
            start = text.find(opening, end + len(closing))
    return list(dict.fromkeys(inside for _, inside in sorted(found)))
