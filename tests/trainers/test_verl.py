"""verl's own configuration, reward managers, workers and Ray actors take our rewards; beside its default function."""

from collections.abc import Callable
from typing import Any

import pytest

from reward_server.verdict import Outcome

pytestmark = [pytest.mark.trainers, pytest.mark.timeout(600)]
SHARES = ["unscored_share", "cached_share", "cheating_share", *(f"outcome/{outcome.value}" for outcome in Outcome)]
KEYS = ["score", "acc", "ungradable", "format", *SHARES]


@pytest.fixture(scope="module")
def seen(url: str, run_in: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """What verl's own code made of our answers."""
    return run_in("verl", "verl_rewards.py", url)


@pytest.mark.parametrize("manager", ["naive", "dapo"])
def test_a_reward_manager_scores_sixteen_samples_in_one_post(manager: str, seen: dict[str, Any]) -> None:
    assert seen[manager]["scores"] == [1.0, 0.0, 1.0, 1.0] * 4
    assert seen[manager]["keys"] == [KEYS]
    assert (seen[manager]["requests"], seen[manager]["items"]) == (1, 16)


def test_ray_actors_score_and_the_reward_sits_on_the_last_token(seen: dict[str, Any]) -> None:
    assert seen["ray"]["scores"] == [1.0, 0.0, 1.0, 1.0] * 2
    assert seen["ray"]["places"] == [2, 1, 1, 2, 1, 1], "two digits or one, then the end token"
    assert list(seen["ray"]["extra"]) == KEYS
    assert seen["ray"]["extra"]["acc"] == seen["ray"]["scores"]


def test_a_used_client_travels_into_a_ray_worker(seen: dict[str, Any]) -> None:
    assert seen["ray"]["client"] == [1.0, 0.0]


def test_an_ungradable_sample_raises_or_is_a_counted_zero(seen: dict[str, Any]) -> None:
    assert seen["raise"].startswith("Ungradable: bad_ground_truth")
    assert [sample["ungradable"] for sample in seen["zero"]] == [0.0, 0.0, 0.0, 0.0, 1.0]
    assert [sample["reward_score"] for sample in seen["zero"]] == [1.0, 0.0, 1.0, 1.0, 0.0]


def test_validation_logs_every_key_by_data_source_and_a_training_step_none(seen: dict[str, Any]) -> None:
    validation = seen["logged"]["validation"]
    for source, right in (("openai/gsm8k", 1.0), ("HuggingFaceH4/MATH-500", 0.0)):
        told = {"outcome/correct": right, "outcome/incorrect": 1.0 - right, "unscored_share": 0.0, "format": 0.0}
        shown = {name: validation[f"val-aux/{source}/{name}/mean@2"] for name in told}
        assert shown == told
        assert validation[f"val-core/{source}/acc/mean@2"] == right
    assert {key.split("/mean@")[0].removeprefix("val-aux/mine/") for key in validation if "/mine/" in key} >= {*SHARES}
    assert "critic/score/mean" in seen["logged"]["step"]
    assert not [key for key in seen["logged"]["step"] if any(name in key for name in ("outcome", "share", "format"))]


def test_on_plain_rows_we_agree_with_verls_default_function(seen: dict[str, Any]) -> None:
    assert len(seen["default"]) == 9
    differ = [row for row in seen["default"] if row["ours"] != row["verl"]]
    assert [(row["row"][0], row["verl"], row["ours"]) for row in differ] == [("searchR1_nq", 1.0, 0.0)], (
        "verl pays the last of two answers; we pay nobody who gives two"
    )
