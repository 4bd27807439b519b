"""Fenced blocks of a completion, by CommonMark's rules and as models bend them.

Beyond CommonMark a fence may close at the end of a line of code, and open at the end of a line of prose: behind a tag,
or without one behind a colon. One inside three quotes that are not closed yet is text, where a later one closes the
block; a block's tag may stand alone on its first line. Every pattern is linear on any text.
"""

import re
from dataclasses import dataclass

from reward_server.testing.languages import language_of

_FENCE = re.compile(
    r"^[ \t]*(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[^\n`]*)$"
    r"|^(?=[^\n`]*[^\s`])(?:[^\n`]++|`{1,2}+(?!`))*+(?P<late>`{3})(?P<tag>[\w+#.-]*)[ \t]*$",
    re.MULTILINE,
)
_QUOTES = ('"""', "'''")
_QUOTED_FENCE, _QUOTED = re.compile(r"^>[ ]?[ \t]*(?:```|~~~)", re.MULTILINE), re.compile(r"^>[ ]?", re.MULTILINE)
_LONGEST_TAG = 16
_SEPARATORS = re.compile(r"[\s{},:=]+")


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: its tag in lower case, its content, and whether a closing fence was seen."""

    tag: str
    content: str
    closed: bool


def blocks(text: str) -> list[Block]:
    """Return the fenced blocks of `text` in order."""
    return [block for block, _ in placed_blocks(text)]


def placed_blocks(text: str) -> list[tuple[Block, int]]:
    """Return the fenced blocks of `text` in order, each with the position of its content."""
    found: list[tuple[Block, int]] = []
    position = 0
    while (opening := _FENCE.search(text, position)) is not None:
        if opening["late"] and not _opens(text, opening):
            position = opening.end()
            continue
        start = min(opening.end() + 1, len(text))
        end, position, closed = _closing(text, start, opening["fence"] or opening["late"])
        found.append((Block(_tag(opening["info"] or opening["tag"] or ""), text[start:end], closed), start))
    return found


def first_bare_fence(text: str) -> tuple[int, int] | None:
    """Return the bounds of the first fence mark if it has no tag, so that it may close a block opened before `text`."""
    mark = re.search(r"(?<!`)`{3}(?!`)[ \t]*$", text, re.MULTILINE)
    if mark is None or "```" in text[: mark.start()]:
        return None
    return mark.start(), mark.end()


def _opens(text: str, opening: re.Match[str]) -> bool:
    """Say whether a fence behind other text opens a block: it has a tag, or follows a colon."""
    return bool(opening["tag"]) or text[opening.start() : opening.start("late")].rstrip().endswith((":", "："))


def _tag(info: str) -> str:
    words = _SEPARATORS.split(info.strip().lower().lstrip("{."), maxsplit=1)
    return words[0].removeprefix("language-").removeprefix("lang-") if words else ""


def _closing(text: str, start: int, fence: str) -> tuple[int, int, bool]:
    """Return where the block's content ends, where to go on, and whether the block was closed."""
    mark = re.escape(fence[0])
    # Possessive, and only from where a run of marks begins: linear on any text.
    closing = re.compile(rf"(?<!{mark}){mark}{{{len(fence)},}}+[ \t]*+$", re.MULTILINE)
    first = match = closing.search(text, start)
    if first is None:
        return len(text), len(text), False
    within, counted = [0, 0], start
    while match is not None:
        within = [
            number + text.count(quotes, counted, match.start()) for number, quotes in zip(within, _QUOTES, strict=True)
        ]
        if not any(number % 2 for number in within):
            return match.start(), match.end(), True
        counted = match.start()
        match = closing.search(text, match.end())
    return first.start(), first.end(), True


def unquoted(text: str) -> str:
    """Return `text` with fenced blocks that stand in a quotation (`> `) out of it."""
    return _QUOTED.sub("", text) if _QUOTED_FENCE.search(text) else text


def with_tag_inside(block: Block) -> Block:
    """Return the block with the name of a language on its first line as its tag, where it has none."""
    head, _, rest = block.content.partition("\n")
    if block.tag or len(head) > _LONGEST_TAG or not rest.strip() or language_of(head.strip()) is None:
        return block
    return Block(head.strip().lower(), rest, block.closed)
