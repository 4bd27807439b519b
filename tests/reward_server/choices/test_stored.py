"""Options as data sets store them are the options that they are."""

import pytest

from reward_server.choices.stored import options_as_stored
from reward_server.graders import Completion
from reward_server.graders.choice import GRADER, ChoiceTask


@pytest.mark.parametrize(
    ("stored", "taken"),
    [
        ({"text": ["red", "blue"], "label": ["A", "B"]}, {"A": "red", "B": "blue"}),
        ({"label": ["1", "2"], "text": ["red", "blue"]}, {"1": "red", "2": "blue"}),
        ([{"label": "A", "text": "red"}, {"label": "B", "text": "blue"}], {"A": "red", "B": "blue"}),
        ([{"key": "A", "content": 3}, {"key": "B", "content": 4.5}], {"A": "3", "B": "4.5"}),
        ([3, 4.5, "x"], ["3", "4.5", "x"]),
        ({"A": 3, "B": "x"}, {"A": "3", "B": "x"}),
        ({"text": "red", "label": "blue"}, {"text": "red", "label": "blue"}),
        ({"text": ["red", "blue"], "label": ["A", "A"]}, {"text": ["red", "blue"], "label": ["A", "A"]}),
        ({"text": ["a"], "label": ["A"], "value": ["b"]}, {"text": ["a"], "label": ["A"], "value": ["b"]}),
        ([{"label": "A", "text": "a", "value": 3}], [{"label": "A", "text": "a", "value": 3}]),
        ("A) 3 B) 4", "A) 3 B) 4"),
        (None, None),
    ],
)
def test_options_are_read_as_they_are_stored(stored: object, taken: object) -> None:
    assert options_as_stored(stored) == taken


@pytest.mark.parametrize(
    ("said", "outcome"), [("blue", "correct"), ("The answer is B.", "correct"), ("A", "incorrect")]
)
def test_options_of_arc_are_graded(said: str, outcome: str) -> None:
    options = {"text": ["red", "blue"], "label": ["A", "B"]}
    compiled = GRADER.compile(ChoiceTask.model_validate({"ground_truth": "B", "options": options}))
    assert GRADER.fast(compiled, Completion(said)).outcome == outcome


def test_a_label_given_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="options"):
        ChoiceTask.model_validate({"ground_truth": "B", "options": {"text": ["a", "b"], "label": ["A", "A"]}})
