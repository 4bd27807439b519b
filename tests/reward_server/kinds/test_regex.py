"""Patterns are matched as another engine matches them, and what may go back for ever is never run on the event loop."""

import random
from collections.abc import Callable

import pytest
import regex

from reward_server.cases import Case
from reward_server.patterns.bounds import steps
from reward_server.verdict import Verdict

_INLINE = 200_000
_ATOMS = ["a", "b", ".", "[ab]", "[^a]", r"\d", r"\w", "(?:ab)", "(a|b)", "c?", "a*", "b+", "a{1,2}", "(?=a)", "^", "$"]
_ALPHABET = "aab1c"


def _text(chosen: random.Random) -> str:
    return "".join(chosen.choice(_ALPHABET) for _ in range(chosen.randint(0, 8)))


@pytest.mark.parametrize("seed", range(300))
def test_verdicts_agree_with_another_engine(seed: int, grade: Callable[[str, Case], Verdict]):
    chosen = random.Random(seed)
    pattern = "".join(chosen.choice(_ATOMS) for _ in range(chosen.randint(1, 5)))
    texts = list(dict.fromkeys(_text(chosen) for _ in range(8)))
    mode = chosen.choice(["fullmatch", "search"])
    found = [getattr(regex.compile(pattern, regex.VERSION0), mode)(text) is not None for text in texts]
    if all(found) or not any(found):
        texts, found = [*texts, "é", "z"], [*found, True, False]  # then the lists are not this pattern's
    matches = [text for text, matched in zip(texts, found, strict=True) if matched]
    rejects = [text for text, matched in zip(texts, found, strict=True) if not matched]
    expected = "é" not in texts or (
        getattr(regex.compile(pattern), mode)("é") is not None and getattr(regex.compile(pattern), mode)("z") is None
    )
    task = {"kind": "regex", "matches": matches, "rejects": rejects, "mode": mode}
    verdict = grade("regex", Case(task, f"```regex\n{pattern}\n```", ""))
    assert verdict.score == float(expected), (pattern, mode, verdict)


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+b", "(a|a)*b", "(a|aa)+b", "(a*)*b", "a?" * 30 + "a" * 30, r"(\w*\w*)*!", "(?:(?:a{1,9}){1,9}){1,9}b",
     "a*" * 9 + "b", "(?=(a+)+b)", "(?i:(x+x+)+y)", "(?:a{65535}){65535}"],
)  # fmt: skip
def test_what_may_go_back_for_long_has_no_small_bound(pattern: str):
    assert steps(pattern, 0, 40, anywhere=True) > _INLINE


@pytest.mark.parametrize("pattern", [r"\d{4}-\d\d-\d\d", "[a-z]+", "^(red|green|blue)$", r"\b[A-Z]\w*\b", "(?>a+)b"])
def test_ordinary_patterns_have_a_small_bound(pattern: str):
    assert steps(pattern, 0, 20, anywhere=True) * 4 < _INLINE
