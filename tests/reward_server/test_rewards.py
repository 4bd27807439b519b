"""Every reward part keeps its examples and never raises; rewards are weighted sums, and null where a part is null."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from reward_server import rewards
from reward_server.contracts import PartContract
from reward_server.graders import Completion
from reward_server.http.requests import rewards_type
from reward_server.rewards import compose
from reward_server.rewards.format import FormatOptions, measure
from reward_server.verdict import Outcome, Verdict, ungradable

_RIGHT = Verdict(Outcome.CORRECT, 1.0)


def _reward(asked: Any, text: str, verdict: Verdict = _RIGHT) -> tuple[float | None, dict[str, float | None]]:
    composition = compose(None if asked is None else TypeAdapter(rewards_type()).validate_python(asked))
    return composition.apply(Completion(text), verdict)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("subject", rewards.discover().values(), ids=rewards.discover().keys())
class TestEachPart(PartContract):
    part: Any = None  # `subject` is each in turn


def test_accuracy_alone_is_the_default():
    assert _reward(None, "x") == (1.0, {"accuracy": 1.0})


def test_r1_zero_adds_accuracy_and_format_with_the_same_weight():
    assert _reward({"accuracy": 1, "format": 1}, "<think>a</think><answer>b</answer>")[0] == 2.0
    assert _reward({"accuracy": 1, "format": 1}, "b")[0] == 1.0


def test_weights_multiply_and_parts_are_shown_before_their_weight():
    asked = {"accuracy": {"weight": 0.5}, "format": {"weight": 2, "mode": "tags"}}
    assert _reward(asked, "<think>a</think>") == (0.5 + 2 * 0.5, {"accuracy": 1.0, "format": 0.5})


def test_the_reward_of_an_ungradable_completion_is_null_whatever_its_format():
    asked = {"accuracy": 1, "format": 1}
    reward, parts = _reward(asked, "<think>a</think><answer>b</answer>", ungradable("worker died"))
    assert reward is None
    assert parts == {"accuracy": None, "format": 1.0}


def test_a_part_of_weight_zero_is_shown_and_does_not_count():
    assert _reward({"accuracy": 0, "format": 1}, "x", ungradable("worker died"))[0] == 0.0


def test_thinking_sent_apart_counts_as_the_thinking_block():
    assert measure(FormatOptions(), Completion("<answer>4</answer>", thinking="2+2"), _RIGHT) == 1.0


@pytest.mark.parametrize(
    ("text", "strict", "lenient"),
    [
        ("<think>a</think><answer>b</answer>", 1, 1),
        ("\n<think>\na\n</think>\n\n<answer>\nb\n</answer>\n", 1, 1),
        ("<think></think><answer>b</answer>", 0, 0),
        ("<think>a</think><answer> </answer>", 0, 0),
        ("Sure! <think>a</think><answer>b</answer>", 0, 1),
        ("<think>a</think>so<answer>b</answer>", 0, 1),
        ("<think>a</think><answer>b</answer><|im_end|>", 1, 1),
        ("<think>a<think>b</think></think><answer>b</answer>", 0, 0),
        ("<think>a</think><answer>b</answer><answer>c</answer>", 0, 0),
        ("<answer>b</answer><think>a</think>", 0, 0),
        ("<think>a<answer>b</answer></think>", 0, 0),
        ("<think>a</think>", 0, 0),
        ("<THINK>a</THINK><answer>b</answer>", 0, 0),
        ("", 0, 0),
    ],
)
def test_strict_and_lenient_templates(text: str, strict: int, lenient: int):
    assert measure(FormatOptions(mode="strict"), Completion(text), _RIGHT) == strict
    assert measure(FormatOptions(mode="lenient"), Completion(text), _RIGHT) == lenient
