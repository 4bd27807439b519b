"""Real optimisation steps of TRL's GRPOTrainer with our reward functions; prints what the trainer saw."""

import json
import math
import sys
import tempfile
from typing import Any

import torch
from datasets import Dataset
from tiny import model, tokenizer
from transformers import set_seed
from trl import GRPOConfig, GRPOTrainer

from trainer_client import RewardClient
from trainer_client.adapters.trl import BlockingRewardFunction, RewardFunction, parts

URL, *SHAPES = sys.argv[1:]
LOW = {"kind": "exact", "ground_truth": list("01234")}
LOST = {"kind": "code", "tests": [{"stdin": "", "stdout": "1"}]}
GENERATIONS = 8


class Recorded(GRPOTrainer):
    """The trainer itself, taking notes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.rewards: list[list[list[float]]] = []
        self.advantages: list[list[float]] = []
        super().__init__(*args, **kwargs)

    def _calculate_rewards(self, *args: Any, **kwargs: Any) -> torch.Tensor:
        rewards = super()._calculate_rewards(*args, **kwargs)
        self.rewards.append(rewards.tolist())
        return rewards

    def _generate_and_score_completions(self, *args: Any, **kwargs: Any) -> Any:
        batch = super()._generate_and_score_completions(*args, **kwargs)
        self.advantages.append(batch["advantages"].tolist())
        return batch


class LosesOne(RewardFunction):
    """Makes the first completion of every batch a program, which a service without sandboxes cannot grade."""

    async def __call__(self, *, completions: list[Any], task: list[Any], **kwargs: Any) -> list[float | None]:
        program = "```python\nprint(1)\n```"
        return await super().__call__(
            completions=[program, *completions[1:]], task=[json.dumps(LOST), *task[1:]], **kwargs
        )


def trained(shape: str) -> dict[str, Any]:
    """Take two optimisation steps and return what the trainer saw."""
    client = RewardClient(URL, rewards={"accuracy": 1, "format": 0.5}, ungradable_retries=0)
    functions: Any = {
        "conversational": lambda: [RewardFunction(client)],
        "one lost": lambda: [LosesOne(client)],
        "blocking": lambda: [BlockingRewardFunction(client)],
        "parts": lambda: parts(client, {"accuracy": 1, "format": 0.5}),
    }[shape]()
    question = [{"role": "user", "content": "1 ?"}] if shape == "conversational" else "1 ?"
    set_seed(7)
    policy = model()
    before = torch.cat([weight.detach().flatten().clone() for weight in policy.parameters()])
    with tempfile.TemporaryDirectory() as folder:
        trainer = Recorded(
            model=policy,
            reward_funcs=functions,
            processing_class=tokenizer(),
            train_dataset=Dataset.from_list([{"prompt": question, "task": json.dumps(LOW)}] * 8),
            args=GRPOConfig(
                output_dir=folder,
                per_device_train_batch_size=GENERATIONS,
                num_generations=GENERATIONS,
                max_steps=2,
                max_completion_length=1,
                logging_steps=1,
                report_to=[],
                use_cpu=True,
                save_strategy="no",
                seed=7,
                learning_rate=1e-2,
                disable_tqdm=True,
                log_completions=False,
                temperature=1.0,
            ),
        )
        trainer.train()
    after = torch.cat([weight.detach().flatten() for weight in policy.parameters()])
    logs = [entry for entry in trainer.state.log_history if "loss" in entry]
    return {
        "rewards": [
            [[None if math.isnan(value) else value for value in row] for row in rows] for rows in trainer.rewards
        ],
        "advantages": trainer.advantages,
        "losses": [entry["loss"] for entry in logs],
        "logged": sorted(logs[0]),
        "moved": float((after - before).abs().max()),
        "requests": client.statistics.requests,
        "items": client.statistics.items,
        "ungradable": client.statistics.ungradable,
        "names": trainer.reward_func_names,
    }


print(json.dumps({shape: trained(shape) for shape in SHAPES}))  # noqa: T201
