"""ms-swift 4.6.0: `compute_rewards_per_func` of its GRPO algorithm, then `compute_advantages`.

The reward function is an `AsyncORM` registered in ms-swift's table. Both functions, the class and `rows_to_batched` are
taken from the package's source, since importing it takes ModelScope's hub and every model template. So are `log` of its
trainer, above transformers' own, and the making of its callbacks.
"""

import sys
from collections import defaultdict
from types import ModuleType, SimpleNamespace
from typing import Any

import torch
import transformers
from group import ROW
from packaging import version
from sources import SITE, method_of, taken

from trainer_client.adapters.swift import register

SWIFT = SITE / "swift"
ALGORITHM = ("_is_async_reward", "compute_rewards_per_func")
CALLBACKS: dict[str, Any] = {}


def step(completions: list[str]) -> tuple[list[float], list[float | None]]:
    orms: dict[str, Any] = {}
    callback = taken(SWIFT / "callbacks/base.py", "TrainerCallback", HfTrainerCallback=transformers.TrainerCallback)
    base = taken(SWIFT / "rewards/orm.py", "AsyncORM").AsyncORM
    batched = taken(SWIFT / "dataset/preprocessor/core.py", "RowPreprocessor.rows_to_batched").rows_to_batched
    stood_in = {
        "swift": {},
        "swift.callbacks": {"TrainerCallback": callback.TrainerCallback, "callbacks_map": CALLBACKS},
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


def logged() -> dict[str, float]:
    """Return what the trainer's `log` tells transformers, and so W&B and TensorBoard, at the end of a step."""
    made = method_of(
        SWIFT / "rlhf_trainers/grpo_trainer.py", "GRPOTrainer.log", transformers.Trainer, torch=torch,
        transformers=transformers, version=version,
    )  # fmt: skip
    trainer: Any = made.__new__(made)
    arguments = transformers.TrainingArguments(report_to=[], use_cpu=True)
    control, state = transformers.TrainerControl(), transformers.TrainerState()
    trainer.args, trainer.control, trainer.state = arguments, control, state
    trainer.model = torch.nn.Linear(1, 1)
    trainer._metrics = {"train": defaultdict(list), "eval": defaultdict(list)}
    trainer._logs, trainer.log_completions = {"prompt": []}, False
    trainer.accelerator = SimpleNamespace(is_main_process=True)
    callbacks = taken(SWIFT / "trainers/mixin.py", "SwiftMixin._get_callbacks", callbacks_map=CALLBACKS)._get_callbacks(
        trainer, SimpleNamespace(callbacks=["service"])
    )
    trainer.callback_handler = transformers.trainer_callback.CallbackHandler(callbacks, trainer.model, None, None, None)
    trainer.callback_handler.on_step_end(arguments, state, control)
    trainer.log({"loss": 1.0})
    told: dict[str, float] = trainer.state.log_history[-1]
    return told
