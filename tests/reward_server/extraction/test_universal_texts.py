"""No completion is paid for two letters, or for two texts: a seeded search over announcements, marks and hedges.

`REWARD_SEARCH=20000` searches that many completions; without it, a sample that takes seconds.
"""

import os
import random
from collections.abc import Iterator

from reward_server.graders import Completion, choice, exact, short_answer

_SEED = 20261128
_COUNT = int(os.environ.get("REWARD_SEARCH", "3000"))
_OPTIONS = ["red", "dark green", "B cells", "3"]
_TEXTS = [
    "Paris",
    "Rome",
    "paris rome",
    "3",
    "42",
    "yes",
    "no",
    "the answer",
    "A",
    "B",
    "x",
    "Paris, Rome",
    "3 4",
    "not Paris",
]
_SHORT = ["Paris", "Rome", "42", "yes", "no", "March 5, 2024", "2024", "Paris and Rome", "red", "dark red"]
_WORDS = [
    "A", "B", "C", "D", "(A)", "(B)", "[C]", "{A}",
    "{B}", "A.", "B)", "**C**", "$D$", "a", "b", "red", "dark green",
    "B cells", "3", "answer", "The answer is", "the answer is not", "not",
    "or", "and", ",", ";", "/", "but", "maybe",
    "Answer:", "Final answer:", "答案", "答案是", "故选", "不是", "或", "option", "choice", "correct",
    "wrong", "is", "because",
    "\\boxed{A}", "\\boxed{B}", "\\boxed{A, B}",
    "\\boxed{}", "<answer>A</answer>", "<answer>B</answer>", "<answer>",
    "</answer>", "<think>", "</think>", "####", "\n", "\n\n", ".",
    ":", "Paris", "Rome", "42", "yes", "no", "x", "all",
    "none", "any", "of the above", "March 5, 2024", "2024", "ABCD",
    "AB", "\u200b", '"answer": "A"', "{", "}", "I choose",
    "Die Antwort ist", "respuesta:", "정답은", "입니다", "If", "Suppose", "cannot be", "It must be",
    "neither", "nor", "both",
]  # fmt: skip


def _completions() -> Iterator[str]:
    rng = random.Random(_SEED)
    for _ in range(_COUNT):
        yield rng.choice(("", " ")).join(rng.choice(_WORDS) for _ in range(rng.randint(1, 7)))


def test_no_completion_is_paid_for_two_letters():
    for options in (None, _OPTIONS):
        tasks = {
            letter: choice.compile_task(choice.ChoiceTask(ground_truth=letter, options=options)) for letter in "ABCD"
        }
        for text in _completions():
            paid = [letter for letter, task in tasks.items() if choice.grade_fast(task, Completion(text)).score]
            assert len(paid) <= 1, (text, paid)


def test_no_completion_is_paid_for_two_texts():
    exacts = {text: exact.compile_task(exact.ExactTask(ground_truth=text)) for text in _TEXTS}
    shorts = {text: short_answer.compile_task(short_answer.ShortAnswerTask(ground_truth=text)) for text in _SHORT}
    for text in _completions():
        paid = [known for known, task in exacts.items() if exact.grade(task, Completion(text)).score]
        assert len(paid) <= 1, (text, paid)
        paid = [known for known, task in shorts.items() if short_answer.grade(task, Completion(text)).score]
        assert len(paid) <= 1, (text, paid)
