"""pass@k and cons@k in a summary: of rows that answer one problem, and of no others."""

from typing import Any

import pytest

from reward_server.files.formats import Row
from reward_server.files.scoring import Scored
from reward_server.files.summary import Summary


def _said(*rows: tuple[Any, float | None, str | None]) -> str:
    summary = Summary()
    for number, (prompt, score, answer) in enumerate(rows):
        value = {} if prompt is None else {"prompt": prompt}
        record = {"id": number, "outcome": "x", "score": score, "reward": score, "answer": answer}
        summary.add(Scored(Row(number, f"f:{number + 1}", value), record))
    return "\n".join(line for line in summary.lines() if "pass@" in line)


def test_rows_with_one_prompt_are_one_problem():
    told = _said(("a", 1.0, "1/2"), ("a", 0.0, "3"), ("b", 0.0, "4"), ("b", 0.0, "4"))
    assert "2 problems with 2 or more" in told
    assert "pass@1 0.250  pass@2 0.500" in told


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([(1.0, "1/2"), (1.0, "0.5"), (0.0, "3")], 1.0),  # right answers are one, however they are written
        ([(1.0, "1/2"), (0.0, "3"), (0.0, "3")], 0.0),
        ([(0.0, None), (0.0, None), (1.0, "2")], 1.0),  # no answer, no vote
        ([(0.0, None), (0.0, None), (0.0, None)], 0.0),
    ],
)
def test_consensus_is_of_answers(answers: list[tuple[float, str | None]], expected: float):
    assert f"cons@3 {expected:.3f}" in _said(*(("a", score, answer) for score, answer in answers))


def test_chats_are_prompts_and_rows_without_one_are_no_group():
    chat = [{"role": "user", "content": "1 + 1?"}]
    assert "pass@2 1.000" in _said((chat, 1.0, "2"), (list(chat), 0.0, "3"))
    assert _said((None, 1.0, "2"), (None, 0.0, "3")) == ""
    assert _said(("a", 1.0, "2"), ("b", 0.0, "3")) == ""


def test_what_has_no_score_is_left_out():
    assert "pass@2 1.000" in _said(("a", 1.0, "2"), ("a", None, None), ("a", 0.0, "3"))
