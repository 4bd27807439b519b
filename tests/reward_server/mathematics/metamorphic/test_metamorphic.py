"""The same answer written in other ways is right, and an answer that is almost the same is wrong.

A seeded sample runs; `REWARD_METAMORPHIC=all` runs every ground truth in every way, and `REWARD_METAMORPHIC_SEED`
takes another sample. With `pytest -s` the share of each way is printed, the worst first.
"""

import os
import random
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

import pytest

from reward_server.graders import Completion
from reward_server.graders.math import MathTask, compile_task, grade_fast
from reward_server.verdict import Outcome
from tests.reward_server.mathematics.metamorphic.ground_truths import ground_truths
from tests.reward_server.mathematics.metamorphic.near_misses import NEAR_MISSES
from tests.reward_server.mathematics.metamorphic.writings import WAYS, Way

_SEED = int(os.environ.get("REWARD_METAMORPHIC_SEED", "20261128"))
_EACH = 10**9 if os.environ.get("REWARD_METAMORPHIC") == "all" else 60
"""Ground truths for each way."""
_MAX_SHARE_REFUSED = 0.005


def _pairs(ways: Mapping[str, Way]) -> Iterator[tuple[str, str, str]]:
    """Yield the name of a way, a ground truth and the answer written in that way."""
    for name, way in ways.items():
        rng = random.Random(_SEED ^ zlib.crc32(name.encode()))
        truths = list(ground_truths())
        rng.shuffle(truths)
        left = _EACH
        for text, kind in truths:
            answer = way(text, kind, rng)
            if answer is None or answer == text:
                continue
            yield name, text, answer
            left -= 1
            if not left:
                break


def _outcome(ground_truth: str, answer: str) -> Outcome | None:
    verdict = grade_fast(compile_task(MathTask(ground_truth=ground_truth)), Completion(rf"So it is \boxed{{{answer}}}"))
    return None if verdict is None else verdict.outcome


def _report(counts: Mapping[str, Counter[str]], shown: Mapping[str, list[tuple[str, str]]], bad: str) -> str:
    lines = []
    for name, counter in sorted(counts.items(), key=lambda item: -item[1][bad] / item[1].total()):
        lines.append(f"{name:28} {counter.total():6} {bad} {counter[bad]:5} {counter[bad] / counter.total():8.2%}")
        lines += [f"      {truth!r} <- {answer!r}" for truth, answer in shown.get(name, [])[:4]]
    return "\n".join(lines)


def _run(ways: Mapping[str, Way], *, right: bool) -> tuple[dict[str, Counter[str]], dict[str, list[tuple[str, str]]]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    shown: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name, truth, answer in _pairs(ways):
        outcome = _outcome(truth, answer)
        good = (outcome is Outcome.CORRECT) is right
        counts[name]["good" if good else "bad"] += 1
        if not good:
            shown[name].append((truth, answer))
    return counts, shown


def test_the_same_answer_written_in_another_way_is_right():
    counts, shown = _run(WAYS, right=True)
    report = _report(counts, shown, "bad")
    sys.stdout.write(f"\n{report}\n")
    bad, rows = (sum(values) for values in zip(*((c["bad"], c.total()) for c in counts.values()), strict=True))
    assert rows
    assert bad <= _MAX_SHARE_REFUSED * rows, f"{bad} of {rows} refused\n{report}"


def test_an_answer_that_is_almost_the_same_is_wrong():
    counts, shown = _run(NEAR_MISSES, right=False)
    report = _report(counts, shown, "bad")
    sys.stdout.write(f"\n{report}\n")
    assert not sum(counter["bad"] for counter in counts.values()), report


@pytest.mark.parametrize("ways", [WAYS, NEAR_MISSES], ids=["writings", "near misses"])
def test_there_are_enough_ways_and_each_is_used(ways: Mapping[str, Way]):
    used = {name for name, _, _ in _pairs(ways)}
    assert len(ways) >= 40
    assert len(used) >= 0.8 * len(ways), set(ways) - used
