"""Freeze TRL's own loss and gradient on one batch, for `test_grpo_golden.py`.

    pip install torch==2.13.0 && pip install trl==1.16.0
    python tests/trainer_client/golden/make_trl_golden.py > tests/trainer_client/golden/trl.json

`GRPOTrainer._compute_loss` is called unbound with a stub for `self` that holds the numbers it reads, so that no data
set, tokenizer or accelerator is needed. The stub's log-probabilities are a float64 leaf tensor: what is frozen is the
loss and its gradient with respect to each token's log-probability. Advantages come from TRL's own `nanstd`.
"""

import json
import sys
from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import torch
import trl
from torch import Tensor
from trl.trainer.grpo_trainer import GRPOTrainer
from trl.trainer.utils import nanstd

GROUP_SIZE, WIDTH = 4, 11
KINDS = {
    "grpo": {"loss_type": "grpo", "importance_sampling_level": "token"},
    "dapo": {"loss_type": "dapo", "importance_sampling_level": "token"},
    "dr_grpo": {"loss_type": "dr_grpo", "importance_sampling_level": "token"},
    "gspo": {"loss_type": "grpo", "importance_sampling_level": "sequence"},
    "cispo": {"loss_type": "cispo", "importance_sampling_level": "token"},
}
SETTINGS = [(10.0, 10.0, 0.001), (0.2, 0.28, 0.0), (0.2, 0.2, 0.04), (3e-4, 4e-4, 0.0), (0.0, 1.1, 0.0)]
REWARDS = {
    "mixed": [1.0, 0.0, 0.0, 1.0, 2.0, 1.0, 0.0, 1.0, 0.25, 0.5, 0.75, 2.0],
    "with_nan": [1.0, None, 0.0, 1.0, 2.0, 1.0, None, None, 0.25, 0.5, 0.75, 2.0],
}


def batch() -> dict[str, Tensor]:
    """Return the frozen inputs: (B, C) log-probabilities now, when sampled and under the reference; (B,) lengths."""
    generator = torch.Generator().manual_seed(20261123)
    rows = len(REWARDS["mixed"])

    def noise(scale: float) -> Tensor:
        return scale * torch.randn(rows, WIDTH, generator=generator, dtype=torch.float64)

    old = -noise(1.0).abs() - 0.05
    lengths = torch.randint(1, WIDTH + 1, (rows,), generator=generator)
    lengths[0] = WIDTH
    return {"old_logp": old, "logp": old + noise(0.3), "reference_logp": old + noise(0.2), "lengths": lengths}


def trl_advantages(rewards: list[float | None], scale: str) -> Tensor:
    """Follow `_generate_and_score_completions`: NaN-aware group mean, unbiased std + 1e-4, NaN becomes 0."""
    values = torch.tensor([float("nan") if reward is None else reward for reward in rewards])
    groups = values.view(-1, GROUP_SIZE)
    centred = values - groups.nanmean(dim=1).repeat_interleave(GROUP_SIZE)
    if scale == "group":
        centred = centred / (nanstd(groups, dim=1).repeat_interleave(GROUP_SIZE) + 1e-4)
    elif scale == "batch":
        centred = centred / (nanstd(values) + 1e-4)
    return centred.nan_to_num(nan=0.0)


def stub(kind: dict[str, str], setting: tuple[float, float, float], logp: Tensor) -> Any:
    """Return what `_compute_loss` reads from `self`, with `logp` in place of a model's forward pass."""
    epsilon_low, epsilon_high, beta = setting
    return SimpleNamespace(
        **kind,
        epsilon_low=epsilon_low,
        epsilon_high=epsilon_high,
        beta=beta,
        _get_per_token_logps_and_entropies=lambda *_args, **_kwargs: (logp, torch.zeros_like(logp), None),
        aux_loss_enabled=False,
        top_entropy_quantile=1.0,
        off_policy_mask_threshold=None,
        use_vllm=False,
        vllm_importance_sampling_correction=False,
        _entropy_bonus_enabled=False,
        model=SimpleNamespace(training=True),
        current_gradient_accumulation_steps=1,
        max_completion_length=WIDTH,
        args=SimpleNamespace(delta=None, use_bias_correction_kl=False, steps_per_generation=1),
        accelerator=SimpleNamespace(
            num_processes=1, gather=lambda value: value, reduce=lambda value, **_kwargs: value, sync_gradients=True
        ),
        _metrics=defaultdict(lambda: defaultdict(list)),
    )


def trl_loss(kind: str, setting: tuple[float, float, float], inputs: dict[str, Tensor]) -> tuple[float, Tensor]:
    """Return TRL's loss and its gradient (B, C) with respect to the log-probabilities."""
    logp = inputs["logp"].clone().requires_grad_()
    rows = len(logp)
    mask = (torch.arange(WIDTH) < inputs["lengths"][:, None]).to(logp.dtype)
    ids = torch.zeros(rows, WIDTH, dtype=torch.long)
    loss = GRPOTrainer._compute_loss(
        stub(KINDS[kind], setting, logp),
        None,
        {
            "prompt_ids": ids[:, :1],
            "prompt_mask": torch.ones(rows, 1),
            "completion_ids": ids,
            "completion_mask": mask,
            "advantages": inputs["advantages"],
            "old_per_token_logps": inputs["old_logp"],
            "ref_per_token_logps": inputs["reference_logp"],
            "num_items_in_batch": mask.sum(),
        },
    )
    (gradient,) = torch.autograd.grad(loss, logp)
    return float(loss), gradient


def main() -> None:
    """Print the golden file."""
    inputs = batch()
    advantages = {
        f"{name}/{scale}": trl_advantages(rewards, scale).tolist()
        for name, rewards in REWARDS.items()
        for scale in ("group", "batch", "none")
    }
    inputs["advantages"] = torch.tensor(advantages["mixed/group"], dtype=torch.float64)
    cases = []
    for kind in KINDS:
        for setting in SETTINGS:
            loss, gradient = trl_loss(kind, setting, inputs)
            cases.append({"kind": kind, "setting": setting, "loss": loss, "gradient": gradient.tolist()})
    golden = {
        "trl": trl.__version__,
        "group_size": GROUP_SIZE,
        "rewards": REWARDS,
        "advantages": advantages,
        "inputs": {name: value.tolist() for name, value in inputs.items()},
        "cases": cases,
    }
    text = json.dumps(golden, separators=(",", ":"))
    sys.stdout.write(json.dumps(json.loads(text, parse_float=lambda digits: round(float(digits), 12))) + "\n")


if __name__ == "__main__":
    main()
