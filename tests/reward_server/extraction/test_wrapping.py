"""What stands around the whole of an answer, and texts of one sign over and over, which cost no more than others."""

import time

import pytest

from reward_server.extraction.texts import find_text
from reward_server.extraction.wrapping import layers, peeled, signs_around
from reward_server.graders import Completion, discover

_TASKS = {
    "exact": {"ground_truth": "Paris"},
    "short_answer": {"ground_truth": "Paris"},
    "label": {"ground_truth": "positive", "labels": ["positive", "negative"]},
    "math": {"ground_truth": "12"},
    "choice": {"ground_truth": "B", "options": ["$x^2$", "12", "3"]},
}


@pytest.mark.parametrize(
    "sign", [".", "?", " ", "\u2028", "*", "_", "`", "*a", r"\ ", r"\;", r"\quad ", r"\quad a\,", "nswer':["]
)
def test_a_sign_over_and_over_is_read_in_linear_time(sign: str):
    """A quadratic reader takes ten seconds and more for each."""
    run = sign * (60_000 // len(sign))
    short = sign * (16_000 // len(sign))
    started = time.process_time()
    for kind, fields in _TASKS.items():
        grader = discover()[kind]
        compiled = grader.compile(grader.task.model_validate({"kind": kind, **fields}))
        for completion in (
            f"\\boxed{{{run}}}",
            f"<answer>{run}</answer>",
            f"\\boxed{{x{short}a}}",
            f"\\boxed{{{short}}}",
        ):
            verdict = grader.fast(compiled, Completion(completion))
            assert verdict is not None
            assert verdict.score == 0.0
    assert time.process_time() - started < 3.0, "ten times what it costs on a quiet machine"


def test_the_signs_around_a_text_are_those_at_its_ends():
    assert signs_around("A*") == ("", "*")
    assert signs_around("**A**.") == ("**", "**")
    assert signs_around(r"A\*") == ("", "")
    assert signs_around(r"A\**") == ("", "*")
    assert signs_around("a*b") == ("", "")


def test_a_text_is_peeled_of_as_many_signs_at_both_ends():
    assert peeled("**a*b**") == "a*b"
    assert peeled("**x**2**.") == "x**2."
    assert peeled("A*") == "A*"
    assert peeled("*A**") == "*A**"
    assert peeled("****") == "****"
    assert layers("**A**")[-1] == "A"
    assert "x**2" in find_text("The answer is **x**2**.").others


@pytest.mark.parametrize("wrapped", ["**{}**", "**{}**.", "**Answer: {}**", "The answer is **{}**.", "**Answer:** {}"])
@pytest.mark.parametrize("truth", ["a*b", "a*b*c", "Paris"])
def test_a_bold_answer_may_hold_signs_of_emphasis(wrapped: str, truth: str):
    found = find_text(wrapped.format(truth))
    assert truth in {found.text, *found.others}


@pytest.mark.parametrize("truth", ["in 1912", "What?"])
def test_a_bold_label_leaves_none_of_its_signs_to_the_answer(truth: str):
    found = find_text(f"**Answer:** {truth}")
    assert truth in {found.text, *found.others}
    assert not found.text.startswith("*")
