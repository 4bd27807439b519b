"""What a Java text declares at its top level, read without a compiler, and the names of the library's classes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from reward_server.testing.endings.braces import braces

_TEXT = re.compile(
    r'"""(?s:.)*?(?:"""|\Z)|"(?:\\(?s:.)?|[^"\\\n])*+(?:"|$)|//[^\n]*|/\*(?s:.)*?(?:\*/|\Z)|\'(?:\\(?:u[0-9a-fA-F]{4}|.)|[^\'\\\n])\'',
    re.MULTILINE,
)
_HEAD = re.compile(r"\b(?:class|interface|enum|record)\s+([A-Za-z_$][\w$]*)")
_METHOD = re.compile(
    r"[\w>\]]\s+(\w+)\s*\([^(){};]{0,600}(?:\([^()]{0,100}\)[^(){};]{0,300}){0,8}\)\s*(?:throws\s[\w.,\s]{1,200})?\{"
)


@dataclass(frozen=True, slots=True)
class Type:
    """A class, interface, enumeration or record, with where it stands."""

    name: str
    start: int
    end: int
    text: str


def without_texts(source: str) -> str:
    """Return the source with blanks for comments and what is in quotes; every other sign stays where it is."""
    return _TEXT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), source)


def top_level(source: str) -> list[Type]:
    """Return the types that a source declares at its top level, in order."""
    code, found = without_texts(source), []
    depth = start = opening = 0
    for at, step in braces(source):
        if depth == 0 and step > 0:
            opening = at
        depth += step
        if depth == 0 and step < 0:
            head = code[start:opening]
            begin = start + head.rfind(";") + 1
            named = _HEAD.search(code, begin, opening)
            if named is not None:
                found.append(Type(named[1], begin, at + 1, source[begin : at + 1]))
            start = at + 1
        depth = max(depth, 0)
    return found


def defined_methods(source: str) -> list[str]:
    """Return the names of the methods that have a body in a source."""
    code = without_texts(source)
    return [
        match[1]
        for match in _METHOD.finditer(code)
        if not code[max(0, match.start(1) - 20) : match.start(1)].rstrip().endswith("new")
    ]


@cache
def library() -> Mapping[str, frozenset[str]]:
    """Return the public classes of the library's packages."""
    text = files(__package__).joinpath("java_types.txt").read_text(encoding="utf-8")
    lines = (line.partition(": ") for line in text.splitlines())
    return {package: frozenset(names.split()) for package, _, names in lines}
