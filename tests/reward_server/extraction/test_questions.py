"""What is only asked is not said, unless the next sentence says yes; a question about another answer leaves none."""

import pytest

from reward_server.extraction import find_answer
from reward_server.graders import Completion, discover, math
from reward_server.verdict import Outcome


def _is_paid(ground_truth: str, completion: str) -> bool:
    verdict = math.grade_fast(math.compile_task(math.MathTask(ground_truth=ground_truth)), Completion(completion))
    return verdict is not None and verdict.outcome is Outcome.CORRECT


@pytest.mark.parametrize(
    "completion",
    [
        "\\boxed{12}\nBut wait, the final answer is 13? Yes: 13.",
        "\\boxed{12}. Wait, should it be 13? Yes, 13.",
        "\\boxed{12}. Hmm, is it 13? Yes, it is.",
        "\\boxed{12}. Or is the answer 13? Indeed.",
        "<answer>12</answer> Wait, is the answer 13? Yes.",
        "\\boxed{12}. Is it 13?\nIt is.",
        "\\boxed{12}. Is 13 the answer? Yes.",
        "\\boxed{12}. Or 13? Yes.",
        "#### 12\nShould this be 13? I think so.",
        "The answer is 12.\nHmm, could it be that the answer is 13? Indeed it is 13.",
        "The answer is 12. Is the answer 13? Yes, it is.",
        "The final answer is 12.\nOr is the final answer 13?\nIt is 13.",
        "The answer is 12.\nThe answer is 13? Correct.",
        "答案是12。答案是13吗？是的，13。",
    ],
)
def test_an_affirmed_question_replaces_what_was_said_before(completion: str) -> None:
    assert not _is_paid("12", completion)


@pytest.mark.parametrize(
    "completion",
    [
        "The answer is 13 for part one. The answer is 12, correct?",
        "The answer is 13. The answer is 12?",
        "The answer is 12.\nThe answer is 13?",
        "The answer is 12. Surely the answer is 13, right?",
        "The final answer is 12. Then the final answer is 13?",
        "A: 13\nSo the answer is 12?",
        "A: 12\nSo the answer is 13?",
        "\\boxed{12}\nBut wait, the final answer is 13?",
        "<answer>12</answer>\nThe final answer is 13, right?",
        "答案是12。所以答案是13吗？",
        "\\boxed{12}. Wait, is it 13?",
        "The answer is 12. Or should it be 13?",
        "La respuesta es 12. ¿La respuesta es 13?",
    ],
)
def test_an_open_question_about_another_answer_leaves_none(completion: str) -> None:
    assert not _is_paid("12", completion)
    assert not _is_paid("13", completion)


@pytest.mark.parametrize(
    "completion",
    [
        "\\boxed{12}\nBut wait, the final answer is 13? No, that is too much: 12.",
        "\\boxed{12}\nThe final answer is 13? No.",
        "\\boxed{12}. Wait, is it 13? No, it is 12.",
        "\\boxed{12}. Is that right? Yes, 12.",
        "\\boxed{12}. Check: is 5 + 7 = 12? Yes.",
        "\\boxed{12}. Is it even? Yes.",
        "\\boxed{12}. Is it 4 times 3? Yes.",
        "\\boxed{12}. Is this the maximum? Yes.",
        "\\boxed{12}. Can it be 13? No. Can it be 12? Yes.",
        "\\boxed{12}. Could it be 13? That would need x = 5, which is impossible.",
        "\\boxed{12}. Wait, is it clear? Yes, it is.",
        "\\boxed{12}. Wait, is that right? Yes: 3 * 4 = 12.",
        "The answer is 12.\nCould the answer be 13? No.",
        "The answer is 12.\nThe answer is 13? No, because 13 is odd.",
        "The answer is 12.\nThe answer is 13? That is wrong.",
        "The answer is 13? No, the answer is 12.",
        "The answer is 12? Yes, the answer is 12.",
        "The answer is 12? Yes.",
        "The answer is 12, right? Yes, that is correct.",
        "I think the answer is 12?\nYes, 12.",
        "So the answer is 12? Indeed it is 12.",
        "答案是12吗？是的。",
        "The answer is 12. Do you see why the answer is 12?",
        "The answer is 12. Does this mean the answer is always 12?",
        "The answer is 12. What if the answer is 13?",
        "The answer is 12. Which answer is the best for 13 apples?",
        "The answer is 12. Do you want to know how the answer is found in 2 steps?",
        "The answer is 12. Would you like to see why the answer is not 13?",
        "The answer is 12.\n\nDo you have any questions?",
        "\\boxed{12}\nWhy is the final answer 12?",
        "\\boxed{12}\nThe final answer is 12, right?",
        "The final answer is 12. Is the answer clear?",
        "The final answer is 12. Does this answer your question: how many?",
    ],
)
def test_a_question_that_changes_nothing_takes_nothing_away(completion: str) -> None:
    assert _is_paid("12", completion)


@pytest.mark.parametrize(
    "completion",
    ["The answer is 12?", "The answer is 12, right?", "The answer is 12? Maybe.", "Is the answer: 12?",
     "The final answer is 12?\nNot sure."],
)  # fmt: skip
def test_a_question_alone_says_nothing(completion: str) -> None:
    assert not _is_paid("12", completion)


@pytest.mark.parametrize(
    "rest",
    ["12", "12.", "$12$", "\\(12\\)", "(12)", "\\frac{24}{2}", "-12 + 24", "$x=12$", "12 apples", "12 red apples",
     "12 km", "12 square meters", "12 cm^2", "12 cm²", "12%", "12\\%", "12 %", "12 m/s", "12 units", "12 per day",
     "12°", "12 in total", "12 altogether", "12 hours per day", "12 ways", "12;", "12 km long",
     "12 apples left", "12 years old", "$12$ cm"],
)  # fmt: skip
@pytest.mark.parametrize("lead", ["It is ", "So it's ", "That was "])
def test_a_sentence_that_only_says_its_value_is_an_answer(lead: str, rest: str) -> None:
    assert _is_paid("12", lead + rest)


@pytest.mark.parametrize(
    "rest",
    ["12, or", "12 or", "12 and", "12, and", "12 days ago", "12 hours earlier", "12 hours later", "12 km away",
     "12 (approx)", "12 (maybe)", "12 units from it", "12 days after", "12 min late", "12 min to go", "12 m below",
     "12 apples too few", "12 km off", "12 as I guess", "12 of 13", "12 since it is even", "12 more", "12 km or so",
     "12 points behind", "12 days or", "12 or 13", "12 km and", "12, 13", "12 nearly", "12 in base 5"],
)  # fmt: skip
def test_a_sentence_that_says_more_is_none(rest: str) -> None:
    assert not _is_paid("12", "It is " + rest)
    assert not _is_paid("12", "Thus it is " + rest + ".")


@pytest.mark.parametrize("answer", ["12, or", "12 or", "12 and", r"12\text{ or }", r"12 \lor", "12 或"])
def test_a_word_that_joins_nothing_leaves_an_answer_unfinished(answer: str) -> None:
    assert not _is_paid("12", rf"\boxed{{{answer}}}")
    assert not _is_paid("12", f"The answer is {answer}")


def test_an_affirmed_question_is_found_as_what_it_asks() -> None:
    found = find_answer("\\boxed{12}\nBut wait, the final answer is 13? Yes: 13.")
    assert found is not None
    assert (found.answer, found.rule) == ("13", "final_answer")


@pytest.mark.parametrize("completion", ["The answer is 12.\nThe answer is 13?", "First we add. So is the answer 13?"])
def test_a_question_at_the_end_is_no_conclusion(completion: str) -> None:
    assert find_answer(completion) is None


@pytest.mark.parametrize(
    ("completion", "paid"),
    [("<answer>Paris</answer> Wait, is it Lyon? Yes.", False), ("<answer>Paris</answer> Wait, is it Lyon? No.", True),
     ("The answer is Paris.\nThe answer is Lyon?", False), ("The answer is Paris. The answer is obvious, right?", True),
     ("The answer is Paris, right? Yes.", True)],
)  # fmt: skip
def test_words_are_asked_and_answered_likewise(completion: str, *, paid: bool) -> None:
    grader = discover()["short_answer"]
    verdict = grader.fast(grader.compile(grader.task(ground_truth="Paris")), Completion(completion))
    assert verdict is not None
    assert (verdict.outcome is Outcome.CORRECT) == paid
