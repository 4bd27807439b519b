"""ms-swift 4.6.0: `compute_rewards_per_func` of its GRPO algorithm, then `compute_advantages`.

The reward function is an `AsyncORM` registered in ms-swift's table. Both functions, the class and `rows_to_batched` are
taken from the package's source, since importing it takes ModelScope's hub and every model template.
"""

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import torch
from group import ROW
from sources import SITE, taken

from trainer_client.adapters.swift import register

SWIFT = SITE / "swift"
ALGORITHM = ("_is_async_reward", "compute_rewards_per_func")


def step(completions: list[str]) -> tuple[list[float], list[float | None]]:
    orms: dict[str, Any] = {}
    base = taken(SWIFT / "rewards/orm.py", "AsyncORM").AsyncORM
    batched = taken(SWIFT / "dataset/preprocessor/core.py", "RowPreprocessor.rows_to_batched").rows_to_batched
    stood_in = {
        "swift": {},
        "swift.rewards": {"AsyncORM": base, "orms": orms},
        "swift.dataset": {"RowPreprocessor": SimpleNamespace(rows_to_batched=batched)},
    }
    for name, values in stood_in.items():
        sys.modules[name] = ModuleType(name)
        vars(sys.modules[name]).update(values)
    register()
    algorithm = taken(SWIFT / "rl_core/grpo_algorithm.py", *ALGORITHM, torch=torch, nn=torch.nn)
    samples = [
        SimpleNamespace(
            messages=[{"role": "user", "content": "3 + 4?"}, {"role": "assistant", "content": text}],
            to_reward_row=lambda: {"task": ROW, "prompt_id": "p", "finish_reason": "stop"},
        )
        for text in completions
    ]
    rewards = algorithm.compute_rewards_per_func(samples, [orms["service"]()], [None], torch.device("cpu"))
    compute = taken(SWIFT / "rl_core/advantage.py", "compute_advantages", torch=torch).compute_advantages
    advantages, _ = compute(rewards, torch.ones(1), num_generations=len(completions))
    return rewards[:, 0].tolist(), advantages.tolist()
