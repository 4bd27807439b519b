"""OpenRLHF's own executor fetches our rewards, over HTTP and by our file, and its sampler turns them into experience.

Stands in for what needs a GPU: the inference engine (which hands back a fixed completion) and the import of vllm.
"""

import asyncio
import json
import os
import sys
import types
from types import SimpleNamespace
from typing import Any

import torch
from tiny import tokenizer

for name, contents in {
    "vllm": {"SamplingParams": object},
    "vllm.inputs": {"TokensPrompt": dict},
    "vllm.utils": {"random_uuid": lambda: "0"},
}.items():
    sys.modules[name] = types.ModuleType(name)
    vars(sys.modules[name]).update(contents)

from openrlhf.trainer.ppo_utils.samples_generator import SamplesGenerator  # noqa: E402
from openrlhf.utils.agent import SingleTurnAgentExecutor  # noqa: E402

import trainer_client.adapters.openrlhf as plug  # noqa: E402

URL = sys.argv[1]
TOKENS = tokenizer()
PROMPT = "user: 1 ?<|im_end|>assistant:"
FIVE = json.dumps({"kind": "exact", "ground_truth": "5"})
LOST = json.dumps({"kind": "exact", "ground_truth": ""})


class Engine:
    """Answers every prompt with the same completion, end token included, as vllm returns it."""

    def __init__(self, completion: str) -> None:
        self.ids = [*TOKENS(completion)["input_ids"], TOKENS.eos_token_id]

    async def generate(self, *_: Any, **__: Any) -> Any:
        return SimpleNamespace(outputs=[SimpleNamespace(token_ids=self.ids, logprobs=None, finish_reason="stop")])


async def rollouts(remote_url: str, *rows: tuple[str, Any]) -> list[dict[str, Any]]:
    """Execute a rollout for each (completion, label), all at once, as the trainer's engine actors do."""
    executor = SingleTurnAgentExecutor(remote_url)
    sampling = SimpleNamespace(max_tokens=8, logprobs=None)
    calls = (executor.execute(PROMPT, label, sampling, 64, TOKENS, Engine(text)) for text, label in rows)
    return await asyncio.gather(*calls)


def seen(remote_url: str, *rows: tuple[str, Any]) -> list[Any]:
    """Return what the sampler makes of each rollout: its experience's rewards, scores and logs."""
    results = []
    for output in asyncio.run(rollouts(remote_url, *rows)):
        experience = SamplesGenerator._process_response_into_experience(None, output, max_len=64)
        numbers = {name: value.flatten().tolist() for name, value in experience.info.items()}
        rewards = experience.rewards
        results.append(
            {"reward": None if rewards is None else rewards.flatten().tolist()[0], "info": numbers}
            | {"dtype": str(getattr(rewards, "dtype", None))}
        )
    return results


ROWS = [("5", FIVE), ("6", FIVE), ("7", "7"), ("7", json.dumps({"data_source": "openai/gsm8k", "ground_truth": "8"}))]
http = f"{URL}/get_reward?kind=math&rewards=accuracy:1&rewards=format:0.5"
os.environ |= {"REWARD_SERVER_URL": URL, "REWARD_SERVER_REWARDS": '{"accuracy": 1, "format": 0.5}'}
found: dict[str, Any] = {"http": seen(http, *ROWS), "file": seen(plug.__file__, *ROWS)}
found["lost, error"] = seen(http, ("5", LOST))
for choice in ("nan", "zero"):
    os.environ["REWARD_SERVER_UNGRADABLE"] = choice
    found[f"lost, {choice}"] = seen(f"{http}&ungradable={choice}", ("5", LOST), ("5", FIVE))
    found[f"lost, {choice}, file"] = seen(plug.__file__, ("5", LOST), ("5", FIVE))
found["torch"] = torch.__version__
print(json.dumps(found))  # noqa: T201
