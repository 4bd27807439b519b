"""Multiple choice: letters, words, several answers, hedges."""

from typing import Any

import pytest

from reward_server.errors import TaskError
from reward_server.graders import Completion
from reward_server.graders.choice import ChoiceTask, compile_task, grade_fast, read_options
from reward_server.verdict import Outcome, Verdict

OPTIONS = ["$\\frac{1}{2}$", "0.25", "red", "dark green"]


def grade(ground_truth: Any, completion: str, options: Any = None) -> Verdict:
    return grade_fast(compile_task(ChoiceTask(ground_truth=ground_truth, options=options)), Completion(completion))


@pytest.mark.parametrize("ground_truth", ["C", "(C)", "C)", "C.", "c", "$C$", "\\text{(C)}", 2, "red", ["C"]])
def test_a_ground_truth_is_taken_in_every_spelling(ground_truth: Any):
    assert compile_task(ChoiceTask(ground_truth=ground_truth, options=OPTIONS)).right == ("C",)


@pytest.mark.parametrize(
    ("ground_truth", "options", "labels", "right"),
    [
        ("B-", ["O+", "O-", "A+", "A-", "B+", "B-"], None, "F"),
        ("A+", ["O+", "O-", "A+", "A-", "B+", "B-", "AB+", "AB-"], None, "C"),
        ("AB-", ["O+", "O-", "A+", "A-", "B+", "B-", "AB+", "AB-"], None, "H"),
        ("A-", ["C", "A-", "B+", "B"], None, "B"),
        ("B+", ["A+", "A", "B+", "B"], None, "C"),
        *((mark, ["x", mark, "y", "z"], None, "B") for mark in ("A*", "A°", "A'", "A#", "A%", "~A", "¬A", "A!", "A?")),
        ("-2", ["1", "-1", "2", "-2"], ["1", "2", "3", "4"], "4"),
        ("−2", ["1", "-1", "2", "-2"], ["1", "2", "3", "4"], "4"),
        *((mark, ["1", mark, "3", "4"], ["2", "1", "3", "4"], "1") for mark in ("$2", ">2", "√2", "2%", "‹2", "2!")),
        ("C", ["A", "B", "D", "C"], None, "C"),
        ("(C)", ["A", "B", "D", "C"], None, "C"),
        ("2", ["1", "3", "2", "4"], ["1", "2", "3", "4"], "2"),
        ("**C**", OPTIONS, None, "C"),
        ('"C"', OPTIONS, None, "C"),
        ("[C]", OPTIONS, None, "C"),
        ("C:", OPTIONS, None, "C"),
        ("C)red", OPTIONS, None, "C"),
        ("$\\frac{1}{2}$", OPTIONS, None, "A"),
    ],
)
def test_a_ground_truth_is_an_options_text_before_it_is_a_label_with_signs(
    ground_truth: Any, options: Any, labels: Any, right: str
):
    assert compile_task(ChoiceTask(ground_truth=ground_truth, options=options, labels=labels)).right == (right,)


@pytest.mark.parametrize(
    ("ground_truth", "options", "labels", "right"),
    [
        (True, None, ["true", "false"], "true"),
        (False, None, ["true", "false", "uncertain"], "false"),
        (True, ["False", "True"], None, "B"),
        ([True], ["False", "True"], None, "B"),
        (1, ["False", "True"], None, "B"),
    ],
)
def test_true_of_json_is_a_text_and_no_position(ground_truth: Any, options: Any, labels: Any, right: str):
    task = ChoiceTask.model_validate({"ground_truth": ground_truth, "options": options, "labels": labels})
    assert compile_task(task).right == (right,)


def test_true_without_an_option_of_that_name_is_a_broken_row_that_names_the_options():
    with pytest.raises(TaskError, match="'true' names no option; they are called A, B"):
        compile_task(ChoiceTask(ground_truth=True, options=["red", "blue"]))


@pytest.mark.parametrize("ground_truth", ["A+", "-C", "C°", "~C", "¬C", "C-", "√C", "C'"])
def test_a_label_with_a_sign_is_another_answer(ground_truth: str):
    with pytest.raises(TaskError, match="names no option"):
        compile_task(ChoiceTask(ground_truth=ground_truth, options=OPTIONS))


@pytest.mark.parametrize("ground_truth", ["E", 4, -1, "blue", "", []])
def test_a_ground_truth_outside_the_options_is_a_broken_row(ground_truth: Any):
    with pytest.raises(TaskError):
        compile_task(ChoiceTask(ground_truth=ground_truth, options=OPTIONS))


@pytest.mark.parametrize(
    "options",
    [
        ["3", "4", "5"],
        ["A)3", "B)4", "C)5"],
        {"A": "3", "B": "4", "C": "5"},
        {"(a)": "3", "(b)": "4", "(c)": "5"},
        "A) 3 B) 4 C) 5",
        "A: 3 \nB: 4 \nC: 5 ",
    ],
)
def test_options_are_taken_in_every_layout(options: Any):
    assert read_options(options) == {"A": "3", "B": "4", "C": "5"}


def test_labels_inside_an_options_text_do_not_split_it():
    assert read_options("A: for r > R. \nB: for r < R. \nC: none")["B"] == "for r < R."


@pytest.mark.parametrize(
    ("completion", "method"),
    [
        ("The answer is D.", "letter"),
        ("The answer is dark green.", "option_text"),
        (r"\boxed{\text{Dark Green}}", "option_text"),
        ("The answer is the dark green one of them.", "option_in_prose"),
    ],
)
def test_letter_and_words_both_count(completion: str, method: str):
    verdict = grade("D", completion, OPTIONS)
    assert verdict.outcome is Outcome.CORRECT
    assert verdict.evidence["method"] == method


def test_an_options_value_counts_in_another_spelling():
    verdict = grade("A", r"\boxed{0.5}", OPTIONS)
    assert (verdict.outcome, verdict.evidence["method"]) == (Outcome.CORRECT, "option_value")


def test_the_letter_wins_over_the_words():
    assert grade("C", "The answer is (D) red.", OPTIONS).outcome is Outcome.INCORRECT


@pytest.mark.parametrize("hedge", ["A or B", "A, B", "AB", "A and B", "A/B"])
def test_hedging_over_letters_is_wrong(hedge: str):
    verdict = grade("A", f"The answer is {hedge}.")
    assert verdict.outcome is Outcome.INCORRECT
    assert verdict.evidence["hedged"]


def test_a_set_of_letters_is_right_in_any_order_and_only_complete():
    assert grade(["A", "C"], "ANSWER: C, A").outcome is Outcome.CORRECT
    assert grade("AC", "ANSWER: (A, C)").outcome is Outcome.CORRECT
    assert grade(["A", "C"], "ANSWER: A").outcome is Outcome.INCORRECT
    assert grade(["A", "C"], "ANSWER: ABC").outcome is Outcome.INCORRECT


def test_letters_out_of_order_answer_several_questions():
    assert grade(["D", "C", "C"], "1.【答案】D\n2.【答案】C\n3.【答案】C").outcome is Outcome.CORRECT
    assert grade(["D", "C", "C"], "1.【答案】C\n2.【答案】D\n3.【答案】C").outcome is Outcome.INCORRECT
    assert grade(["D", "A"], "【答案】D A").outcome is Outcome.CORRECT
    assert grade(["D", "A"], "【答案】A D").outcome is Outcome.INCORRECT


def test_no_announcement_is_no_answer():
    assert grade("A", "I would rather not say.").outcome is Outcome.NO_ANSWER


@pytest.mark.parametrize(
    ("options", "labels"),
    [
        (["1) 3", "2) 4"], ["1", "2"]),
        (["(가) 3", "(나) 4"], ["가", "나"]),
        (["ア. 3", "イ. 4"], ["ア", "イ"]),
        ("① 3 ② 4", ["1", "2"]),
        ("(α) 3 (β) 4", ["α", "β"]),
        ({"1": "3", "2": "4"}, ["1", "2"]),
        (["1.5", "2.5"], ["A", "B"]),
        (["①②", "②③"], ["A", "B"]),
        (["①、②", "②、③"], ["A", "B"]),
        (["① and ②", "② and ③"], ["A", "B"]),
        (["(1) and (2)", "(2) and (3)"], ["A", "B"]),
        (["(1)(2)", "(2)(3)"], ["A", "B"]),
        (["(A), (B)", "(B), (C)"], ["A", "B"]),
        (["1) only", "2) only"], ["A", "B"]),
        (["①+②", "②+③"], ["A", "B"]),
        (["(1) or 2", "(2) or 3"], ["A", "B"]),
        (["1  km", "2  km"], ["A", "B"]),
        (["1  km", "2  m"], ["A", "B"]),
        (["① km", "② km"], ["A", "B"]),
        (["① 3", "② 4"], ["1", "2"]),
        (["① ②", "② ①"], ["A", "B"]),
        (["1. 2", "2. 1"], ["1", "2"]),
        (["Ⅰ. x", "Ⅱ. y"], ["I", "II"]),
        (["1  London", "2  Paris"], ["1", "2"]),
        (["(가) 3", "(나) (가)"], ["A", "B"]),
    ],
)
def test_labels_of_other_sequences_are_read(options: Any, labels: list[str]):
    assert list(read_options(options)) == labels


def test_texts_that_are_not_labels_stay_whole():
    assert read_options(["①②", "②③"]) == {"A": "①②", "B": "②③"}
    assert read_options(["1  km", "2  km"]) == {"A": "1  km", "B": "2  km"}


def test_after_z_come_double_letters():
    assert list(read_options([str(number) for number in range(30)]))[25:28] == ["Z", "AA", "AB"]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"ground_truth": 2, "options": {"1": "a", "2": "b", "3": "c"}}, "may be a label or a position"),
        ({"ground_truth": "a", "options": {"a": "x", "A": "y"}}, "read alike"),
        ({"ground_truth": "a", "options": ["x", "y"], "labels": ["α"]}, "1 for 2 options"),
        ({"ground_truth": "A", "options": {"?": "x"}}, "is no label"),
        ({"ground_truth": "-1", "options": {"-1": "x", "-2": "y"}}, "is no label"),
        ({"ground_truth": ">1", "options": {">1": "x", "<2": "y"}}, "is no label"),
        ({"ground_truth": "$1", "options": {"$1": "x", "$2": "y"}}, "is no label"),
        ({"ground_truth": "A+", "labels": ["A+", "B+"]}, "is no label"),
        ({"ground_truth": "A or B"}, "names no option"),
        ({"ground_truth": 1, "options": ["x"] * 101}, "more than 100"),
        ({"ground_truth": 1, "labels": [f"label {n} is a long one" for n in range(50)]}, "more than 800"),
    ],
)
def test_what_cannot_be_told_apart_is_a_broken_row(fields: dict[str, Any], told: str):
    with pytest.raises(TaskError, match=told):
        compile_task(ChoiceTask(**fields))


def test_a_look_alike_counts_only_where_it_can_be_no_other_label():
    assert grade("A", "Ответ: А").outcome is Outcome.CORRECT
    assert grade("C", "Ответ: С", ["w", "x", "y", "z"]).outcome is Outcome.CORRECT
    assert grade("B", "Ответ: В", ["w", "x", "y", "z"]).score == 0


def test_a_number_that_is_a_label_and_a_text_needs_to_stand_as_a_label():
    options = {"1": "3", "2": "1", "3": "2"}
    assert grade("2", "The answer is 2.", options).evidence["problem"].startswith("ambiguous")
    assert grade("2", "The answer is (2).", options).outcome is Outcome.CORRECT


@pytest.mark.parametrize(
    "completion",
    [
        "The answer is B, right?",
        "The answer is B, isn't it?",
        "The answer is B?",
        "The correct option is B, correct?",
        "答案是B吗？",
        "答案是B，对吗？",
        "Die Antwort ist B?",
        "The answer is B? No.",
        "The answer is B, right? No, it is C.",
    ],
)
def test_an_option_that_is_only_asked_about_is_not_chosen(completion: str):
    compiled = compile_task(ChoiceTask(ground_truth="B"))
    assert grade_fast(compiled, Completion(completion)).score == 0.0


@pytest.mark.parametrize(
    "completion",
    [
        "The answer is B? Yes.",
        "The answer is (B)? Yes!",
        "The answer is B, right? Yes.",
        "The answer is B? Yes, B.",
        "答案是B吗？是的。",
        "The answer is A? No. The answer is B.",
        "Which option is right? The answer is B.",
    ],
)
def test_an_option_that_is_asked_about_and_confirmed_is_chosen(completion: str):
    compiled = compile_task(ChoiceTask(ground_truth="B"))
    assert grade_fast(compiled, Completion(completion)).score == 1.0


@pytest.mark.parametrize("completion", ["②", "The answer is ②", r"\boxed{②}", "(2)", "option 2"])
def test_a_circled_number_stands_as_a_label(completion: str):
    assert grade("2", completion, {"1": "3", "2": "1", "3": "2", "4": "12"}).score == 1.0
