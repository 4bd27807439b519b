"""miles 0.0.2 (`miles-rl`): the same two ways as slime's, by its own functions: over HTTP it does not try again.

`remote_rm`, `async_rm` and `_post_process_rewards` are taken from the package's source, which imports Ray and SGLang.
"""

import asyncio
import importlib
from types import SimpleNamespace
from typing import Any

import aiohttp
import torch
from group import LOST
from peers.slime import PATH, arguments, sample
from sources import SITE, taken

MILES = SITE / "miles"
RM = taken(
    MILES / "rollout/rm_hub/__init__.py", "remote_rm", "async_rm", aiohttp=aiohttp,
    load_function=lambda path: importlib.import_module(path.rpartition(".")[0]).custom_rm,
)  # fmt: skip


async def scored(completions: list[str], **chosen: Any) -> list[float]:
    """Return what miles gets for each sample."""
    args = arguments(len(completions), **chosen)
    return list(await asyncio.gather(*(RM.async_rm(args, sample(text)) for text in completions)))


def step(completions: list[str]) -> tuple[list[float], list[float | None]]:
    if LOST not in completions:
        assert asyncio.run(scored(completions, rm_type="remote_rm")) == [1.0, 0.0, 0.0]
    values = asyncio.run(scored(completions, custom_rm_path=PATH))
    manager = SimpleNamespace(custom_reward_post_process_func=None, args=arguments(len(completions)))
    samples = [SimpleNamespace(get_reward_value=lambda _, value=value: value) for value in values]
    post = taken(MILES / "ray/rollout.py", "RolloutManager._post_process_rewards", torch=torch)._post_process_rewards
    return post(manager, samples)
