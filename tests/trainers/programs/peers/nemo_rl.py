"""NeMo-RL 7ea279a: `calculate_rewards` over our environment, a subclass of its interface, and its GRPO advantages.

A slice of its source, its logger's method too; a Ray actor's method is called in this process.
"""

import abc
import sys
from types import ModuleType, SimpleNamespace
from typing import Any, Generic, NamedTuple, TypeVar

import torch
from group import ROW
from sources import SLICES, taken

SLICE = SLICES / "nemo_rl.py.txt"


def interfaces() -> None:
    """Have `nemo_rl.environments.interfaces` be importable."""
    metadata = TypeVar("metadata")
    classes = taken(
        SLICE, "EnvironmentReturn", "EnvironmentInterface", abc=abc, Generic=Generic, NamedTuple=NamedTuple,
        MetadataT=metadata,
    )  # fmt: skip
    for name in ("nemo_rl", "nemo_rl.environments", "nemo_rl.environments.interfaces"):
        sys.modules[name] = ModuleType(name)
    vars(sys.modules["nemo_rl.environments.interfaces"]).update(vars(classes))


class Actor:
    """A Ray actor whose methods are called at once."""

    def __init__(self, made: Any) -> None:
        self.step = SimpleNamespace(remote=made.step)
        self.figures_taken = SimpleNamespace(remote=made.figures_taken)


def step(completions: list[str]) -> tuple[list[float], list[float | None]]:
    interfaces()
    from trainer_client.adapters.nemo_rl import environment

    size = len(completions)
    calculate = taken(
        SLICE, "calculate_rewards", torch=torch, ray=SimpleNamespace(get=lambda futures: futures),
        EnvironmentReturn=sys.modules["nemo_rl.environments.interfaces"].EnvironmentReturn,
        get_keys_from_message_log=lambda log, keys: [{key: one[key] for key in keys} for one in log],
    ).calculate_rewards  # fmt: skip
    question = {"role": "user", "content": "3 + 4?"}
    batch = {
        "message_log": [[question, {"role": "assistant", "content": text}] for text in completions],
        "task_name": ["service"] * size,
        "extra_env_info": [{"task": ROW} for _ in completions],
    }

    class Hashable(list):  # type: ignore[type-arg] # futures are the keys of a dictionary
        __hash__ = object.__hash__

    actor = Actor(environment()())
    stepped = actor.step.remote
    actor.step.remote = lambda *given: Hashable(stepped(*given))
    rewards = calculate(batch, {"service": actor}).rewards
    return rewards.tolist(), estimated(rewards)


def logged() -> dict[str, float]:
    """Return what reaches the backends of NeMo-RL's logger, with the prefix that each of them puts before the names."""
    from trainer_client.adapters.nemo_rl import environment, logged

    sys.modules["ray"] = ModuleType("ray")
    vars(sys.modules["ray"]).update(get=list)
    told: dict[str, float] = {}

    class Backend:
        def log_metrics(self, metrics: dict[str, float], step: int, prefix: str, *_: Any) -> None:
            told.update({f"{prefix}/{name}": value for name, value in metrics.items()})

    logger = taken(SLICE, "Logger").Logger()
    logger.loggers = [Backend()]
    logged(logger, train={"service": Actor(environment()()), "other": object()}, validation=None)
    logger.log_metrics({"loss": 1.0}, 1, prefix="timing/train")
    logger.log_metrics({"reward": 1.0}, 1, prefix="train", step_finished=True)
    return told


def estimated(rewards: torch.Tensor) -> list[float | None]:
    """Return NeMo-RL's GRPO advantages of one group."""
    estimator = taken(SLICE, "calculate_baseline_and_std_per_prompt", "GRPOAdvantageEstimator", torch=torch)
    config = SimpleNamespace(use_leave_one_out_baseline=False, normalize_rewards=True)
    size = len(rewards)
    advantages = estimator.GRPOAdvantageEstimator(config, None).compute_advantage(
        torch.zeros(size, 1), rewards, torch.ones(size, 1)
    )
    told: list[float | None] = advantages[:, 0].tolist()
    return told


def masked(lost: list[bool]) -> list[float]:
    """Return the weight that NeMo-RL gives each sample in the loss."""
    batch = {"mask_sample": lost, "loss_multiplier": torch.ones(len(lost))}
    assert taken(SLICE, "_apply_mask_sample_filter", torch=torch)._apply_mask_sample_filter(batch) == sum(lost)
    weights: list[float] = batch["loss_multiplier"].tolist()  # type: ignore[attr-defined]
    return weights
