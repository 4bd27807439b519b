"""Axolotl 0.21.0: its loader of a reward function by dotted path, and its NeMo-Gym plugin's `/verify` client.

`GRPOStrategy.get_reward_func` and `create_nemo_gym_reward_fn` are taken from the package's source at test time (its
licence allows no copy here). What the loader gives is handed to TRL, so TRL's own advantages decide (`trl.py`).
"""

import importlib
import inspect
import logging
import os
from typing import Any

import numpy as np
import requests
from group import LOST, ROW
from peers.trl import advantages_of
from sources import SITE, taken

AXOLOTL = SITE / "axolotl"


def over_nemo_gym(completions: list[str]) -> list[float]:
    """Return what the plugin gets from the protocol's `/verify`."""
    create = taken(
        AXOLOTL / "integrations/nemo_gym/rewards.py", "create_nemo_gym_reward_fn", np=np, requests=requests,
        LOG=logging.getLogger("axolotl"), Any=Any,
    ).create_nemo_gym_reward_fn  # fmt: skip
    function = create({}, {"service": f"{os.environ['REWARD_URL']}/verify"})
    messages = [[{"role": "assistant", "content": text}] for text in completions]
    prompts = [[{"role": "user", "content": "3 + 4?"}]] * len(completions)
    extras = {
        "resources_server_ref": [{"name": "service"}] * len(completions),
        "verify_extra": [{"task": ROW}] * len(completions),
    }
    return [float(one) for one in function(messages, prompts, **extras)]


def step(completions: list[str]) -> tuple[list[float], list[float | None]]:
    if LOST not in completions:
        assert over_nemo_gym(completions) == [1.0, 0.0, 0.0]
    load = taken(
        AXOLOTL / "core/trainers/grpo/__init__.py", "GRPOStrategy.get_reward_func", importlib=importlib,
        inspect=inspect, os=os, LOG=logging.getLogger("axolotl"),
    ).get_reward_func  # fmt: skip
    return advantages_of(load(None, "trainer_client.adapters.axolotl.reward"), completions)
