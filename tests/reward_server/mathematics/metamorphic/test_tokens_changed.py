"""A digit, operator, name, unit, relation, bracket, word or command that is dropped, doubled or changed is seen.

The answer is the ground truth's own text, or its number in words, with one token changed in a way that is sure to
change what it says. `REWARD_METAMORPHIC=all` changes every ground truth many times; with `pytest -s` each class is
printed with how often it was tried.
"""

import os
import random
import re
import sys
from collections import Counter

from reward_server.mathematics import compare, compile_ground_truth
from tests.reward_server.mathematics.metamorphic.ground_truths import ground_truths
from tests.reward_server.mathematics.metamorphic.writings import in_words

_SEED = int(os.environ.get("REWARD_METAMORPHIC_SEED", "20261128"))
_ALL = os.environ.get("REWARD_METAMORPHIC") == "all"
_ROWS, _EACH = (10**9, 12) if _ALL else (900, 4)
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|[A-Za-z]+|\S")
_NAMED_RULES = frozenset({"percent_sign_missing", "base_not_repeated", "unit_missing"})
"""Methods that name what the answer lacks."""
_CHANGED = {
    "-": "+", "/": "*", "^": "+", "=": r"\ne", "<": ">", ">": "<", r"\le": r"\ge", r"\leq": r"\geq", r"\ge": r"\le",
    r"\geq": r"\leq", r"\in": r"\notin", r"\cup": r"\cap", r"\sin": r"\cos", r"\cos": r"\sin", r"\tan": r"\sin",
    r"\log": r"\sin", r"\ln": r"\sin", r"\pi": r"\theta", r"\sqrt": r"\sin", r"\infty": r"\pi", r"\frac": r"\binom",
    "cm": "km", "m": "g", "kg": "mg", "inches": "miles", "feet": "miles", "minutes": "hours", "degrees": "radians",
}  # fmt: skip
_DROPPED = frozenset({"-", "/", "^", r"\sqrt", r"\sin", r"\cos", r"\tan", r"\log", r"\ln", r"\pi", r"\infty", "<", ">"})
_DOUBLED = frozenset({"/", r"\sqrt", r"\sin", r"\cos", r"\tan", r"\pi", "!"})
_SAME_ANYWAY = re.compile(
    r"(?<![\d.])[01](?![\d.])|\d\D+(?<!\d)0|[%|:]|\\(?:pm|dots|ldots|text|mathrm|mbox|overline|binom|choose)(?![a-z])"
)
"""Ground truths in which a token can change without a change of meaning: a factor 0 or 1, a list with repetitions."""
_REPEATS = re.compile(r"(?<!\d)(\d+)(?!\d).*(?<!\d)\1(?!\d)|(?<![\\a-z])[A-Za-z]{5}|\bk\b|\\sqrt\[|\d,\d{3}")


def _changed(text: str, rng: random.Random) -> tuple[str, str] | None:
    """Return a class of change with the changed text; None where the token picked has no sure change."""
    tokens = list(_TOKEN.finditer(text))
    token = rng.choice(tokens)
    old, how = token[0], rng.choice(("dropped", "doubled", "changed"))
    new: str | None
    if old[0].isdecimal():
        other = str(int(float(old)) + rng.randint(2, 9))
        new = {"dropped": " ", "doubled": old + old, "changed": other}[how]
    elif re.fullmatch("[a-z]", old):
        new = next(letter for letter in "qwzvu" if letter not in text) if how == "changed" else None
    elif how == "changed":
        new = _CHANGED.get(old)
    elif how == "dropped":
        new = " " if old in _DROPPED else None
    else:
        new = f"{old} {old}" if old in _DOUBLED else None
    if new is None:
        return None
    kind = "digits" if old[0].isdecimal() else "names" if old.isalpha() else old
    if not new[0].isdigit():
        new = f" {new} "
    return f"{kind} {how}", text[: token.start()] + new + text[token.end() :]


def _changed_words(number: int, rng: random.Random) -> tuple[str, str]:
    """Return a number in words that is another number, or none."""
    words = re.split(r"[ -]", in_words(number) or "")
    if rng.random() < 0.3:
        before = rng.choice(("negative", "minus", "not", "half of", "twice", "almost", "two times"))
        return "words added", f"{before} {' '.join(words)}"
    place = rng.randrange(len(words))
    if words[place] == "and":
        return "words doubled", " ".join([*words, words[-1]])
    other = in_words((number * 7 + 13) % 17 + 2) or ""
    changed = [*words[:place], other, *words[place + 1 :]]
    return "words changed", " ".join(changed) if other != words[place] else " ".join([*words, "hundredth"])


def test_no_token_can_be_changed_unseen() -> None:
    rng = random.Random(_SEED)
    rows = [text.replace("$", "").strip() for text, _ in ground_truths()]
    rows = [text for text in rows if text and not _SAME_ANYWAY.search(text) and not _REPEATS.search(text)]
    rng.shuffle(rows)
    tried: Counter[str] = Counter()
    unseen: list[str] = []
    for text in rows[:_ROWS]:
        truth = compile_ground_truth(text)
        for _ in range(_EACH):
            in_digits = not re.fullmatch(r"[2-9]\d{1,5}", text) or rng.random() < 0.5
            change = _changed(text, rng) if in_digits else _changed_words(int(text), rng)
            if change is None:
                continue
            name, answer = change
            tried[name] += 1
            found = compare(truth, answer)
            if found.equal and found.method not in _NAMED_RULES and not found.evidence.get("ignored"):
                unseen.append(f"{name}: {text!r} <- {answer!r} {found.method}")
    for name, count in sorted(tried.items()):
        sys.stdout.write(f"{name:24} {count}\n")
    assert not unseen, "\n".join(unseen[:80])
