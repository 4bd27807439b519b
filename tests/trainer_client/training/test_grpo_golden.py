"""The losses equal TRL's own, on numbers frozen by `golden/make_trl_golden.py` (TRL 1.16.0)."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from trainer_client.training.grpo import RECIPES, completion_mask, group_advantages, policy_loss, row_weights

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "trl.json").read_text())


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda case: f"{case['kind']}-{case['setting']}")
def test_loss_and_gradient_equal_trl(case: dict[str, Any]) -> None:
    inputs = {name: torch.tensor(value, dtype=torch.float64) for name, value in GOLDEN["inputs"].items()}
    low, high, beta = case["setting"]
    recipe = replace(RECIPES[case["kind"]], epsilon_low=low, epsilon_high=high, beta=beta)
    logp = inputs["logp"].requires_grad_()
    lengths, width = inputs["lengths"].long(), logp.shape[1]
    loss = policy_loss(
        recipe,
        logp=logp,
        old_logp=inputs["old_logp"],
        reference_logp=inputs["reference_logp"],
        advantages=inputs["advantages"],
        mask=completion_mask(lengths, width),
        weights=row_weights(lengths, recipe.aggregation, max_new_tokens=width),
    ).loss
    (gradient,) = torch.autograd.grad(loss, logp)
    assert loss.item() == pytest.approx(case["loss"], abs=1e-6)
    torch.testing.assert_close(gradient, torch.tensor(case["gradient"], dtype=torch.float64), rtol=0, atol=1e-6)


@pytest.mark.parametrize("case", GOLDEN["advantages"])
def test_advantages_equal_trl(case: str) -> None:
    name, scale = case.split("/")
    rewards = torch.tensor([float("nan") if reward is None else reward for reward in GOLDEN["rewards"][name]])
    ours = group_advantages(rewards, GOLDEN["group_size"], scale)  # type: ignore[arg-type]
    torch.testing.assert_close(ours, torch.tensor(GOLDEN["advantages"][case]), rtol=0, atol=1e-6)
