"""The promises that every reward part keeps, as a test class: derive from it, set `part`."""

from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reward_server.graders import Completion
from reward_server.rewards import RewardPart
from reward_server.verdict import Outcome, Verdict

_RIGHT = Verdict(Outcome.CORRECT, 1.0)
_UNITS = ("\\(", "\\[", "$$", "`", "```", "<think>", "</answer>", "a ", "的", "{", "\\boxed{", "\ud7ff")
_LONG_CHARACTERS = 1_000_000


class PartContract:
    """Derive from it and set `part`."""

    part: ClassVar[RewardPart[Any]]

    @pytest.fixture
    def subject(self) -> RewardPart[Any]:
        """Return the part under test."""
        return self.part

    def test_its_examples_measure_what_they_say(self, subject: RewardPart[Any]) -> None:
        """With a verdict that is right."""
        for options, text, expected in subject.examples:
            value = subject.measure(subject.options(**options), Completion(text), _RIGHT)
            assert value == pytest.approx(expected), (options, text)

    @given(text=st.text(), thinking=st.none() | st.text())
    @settings(
        deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors]
    )
    def test_no_text_makes_it_raise_and_values_repeat(
        self, subject: RewardPart[Any], text: str, thinking: str | None
    ) -> None:
        """Completions are untrusted."""
        options, completion = subject.options(), Completion(text, thinking)
        assert subject.measure(options, completion, _RIGHT) == subject.measure(options, completion, _RIGHT)

    @pytest.mark.parametrize("unit", _UNITS)
    def test_a_million_characters_of_anything_do_not_hang_it(self, subject: RewardPart[Any], unit: str) -> None:
        """Bound every loop over text from outside; a part is a number of -1 to 1, the weight is the request's."""
        value = subject.measure(subject.options(), Completion(unit * (_LONG_CHARACTERS // len(unit))), _RIGHT)
        assert value is not None
        assert -1.0 <= value <= 1.0
