"""Where the document stands in a completion.

The strict rule of an examiner: one document. It is the whole final text (after the thinking, without end-of-turn
tokens), or the inside of its one `<answer>` tag, or its one fenced code block with prose around. Several blocks are
several answers and none is taken, unless all but one are marked as another language than the document's.
"""

import re
from typing import Literal, NamedTuple

from reward_server.documents.reading import Format
from reward_server.extraction.region import final_region

Wrapping = Literal["any", "bare", "fenced"]
"""Which of these is accepted: any; nothing around the document; a fenced block alone around it."""

_FENCE = re.compile(r"[ ]{0,3}(`{3,}|~{3,})[ \t]*([\w.+#-]*)[^`]*")
_NAMES = {"yml": "yaml", "json5": "json", "jsonc": "json", "geojson": "json"}
_MAX_FENCES = 50


class FoundDocument(NamedTuple):
    """A document's text, or why there is none."""

    text: str | None
    rule: str
    """`whole_text`, `answer_tag`, `fenced_block`; or `none`, `several_blocks`, `not_bare`, `not_fenced`."""


def find_document(completion: str, form: Format, wrapping: Wrapping = "any", window: int = 1 << 19) -> FoundDocument:
    """Return the one document of a completion; at most its last `window` characters are looked at."""
    text = final_region(completion, window).text.strip()
    if not text:
        return FoundDocument(None, "none")
    _before, tag, rest = text.partition("<answer>")
    inside, closed, _after = rest.partition("</answer>")
    if tag and (not closed or "<answer>" in rest):
        return FoundDocument(None, "several_blocks" if "<answer>" in rest else "none")
    inside = inside.strip() if tag else text
    around = "answer_tag" if tag else "whole_text"
    blocks = _blocks(inside, form)
    if wrapping == "bare":
        fenced = inside.startswith(("```", "~~~"))
        return FoundDocument(None, "not_bare") if fenced or tag else FoundDocument(text, "whole_text")
    if not blocks:
        return FoundDocument(None, "not_fenced") if wrapping == "fenced" else FoundDocument(inside, around)
    if len(blocks) > 1:
        return FoundDocument(None, "several_blocks")
    return FoundDocument(blocks[0], "fenced_block")


def fenced_blocks(text: str) -> list[tuple[str, str]]:
    """Return (language in lower case, content) of each fenced block, as CommonMark 4.5 reads them, in one pass.

    A block that is never closed runs to the end of the text.
    """
    if "```" not in text and "~~~" not in text:
        return []
    blocks: list[tuple[str, str]] = []
    fence, language = "", ""
    lines: list[str] = []
    for line in text.split("\n"):
        bare = line.strip()
        if fence:
            if bare.startswith(fence) and not bare.strip(fence[0]):
                blocks.append((language, "\n".join(lines)))
                fence, lines = "", []
            else:
                lines.append(line)
        elif bare[:3] in {"```", "~~~"} and (opened := _FENCE.fullmatch(line.rstrip())):
            fence, language = opened[1], opened[2].lower()
    if fence:
        blocks.append((language, "\n".join(lines)))
    return blocks[:_MAX_FENCES]


def _blocks(text: str, form: Format) -> list[str]:
    """Return the fenced blocks that may be the document: those of its language, and those of none."""
    blocks = fenced_blocks(text)
    named = [content for tag, content in blocks if _NAMES.get(tag, tag) == form]
    unnamed = [content for tag, content in blocks if not tag or tag in {"text", "txt", "plaintext"}]
    return named + unnamed
