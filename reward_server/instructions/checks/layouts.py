"""IFBench's layouts: nesting, quotations, indents, bullets, emoji, HTML."""

import re
from itertools import pairwise

from reward_server.instructions import Finding, instruction
from reward_server.instructions.answer import Answer
from reward_server.instructions.emoji import EMOJI

_PAIRS = {")": "(", "]": "[", "}": "{"}
_DEEP, _QUOTED = 5, 3
_LOOKED_AT = 200
_MARKS = "*_)]\"'”’» \t\n.!?…:;,~-–—"
_QUOTATION = re.compile(r"\"[^\"\n]*\"|“[^”\n]*”")
_THESIS = re.compile(r"<(i|em)>([^<]*)</\1>")


def _says(text: str) -> bool:
    return any(map(str.isalnum, text))


@instruction("format:parentheses")
def parentheses(answer: Answer) -> Finding:
    """Brackets of any sort nested five deep and closed again, with text inside."""
    levels: list[tuple[str, int, int]] = []
    deepest = 0
    for place, sign in enumerate(answer.text):
        if sign in "([{":
            levels.append((sign, place, 0))
        elif sign in _PAIRS:
            if not levels or levels[-1][0] != _PAIRS[sign]:
                levels = []
                continue
            _, start, inside = levels.pop()
            depth = inside + 1 if inside or _says(answer.text[start : min(place, start + _LOOKED_AT)]) else 0
            deepest = max(deepest, depth)
            if levels:
                opened, where, below = levels[-1]
                levels[-1] = (opened, where, max(below, depth))
    return Finding(deepest >= _DEEP, deepest)


@instruction("format:quotes")
def quotes(answer: Answer) -> Finding:
    """Quotations three deep, double and single marks in turn, closed again. An apostrophe inside of a word is none."""
    text, levels, deepest, reached = answer.text, list[str](), 0, 0
    for place, sign in enumerate(text):
        mark = {"“": '"', "”": '"', "‘": "'", "’": "'"}.get(sign, sign)
        if mark not in {'"', "'"} or (
            mark == "'" and text[place - 1 : place].isalnum() and text[place + 1 : place + 2].isalnum()
        ):
            continue
        if levels and levels[-1] == mark and _says(text[max(0, place - 60) : place]):
            levels.pop()
            deepest = max(deepest, reached if not levels else 0)
        else:
            levels.append(mark)
            reached = len(levels) if len(levels) == 1 else max(reached, len(levels))
    return Finding(deepest >= _QUOTED, deepest)


@instruction("format:newline")
def newline(answer: Answer) -> Finding:
    """Every word on a line of its own, and two words or more."""
    words = [len(line.split()) for line in answer.lines if _says(line)]
    return Finding(len(words) > 1 and all(count == 1 for count in words), {"lines": len(words)})


@instruction("format:emoji")
def emoji(answer: Answer) -> Finding:
    """Every sentence ends with an emoji, in front of its sign or behind it."""
    sentences = answer.sentences
    ends = []
    for number, sentence in enumerate(sentences):
        after = sentences[number + 1] if number + 1 < len(sentences) else ""
        ends.append(_ends_with_emoji(sentence) or EMOJI.match(after.lstrip(_MARKS)) is not None)
    return Finding(bool(ends) and all(ends), {"sentences": len(ends), "with": sum(ends)})


def _ends_with_emoji(sentence: str) -> bool:
    text = sentence.rstrip(_MARKS).rstrip("\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff\u20e3")
    return EMOJI.match(text[-1:]) is not None


@instruction("format:line_indent")
def line_indent(answer: Answer) -> Finding:
    """Every line is indented further than the one before, and there are two or more."""
    indents = [len(line) - len(line.lstrip(" \t")) for line in answer.lines]
    rising = all(first < second for first, second in pairwise(indents))
    return Finding(len(indents) > 1 and rising, indents[:20])


@instruction("format:quote_unquote")
def quote_unquote(answer: Answer) -> Finding:
    """Behind every quotation stands unquoted text, and there is a quotation."""
    found = list(_QUOTATION.finditer(answer.text))
    ends = [*(match.start() for match in found[1:]), len(answer.text)]
    bare = sum(not _says(answer.text[match.end() : end]) for match, end in zip(found, ends, strict=False))
    return Finding(bool(found) and not bare, {"quotations": len(found), "unexplained": bare})


@instruction("format:thesis")
def thesis(answer: Answer) -> Finding:
    """A statement in `<i>` or `<em>`, with text behind it."""
    found = _THESIS.search(answer.text)
    passed = found is not None and _says(found[2]) and _says(answer.text[found.end() :])
    return Finding(passed, found and found[2][:60])


@instruction("format:sub-bullets")
def sub_bullets(answer: Answer) -> Finding:
    """Lines that begin with `*`, each followed by one or more that begin with `-`."""
    marks = [line.strip()[:1] for line in answer.lines if line.strip()[:2] in {"* ", "- "} and _says(line)]
    wrong = sum(mark == "*" and marks[number + 1 : number + 2] != ["-"] for number, mark in enumerate(marks))
    return Finding("*" in marks and not wrong, {"bullets": marks.count("*"), "without": wrong})


@instruction("format:no_bullets_bullets")
def sentences_then_bullets(answer: Answer) -> Finding:
    """Two sentences or more that end in a full stop, then two or more `*` bullets, and nothing else."""
    lines = [line.strip() for line in answer.lines]
    first = next((number for number, line in enumerate(lines) if line.startswith("* ")), len(lines))
    sentences = Answer("\n".join(lines[:first])).sentences
    stopped = sum(sentence.rstrip("\"'”)*_").endswith(".") for sentence in sentences)
    bullets = [line for line in lines[first:] if line.startswith("* ") and _says(line)]
    passed = stopped > 1 and len(bullets) > 1 and len(bullets) == len(lines) - first
    return Finding(passed, {"sentences": stopped, "bullets": len(bullets)})
