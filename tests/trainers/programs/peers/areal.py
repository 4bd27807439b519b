"""AReaL 1.0.4: its process pool for rewards, its group of episodes, and the normalisation of its PPO actor.

`AsyncRewardWrapper`, `RLVRWorkflow._compute_rewards`, `GroupedRolloutWorkflow` and `Normalization` are taken from the
package's source, since importing it takes SGLang's, Ray's and torchdata's packages. The inference engine is a stand-in
that says what it is told to; a group that fails is rejected by `WorkflowExecutor`, which the exception stands for.
"""

import asyncio
import atexit
import logging
import os
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import torch
import torch.distributed as dist
from group import ROW
from sources import SITE, taken

from trainer_client.adapters.areal import reward_fn

AREAL = SITE / "areal"
LOG = logging.getLogger("areal")


def step(completions: list[str]) -> tuple[list[float], list[float | None]]:
    import sys

    sys.modules["areal.experimental.openai"] = stub = ModuleType("areal.experimental.openai")
    stub.InteractionWithTokenLogpReward = type("InteractionWithTokenLogpReward", (), {})  # type: ignore[attr-defined]
    for name in ("areal", "areal.experimental"):
        sys.modules.setdefault(name, ModuleType(name))
    wrapper = taken(
        AREAL / "api/reward_api.py", "_get_device_count_safely", "AsyncRewardWrapper", asyncio=asyncio, atexit=atexit,
        logger=LOG, os=os, threading=threading, ProcessPoolExecutor=ProcessPoolExecutor, partial=partial,
        BrokenProcessPool=BrokenProcessPool,
    ).AsyncRewardWrapper  # fmt: skip
    compute = taken(AREAL / "workflow/rlvr.py", "RLVRWorkflow._compute_rewards")._compute_rewards
    waiting = list(completions)
    workflow = SimpleNamespace(
        async_reward_fn=wrapper(reward_fn, max_retries=1), tokenizer=SimpleNamespace(decode=lambda ids: waiting[ids[0]])
    )
    taken_numbers = iter(range(len(completions)))

    async def arun_episode(_engine: Any, data: dict[str, Any]) -> dict[str, Any]:
        number = next(taken_numbers)
        answer = SimpleNamespace(input_tokens=[0], output_tokens=[number])
        return {"rewards": torch.tensor([float(await compute(workflow, answer, "3 + 4?", data))])}

    workflow.arun_episode = arun_episode
    grouped = taken(
        AREAL / "infra/remote_inf_engine.py", "GroupedRolloutWorkflow", asyncio=asyncio, RolloutWorkflow=object,
        concat_padded_tensors=lambda parts: {"rewards": torch.cat([part["rewards"] for part in parts])},
    ).GroupedRolloutWorkflow(workflow, len(completions), LOG)  # fmt: skip
    rewards = asyncio.run(grouped.arun_episode(None, {"task": ROW}))["rewards"]
    config = SimpleNamespace(
        mean_level="group",
        mean_leave1out=False,
        std_level="group",
        std_unbiased=True,
        group_size=len(completions),
        eps=1e-5,
    )
    normalization = taken(AREAL / "utils/data.py", "Normalization", torch=torch, np=np, dist=dist).Normalization(config)
    return rewards.tolist(), normalization(rewards).tolist()
