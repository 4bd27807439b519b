"""Unsloth 2026.10.9: a step of the `GRPOTrainer` that it makes of TRL's source, on the CPU; as `group_rewards.py`.

The model is the tiny one of the other programs, with the two methods that Unsloth's loader would have given it.
"""

# ruff: noqa: E402 - Unsloth has to be imported under these settings, and before TRL

import os
import sys
import tempfile
from typing import Any

os.chdir(tempfile.mkdtemp())  # it writes the trainer that it makes into the working folder
os.environ |= {"UNSLOTH_COMPILE_DISABLE": "1", "TORCHDYNAMO_DISABLE": "1"}

import unsloth  # noqa: F401 - it patches TRL
from unsloth.models.llama import FastLlamaModel
from unsloth.models.rl import PatchFastRL
from unsloth.models.vision import FastBaseModel

PatchFastRL("GRPO", FastLlamaModel)

import group_rewards
from peers import trl
from tiny import model

from trainer_client.adapters.unsloth import reward

assert "Unsloth" in trl.GRPOTrainer.__name__ + trl.GRPOTrainer.__module__, "TRL's own trainer is still there"


def step(completions: list[str]) -> tuple[list[float], list[float | None]]:
    policy = model()

    def for_training(*args: Any, **kwargs: Any) -> Any:
        return FastBaseModel.for_training(policy, *args, **kwargs)

    def for_inference(*args: Any, **kwargs: Any) -> Any:
        return FastBaseModel.for_inference(policy, *args, **kwargs)

    policy.for_training, policy.for_inference = for_training, for_inference
    return trl.advantages_of(reward, completions, policy)


group_rewards.main(sys.argv[1], {"unsloth": step})
