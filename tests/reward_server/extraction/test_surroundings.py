"""What stands at a box makes another value of it, denies it or asks about it; blanks and bullets do not."""

import pytest

from reward_server.extraction import find_answer


@pytest.mark.parametrize(
    "text",
    [
        r"2\boxed{12}", r"1\boxed{12}", r"$3\boxed{12}$", r"¬\boxed{12}", r"$\lnot \boxed{12}$", r"\neg\boxed{12}",
        r"Is it \boxed{12}?", r"So is that $\boxed{12}$?", r"Could the answer be \boxed{12}?",
        "Let me see.\nIs it not \\boxed{12}?",
    ],
)  # fmt: skip
def test_a_part_a_denial_and_a_question_give_no_answer(text: str):
    assert find_answer(text) is None


@pytest.mark.parametrize("text", [r"-\boxed{12}", r"It is -\boxed{12}", "Thus\n-\\boxed{12}", r"x = - \boxed{12}"])
def test_a_sign_at_a_box_belongs_to_its_value(text: str):
    found = find_answer(text)
    assert found is not None
    assert found.answer == "-(12)"


@pytest.mark.parametrize(
    "text",
    [
        r"2^{\boxed{12}} = 4096", r"Case 2: \boxed{12}", r"1) \boxed{12}", r"- \boxed{12}", r"Part 3 \boxed{12}",
        r"Is it \boxed{12}? Yes, it is.", r"What is it? \boxed{12}", r"x = \boxed{12}", r"3 \cdot 4=\boxed{12}",
        r"We know \neg p, so \boxed{12}",
    ],
)  # fmt: skip
def test_blanks_bullets_and_answered_questions_leave_the_answer(text: str):
    found = find_answer(text)
    assert found is not None
    assert found.answer == "12"
