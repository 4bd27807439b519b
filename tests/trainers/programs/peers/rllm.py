"""rllm 9beb6e0: our function as its `@evaluator`, run by its engine's `_finish_episode`, then its GRPO advantages.

A slice of its source. The episode is a stand-in with what the engine and evaluators read of one; the engine's retries,
after which it raises or marks the episode as an error, are not part of it.
"""

import asyncio
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import make_dataclass
from functools import update_wrapper
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
from group import RIGHT, ROW
from sources import SLICES, taken

from trainer_client.adapters.rllm import evaluate

SLICE = SLICES / "rllm.py.txt"
FIELDS = [("reward", float), ("is_correct", bool), ("signals", list, ()), ("metadata", dict, ())]
Output = make_dataclass("EvalOutput", FIELDS)


def step(completions: list[str]) -> tuple[list[float], list[float | None]]:
    rllm = taken(
        SLICE, "_coerce_to_eval_output", "EvaluatorFn", "_finish_episode", "calculate_grpo_advantages_per_group",
        EvalOutput=Output, update_wrapper=update_wrapper, asyncio=asyncio, np=np, time=time,
        enrich_episode_with_traces=lambda episode, *_, **__: episode,
        TerminationReason=SimpleNamespace(ENV_DONE="env_done"),
    )  # fmt: skip
    for name in ("rllm", "rllm.eval", "rllm.eval.types"):
        sys.modules[name] = ModuleType(name)
    vars(sys.modules["rllm.eval.types"]).update(EvalOutput=Output)
    engine = SimpleNamespace(executor=ThreadPoolExecutor(max_workers=8))
    context = SimpleNamespace(evaluator=rllm.EvaluatorFn(evaluate))
    task = SimpleNamespace(id="t", metadata={"task": ROW})

    async def finished(text: str) -> float:
        trajectory = SimpleNamespace(reward=None, signals={}, steps=[SimpleNamespace(model_response=text)])
        artifacts = {"answer": text} if text == RIGHT else {}  # else as of a flow that returns nothing
        episode = SimpleNamespace(
            trajectories=[trajectory], artifacts=artifacts, metrics={}, is_correct=None, termination_reason=None
        )
        done: Any = await rllm._finish_episode(engine, episode, [], "t:0", task, context)
        assert done.metrics["outcome/correct"] == done.trajectories[0].reward
        return float(done.trajectories[0].reward)

    async def group() -> list[float]:
        return list(await asyncio.gather(*map(finished, completions)))

    rewards = asyncio.run(group())
    advantages, _ = rllm.calculate_grpo_advantages_per_group(np.array(rewards))
    return rewards, advantages.tolist()
