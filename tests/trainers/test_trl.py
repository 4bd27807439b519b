"""TRL's own GRPOTrainer learns from our rewards, and an ungradable completion neither learns nor teaches."""

import math
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.trainers, pytest.mark.timeout(600)]
STEPS, GENERATIONS = 2, 8
SHAPES = ["conversational", "blocking", "one lost", "parts"]


@pytest.fixture(scope="module")
def runs(url: str, run_in: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """A training run for each shape of reward functions and data, all in one process."""
    return run_in("trl", "trl_grpo.py", url, *SHAPES)


@pytest.mark.parametrize("shape", SHAPES)
def test_grpo_takes_optimisation_steps_on_our_rewards(shape: str, runs: dict[str, Any]) -> None:
    seen = runs[shape]
    assert len(seen["rewards"]) == len(seen["losses"]) == STEPS
    assert all(math.isfinite(loss) for loss in seen["losses"])
    assert seen["moved"] > 0
    assert seen["requests"] == STEPS, "one POST for each batch, however many functions"
    assert seen["items"] == STEPS * GENERATIONS
    lost = 1 if shape == "one lost" else 0
    assert seen["ungradable"] == STEPS * lost
    assert "unscored_share" in seen["logged"]
    assert "parts/accuracy" in seen["logged"]
    for rewards, advantages in zip(seen["rewards"], seen["advantages"], strict=True):
        missing = [row for row, values in enumerate(rewards) if None in values]
        assert missing == list(range(lost))
        assert all(advantages[row] == 0.0 for row in missing)
        graded = [sum(values) for row, values in enumerate(rewards) if row not in missing]
        mean = sum(graded) / len(graded)
        signs = [(value > mean) - (value < mean) for value in graded]
        assert [(value > 0) - (value < 0) for value in advantages[lost:]] == signs, "the lost one moved the mean"


def test_parts_are_rewards_of_their_own_name(runs: dict[str, Any]) -> None:
    seen = runs["parts"]
    assert seen["names"] == ["accuracy", "format"]
    assert {"rewards/accuracy/mean", "rewards/format/mean"} <= set(seen["logged"])
