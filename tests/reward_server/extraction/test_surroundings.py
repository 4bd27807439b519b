r"""A box says what its formula says: what stands against it is read, refused, or on a written list."""

import random
from collections import Counter

import pytest

from reward_server.extraction import find_answer, surroundings
from reward_server.graders import Completion
from reward_server.graders.math import GRADER, MathTask
from reward_server.verdict import Outcome


def _is_paid(truth: str, completion: str) -> bool:
    assert GRADER.fast is not None
    verdict = GRADER.fast(GRADER.compile(MathTask(ground_truth=truth)), Completion(completion))
    assert verdict is not None
    return verdict.outcome is Outcome.CORRECT


@pytest.mark.parametrize(
    "completion",
    [
        r"So $x > \boxed{12}$.",
        r"So $2x+1 > \boxed{12}$.",
        r"So $x \ne \boxed{12}$.",
        r"So $x \not= \boxed{12}$.",
        r"So $2\boxed{12}$.",
        r"so 2\boxed{12}",
        r"So $\pi\boxed{12}$.",
        r"So $x = \pm\boxed{12}$.",
        r"So $5-\boxed{12}$.",
        r"So $\log\boxed{12}$.",
        r"So $f(\boxed{12})$.",
        r"So $e^{\boxed{12}}$.",
        r"So $|\boxed{12}|^2$.",
        r"So $\lnot\boxed{12}$.",
        r"So $\sqrt{3}\boxed{12}$.",
        r"So $\boxed{12}x$.",
        r"So $\boxed{12}\pi$.",
        r"So $\boxed{12} > x$.",
        r"So $\boxed{12} - 1$.",
        r"So $10 < \boxed{12} < 13$.",
        r"So $0.\boxed{12}$.",
        r"So $-\,\boxed{12}$.",
        r"So $\overline{\boxed{12}}$.",
        r"So 2^\boxed{12}.",
        r"So $2^\boxed{12}$.",
        r"The point is $(3, \boxed{12})$.",
        r"The point is $(\boxed{12}, 3)$.",
        r"It is negative \boxed{12}.",
        r"It is minus $\boxed{12}$.",
        r"It is twice \boxed{12}.",
        r"It is half of \(\boxed{12}\).",
        r"It is the square root of \boxed{12}.",
        r"It is less than \boxed{12}.",
        r"It is 20 minus \boxed{12}.",
        r"That gives $20$ plus $\boxed{12}$.",
        r"$x=8$ or $x=\boxed{12}$",
    ],
)
def test_a_box_in_a_formula_that_says_something_else_earns_nothing(completion: str) -> None:
    assert not _is_paid("12", completion)


@pytest.mark.parametrize(
    "completion",
    [
        r"So $x = \boxed{12}$.",
        r"So $x=\,\boxed{12}$.",
        r"So $f(x) \ge \boxed{12}$, with equality at 1.",
        r"So $abc \le\boxed{12}.$",
        r"so $x \Rightarrow\quad \boxed{12}$",
        r"$17^{-1}\equiv \boxed{12} \pmod{83}$",
        r"\[ \text{Answer: } \boxed{12} \]",
        r"$\textbf{(B)}\ \boxed{12}$",
        r"\[ \boxed{12}\text{ cm}^2 \]",
        r"$\boxed{12}\,\mathrm{cm}$ is the length.",
        r"$\boxed{12} m$",
        r"$\boxed{12}^\circ$",
        r"Pam paid $\$70 - \$58 = \$\boxed{12}$ more.",
        r"> \boxed{12}",
        r"- \boxed{12}",
        r"<b>\boxed{12}</b>",
        r"The answer -> \boxed{12}",
        r"Problem 2 \boxed{12}",
        r"It costs $5 a piece, so it is \boxed{12} dollars.",
        r"\\(x=\\boxed{12}\\)",
        r"\begin{align*} 3x &= 36 \\ x &= \boxed{12} \end{align*}",
        r"\[ \boldsymbol{\boxed{12}} \]",
        r"b is one of\boxed{12}.",
        r"The square of the side is \boxed{12}.",
        r"He has half as many, \boxed{12}.",
        r"1.\boxed{12}",
        r"The point $(3,4)$ gives $\boxed{12}$",
        r"Since $f(3, 4) = \boxed{12}$, that is it.",
        r"There are at least \boxed{12}",
        r"Hence it is no larger than $\boxed{12}$",
        r"The answer is not more than \boxed{12}",
        r"It is no less than \boxed{12}",
        r"x cannot be negative \boxed{12}",
        r"Since lengths are not negative $\boxed{12}$",
        r"I checked it twice \boxed{12}",
        r"So the only double \boxed{12}",
    ],
)
def test_what_honest_solutions_write_around_a_box_is_let_stand(completion: str) -> None:
    assert _is_paid("12", completion)


@pytest.mark.parametrize(
    ("truth", "completion"),
    [
        (r"\pm 12", r"So $x = \pm\boxed{12}$."),
        ("x > 12", r"So $x > \boxed{12}$."),
        ("-12", r"So $x = -\boxed{12}$."),
        ("-12", r"It is negative \boxed{12}."),
        ("24", r"It is twice \boxed{12}."),
        ("24", r"So twice $\boxed{12}$."),
        ("(3,4,5)", r"which gives the triple $\boxed{(3,4,5)}$"),
        (r"x^2+C", r"The integral is $\boxed{x^2}+C$."),
        (r"x^2+C", r"The integral is $\boxed{x^2} + C.$"),
    ],
)
def test_a_sign_or_a_strict_bound_is_read_with_the_box(truth: str, completion: str) -> None:
    assert _is_paid(truth, completion)


@pytest.mark.parametrize(
    ("truth", "completion", "paid"),
    [
        ("12 cm", r"It is $\boxed{12}$ cm.", True),
        ("12 cm", r"It is $\boxed{12}$ m.", False),
        ("12 cm", r"It is \boxed{12} is the length.", True),
        ("10 apples", r"There are \boxed{10} oranges.", False),
        ("10 apples", r"There are \boxed{10} red apples left.", True),
        ("60 km/h", r"It drives \boxed{60} km per hour.", True),
        ("60 km/h", r"It drives \boxed{60} km.", False),
        ("12", r"There are \boxed{12} oranges.", True),
    ],
)
def test_a_unit_in_words_behind_a_box_is_read_with_it(truth: str, completion: str, paid: bool) -> None:
    assert _is_paid(truth, completion) == paid


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


_WHAT_STANDS_BEFORE = [
    *("+", "/", r"\cdot", r"\times", r"\div ", r"\pm", r"\mp", "±", "∓", "<", ">", "≠", r"\lt", r"\neq", r"\ne"),
    *("x", "2", "3.", "0.", "٣", ")", "(", "]", "{", "}", "^", "^{", "$", "$$", r"\(", r"\[", " ", "  ", "\t", "="),
    *("minus", "NEGATIVE", "minu\u017f", "twice", "one half of", "double", "triple", "less than", "the square of"),
    *("2 minus", "2 plus", "2 times", "2 divided by", "$x <", r"\,", "~", "\u00a0", r"\not =", r"x\not="),
    *("is", "not ", "or", r"\lor", r"\vee", r"\text{ or }", "5 or", "The answer is "),
]  # fmt: skip


def test_a_pattern_that_is_not_tried_would_not_have_been_found():
    rng, found = random.Random(20261130), Counter[str]()
    for _ in range(20_000):
        before = "".join(rng.choice(_WHAT_STANDS_BEFORE) + rng.choice(("", "", " ")) for _ in range(rng.randint(0, 6)))
        marks, first = surroundings._FORMULA, surroundings._first_mark(before)
        assert [*map(str, marks.finditer(before))] == [*map(str, marks.finditer(before, first))]
        ending = surroundings._end_of(before)
        strict = ending.endswith(surroundings._STRICT_SIGNS)
        tried = {
            "_OPERATOR_BEFORE": ending.endswith(surroundings._OPERATORS),
            "_NUMERAL_BEFORE": before[-1:].isdecimal() or before.endswith("."),
            "_WORD_BETWEEN": ending.endswith(surroundings._BETWEEN),
            "_EXPONENT_BEFORE": "^" in ending,
            "_BOUND_BEFORE": strict,
            "_LETTER_BOUND_BEFORE": strict,
            "_SIGNS_BEFORE": before.rstrip().endswith(surroundings._SIGNS),
            "_WORDS_BEFORE": ending[-2:].casefold() in surroundings._ENDS_OF_WORDS,
            "_OR_BEFORE": "or" in before or r"\vee" in before,
        }
        for name, is_tried in tried.items():
            if getattr(surroundings, name).search(before) is not None:
                assert is_tried, (name, before)
                found[name] += 1
    assert min(found[name] for name in tried) > 50, found
