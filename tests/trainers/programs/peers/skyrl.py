"""SkyRL 0.4.0: our environment made by skyrl-gym and stepped by its generator's executor, then its GRPO advantages.

skyrl-gym is the package itself. `SkyRLGymGenerator._run_in_executor_if_available` and `compute_grpo_outcome_advantage`
are taken from skyrl's source, since importing it takes Ray and vLLM.
"""

import asyncio
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import skyrl_gym
import skyrl_gym.metrics
import torch
from group import ROW
from sources import SITE, taken

from trainer_client.adapters.skyrl import environment

SKYRL = SITE / "skyrl"


def step(completions: list[str]) -> tuple[list[float], list[float | None]]:
    if "service" not in skyrl_gym.envs.registration.registry:
        skyrl_gym.register(id="service", entry_point=environment())
    run = taken(
        SKYRL / "train/generators/skyrl_gym_generator.py", "SkyRLGymGenerator._run_in_executor_if_available",
        asyncio=asyncio,
    )._run_in_executor_if_available  # fmt: skip
    generator = SimpleNamespace(env_executor=ThreadPoolExecutor(max_workers=8))
    extras = {"reward_spec": {"method": "rule", "ground_truth": ROW}, "max_turns": 1, "data_source": None}

    metrics: list[dict[str, float]] = []

    async def loop(text: str) -> float:
        env = skyrl_gym.make("service", env_config={}, extras=dict(extras))
        await run(generator, env.init, [{"role": "user", "content": "3 + 4?"}])
        reward = float((await run(generator, env.step, text))["reward"])
        metrics.append(env.get_metrics())
        return reward

    async def generate() -> list[float]:
        return list(await asyncio.gather(*map(loop, completions)))

    rewards = asyncio.run(generate())
    logged = skyrl_gym.metrics.aggregate_for_environment("service", metrics)
    assert np.isclose(logged["outcome/correct"], np.mean(rewards))
    compute = taken(
        SKYRL / "backends/skyrl_train/utils/ppo_utils.py", "compute_grpo_outcome_advantage",
        torch=torch, np=np, defaultdict=defaultdict,
    ).compute_grpo_outcome_advantage  # fmt: skip
    advantages, _ = compute(torch.tensor(rewards)[:, None], torch.ones(len(rewards), 1), np.zeros(len(rewards)))
    return rewards, advantages[:, 0].tolist()
