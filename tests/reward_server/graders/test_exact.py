r"""What stands at the ends of an answer counts, and what only wraps it does not.

Signs of emphasis go in pairs alone, so that `A*` is not `A`; a full stop may end a sentence or an abbreviation, so that
both are tried; LaTeX's escapes, a fence around all of an answer and marks that print nothing are no part of it.
"""

import pytest

from reward_server.errors import TaskError
from reward_server.graders import Completion, exact, short_answer
from reward_server.verdict import Outcome

_GRID = "1 2\n3 4"


def _score(truth: str, completion: str) -> float | None:
    compiled = exact.compile_task(exact.ExactTask(ground_truth=truth))
    return exact.grade(compiled, Completion(completion)).score


@pytest.mark.parametrize(
    ("truth", "completion"),
    [
        ("A", "A*"),
        ("A", "The answer is A*"),
        ("A", "The answer is A*."),
        ("A", "Final answer: A*"),
        ("A", "**Answer:** A*"),
        ("A", "* The answer is A*"),
        ("A", "#### A*"),
        ("A", r"\boxed{A*}"),
        ("A", r"\boxed{\text{A*}}"),
        ("A", '{"answer": "A*"}'),
        ("A", "A: A*"),
        ("A", "<answer>A*</answer>"),
        ("A", "Die Antwort ist A*."),
        ("C", "**C***"),
        ("C", "C**"),
        ("C", "The answer is **C***."),
        ("C", "**The answer is C***"),
        ("A", "A_"),
        ("A", "`A"),
        ("A", "The answer is `A"),
        ("A", "The answer is _A"),
        ("A", r"The answer is A\*"),
        ("The big A", "The answer is The **big** A*"),
        ("St", "The answer is St. Louis."),
        ("Dr", "The answer is Dr. Who."),
        ("No", "The answer is No. 5."),
        ("5", r"\boxed{\$5}"),
        ("5", r"\boxed{5\%}"),
        ("5", r"The answer is \$5."),
        ("ab", r"\boxed{a\_b}"),
        ("a", r"\boxed{\{a\}}"),
        ("1 2", f"Answer:\n{_GRID}"),
        ("1 2", f"```\n{_GRID}\n```"),
        ("1 2", f"<answer>\n```\n{_GRID}\n```\n</answer>"),
        ("1 2", f"Answer:\n```\n{_GRID}\n```"),
        ("1 2 3 4", f"Answer:\n{_GRID}"),
        ("Paris", "The answer is St. Paris."),
        ("Paris", "Pa\u200bris"),
        ("Yahoo", "<answer>Yahoo!</answer>"),
        ("say hi", '<answer>say "hi"</answer>'),
    ],
)
def test_what_was_written_is_not_dropped(truth: str, completion: str):
    assert _score(truth, completion) == 0.0


@pytest.mark.parametrize(
    ("truth", "completion"),
    [
        ("A*", "A*"),
        ("A*", "The answer is A*."),
        ("A*", "The answer is **A***."),
        ("A*", "**The answer is A***"),
        ("A*", "The answer is `A*`."),
        ("A*", r"\boxed{A*}"),
        ("A*", r"The answer is A\*."),
        ("A*", "<answer>`A*`</answer>"),
        ("C**", "The answer is C**"),
        ("snake_", "The answer is `snake_`"),
        ("_init_", "The answer is _init_"),
        ("_init_", "_init_"),
        ("St. Louis", "The answer is St. Louis."),
        ("St. Louis", "The answer is St. Louis"),
        ("St. Louis", "Final answer: **St. Louis**."),
        ("St. Louis", "**The answer is St. Louis.**"),
        ("St. Louis", "The answer is St. Louis. It lies in Missouri."),
        ("Mount St. Helens", "The answer is Mount St. Helens."),
        ("Dr. Who", "The answer is Dr. Who."),
        ("Dr. Who", 'The answer is "Dr. Who".'),
        ("J. R. R. Tolkien", "The answer is J. R. R. Tolkien."),
        ("J. R. R. Tolkien", "The answer is J. R. R. Tolkien. He wrote it in 1937."),
        ("No. 5", "The answer is No. 5."),
        ("U.S.", "The answer is U.S."),
        ("U.S.", "The answer is the **U.S.**".replace("the **", "**")),
        ("U.S.", "**The answer is U.S.**"),
        ("e.g.", "The answer is e.g."),
        ("Washington D.C.", "The answer is Washington D.C."),
        ("Inc.", "The answer is Inc."),
        ("etc.", "Answer: etc."),
        ("Yahoo!", "The answer is Yahoo!"),
        ("Yahoo!", "The answer is **Yahoo!**"),
        ("Hello, World!", "The answer is Hello, World!"),
        ("Hello, World!", 'The answer is "Hello, World!".'),
        ("Hello, World!", r"\boxed{\text{Hello, World!}}"),
        ("$5", r"\boxed{\$5}"),
        ("$5", r"\boxed{\text{\$5}}"),
        ("$5", "The answer is $5."),
        ("$5", r"The answer is \$5."),
        ("5%", r"\boxed{5\%}"),
        ("5%", r"The answer is 5\%."),
        ("a_b", r"\boxed{a\_b}"),
        ("a_b", r"\boxed{\text{a\_b}}"),
        ("a_b", r"\boxed{\texttt{a\_b}}"),
        ("{a}", r"\boxed{\{a\}}"),
        ("{a}", r"\boxed{\text{\{a\}}}"),
        ("A & B", r"\boxed{\text{A \& B}}"),
        ("#1", r"\boxed{\#1}"),
        ("dark green", r"\boxed{\text{dark}\ \text{green}}"),
        ("dark green", r"\boxed{\text{dark green}}"),
        ("x", "The answer is $x$."),
        ("x", r"The answer is \(x\)."),
        ("x", "$x$"),
        ("x", "<answer>$x$</answer>"),
        ("x", r"\boxed{$x$}"),
        ("x", "The answer is **$x$**."),
        (_GRID, f"```\n{_GRID}\n```"),
        (_GRID, f"```text\n{_GRID}\n```\n"),
        (_GRID, f"<answer>\n```\n{_GRID}\n```\n</answer>"),
        (_GRID, f"<answer>\n{_GRID}\n</answer>"),
        (_GRID, f"Answer:\n{_GRID}"),
        (_GRID, f"I solved it.\n\n**Answer:**\n\n{_GRID}\n"),
        (_GRID, f"I solved it.\n\n## Answer\n{_GRID}"),
        (_GRID, f"Final answer:\n```\n{_GRID}\n```"),
        (_GRID, f"The answer is:\n{_GRID}\n\nI hope this helps."),
        (_GRID, _GRID),
        ("Paris", "\ufeffParis"),
        ("Paris", "Paris\u200b"),
        ("Paris", "<answer>\u200bParis\u200b </answer>"),
        ("Paris", "The answer is \u2060Paris\u200e."),
        ("\ufeffParis", "Paris"),
        ("Paris", "It is Paris.\u200b"),
    ],
)
def test_ordinary_ways_to_write_an_answer_are_right(truth: str, completion: str):
    assert _score(truth, completion) == 1.0


@pytest.mark.parametrize(
    "completion",
    [
        "The answer is Paris.",
        "The answer is Paris!",
        "The answer is **Paris**.",
        "The answer is **Paris.**",
        "**The answer is Paris.**",
        "**The answer is Paris**.",
        "**Answer:** Paris",
        "**Answer: Paris**",
        "**Final Answer**: Paris",
        "*Answer:* _Paris_",
        "* Answer: Paris",
        "The answer is `Paris`.",
        'The answer is "Paris".',
        'The answer is "Paris."',
        "The answer is ***Paris***.",
        "The answer is **`Paris`**",
        "#### Paris",
        "#### **Paris**",
        "**Paris**",
        "__Paris__",
        "`Paris`",
        "Paris.",
        "Answer:\nParis",
        "Answer:\nParis\n\nI hope this helps!",
        "Answer:\nParis\nBecause it is the capital of France.",
        "The answer is Paris. It is the capital of France.",
        "The answer is Paris. Its streets are old.",
        r"\boxed{Paris}",
        r"\boxed{\text{Paris}}",
        r"$\boxed{\textbf{Paris}}$",
        r"**\boxed{Paris}**",
        "<answer>Paris</answer>",
        "<answer>**Paris**</answer>",
        '{"answer": "Paris"}',
        "Die Antwort ist Paris.",
        "Die Antwort ist **Paris**.",
        "答案是Paris。",
        "A: Paris",
    ],
)
def test_plain_answers_stay_right(completion: str):
    assert _score("Paris", completion) == 1.0


@pytest.mark.parametrize("completion", ["The answer is C*.", "**C***", r"\boxed{C*}"])
def test_signs_at_the_end_of_a_short_answer_are_kept(completion: str):
    for truth in ("C", "C*"):
        compiled = short_answer.compile_task(short_answer.ShortAnswerTask(ground_truth=truth))
        assert short_answer.grade(compiled, Completion(completion)).score == float(truth == "C*")


def test_the_whole_of_a_long_text_is_not_folded_for_a_short_truth(monkeypatch: pytest.MonkeyPatch):
    folded: list[int] = []
    real = exact.normal_form
    monkeypatch.setattr(exact, "normal_form", lambda form, text: folded.append(len(text)) or real(form, text))
    compiled = exact.compile_task(exact.ExactTask(ground_truth="Paris"))
    assert exact.grade(compiled, Completion("\u0323\u0301" * 30_000)).outcome is Outcome.INCORRECT
    assert max(folded) < 2_000


def test_a_truth_of_marks_that_print_nothing_is_refused():
    with pytest.raises(TaskError, match="must not be empty"):
        exact.compile_task(exact.ExactTask(ground_truth="\ufeff\u200b "))
