"""No text answers two questions: a seeded search for answers that are paid for ground truths of different value.

`REWARD_SEARCH=20000` searches that many fragments against 300 ground truths; without it, a sample that takes seconds.
"""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from reward_server.errors import TaskError
from reward_server.mathematics import GroundTruth, MathOptions, compare, compile_ground_truth
from tests.reward_server.fragments import fragments

_SEED = 20261128
_DEFAULT = MathOptions()
_FRAGMENTS = int(os.environ.get("REWARD_SEARCH", "300"))
_TRUTHS = (
    "0", "1", "5", "12", "42", "-3", "1/2", "2/3", "0.5", "3.14", "10%", "50%", "1234", "10^9", r"\sqrt{2}", r"\pi",
    r"2\pi", "e", "i", "3+4i", "x", "2x", "x^2+1", "x^2+C", r"\frac{x}{y}", "y=2x+1", "x+y=4", "x^2+y^2=1", "x=3",
    r"x=\pm 2", "f(x)=2x", "f(x)=x^2", "a_n=2n-1", "a_n=2^n", "AB=5", "P(A)=0.3", "x>3", r"x\ge -1", "1<x<2", "(1,2)",
    "(1,100)", "[0,1]", r"(-\infty,2)\cup(3,\infty)", r"\{1,2,3\}", "1,2,3", "4,5", r"\emptyset", r"\mathbb{R}",
    "3:4", "1:2:3", "a:b=3:4", r"x\equiv 3\pmod 7", r"x\equiv 1,6\pmod 7", r"k\pi, k\in\mathbb{Z}",
    r"x=\frac{\pi}{4}+k\pi, k\in\mathbb{Z}", r"2k+1, k\in\mathbb{N}", "52_8", "1010_2", "5 cm", r"\$7", r"30^\circ",
    r"\infty", r"-\infty", r"\begin{pmatrix}1\\2\end{pmatrix}", r"\begin{pmatrix}1&2\\3&4\end{pmatrix}", "12:30",
    "no solution", "yes", "no", "Monday", "parallel", r"\log_2 5", r"\sin x", r"\binom{5}{2}x", "2^{100}", "7!+1",
    r"\sum_{k=1}^{n}k^3", r"x\ne 0", r"\frac{x-1}{2}=\frac{y+1}{3}=\frac{z}{4}",
)  # fmt: skip


def _golds(folder: Path, limit: int) -> list[str]:
    """Ground truths of all kinds, evenly taken from every shown data set."""
    found: dict[str, None] = {}
    files = sorted(folder.glob("*.jsonl"))
    for path in files:
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        texts = [str(row["gold"]) for row in rows if len(str(row.get("gold", ""))) in range(1, 60)]
        step = max(1, len(texts) // (1 + limit // len(files)))
        found |= dict.fromkeys(texts[::step])
    return list(found)[:limit]


def _compiled(texts: Sequence[str], options: MathOptions = _DEFAULT) -> list[tuple[str, GroundTruth]]:
    compiled = []
    for text in texts:
        try:
            compiled.append((text, compile_ground_truth(text, options)))
        except TaskError:
            continue
    return compiled


def _same(one: str, other: str) -> bool:
    """Tell whether two ground truths have one value where units need not be written."""
    lenient = MathOptions(units="ignore")
    return any(
        compare(truth, answer).equal is not False
        for (_, truth), answer in zip(_compiled((one, other), lenient), (other, one), strict=True)
    )


def universal(texts: Sequence[str], seed: int, count: int) -> list[tuple[str, str, str]]:
    """Return (fragment, ground truth, another ground truth) for each fragment that is paid for both."""
    truths = _compiled(texts)
    found = []
    for fragment in fragments(seed, count, texts):
        paid = [text for text, truth in truths if compare(truth, fragment).equal]
        pair = next(((a, b) for n, a in enumerate(paid) for b in paid[:n] if not _same(a, b)), None)
        if pair is not None:
            found.append((fragment, *pair))
    return found


@pytest.mark.timeout(3600 if _FRAGMENTS > 5000 else 240)
def test_no_fragment_is_paid_for_two_values():
    assert universal(_TRUTHS, _SEED, _FRAGMENTS) == []


@pytest.mark.shared
@pytest.mark.timeout(3600 if _FRAGMENTS > 5000 else 240)
def test_no_fragment_is_paid_for_two_shown_ground_truths(shared_dir: Path):
    texts = _golds(shared_dir / "data" / "golds", 300 if _FRAGMENTS > 5000 else 100)
    assert len(texts) >= 90
    assert universal(texts, _SEED + 1, _FRAGMENTS) == []
