"""slime 624b824: `async_rm` with our `--custom-rm-path`, `--rm-type remote_rm` with our URL, and its normalisation.

A slice of its source. Both ways have to give the same; over HTTP slime tries ten times, here twice.
"""

import asyncio
import importlib
import logging
import os
import random
from types import SimpleNamespace
from typing import Any

import aiohttp
import torch
from group import LOST, ROW
from sources import SLICES, taken

NAMES = ("load_function", "_get_shared_session", "remote_rm", "async_rm", "batched_async_rm")
PATH = "trainer_client.adapters.slime.custom_rm"
RM = taken(
    SLICES / "slime.py.txt", *NAMES, aiohttp=aiohttp, asyncio=asyncio, importlib=importlib, random=random,
    logger=logging.getLogger("slime"), _shared_session=None,
)  # fmt: skip
NORMALISED = taken(SLICES / "slime.py.txt", "_post_process_rewards", torch=torch)._post_process_rewards


def arguments(size: int, **chosen: Any) -> Any:
    """Return slime's arguments that the path reads, at their defaults but for those chosen."""
    defaults = {
        "custom_rm_path": None, "rm_type": None, "rm_url": f"{os.environ['REWARD_URL']}/remote_rm",
        "advantage_estimator": "grpo", "rewards_normalization": True, "grpo_std_normalization": True,
        "n_samples_per_prompt": size, "rollout_batch_size": 1,
    }  # fmt: skip
    return SimpleNamespace(**defaults | chosen)


def sample(text: str) -> Any:
    return SimpleNamespace(prompt="3 + 4?", response=text, label=ROW, metadata={}, custom_rm_path=None)


async def over_http(completions: list[str]) -> list[float]:
    """Return what slime gets from the URL."""
    args = arguments(len(completions), rm_type="remote_rm")
    try:
        tries = [RM.remote_rm(args, sample(text), max_retries=2 if text == LOST else 10) for text in completions]
        return list(await asyncio.gather(*tries))
    finally:
        await RM._get_shared_session().close()


async def by_path(completions: list[str]) -> list[float]:
    """Return what slime gets from the function, sample by sample and as a group."""
    args = arguments(len(completions), custom_rm_path=PATH)
    single = list(await asyncio.gather(*(RM.async_rm(args, sample(text)) for text in completions)))
    assert single == await RM.batched_async_rm(args, list(map(sample, completions)))
    return single


def step(completions: list[str]) -> tuple[list[float], list[float | None]]:
    if LOST in completions:
        try:
            asyncio.run(over_http(completions))
        except aiohttp.ClientResponseError as error:
            assert error.status == 503  # noqa: PT017 - what slime itself raises at last
        else:
            raise AssertionError("the URL made a number of no verdict")
    else:
        assert asyncio.run(over_http(completions)) == [1.0, 0.0, 0.0]
    values = asyncio.run(by_path(completions))
    manager = SimpleNamespace(custom_reward_post_process_func=None, args=arguments(len(completions)))
    samples = [SimpleNamespace(get_reward_value=lambda _, value=value: value) for value in values]
    rewards, advantages = NORMALISED(manager, samples)
    return rewards, advantages
