"""Parts that see whole groups: their examples, what an incomplete group gets, and streaming in any order."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import ValidationError

from reward_server import rewards
from reward_server.graders import Completion
from reward_server.grading.scoring import Graded
from reward_server.http.answers import RequestRefused, of_groups, prepare, stream_lines, verdict_record
from reward_server.http.requests import request_type
from reward_server.rewards import Member
from reward_server.telemetry.metrics import Metrics
from reward_server.verdict import Outcome, Verdict
from reward_server.wire import ItemVerdict

_CASES = [(name, *example) for name, part in rewards.discover_group_parts().items() for example in part.examples]
_OUTCOMES = {0.0: Outcome.INCORRECT, 1.0: Outcome.CORRECT, None: Outcome.UNGRADABLE}
_KIMI = {"accuracy": 1, "group_length": {"weight": 0.5, "group_size": 3}}


def _verdict(score: float | None) -> Verdict:
    return Verdict(_OUTCOMES[score], score)


@pytest.mark.parametrize(("name", "options", "members", "expected"), _CASES)
def test_examples_measure_what_they_say(name: str, options: dict[str, Any], members: list, expected: Any):
    part = rewards.discover_group_parts()[name]
    group = [Member(Completion(text), _verdict(score)) for text, score in members]
    value = part.measure(part.options(**options), group)
    assert value == (expected if isinstance(expected, str) else pytest.approx(expected))


def _items(*completions: tuple[str, str]) -> list[dict[str, Any]]:
    task = {"kind": "exact", "ground_truth": "yes"}
    return [{"task": task, "group": group, "completion": text} for group, text in completions]


def _records(asked: dict[str, Any], items: list[dict[str, Any]], scores: list[float | None]) -> list[dict[str, Any]]:
    batch = prepare(request_type().model_validate({"items": items, "rewards": asked}), max_items=100)
    graded = {index: Graded(_verdict(score), "exact/2") for index, score in enumerate(scores)}
    groups = of_groups(batch, graded)
    return [verdict_record(batch, index, one, groups[index]) for index, one in graded.items()]


_SIX = _items(("a", "x"), ("b", "xx"), ("a", "xxx"), ("b", "x"), ("a", "xxxxx"), ("b", "xxx"))


def test_each_group_is_measured_for_itself():
    records = _records(_KIMI, _SIX, [1.0, 0.0, 1.0, 0.0, 0.0, 0.0])
    assert [record["parts"]["group_length"] for record in records] == [0.5, 0.0, 0.0, 0.0, -0.5, 0.0]
    assert records[0]["reward"] == pytest.approx(1.25)
    assert "notes" not in records[0]


@pytest.mark.parametrize(("items", "told"), [(_SIX[:5], "2 of 3"), ([*_SIX, _SIX[1]], "4 of 3")])
def test_an_incomplete_group_is_null_and_says_so(items: list[dict[str, Any]], told: str):
    records = _records(_KIMI, items, [1.0] * len(items))
    for item, record in zip(items, records, strict=True):
        assert ItemVerdict.model_validate(record)
        if item["group"] == "b":
            assert record["reward"] is None
            assert record["parts"] == {"accuracy": 1.0, "group_length": None}
            assert told in record["notes"]["group_length"]
        else:
            assert record["reward"] is not None


def test_a_group_that_is_all_right_can_be_left_out():
    asked = {"accuracy": 1, "group_pass_rate": {"group_size": 3, "mode": "filter"}}
    records = _records(asked, _SIX, [1.0, 1.0, 1.0, 0.0, 1.0, 1.0])
    assert [record["reward"] for record in records] == [None, 1.0, None, 0.0, None, 1.0]
    assert "pass rate of 1" in records[0]["notes"]["group_pass_rate"]


def test_a_sibling_without_a_score_costs_the_others_nothing():
    records = _records(_KIMI, _SIX[::2], [1.0, None, 1.0])
    assert [record["parts"]["group_length"] for record in records] == [0.5, None, -0.5]


def test_items_without_a_group_are_refused_by_row():
    items = [{**_SIX[0]}, {name: value for name, value in _SIX[1].items() if name != "group"}]
    request = request_type().model_validate({"items": items, "rewards": _KIMI})
    with pytest.raises(RequestRefused) as refused:
        prepare(request, max_items=10)
    assert [(problem.row, problem.field) for problem in refused.value.response.problems] == [(1, "group")]


@pytest.mark.parametrize("asked", [1.0, {"weight": 1.0}, {"group_size": 1}, {"group_size": 3, "modus": "rank"}])
def test_a_group_part_wants_its_size_and_knows_its_options(asked: Any):
    with pytest.raises(ValidationError):
        request_type().model_validate({"items": _SIX, "rewards": {"group_length": asked}})


def test_streamed_verdicts_wait_for_their_group_alone():
    batch = prepare(request_type().model_validate({"items": _SIX, "rewards": _KIMI}), max_items=10)
    order = [1, 0, 3, 5, 2, 4]
    seen: list[int] = []

    async def stream(_jobs: Any, _within: Any) -> AsyncIterator[tuple[int, Graded]]:
        for index in order:
            seen.append(index)
            yield index, Graded(_verdict(1.0 if index < 3 else 0.0), "exact/2")

    service: Any = SimpleNamespace(scoring=SimpleNamespace(stream=stream), metrics=Metrics(), audit=None)

    async def lines() -> list[tuple[int, int, float]]:
        found = []
        async for line in stream_lines(service, batch):
            record = json.loads(line)
            found.append((len(seen), record["index"], record["parts"]["group_length"]))
        return found

    got = asyncio.run(lines())
    assert [(after, index) for after, index, _ in got] == [(4, 1), (4, 3), (4, 5), (6, 0), (6, 2), (6, 4)]
    assert [value for _, _, value in got] == [0.0, 0.0, -0.5, 0.5, 0.0, -0.5]


@pytest.mark.parametrize("name", rewards.discover_group_parts())
def test_values_repeat_whatever_the_order_of_the_members(name: str):
    part: Any = rewards.discover_group_parts()[name]
    scores: list[float | None] = [1.0, 0.0, None, 1.0, 0.0]
    group = [Member(Completion("x" * (7 * n % 5)), _verdict(score)) for n, score in enumerate(scores)]
    measure: Callable[[list[Member]], Any] = lambda members: part.measure(part.options(group_size=5), members)  # noqa: E731
    assert measure(group[::-1]) == measure(group)[::-1]
