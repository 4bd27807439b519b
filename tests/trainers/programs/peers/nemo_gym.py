"""NeMo-Gym's protocol: `/verify` as verifiers 0.4.0's `NeMoGymTask` calls it, then NeMo-RL 7ea279a's GRPO advantages.

The task's method is taken from the package's source, NeMo-RL is a slice. A failure of ours is 503, which raises. Asked
for with `?ungradable=mask`, it is `mask_sample`: NeMo-RL then leaves the sample out of the loss, but its 0 stays in the
group's mean, which is why that is not the default.
"""

import asyncio
import os
from types import SimpleNamespace
from typing import Any

import httpx
import torch
from group import LOST, ROW
from peers.nemo_rl import estimated, masked
from sources import SITE, taken

TASK = SITE / "verifiers/v1/tasksets/nemo_gym/taskset.py"


class State:
    """What the task keeps of a rollout."""

    tool_names: list[str] = []  # noqa: RUF012 - as verifiers has it

    def __init__(self, query: str) -> None:
        self.query = query

    async def post(self, path: str, body: dict[str, Any]) -> httpx.Response:
        async with httpx.AsyncClient(timeout=60) as client:
            return await client.post(f"{os.environ['REWARD_URL']}/{path}{self.query}", json=body)


def response(text: str) -> dict[str, Any]:
    """Return a response of the Responses API."""
    content = [{"type": "output_text", "text": text, "annotations": []}]
    return {"output": [{"type": "message", "role": "assistant", "content": content}]}


async def verified(completions: list[str], query: str = "") -> tuple[list[float], list[bool]]:
    """Return each reward, and whether the sample is masked."""
    made = taken(TASK, "NeMoGymTask.nemo_gym", trace_to_nemo_response=lambda trace, *_: response(trace.text)).nemo_gym
    task = SimpleNamespace(data=SimpleNamespace(row={"responses_create_params": {"input": "3 + 4?"}, "task": ROW}))
    traces = [
        SimpleNamespace(state=State(query), text=text, info={}, record_metric=lambda *_: None) for text in completions
    ]
    rewards = await asyncio.gather(*(made(task, trace) for trace in traces))
    return list(rewards), [trace.info["nemo_gym"]["mask_sample"] for trace in traces]


def step(completions: list[str]) -> tuple[list[float], list[float | None]]:
    if LOST in completions:
        rewards, lost = asyncio.run(verified(completions, "?ungradable=mask"))
        assert lost == [text == LOST for text in completions]
        assert masked(lost) == [0.0 if one else 1.0 for one in lost], "the weight of each sample in the loss"
        moved = estimated(torch.tensor(rewards))[0]
        assert moved != estimated(torch.tensor([1.0, 0.0, 0.0]))[0], "the docstring's defect is gone"
    rewards, _ = asyncio.run(verified(completions))
    return rewards, estimated(torch.tensor(rewards))
