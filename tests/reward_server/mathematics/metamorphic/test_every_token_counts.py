"""Every token of an answer is read, or named in the evidence as ignored, or the answer is not right.

The answer is the ground truth's own text with one number changed or dropped, or with a word, sign or factor put in at
any place. It may be right only where the evidence names what was put in.
"""

import os
import random
import re

from reward_server.mathematics import compare, compile_ground_truth
from tests.reward_server.mathematics.metamorphic.ground_truths import ground_truths

_SEED = int(os.environ.get("REWARD_METAMORPHIC_SEED", "20261128"))
_ROWS = 10**9 if os.environ.get("REWARD_METAMORPHIC") == "all" else 1500
_TOKEN = re.compile(r"\\[A-Za-z]+|\d+(?:\.\d+)?|[A-Za-z]+|\S")
_WORDS = ("not", "wrong", "minus", "squared", "twice", "maybe", r"\text{ or } 17", r"\text{not }", "负")
_SIGNS = (
    "17",
    "+ 17",
    r"\cdot 17",
    "^{17}",
    "/ 17",
    "- 17",
    "q",
    "= 1707",
    ", 17",
    r"\pi",
    "!",
    "?",
    r"\sqrt{17}",
    r"\neq",
)
_NEUTRAL = re.compile(
    r"(?<![\d.])0(?![\d.])|\^\{?1\}?(?!\d)|[%|]"
    r"|\\(?:sqrt|binom|choose|pm|infty|dots|ldots|text|mathrm|sin|cos|sec)(?![a-z])"
)
"""Ground truths in which a token can change without a change of meaning: a factor 0, a power of 1, an even function.

Left out too: a number that stands twice (repeating a value says nothing new), families, and words.
"""
_REPEATS = re.compile(r"(\d+)\D+\1|\bk\b|(?<![\\a-z])[A-Za-z]{5}")
_KINDS = frozenset(
    {"integer", "fraction", "real", "expression", "tuple", "interval", "list", "set", "matrix", "equation"}
)


def _changed(text: str, rng: random.Random) -> tuple[str, str] | None:
    """Return the text with one change, and what was put in or taken out."""
    tokens = list(_TOKEN.finditer(text))
    numbers = [token for token in tokens if token[0][0].isdecimal()]
    choice = rng.random()
    if choice < 0.3 and numbers:
        token = rng.choice(numbers)
        other = str(int(re.sub(r"\D", "", token[0])) + rng.randint(1, 9))
        return text[: token.start()] + other + text[token.end() :], other
    if choice < 0.4 and len(numbers) > 1:
        token = rng.choice(numbers)
        return text[: token.start()] + " " + text[token.end() :], token[0]
    place = rng.choice([token.start() for token in tokens] + [len(text)])
    piece = rng.choice(_WORDS + _SIGNS)
    if piece in {"!", "^{17}", "squared"} and re.search(r"(?<!\d)[12]\W*(?:right)?\s*$", text[:place]):
        return None
    return f"{text[:place]} {piece} {text[place:]}", piece


def test_no_token_can_be_put_in_or_taken_out_unseen():
    rng = random.Random(_SEED)
    rows = [text.replace("$", "").strip() for text, kind in ground_truths() if kind in _KINDS]
    rows = [text for text in rows if text and not _NEUTRAL.search(text) and not _REPEATS.search(text)]
    rng.shuffle(rows)
    wrong: list[tuple[str, str, str]] = []
    for text in rows[:_ROWS]:
        truth = compile_ground_truth(text)
        for _ in range(4):
            changed = _changed(text, rng)
            if changed is None:
                continue
            found = compare(truth, changed[0])
            if found.equal and changed[1].strip() not in " ".join(found.evidence.get("ignored", ())):
                wrong.append((text, changed[0], f"{found.method} {found.evidence}"))
    assert not wrong, "\n".join(f"{given!r} <- {answer!r} {evidence}" for given, answer, evidence in wrong)
