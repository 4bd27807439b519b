"""EasyR1 b44b311: its reward manager, which loads our file by path, and its GRPO advantages; a slice of its source."""

import importlib.util
import os
import sys
from collections import defaultdict
from functools import partial
from types import SimpleNamespace

import torch
from group import ROW
from sources import SLICES, taken

import trainer_client.adapters.easyr1 as plug

TRAINER = taken(
    SLICES / "easyr1.py.txt", "BatchFunctionRewardManagerMixin", "AutoRewardManager", "compute_grpo_outcome_advantage",
    SequentialFunctionRewardManagerMixin=object, importlib=importlib, os=os, sys=sys, defaultdict=defaultdict,
    partial=partial, torch=torch,
)  # fmt: skip


class Data:
    """What a `DataProto` is to the manager: completions as one token each."""

    def __init__(self, size: int) -> None:
        self.batch = {"responses": torch.arange(size)[:, None], "response_mask": torch.ones(size, 1)}
        self.non_tensor_batch = {"ground_truth": [ROW] * size}

    def __len__(self) -> int:
        return len(self.batch["responses"])


def step(completions: list[str]) -> tuple[list[float], list[float | None]]:
    config = SimpleNamespace(
        reward_function=plug.__file__, reward_function_name="compute_score", reward_function_kwargs={},
        skip_special_tokens=True,
    )  # fmt: skip
    tokenizer = SimpleNamespace(decode=lambda ids, skip_special_tokens: completions[int(ids[0])])
    rewards, metrics = TRAINER.AutoRewardManager(config, tokenizer).compute_reward(Data(len(completions)))
    assert metrics["accuracy"] == metrics["outcome/correct"] == rewards[:, 0].tolist()
    index = ["prompt"] * len(completions)
    advantages, _ = TRAINER.compute_grpo_outcome_advantage(rewards, torch.ones(len(completions), 1), index)
    return rewards[:, 0].tolist(), advantages[:, 0].tolist()
