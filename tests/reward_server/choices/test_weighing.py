"""What looks like a choice and is none: a value beside labels, a doubt, one of several, another sentence."""

from typing import Any

import pytest

from reward_server.errors import TaskError
from reward_server.graders import Completion
from reward_server.graders.choice import ChoiceTask, compile_task, grade_fast
from reward_server.verdict import Outcome

_NUMBERS = ["1", "2", "3", "4"]
_CITIES = ["London", "Paris", "Rome", "Oslo"]
_SHUFFLED = ["2", "4", "1", "3"]
_TRUTHS = ["true", "false", "uncertain"]
_LETTERS = {"A": "B", "B": "A", "C": "O", "D": "AB"}


def paid(options: Any, labels: list[str] | None, completion: str) -> list[str]:
    """Return every label that is paid where it is the right one."""
    known = labels or (list(options) if isinstance(options, dict) else list("ABCDEFGHIJ"[: len(options or "ABCD")]))
    tasks = [compile_task(ChoiceTask(ground_truth=label, options=options, labels=labels)) for label in known]
    verdicts = [grade_fast(task, Completion(completion)) for task in tasks]
    return [label for label, verdict in zip(known, verdicts, strict=True) if verdict.outcome is Outcome.CORRECT]


@pytest.mark.parametrize(
    "completion",
    [
        "Therefore the negation of the statement is true.",
        "Hence, the opposite of the conclusion is true.",
        "The contrary of the given statement is true.",
        "The converse of the statement is true.",
        "The statement's negation is true.",
        "The statement’s converse is true.",
        "What contradicts the statement is true.",
        "Only half of the statement is true.",
        "The first part of the statement is true.",
        "Everything but the statement is true.",
        "Nobody can show that the statement is true.",
        "The statement and its negation: only the latter is true.",
        "The statement or its negation is true.",
        "The claim opposite to the premises is true.",
        "The claim that the statement is false is true.",
        "The claim contradicting it is true.",
        "The statement in reverse is true.",
        "Half the statement is true.",
        "Much less than the statement is true.",
        "Tom says, the statement is true.",
        "Tom wants us to conclude that the statement is true.",
        "The opposite of the answer is true.",
        "The negation of the correct answer is true.",
        "Is the statement true",
        "The statement is true in some cases",
    ],
)
def test_what_is_said_of_another_sentence_is_not_said_of_the_statement(completion: str):
    assert paid(["x", "y", "z"], _TRUTHS, completion) == []


@pytest.mark.parametrize(
    ("completion", "label"),
    [
        ("Therefore, the statement is true.", "true"),
        ("The statement is true.", "true"),
        ("So the conclusion is **uncertain**.", "uncertain"),
        ("Thus, we can conclude that the given statement is false.", "false"),
        ("Since Max is a dog, and every dog barks, the statement is true.", "true"),
        ("Max is a dog, so the statement is true.", "true"),
        ("Max is a dog. It follows that the conclusion must be true.", "true"),
        ("Based on the premises, the hypothesis is therefore uncertain.", "uncertain"),
        ('Hence, the statement "Max barks" is true.', "true"),
        ("Therefore, the statement that Max barks is true.", "true"),
        ("In conclusion, given the premises, the statement in question is false.", "false"),
        ("Step 3: therefore the statement is true.", "true"),
        ("**Conclusion:** The statement is false.", "false"),
        ("Max barks, which means that the statement is true.", "true"),
        ("The answer is true.", "true"),
        ("Answer: the statement is true.", "true"),
    ],
)
def test_what_is_said_of_the_statement_is_the_choice(completion: str, label: str):
    assert paid(["x", "y", "z"], _TRUTHS, completion) == [label]


@pytest.mark.parametrize(
    "completion",
    [
        *("Answer: true, probably", "true (probably)", "true, I guess", "true — maybe", "Answer: true (most likely)"),
        *("Answer: true. Probably.", "The answer is true, but I'm not sure.", "true, as far as I can tell"),
        *(
            "Answer: true, I think",
            "Answer: true... perhaps",
            r"\boxed{\text{true (probably)}}",
            "Answer: true, mostly",
        ),
        *("<answer>true, presumably</answer>", "Answer: true with low confidence", "Answer: true, vielleicht"),
        *("Answer: true in some cases", "Answer: true (not certain)", "Answer: true, it seems", "Answer: true: unsure"),
        *("Answer: true, though doubtful", "true, sometimes", "Answer: true; or so it seems", "true, hopefully"),
    ],
)
def test_a_doubt_behind_a_word_is_another_answer(completion: str):
    assert paid(["x", "y", "z"], _TRUTHS, completion) == []


@pytest.mark.parametrize(
    "completion",
    [
        "true",
        "Answer: true, because every dog barks and Max is most likely one.",
        "Answer: true, since I think of Max as a dog.",
        "Answer: true. The premises leave no choice.",
        "Answer: true - it follows from the premises.",
        "Answer: true (see above)",
        "The answer is **true**, as the premises say.",
        "Answer: definitely true",
    ],
)
def test_an_explanation_behind_a_word_is_no_doubt(completion: str):
    assert paid(["x", "y", "z"], _TRUTHS, completion) == ["true"]


@pytest.mark.parametrize(
    ("completion", "right"),
    [
        ("A, B (pick one)", False),
        ("A, B (one of them)", False),
        ("A, B, one is right", False),
        ("A, B: either of them", False),
        ("A, B, only one of which is right", False),
        ("A and B (not both)", False),
        ("A, B. One of them is right.", False),
        ("A, B (choose any)", False),
        ("A, B, I cannot say which", False),
        ("A、B（任选其一）", False),
        ("A, B, but not both", False),
        ("A, B", True),
        ("A and B", True),
        ("A and B, because one is prime and one is even", True),
        ("A und B", True),
        ("A 與 B", True),
        ("A與B", True),
        ("A, B are right.", True),
    ],
)
def test_a_set_of_which_one_is_meant_is_not_the_set(completion: str, right: bool):
    task = compile_task(ChoiceTask(ground_truth=["A", "B"], options=["red", "green", "blue", "x"]))
    for text in (completion, f"Answer: {completion}"):
        assert (grade_fast(task, Completion(text)).outcome is Outcome.CORRECT) is right, text


@pytest.mark.parametrize(
    "completion",
    [
        *("So the sum is 2.", "Total: 2", "The ratio is 1:2", "It's 2", "The answer is 2, so done", "The answer is 2."),
        *(r"\boxed{2}", "The answer is 2 because I counted.", "Therefore 2", "The value is f(2).", "so x is then 2"),
        *("Answer: 2, 4", "The answer is 2, as shown", "Answer: 2 (approximately)", "The result is (2, 4)"),
    ],
)
def test_a_number_that_is_a_label_and_another_options_text_is_not_paid_as_a_label(completion: str):
    assert "2" not in paid(_SHUFFLED, _NUMBERS, completion)


@pytest.mark.parametrize("completion", ["Total: 2", "The ratio is 1:2", "It's 2", "So the sum is 2.", "Therefore, 2"])
def test_a_last_line_that_ends_in_a_number_chooses_no_label(completion: str):
    assert paid(_CITIES, _NUMBERS, completion) == []


@pytest.mark.parametrize(
    "completion",
    [
        *(r"\boxed{- 2}", "- 2", "Answer: — 2", r"\boxed{>2}", "Answer: > 2", "(2, ∞)", r"\boxed{[2,\infty)}"),
        *(
            r"\boxed{(2, +\infty)}",
            "Answer: 2!",
            "Answer: 2 (approximately)",
            "Answer: ≥ 2",
            "Answer: ≤2",
            "Answer: ≠ 2",
        ),
        *("Answer: ~2", "Answer: ~ 2", "Answer: √2", "Answer: / 2", "Answer: ± 2", "Answer: ]2, 3]", "Answer: [2, 3)"),
        *("Answer: $2", r"Answer: \$2", r"\boxed{\$2}", "Answer: 2$", "Answer: US$2", "Answer: 2, approximately"),
        *("Answer: 2 or so", "Answer: 2 (in metres)", "Answer: 2-pack", "The answer is $2, not $3.", "Answer: |2|"),
        *(
            r"Answer: \approx 2",
            "Answer: < 2",
            "Answer: .2",
            "Answer: − 2",
            "Answer: 2, roughly",
            "Answer: ‹2",
            "Answer: 2 …",
        ),
    ],
)
def test_a_value_is_no_label(completion: str):
    assert paid(_CITIES, _NUMBERS, completion) == []
    assert "2" not in paid(["-2", "-1", ">2", "(2,\\infty)"], _NUMBERS, completion)


@pytest.mark.parametrize(
    "completion",
    [
        *(
            "Answer: 2",
            "2",
            r"\boxed{2}",
            "The answer is 2.",
            "**2**",
            "(2)",
            "Answer: [2]",
            "Answer: $2$",
            "Answer: #2",
        ),
        *("Option 2", "Answer: option 2!", "The correct option is 2", "So the best choice is option 2.", "2. Paris"),
        *(
            "Answer: 2) Paris",
            "Answer: 2 - Paris",
            "Answer: 2 (Paris)",
            "Answer: $ 2 $",
            r"Answer: \(2\)",
            "Answer: → 2",
        ),
        *("The answer is 2 because it is on the Seine.", "答案是2。", "답: ②", "Answer: 2, Paris", "- (2)"),
        *("Thus the correct choice is (2).", "Therefore, the answer is **2**.", r"$$\boxed{2}$$", "Answer: 2: Paris"),
    ],
)
def test_a_number_that_stands_as_a_label_is_one(completion: str):
    assert paid(_CITIES, _NUMBERS, completion) == ["2"]


@pytest.mark.parametrize(
    ("options", "completion", "label"),
    [
        (["$1", "$4", "$2.00", "$8"], "The answer is $2", ["3"]),
        (["$1", "$4", "$2.00", "$8"], "The answer is 2", []),
        (["$1", "$4", "$2.00", "$8"], "The answer is option 2", ["2"]),
        (["$1", "$4", "$2.00", "$8"], r"\boxed{\$4}", ["2"]),
        (["2.0", "4.0", "1.0", "3.0"], "Answer: 2", []),
        (["2.0", "4.0", "1.0", "3.0"], "Answer: (2)", ["2"]),
        (["1", "-1", "2", "-2"], "Answer: - 2", ["4"]),
        (["(3,\\infty)", "(1,\\infty)", "(2,\\infty)", "x"], r"\boxed{(2,\infty)}", ["3"]),
        (_SHUFFLED, "Answer: 2) 4", ["2"]),
        (_SHUFFLED, "The answer is (2).", ["2"]),
        (_SHUFFLED, "Option 2 is correct.", ["2"]),
        (_SHUFFLED, "The answer is 2, which is 4.", ["2"]),
        (["5", "3", "2", "4"], "Answer: 4", ["4"]),
        (_LETTERS, "The answer is A.", []),
        (_LETTERS, "The answer is A, so done.", []),
        (_LETTERS, "The answer is (A).", ["A"]),
        (_LETTERS, "The answer is A) B", ["A"]),
        (_LETTERS, "The answer is C.", ["C"]),
        (_CITIES, "The ratio is A:B", []),
        (_CITIES, "So the probability is P(B)", []),
        (_CITIES, "Answer: B-cells", []),
        (_CITIES, "Answer: B-Paris", ["B"]),
        (_CITIES, "The opposite of the answer is B.", []),
        (_CITIES, "The letter of the correct answer is B.", ["B"]),
        (_CITIES, "So the final choice: B", ["B"]),
    ],
)
def test_a_label_and_a_value_are_told_apart(options: Any, completion: str, label: list[str]):
    labels = None if options is _CITIES or options is _LETTERS else _NUMBERS
    assert paid(options, labels, completion) == label


def test_long_texts_are_no_other_words_for_labels():
    options = {"true": "a" * 41, "false": "no", "uncertain": "b" * 40}
    task = compile_task(ChoiceTask(ground_truth="true", options=options))
    assert dict(task.aliases) == {"no": "false", "b" * 40: "uncertain"}
    many = {f"label {place}": f"{chr(97 + place)}" * 38 for place in range(26)}
    assert compile_task(ChoiceTask(ground_truth=1, options=many)).aliases == ()


def test_a_price_keeps_its_sign_in_the_ground_truth():
    for options, right in ((["$1", "$4", "$2", "$8"], "3"), (["$2", "$4", "2", "$8"], "1")):
        task = ChoiceTask(ground_truth="$2", options=options, labels=_NUMBERS)
        assert compile_task(task).right == (right,)
    with pytest.raises(TaskError, match="names no option"):
        compile_task(ChoiceTask(ground_truth="$2", options=_CITIES, labels=_NUMBERS))
