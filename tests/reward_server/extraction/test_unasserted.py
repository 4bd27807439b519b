"""Answers that are withdrawn, doubted, contradicted or hedged are paid by no grader; plain ones in any language are."""

from typing import Any

import pytest

from reward_server.graders import Completion, discover
from reward_server.verdict import Outcome

_NOT_RIGHT = {Outcome.INCORRECT, Outcome.NO_ANSWER, Outcome.UNDECIDED}
_VALUES = ["245", "337.5", "1", "2"]
_COLOURS = ["red", "dark green", "blue"]


def _outcome(task: dict[str, Any], completion: str) -> Outcome:
    grader = discover()[task["kind"]]
    verdict = grader.fast(grader.compile(grader.task.model_validate(task)), Completion(completion))
    assert verdict is not None
    return verdict.outcome


def _choice(letter: str, options: list[str] | None = None) -> dict[str, Any]:
    return {"kind": "choice", "ground_truth": letter, "options": options}


def _math(value: str) -> dict[str, Any]:
    return {"kind": "math", "ground_truth": value}


@pytest.mark.parametrize(
    "completion",
    [
        "The answer is A. No, wait, that is wrong.",
        "The answer is A (incorrect)",
        "The answer is A... or B",
        "The answer is A, no, B",
        "The answer used to be A",
        "I doubt the answer is A",
        "Some say the answer is A.",
        "The answer is ~A",
        "Answer: ¬A",
        "Eliminate option A",
        "Die Antwort ist nicht A.",
        "Ответ: A или B",
        "答えはAではない",
        "Jibu si A",
    ],
)
def test_a_letter_that_is_not_asserted_is_not_chosen(completion: str) -> None:
    assert _outcome(_choice("A"), completion) in _NOT_RIGHT


@pytest.mark.parametrize(
    "completion",
    [
        "My final answer is A",
        "Doğru cevap A'dır.",
        "คำตอบคือข้อ A",
        "उत्तर A है",
        "La opción correcta es A.",
        "Die richtige Antwort ist A.",
        "The answer is not B. The answer is A.",
    ],
)
def test_a_letter_announced_plainly_is_chosen(completion: str) -> None:
    assert _outcome(_choice("A"), completion) is Outcome.CORRECT


@pytest.mark.parametrize("completion", ["(B) 999", r"\boxed{(B) 999}", "B: 245", "The answer is B, which is 245."])
def test_another_value_beside_the_right_letter_contradicts_it(completion: str) -> None:
    assert _outcome(_choice("B", _VALUES), completion) in _NOT_RIGHT


@pytest.mark.parametrize("completion", [r"\boxed{(B)\ 337.5}", "The answer is 337.5 (B)", "B: 337.5", "B"])
def test_the_right_letter_with_its_own_value_is_right(completion: str) -> None:
    assert _outcome(_choice(r"\textbf{(B)}~337.5", _VALUES), completion) is Outcome.CORRECT


@pytest.mark.parametrize("completion", ["The answer is anything but red", "The answer is predominantly non-red"])
def test_beside_an_options_text_only_known_words_may_stand(completion: str) -> None:
    assert _outcome(_choice("A", _COLOURS), completion) in _NOT_RIGHT


def test_an_options_text_in_a_plain_sentence_is_chosen() -> None:
    assert _outcome(_choice("A", _COLOURS), "The answer is the color red.") is Outcome.CORRECT


@pytest.mark.parametrize(
    "completion",
    [
        "The answer is 12. No, wait, that is wrong.",
        "The result is 12 more than that.",
        "Die Antwort ist mehr als 12.",
        "La réponse est moins 12",
        "La respuesta es menos 12",
    ],
)
def test_a_number_that_is_changed_or_withdrawn_is_not_read(completion: str) -> None:
    assert _outcome({"kind": "math", "ground_truth": "12"}, completion) in _NOT_RIGHT


@pytest.mark.parametrize(
    "completion",
    ["Cevap 12'dir.", "उत्तर 12 है।", "উত্তর হল ১২।", "సమాధానం 12.", "الإجابة: ١٢", "最終的な答え: 12", "उत्तर: १२"],
)
def test_a_number_is_read_in_the_digits_and_order_of_its_language(completion: str) -> None:
    assert _outcome({"kind": "math", "ground_truth": "12"}, completion) is Outcome.CORRECT


def test_exact_keeps_the_digits_of_the_language_and_unwraps_a_box() -> None:
    assert _outcome({"kind": "exact", "ground_truth": "१२"}, "उत्तर: १२") is Outcome.CORRECT
    assert _outcome({"kind": "exact", "ground_truth": "Paris"}, r"\boxed{\text{Paris}}") is Outcome.CORRECT


@pytest.mark.parametrize(
    ("task", "completion", "outcome"),
    [
        (_choice("B"), "<answer>A</answer> <answer>B</answer>", Outcome.INCORRECT),
        (_choice("B"), "<answer>B</answer> <answer>B</answer>", Outcome.CORRECT),
        (_choice("B"), "<answer>A</answer> No wait. It must be <answer>B</answer>", Outcome.CORRECT),
        ({"kind": "exact", "ground_truth": "Paris"}, "<answer>Paris</answer> <answer>Paris</answer>", Outcome.CORRECT),
        ({"kind": "exact", "ground_truth": "Rome"}, "<answer>Paris</answer> <answer>Rome</answer>", Outcome.INCORRECT),
        (
            {"kind": "short_answer", "ground_truth": "Paris"},
            "<answer>Paris</answer>\n<answer>Paris</answer>",
            Outcome.CORRECT,
        ),
        (
            {"kind": "short_answer", "ground_truth": "Rome"},
            "<answer>Paris</answer>\n<answer>Rome</answer>",
            Outcome.INCORRECT,
        ),
    ],
)
def test_answer_tags_side_by_side_are_one_answer_only_where_they_are_equal(
    task: dict[str, Any], completion: str, outcome: Outcome
) -> None:
    assert _outcome(task, completion) is outcome


@pytest.mark.parametrize(
    "completion",
    [
        "The answer is anything but 12.",
        "It would be a mistake to say the answer is 12.",
        "I refuse to believe that the answer is 12.",
        "Some would claim the answer is 12.",
        "The answer is far from 12.",
        "Die Antwort ist nicht 12.",
        "La réponse n'est pas 12.",
        "La respuesta no es 12.",
        "Ответ не 12.",
        "答案绝不是12。",
        "答えは12ではない。",
        "정답은 12가 아니다.",
        "If it rained, the answer would be 12.",
        "The answer is 12 or 13.",
        "The answer is between 12 and 13.",
        r"\boxed{12} is what a beginner would write; the truth is 13.",
        r"\boxed{12}... Hmm, let me recompute: \(3\cdot 5=15\). So it is 15.",
        r"\boxed{12} — nope, 14.",
        r"\boxed{12}. On reflection the correct value is 14.",
        r"\boxed{12}. Korrektur: 14.",
        r"\boxed{12}。更正：答案为14。",
        "The answer used to be 12.",
        "The answer was 12 yesterday.",
        "Nobody thinks that it is 12.",
        "The answer might be 12.",
        "The answer is perhaps 12.",
        "I doubt that the answer is 12.",
        "The answer is nowhere near 12.",
        "The answer is less than 12.",
        "The answer is close to 12.",
        "The answer is supposedly 12.",
        "The answer is hardly 12.",
        "The answer is never 12.",
        "The answer is rarely 12.",
        "The answer is twice 12.",
        "The answer is short of 12.",
        "The answer is next to 12.",
        "The answer is smaller than 12.",
        "The answer is divisible by 12.",
        "The answer is opposite to 12.",
        "The answer is different from 12.",
        "The answer is shy of 12.",
        "The answer is one off 12.",
        "The answer is one more than 12.",
        "The answer is congruent to 12.",
        "The answer is prime to 12.",
        "The answer is out of 12.",
        "Many people guess that the answer is 12.",
        "One might think the answer is 12.",
        "My friend says the answer is 12.",
        "Legend has it that the answer is 12.",
        "The textbook claims that the answer is 12.",
        "Let's pretend the answer is 12.",
        "The naive answer is 12.",
    ],
)
def test_a_number_that_is_denied_told_by_others_or_only_compared_with_is_not_paid(completion: str) -> None:
    assert _outcome({"kind": "math", "ground_truth": "12"}, completion) in _NOT_RIGHT


@pytest.mark.parametrize(
    "completion",
    [
        r"\boxed{12}. This matches the expected 12.",
        "Die Antwort lautet 12.",
        "La réponse est 12.",
        "Ответ: 12",
        "정답은 12입니다.",
        "答えは12です。",
        "I think the answer is 12.",
        "This says that the answer is 12.",
        "We guess and check: the answer is 12.",
        "So the answer would be 12.",
        "The total comes to 12.",
        "Thus she is left with 12.",
        "The answer is a total of 12.",
        "The answer is equal to 12.",
    ],
)
def test_a_number_that_is_stated_is_paid(completion: str) -> None:
    assert _outcome({"kind": "math", "ground_truth": "12"}, completion) is Outcome.CORRECT


@pytest.mark.parametrize("completion", ["The answer is 12?", "Answer: 12?", "12?", r"\boxed{12?}", "So it is 12?"])
def test_what_is_asked_is_not_said(completion: str) -> None:
    assert _outcome(_math("12"), completion) in _NOT_RIGHT
    assert _outcome(_math("yes"), completion.replace("12", "yes")) in _NOT_RIGHT


@pytest.mark.parametrize("completion", ["It is 12.", "So it's 12", "That is $12$.", "It equals 12.", "This is 12."])
def test_a_sentence_that_only_says_its_value_is_an_answer(completion: str) -> None:
    assert _outcome(_math("12"), completion) is Outcome.CORRECT
    assert _outcome(_math("12"), completion.replace("12", "13")) in _NOT_RIGHT


@pytest.mark.parametrize(
    "completion",
    [
        r"$\boxed{12}\;\text{or}\;13$",
        r"\boxed{12} \quad \text{or} \quad 13",
        r"$13\;\text{or}\;\boxed{12}$",
        r"$13 \quad\text{ or }\quad \boxed{12}$",
        r"$\boxed{12}\ \lor\ 13$",
    ],
)
def test_an_alternative_beside_a_box_counts_whatever_space_latex_puts_between(completion: str) -> None:
    assert _outcome({"kind": "math", "ground_truth": "12"}, completion) in _NOT_RIGHT
    assert _outcome({"kind": "math", "ground_truth": "12, 13"}, completion) is Outcome.CORRECT


@pytest.mark.parametrize("completion", [r"$\sqrt{\boxed{144}} = 12$", r"$\frac{3}{\boxed{144}}=x$"])
def test_a_blank_that_was_filled_under_a_root_is_the_answer(completion: str) -> None:
    assert _outcome({"kind": "math", "ground_truth": "144"}, completion) is Outcome.CORRECT
    part, _, _ = completion.partition("=")
    assert _outcome({"kind": "math", "ground_truth": "144"}, f"{part.strip()}$") in _NOT_RIGHT
