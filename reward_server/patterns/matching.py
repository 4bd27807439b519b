"""Which texts a pattern matches; a plain function of plain values, so that it can run in a worker that can be ended."""

import re
from typing import Literal, NamedTuple

from reward_server.patterns.bounds import compiled

Mode = Literal["fullmatch", "search"]
FLAGS = {"a": re.ASCII, "i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "x": re.VERBOSE}


class Question(NamedTuple):
    """A pattern and the texts it is tried on."""

    pattern: str
    flags: int
    mode: Mode
    matches: tuple[str, ...]
    rejects: tuple[str, ...]


class Mismatch(NamedTuple):
    """The first text on which a pattern does the other thing."""

    text: str
    matched: bool


def first_mismatch(question: Question) -> Mismatch | None:
    """Return the first text that must match and does not, else the first that must not and does."""
    pattern = compiled(question.pattern, question.flags)
    attempt = pattern.fullmatch if question.mode == "fullmatch" else pattern.search
    for text in question.matches:
        if attempt(text) is None:
            return Mismatch(text, matched=False)
    for text in question.rejects:
        if attempt(text) is not None:
            return Mismatch(text, matched=True)
    return None
