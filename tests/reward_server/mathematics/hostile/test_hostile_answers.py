"""No answer over the bound of honest ones is without a score, however it is written.

A seeded slice runs; `REWARD_HOSTILE=all` grades 20,000 answers against 200 ground truths, `REWARD_METAMORPHIC_SEED`
takes others, and `pytest -s` prints the nulls by shape.
"""

import os
import random
import sys
from collections import Counter
from functools import cache
from typing import Any

import pytest

from reward_server.extraction import find_answer
from reward_server.graders import Completion
from reward_server.graders.math import MathTask, _tier0, compile_task, grade_fast
from reward_server.mathematics.comparing.bounds import is_short
from reward_server.mathematics.grading import may_stay_undecided
from reward_server.verdict import Outcome
from tests.reward_server.mathematics.hostile.answers import hostile
from tests.reward_server.mathematics.metamorphic.ground_truths import ground_truths

_SEED = int(os.environ.get("REWARD_METAMORPHIC_SEED", "20261129"))
_ALL = os.environ.get("REWARD_HOSTILE") == "all"
_TRUTHS, _ANSWERS = (200, 20_000) if _ALL else (60, 1_000)
_FIXED = (
    "1",
    "0",
    r"\frac{1}{2}",
    r"\sqrt{2}",
    "x^2+1",
    "(0,1)",
    r"\{1,2\}",
    "x=3",
    "x>2",
    "f(x)=x+1",
    "n!",
    "yes",
    "A",
)


@cache
def _compiled(truth: str) -> Any:
    return compile_task(MathTask(ground_truth=truth))


def _may_be_null(truth: str, answer: str) -> bool:
    """Tell whether an answer ends without a score: undecided, or left to SymPy with leave to stay undecided."""
    compiled = _compiled(truth)
    text = rf"The answer is $\boxed{{{answer}}}$."
    verdict = grade_fast(compiled, Completion(text))
    if verdict is not None:
        return verdict.outcome in {Outcome.UNDECIDED, Outcome.UNGRADABLE}
    found = find_answer(text)
    assert found is not None
    return may_stay_undecided(compiled.truth, _tier0(compiled, found)[1])


@pytest.mark.timeout(3600 if _ALL else 300)
def test_no_hostile_answer_over_the_bound_is_null() -> None:
    rng = random.Random(_SEED)
    known = [text for text, _ in ground_truths()]
    truths = [*_FIXED, *rng.sample(known, min(_TRUTHS - len(_FIXED), len(known)))]
    nulls: Counter[str] = Counter()
    shown: list[tuple[str, str, str]] = []
    over: list[tuple[str, str]] = []
    for place in range(_ANSWERS):
        truth = truths[place % len(truths)]
        name, answer = hostile(rng, truth)
        if _may_be_null(truth, answer):
            nulls[name] += 1
            shown.append((name, truth, answer[:80]))
            if not is_short(truth, answer):
                over.append((truth, answer[:80]))
    for name, count in nulls.most_common():
        sys.stdout.write(f"{name:24} {count}\n")
    for row in shown[:40]:
        sys.stdout.write(f"  {row}\n")
    assert not over
    assert nulls.total() <= _ANSWERS // 200
