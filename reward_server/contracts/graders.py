"""The promises that every grader keeps, as a test class: derive from it, set `grader`."""

from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reward_server.graders import Completion, Example, Grader
from reward_server.verdict import UNSCORED, Verdict

_TEXTS = st.text() | st.text(alphabet="\\boxed{}<answer>/()0123456789,.+-*^_ABCD$% \n`=", max_size=200)
_UNITS = ("x", "\\boxed{", "{", "(", "<answer>", "```python\n", "1,", "A or ", "\\frac", "的")
_LONG_BYTES = 10_000_000
_HEX = f"0x{'f' * 6_000}"
_LONG_INTEGERS = (
    _HEX, "9" * 6_000, f"[{_HEX}]", f"({_HEX}, 1)", f"f({_HEX})", f"[f(x={_HEX})]", f"{{'a': {_HEX}}}",
    f"<answer>[{_HEX}]</answer>", f"<answer>f({_HEX}) == 1</answer>", f"0b{'1' * 15_000}",
)  # fmt: skip
"""Integers of more digits than Python writes, in the forms in which answers are read as values."""


def compiled_for(grader: Grader[Any, Any], example: Example) -> Any:
    """Return the compiled task of an example."""
    return grader.compile(grader.task.model_validate(example.task))


class GraderContract:
    """Derive from it and set `grader`."""

    grader: ClassVar[Grader[Any, Any]]

    @pytest.fixture
    def subject(self) -> Grader[Any, Any]:
        """Return the grader under test."""
        return self.grader

    def test_it_has_examples_that_are_right_and_wrong(self, subject: Grader[Any, Any]) -> None:
        """What is always right, or never, teaches nothing."""
        outcomes = {example.outcome.value for example in subject.examples}
        assert "correct" in outcomes
        assert outcomes - {"correct"}

    def test_every_field_of_its_task_is_documented(self, subject: Grader[Any, Any]) -> None:
        """A docstring stands under each field; `/graders` and `/docs` show it."""
        for name, field in subject.task.model_fields.items():
            assert name == "kind" or field.description, f"{subject.kind}.{name}"

    def test_examples_the_fast_tier_decides_come_out_as_they_say(self, subject: Grader[Any, Any]) -> None:
        """Others are graded by `/readyz`."""
        for example in subject.examples:
            verdict = subject.fast(compiled_for(subject, example), Completion(example.completion))
            assert verdict is not None or subject.slow is not None
            assert verdict is None or verdict.outcome is example.outcome, (example.completion, verdict)

    @given(text=_TEXTS)
    @settings(
        deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors]
    )
    def test_no_text_makes_it_raise_and_every_verdict_is_repeatable(self, subject: Grader[Any, Any], text: str) -> None:
        """Completions are untrusted."""
        compiled = compiled_for(subject, subject.examples[0])
        first = subject.fast(compiled, Completion(text))
        assert first is None or isinstance(first, Verdict)
        assert first == subject.fast(compiled, Completion(text))
        if first is not None:
            assert first.outcome not in UNSCORED or first.score is None
            assert first.evidence.get("method"), "evidence names the rule that decided"

    @pytest.mark.parametrize("text", _LONG_INTEGERS, ids=[text[:12] for text in _LONG_INTEGERS])
    def test_an_integer_too_long_to_be_written_raises_nowhere(self, subject: Grader[Any, Any], text: str) -> None:
        """An error of ours would be a null that a completion can buy."""
        for example in subject.examples:
            compiled = compiled_for(subject, example)
            subject.fast(compiled, Completion(text))
            if subject.cache_key is not None:
                subject.cache_key(compiled, Completion(text))

    @pytest.mark.parametrize("unit", _UNITS)
    def test_ten_megabytes_of_anything_do_not_hang_it(self, subject: Grader[Any, Any], unit: str) -> None:
        """Give every loop over text from outside a bound."""
        compiled = compiled_for(subject, subject.examples[0])
        text = unit * (_LONG_BYTES // len(unit.encode()))
        verdict = subject.fast(compiled, Completion(text))
        assert verdict is None or verdict.outcome.value != "ungradable"
        if subject.cache_key is not None:
            assert isinstance(subject.cache_key(compiled, Completion(text)), str | bytes)

    def test_the_json_schema_of_its_task_can_be_served(self, subject: Grader[Any, Any]) -> None:
        """`/graders` and `/docs` have it."""
        assert subject.task.model_json_schema()["properties"]["kind"]["const"] == subject.kind
