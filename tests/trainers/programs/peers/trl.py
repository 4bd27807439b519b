"""TRL 1.16.0: a step of `GRPOTrainer`, the package itself; `trl_grpo.py` has whole runs of all shapes.

The policy is a tiny random model. What it says is exchanged for the group's completions on the way to the reward
function, so that the trainer's own code has the rewards and computes the advantages.
"""

import json
import tempfile
from collections.abc import Callable
from typing import Any

from datasets import Dataset
from group import ROW
from tiny import model, tokenizer
from transformers import set_seed
from trl import GRPOConfig, GRPOTrainer

from trainer_client.adapters.trl import reward


class Recorded(GRPOTrainer):  # type: ignore[misc]
    """The trainer itself, taking notes."""

    seen: tuple[list[float], list[float | None]]

    def _calculate_rewards(self, *args: Any, **kwargs: Any) -> Any:
        rewards = super()._calculate_rewards(*args, **kwargs)
        self.rewards = rewards.tolist()
        return rewards

    def _generate_and_score_completions(self, *args: Any, **kwargs: Any) -> Any:
        batch = super()._generate_and_score_completions(*args, **kwargs)
        self.seen = ([sum(row) for row in self.rewards], batch["advantages"].tolist())
        return batch


def advantages_of(
    function: Callable[..., Any], completions: list[str], policy: Any = None
) -> tuple[list[float], list[float | None]]:
    """Take one step and return the rewards and advantages of the group."""

    def told(prompts: Any, completions: Any, **columns: Any) -> Any:
        return function(prompts, group * (len(completions) // size), **columns)

    group, size = list(completions), len(completions)
    set_seed(7)
    with tempfile.TemporaryDirectory() as folder:
        trainer = Recorded(
            model=policy or model(),
            reward_funcs=told,
            processing_class=tokenizer(),
            train_dataset=Dataset.from_list([{"prompt": "1 ?", "task": json.dumps(ROW)}] * size),
            args=GRPOConfig(
                output_dir=folder, per_device_train_batch_size=size, num_generations=size, max_steps=1, report_to=[],
                max_completion_length=1, use_cpu=True, save_strategy="no", disable_tqdm=True, log_completions=False,
            ),
        )  # fmt: skip
        trainer.train()
    rewards, advantages = trainer.seen
    return rewards[:size], advantages[:size]


def step(completions: list[str]) -> tuple[list[float], list[float | None]]:
    return advantages_of(reward, completions)
