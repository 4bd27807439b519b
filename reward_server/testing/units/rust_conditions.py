"""Conditions in Rust tests: their comparisons go through macros that look at the types of both sides.

`assert!(f(1) == 2)` becomes `assert!(reward_compare!(f(1), ==, 2))`, `(f(1) - 0.5).abs() < 1e-6` has its difference
looked at too. What is not one plain comparison, such as one in a closure, stays as it is.
"""

import re
from collections.abc import Iterator

from reward_server.testing.units.rust_text import brackets

Edit = tuple[int, int, str]
"""Start, end and what stands there instead."""
_CONDITION = re.compile(r"\b(?:debug_)?assert\s*!\s*(?=\()|\b(?:if|while)\b(?!\s+let\b)")
_SPLIT = re.compile(r"&&|\|\||==|!=|<=|>=|=>|(?<=\s)[<>](?=\s)|(?<=\s)-(?=\s)|\.\.|[|;,{]|[(\[]|[^\W\d]\w*")
_KEYWORDS = frozenset({"let", "if", "match", "return", "move", "unsafe", "while", "for", "loop", "break"})
_OTHERS = frozenset({"-", "..", "|", ";", "{", "=>"})
_COMPARING = frozenset({"==", "!=", "<=", ">=", "<", ">"})
_CALLED = re.compile(r"(?:[\w)\]?]|\w!|\S>)\Z")
_ABSOLUTE = re.compile(r"\babs\Z")
_OPENING = re.compile(r"[(\[{;]|=>")
_LONGEST = 4_000


def condition_edits(tests: str, said: str) -> list[Edit]:
    """Return the edits that have the comparisons of conditions looked at; `said` is the tests without texts.

    An `assert!` that says nothing of its own says its condition as it was written.
    """
    pairs = brackets(said) or {}
    found: list[Edit] = []
    after = 0
    for match in _CONDITION.finditer(said):
        start = match.end()
        if start < after:
            continue
        asserted = said[match.start()] in "ad"
        start, end = (start + 1, pairs[start]) if asserted else (start, _head_end(said, start, pairs))
        if end - start > _LONGEST:
            continue
        edits = list(_region(said, start, end, pairs, differs=False))
        if edits and asserted and edits[-1][1] == end:
            edits[-1] = (end, end, f'{edits[-1][2]}, "{{}}", r######"{tests[start:end].strip()}"######')
        found += edits
        after = end
    return found


def _head_end(said: str, at: int, pairs: dict[int, int]) -> int:
    """Return where the condition ends whose body follows; the start where it is another thing."""
    start = at
    while (sign := _OPENING.search(said, at)) is not None:
        if sign[0] == "{":
            return sign.start()
        if sign[0] not in "([":
            return start
        at = pairs[sign.start()]
    return start


def _region(said: str, start: int, end: int, pairs: dict[int, int], *, differs: bool) -> Iterator[Edit]:
    """Yield the edits of one bracket's inside: up to its first comma, one for each part between `&&` and `||`."""
    begun, at, signs = start, start, list[tuple[str, int, int]]()
    while (sign := _SPLIT.search(said, at, end)) is not None:
        text, at = sign[0], sign.end()
        if text in "([":
            close, before = pairs[sign.start()], said[begun : sign.start()].rstrip()
            absolute = _ABSOLUTE.search(before) is not None
            if text == "(" and (absolute or _CALLED.search(before) is None):
                inside = absolute or said.startswith(".abs()", close + 1)
                yield from _region(said, sign.end(), close, pairs, differs=inside)
            at = close + 1
        elif text in ("&&", "||", ","):
            yield from _part(said, begun, sign.start(), signs, differs=differs)
            begun, signs = at, []
            if text == ",":
                return
        elif text in _COMPARING or text in _OTHERS or text in _KEYWORDS:
            signs.append((text, sign.start(), at))
    yield from _part(said, begun, end, signs, differs=differs)


def _part(said: str, start: int, end: int, signs: list[tuple[str, int, int]], *, differs: bool) -> Iterator[Edit]:
    start += len(said[start:end]) - len(said[start:end].lstrip())
    if start == end or not all(text in _COMPARING or text == "-" for text, _, _ in signs):
        return
    compared = [sign for sign in signs if sign[0] in _COMPARING] or (signs[-1:] if differs else [])
    if not signs and said[start] == "!":
        yield start, start + 1, "reward_not!("
        yield end, end, ")"
    elif len(compared) == 1:
        text, begins, ends = compared[0]
        yield start, start, "reward_compare!("
        yield begins, ends, f", {text}, "
        yield end, end, ")"


def edited(text: str, edits: list[Edit]) -> str:
    """Return the text with the edits made, none of which begins within another."""
    parts, at = [], 0
    for start, end, instead in sorted(edits, key=lambda edit: edit[:2]):
        parts += [text[at:start], instead]
        at = end
    return "".join(parts) + text[at:]
