"""A short text over and over costs every kind time in proportion to its length, and little of it.

Judged by CPU time, and by what twice the text costs: a busy machine changes neither much.
"""

import gc
import time
from typing import Any

import pytest

from reward_server.graders import Completion, Grader, discover

_LENGTH = 65_536
_WORTH_A_LOOK = 0.1
"""Seconds below which nothing is measured twice."""
_MOST = 0.6
_GROWTH = 3.3
"""What twice the text may cost: 2 where time is linear, 4 where it is quadratic; the rest is for the machine."""
_MOTIFS = (
    "No. 5. ", "a ", "The answer is 5. ", "The answer is 5? ", "\\boxed{5} ", "\\boxed{5} or ", "\\boxed{", "\\boxed{}",
    "$\\boxed{5}", "2\\boxed{5}$ ", "x>\\boxed{5} ", "{", "}", "$x$ ", "$", "\\(", "<answer>5</answer>", "<answer>",
    "<think>", "</think>", "```\n", "```sql\nselect 1\n```\n", "#### 5\n", '"answer": "5", ', '"answer": {', '{"a": ',
    "[1,", "(", "((A))", "A. ", "A or B ", "not A ", "答案是B。", "最终答案：", "Answer: B\n", "Wait, it is 6. ",
    "no, ", "x = 5\n", "**a** ", "*", "|a|b|\n", "1,", "\n", " ", "e\u0301", "\u200b", "안녕하세요. ", "\\frac{1}{2}",
    "\\text{ or } ", "select ", "-- a\n", "'", "\\", "<b>", "[1] ", "Dr. ", "A?", "B, right? ", "....", "\\, ",
    "<tool_call>", "diff --git a/a b/a\n", "@@ -1 +1 @@\n", "P(A|", "\\overline{A}\\cap", "10:30 ", "½",
)  # fmt: skip
_KINDS = sorted(name for name, grader in discover().items() if grader.fast is not None)


def _seconds(grader: Grader[Any, Any], compiled: Any, text: str) -> float:
    assert grader.fast is not None
    gc.disable()  # a collection looks at all that the tests have loaded; the server freezes what it has loaded
    try:
        started = time.thread_time()
        grader.fast(compiled, Completion(text))
        return time.thread_time() - started
    finally:
        gc.enable()


def _best(grader: Grader[Any, Any], compiled: Any, text: str) -> float:
    return min(_seconds(grader, compiled, text) for _ in range(3))


@pytest.mark.parametrize("kind", _KINDS)
def test_a_repeated_text_costs_time_in_proportion_to_its_length(kind: str) -> None:
    grader = discover()[kind]
    given = grader.examples[0].task
    compiled = grader.compile(grader.task.model_validate(given) if isinstance(given, dict) else given)
    for motif in _MOTIFS:
        text = motif * (_LENGTH // len(motif))
        if _seconds(grader, compiled, text) < _WORTH_A_LOOK:
            continue
        whole, half = _best(grader, compiled, text), _best(grader, compiled, text[: len(text) // 2])
        assert whole < _MOST, f"{motif!r} took {whole:.2f} s"
        assert whole < _WORTH_A_LOOK or whole < _GROWTH * half, f"{motif!r}: {half:.3f} s became {whole:.3f} s"
