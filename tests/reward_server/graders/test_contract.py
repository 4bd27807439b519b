"""Every grader, built in or added later, must keep these promises; a new file is covered without a new test."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reward_server import graders
from reward_server.graders import Completion, Grader
from reward_server.verdict import UNSCORED, Verdict

_GRADERS = graders.discover()
each_grader = pytest.mark.parametrize("grader", _GRADERS.values(), ids=_GRADERS.keys())
_FAST = [
    pytest.param(grader, example, id=f"{kind}-{number}")
    for kind, grader in _GRADERS.items()
    for number, example in enumerate(grader.examples)
]


def _task(grader: Grader[Any, Any], example: graders.Example) -> Any:
    return grader.compile(grader.task.model_validate(example.task))


@each_grader
def test_it_has_examples_that_are_right_and_wrong(grader: Grader[Any, Any]):
    outcomes = {example.outcome.value for example in grader.examples}
    assert "correct" in outcomes
    assert outcomes - {"correct"}


@each_grader
def test_every_field_of_its_task_is_documented(grader: Grader[Any, Any]):
    for name, field in grader.task.model_fields.items():
        assert name == "kind" or field.description, f"{grader.kind}.{name}"


@pytest.mark.parametrize(("grader", "example"), _FAST)
def test_examples_the_fast_tier_decides_come_out_as_they_say(grader: Grader[Any, Any], example: graders.Example):
    verdict = grader.fast(_task(grader, example), Completion(example.completion))
    assert verdict is not None or grader.slow is not None
    if verdict is not None:
        assert verdict.outcome is example.outcome, verdict


@each_grader
@given(text=st.text() | st.text(alphabet="\\boxed{}<answer>/()0123456789,.+-*^_ABCD$% \n`=", max_size=200))
def test_no_text_makes_it_raise_and_every_verdict_is_repeatable(grader: Grader[Any, Any], text: str):
    compiled = _task(grader, grader.examples[0])
    first = grader.fast(compiled, Completion(text))
    assert first is None or isinstance(first, Verdict)
    assert first == grader.fast(compiled, Completion(text))
    if first is not None:
        assert first.outcome not in UNSCORED or first.score is None
        assert first.evidence.get("method"), "evidence names the rule that decided"


@each_grader
@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", ["x", "\\boxed{", "{", "(", "<answer>", "```python\n", "1,", "A or ", "\\frac", "的"])
def test_ten_megabytes_of_anything_do_not_hang_it(grader: Grader[Any, Any], unit: str):
    compiled = _task(grader, grader.examples[0])
    text = unit * (10_000_000 // len(unit.encode()))
    verdict = grader.fast(compiled, Completion(text))
    assert verdict is None or verdict.outcome.value != "ungradable"
    if grader.cache_key is not None:
        assert isinstance(grader.cache_key(compiled, Completion(text)), str | bytes)


@each_grader
def test_the_json_schema_of_its_task_can_be_served(grader: Grader[Any, Any]):
    schema = grader.task.model_json_schema()
    assert schema["properties"]["kind"]["const"] == grader.kind
