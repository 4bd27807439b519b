"""ROLL 8eb27cc: `RewardSystemHandler` against our protocol, the tensor of its worker, and its group normalisation.

A slice of its source. ROLL waits five minutes for a verdict, here two seconds.
"""

import concurrent.futures
import logging
import os
import time
from datetime import datetime

import requests
import torch
from group import ROW
from sources import SLICES, taken

SLICE = SLICES / "roll.py.txt"
SCORE = "/reward-system/v1"


def step(completions: list[str]) -> tuple[list[float], list[float | None]]:
    url = os.environ["REWARD_URL"]
    handler = taken(
        SLICE, "RewardSystemHandler", concurrent=concurrent, datetime=datetime, time=time, requests=requests,
        logger=logging.getLogger("roll"),
    ).RewardSystemHandler({"submit_url": f"{url}{SCORE}/submit_task", "get_result_url": f"{url}{SCORE}/task_result"},
                          [], reward_server_task_timeout=2)  # fmt: skip
    rows = [
        ["p", "e", 0, "d", str(number), {"ground_truth": ROW}, "3 + 4?", text]
        for number, text in enumerate(completions)
    ]
    scores = handler.multi_thread_request_reward_system(rows)
    rewards = torch.tensor(scores, dtype=torch.float16)  # as its RemoteRewardSystemWorker has it
    normalised = taken(SLICE, "reward_norm", torch=torch).reward_norm(
        rewards.float(), n_sample=len(completions), norm_mean_type="group", norm_std_type="group"
    )
    return rewards.tolist(), normalised.tolist()
