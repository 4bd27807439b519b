"""Atropos 0.4.0: an environment's `handle_send_to_api`, and the example trainer's normalisation of its scores.

`BaseEnv.handle_send_to_api` is taken from the package's source (the module imports wandb and vLLM's clients); the
trainer API that it posts to is a list here. `pad_data_to_good_offset` is the trainer of the package's example.
"""

import asyncio
import logging
import math
import warnings
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
from group import ROW
from sources import SITE, taken

from trainer_client.adapters.atropos import rewards_or_none


def step(completions: list[str]) -> tuple[list[float], list[float | None]]:
    send = taken(
        SITE / "atroposlib/envs/base.py", "BaseEnv.handle_send_to_api",
        logger=logging.getLogger("atropos"), warnings=warnings, asyncio=asyncio,
    ).handle_send_to_api  # fmt: skip
    sent: list[Any] = []

    async def post(data: Any) -> None:
        sent.append(data)

    async def log(*_: Any) -> None:
        pass

    environment = SimpleNamespace(
        config=SimpleNamespace(group_size=len(completions), ensure_scores_are_not_same=True, include_messages=False),
        completion_lengths=[], max_token_len=100, items_sent_this_step=0, jsonl_writer=None,
        add_rollouts_for_wandb=log, _send_scored_data_to_api=post,
    )  # fmt: skip

    async def rollout() -> None:
        scores = await rewards_or_none(ROW, completions)
        tokens = [[number, 1] for number in range(len(completions))]
        group = None if scores is None else {"tokens": tokens, "masks": tokens, "scores": scores}
        await send(environment, group)

    asyncio.run(rollout())
    if not sent:
        raise LookupError("Atropos sent no group to its trainer")
    pad = taken(SITE / "example_trainer/data.py", "pad_data_to_good_offset", np=np, torch=torch, math=math)
    (scored,) = sent
    rewards = list(scored["scores"])
    _, _, advantages, *_ = pad.pad_data_to_good_offset({"batch": [{"generation_params": None, **scored}]}, 1, False)
    return rewards, [float(one) for one in torch.cat(advantages).flatten()]
