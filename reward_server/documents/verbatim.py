"""An answer that must be taken letter by letter, such as a pattern or a SMILES, in which no sign is decoration."""

import re
from collections.abc import Collection, Sequence

from reward_server.documents.finding import fenced_blocks
from reward_server.extraction.region import final_region
from reward_server.extraction.tags import inside_tags
from reward_server.extraction.texts import find_text

_BOXED = re.compile(r"\\boxed\{([^\n]{0,1000}?)\}(?=[\s$.,;]|$)")
_BRACE = re.compile(r"\\[{}]|[{}]")
_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")


def find_verbatim(text: str, languages: Collection[str], tags: Sequence[str] = ("answer",)) -> tuple[str, str]:
    """Return (answer, rule that found it); an empty answer where the completion offers none, or several.

    The first that is there: what stands in one of the `tags`, in it or else in the whole final
    text a fenced block of one of the `languages`, the tag alone, inline code, a box that is all of it, the whole text
    where it is one line without blanks, an announcement in words, the whole line.
    """
    region = final_region(text).text
    tagged = inside_tags(region, tags)
    if len(tagged) > 1:
        return "", "several_answers"
    inside = tagged[0] if tagged else region
    for rule, offered in (
        ("fenced_block", [content.strip("\n") for language, content in fenced_blocks(inside) if language in languages]),
        ("answer_tag", tagged),
        ("code_span", list(dict.fromkeys(_SPAN.findall(inside)))),
    ):
        if offered:
            return (_bare(offered[0]), rule) if len(offered) == 1 else ("", f"several_{rule}s")
    return _announced(text, region.strip())


def _box_alone(whole: str) -> str | None:
    """Return what stands in a box that is all of the text, letter by letter; a backslash makes a brace a sign."""
    bare = whole.strip().strip("$").removeprefix("\\[").removesuffix("\\]").strip()
    if not bare.startswith("\\boxed{"):
        return None
    depth = 0
    for brace in _BRACE.finditer(bare):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if depth == 0 and brace[0] == "}":
            return bare[len("\\boxed{") : brace.start()].strip() if brace.end() == len(bare) else None
    return None


def _announced(text: str, whole: str) -> tuple[str, str]:
    if (boxed := _box_alone(whole)) is not None:
        return boxed, "boxed"
    if not any(character.isspace() for character in whole):
        return whole, "whole_text"
    found = find_text(text)
    if found.rule == "whole_text":
        return ("", "none") if "\n" in whole else (_bare(whole), "whole_text")
    if found.rule == "boxed" and len(set(_BOXED.findall(whole))) > 1:
        return "", "several_boxes"
    return found.text, found.rule


def _bare(answer: str) -> str:
    """Take one pair of back quotes off."""
    quoted = len(answer) > 1 and answer[0] == answer[-1] == "`" and "`" not in answer[1:-1]
    return answer[1:-1] if quoted else answer
