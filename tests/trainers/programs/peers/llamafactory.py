"""LLaMA-Factory 0.9.5: `get_rewards_from_server` against our protocol; PPO, so the reward is all that there is.

The function is taken from the package's source. The tasks are the server's, found by the prompt in the text; its PPO
has no group, so the advantages here are the rewards themselves. What cannot be graded is a program, of a task of its
own.
"""

import json
import os

import requests
import torch
from group import LOST
from sources import SITE, taken

QUESTION, PROGRAM = "What is 3 + 4?", "Print seven."


def step(completions: list[str]) -> tuple[list[float], list[float | None]]:
    get = taken(
        SITE / "llamafactory/train/ppo/ppo_utils.py", "get_rewards_from_server", requests=requests, json=json,
        torch=torch,
    ).get_rewards_from_server  # fmt: skip
    texts = [f"user\n{PROGRAM if text == LOST else QUESTION}\nassistant\n{text}" for text in completions]
    rewards = get(f"{os.environ['REWARD_URL']}/v1/score/evaluation", texts).tolist()
    return rewards, rewards
