"""What is denied, supposed or taken back announces nothing; what is announced counts in many languages."""

import pytest

from reward_server.extraction import find_answer
from reward_server.graders import Completion, choice, exact, math
from reward_server.wire import Item, graded_text

_OPTIONS = ["red", "dark green", "blue", "T cells"]


def _math(ground_truth: str, completion: str) -> str:
    verdict = math.grade_fast(math.compile_task(math.MathTask(ground_truth=ground_truth)), Completion(completion))
    assert verdict is not None
    return verdict.outcome.value


def _choice(ground_truth: str, completion: str, options: list[str] | None = None) -> str:
    task = choice.ChoiceTask(ground_truth=ground_truth, options=_OPTIONS if options is None else options)
    return choice.grade_fast(choice.compile_task(task), Completion(completion)).outcome.value


@pytest.mark.parametrize(
    "completion",
    [
        "The answer cannot be 12. It must be 15.",
        "The answer is not 12.", "If the answer were 12, we would be done.",
        "Suppose the answer is 12.", "Is the answer 12?",
        "Die Antwort ist nicht 12.", "答えは12ではない。", "답은 12이 아닙니다",
        r"\boxed{12", r"\boxed{12} and then \boxed{}", r"\boxed{13} and then \boxed{12", r"\boxed{12 is wrong}",
        r"\boxed{int('12')}", r"\boxed{The degree is 12, because h has degree 24/2. Therefore the degree is 3.}",
    ],
)  # fmt: skip
def test_what_is_not_asserted_is_not_paid(completion: str):
    assert _math("12", completion) != "correct"


@pytest.mark.parametrize(
    "completion",
    [
        "Die Antwort ist 18.", "La réponse est 18.", "La respuesta es 18.",
        "Ответ: 18", "答えは18です。", "정답은 18입니다.",
        "คำตอบคือ 18", "উত্তর: 18", "సమాధానం: 18", "Jibu ni 18.", "Cevap: 18", "Đáp án là 18.", "الإجابة هي 18",
        "उत्तर: 18", "Odpowiedź: 18", "Jawabannya adalah 18.", "La risposta è 18.", "A resposta é 18.",
        "The answer cannot be 12. It must be 18.", "She had 20. Then Jenny eats 18 cookies.",
        "Josh's profit is $18 (98 - 80).",
    ],
)  # fmt: skip
def test_announcements_in_many_languages_count(completion: str):
    assert _math("18", completion) == "correct"


@pytest.mark.parametrize(
    "completion",
    [
        "Do not select A", "The answer is A, or B",
        "Choice A, but also consider C", "I would not choose A", "A is wrong",
        "The answer is A or maybe B", "If the answer is A then we are done", "The answer is A (dark green)", "(A)(B)",
        "The answer is {A}{B}", "A B C D", "AB", "The answer is one of A, B",
        "答案是A或B", "答案不是A", "答案不可能是A", "不选A",
        "Answer: not A", "A is not the answer",
        "The answer is neither A nor B", "It cannot be A", "The answer is infrared",
        "Die Antwort ist nicht A.",
    ],
)  # fmt: skip
def test_hedged_denied_and_contradicted_letters_are_not_paid(completion: str):
    assert _choice("A", completion) != "correct"


@pytest.mark.parametrize(
    ("ground_truth", "completion"),
    [
        ("B", "Die richtige Antwort ist B."), ("B", "정답은 B입니다."), ("B", "答えはBです。"),
        ("B", "Правильный ответ: B"), ("B", "(B) dark green"), ("B", "dark green"), ("A", "The answer is A (red)"),
        ("C", "not A but C"), ("C", "The answer cannot be B. It must be C."),
        ("A", "The answer is A, because red is warm."), ("ABC", "ANSWER: A, B, and C"),
    ],
)  # fmt: skip
def test_asserted_letters_and_texts_are_right(ground_truth: str, completion: str):
    assert _choice(ground_truth, completion) == "correct"


def test_an_options_text_wins_over_the_letter_it_begins_with():
    cells = ["T cells", "NK cells", "mast cells", "B cells"]
    assert _choice("D", "The answer is B cells.", cells) == "correct"
    assert _choice("B", "The answer is B cells.", cells) == "incorrect"


@pytest.mark.parametrize("ground_truth", [r"\textbf{(B)}\ 245", r"\text{B: the second}", "(B) 245"])
def test_ground_truths_as_competitions_print_them(ground_truth: str):
    compiled = choice.compile_task(choice.ChoiceTask(ground_truth=ground_truth))
    assert compiled.right == ("B",)


@pytest.mark.parametrize(
    ("ground_truth", "completion", "right"),
    [
        ("Paris", "Paris<|im_end|>", True), ("Paris", "The answer is Paris.", True), ("3 1\n2 4", "3 1 \n2  4", True),
        ("3 1\n2 4", "<answer>3\n1\n2\n4</answer>", False), ("210", "<answer>2¹⁰</answer>", False),
        ("Paris", "<think><answer>Paris</answer>", False), ("Paris", "not Paris", False),
    ],
)  # fmt: skip
def test_exact_keeps_lines_and_signs(ground_truth: str, completion: str, right: bool):
    compiled = exact.compile_task(exact.ExactTask(ground_truth=ground_truth))
    assert (exact.grade(compiled, Completion(completion)).outcome.value == "correct") is right


def test_an_instruction_quoted_after_the_answer_is_passed_over():
    found = find_answer(r"My answer is \boxed{3}. (As asked, within \boxed{}.)")
    assert found is not None
    assert found.answer == "3"


@pytest.mark.parametrize("more", [{"prefilled_think": True}, {"prompt": "Solve it.\n<think>\n"}])
def test_a_draft_in_a_thought_that_the_prompt_opened_is_no_answer(more: dict):
    item = Item[dict].model_validate({"task": {}, "completion": r"maybe \boxed{12}", "finish_reason": "length", **more})
    assert _math("12", graded_text(item)[0]) == "no_answer"
    done = item.model_copy(update={"completion": r"hm</think> \boxed{12}"})
    assert _math("12", graded_text(done)[0]) == "correct"
