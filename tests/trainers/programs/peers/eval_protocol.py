"""eval-protocol 0.3.33: `RewardFunction(mode="remote")` against our protocol; rewards stand in for advantages.

The class is taken from the package's source, which imports LiteLLM. What cannot be graded raises there; but its
`get_trl_adapter` makes 0 of every exception, so with TRL our own function is the one to use.
"""

import json
import logging
import os
from types import SimpleNamespace

import requests
from group import LOST, RIGHT, ROW
from sources import SITE, taken


def step(completions: list[str]) -> tuple[list[float], list[float | None]]:
    function = taken(
        SITE / "eval_protocol/reward_function.py", "RewardFunction", requests=requests, os=os,
        logger=logging.getLogger("eval_protocol"), EvaluateResult=SimpleNamespace, MetricResult=SimpleNamespace,
    ).RewardFunction(mode="remote", endpoint=f"{os.environ['REWARD_URL']}/evaluate")  # fmt: skip
    question = {"role": "user", "content": "3 + 4?"}
    if LOST in completions:
        graded = function.get_trl_adapter()([[question]] * 2, [RIGHT, LOST], solution=[json.dumps(ROW)] * 2)
        assert graded == [1.0, 0.0], "the defect that the docstring warns of is gone"
    results = [function([question, {"role": "assistant", "content": text}], ground_truth=ROW) for text in completions]
    rewards = [float(result.score) for result in results]
    return rewards, list(rewards)
