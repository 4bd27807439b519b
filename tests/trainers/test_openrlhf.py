"""An OpenRLHF user changes only a URL: its executor and sampler take our rewards, and no failure is a silent 0."""

import math
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.trainers, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def seen(url: str, run_in: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """What the trainer's own code made of our answers."""
    return run_in("openrlhf", "openrlhf_rewards.py", url)


@pytest.mark.parametrize("way", ["http", "file"])
def test_rewards_arrive_in_the_trainers_experience(way: str, seen: dict[str, Any]) -> None:
    assert [rollout["reward"] for rollout in seen[way]] == [1.0, 0.0, 1.0, 0.0]
    for rollout in seen[way]:
        assert rollout["dtype"] == "torch.float32"
        assert rollout["info"]["score"] == rollout["info"]["reward"] == [rollout["reward"]]
        assert rollout["info"]["accuracy"] == [rollout["reward"]]
        assert rollout["info"]["format"] == [0.0]
        assert rollout["info"]["ungradable"] == [0.0]


def test_a_row_that_cannot_be_graded_stops_no_run_and_is_counted(seen: dict[str, Any]) -> None:
    assert [(rollout["reward"], rollout["info"]["ungradable"]) for rollout in seen["lost, error"]] == [(0.0, [1.0])]


@pytest.mark.parametrize("way", ["", ", file"])
def test_nan_or_a_counted_zero_where_asked(way: str, seen: dict[str, Any]) -> None:
    lost, graded = seen[f"lost, nan{way}"]
    assert math.isnan(lost["reward"])
    assert lost["info"]["ungradable"] == [1.0]
    assert graded["reward"] == 1.0
    lost, graded = seen[f"lost, zero{way}"]
    assert (lost["reward"], lost["info"]["ungradable"]) == (0.0, [1.0])
    assert (graded["reward"], graded["info"]["ungradable"]) == (1.0, [0.0])
