"""verifiers 0.4.0 and prime-rl 559b447: a task's `score` with our function plugged in by path, then prime-rl's GRPO.

`Task.score` and what it calls are taken from verifiers' source, whose import takes MCP and Docker clients; prime-rl is
a slice, as it is on no registry. The trace is a stand-in, which verifiers marks with the error as its runner does.
"""

import asyncio
import contextlib
import functools
import importlib
import inspect
import logging
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, get_origin, get_type_hints

import torch
from group import ROW
from sources import SITE, SLICES, taken

V1 = SITE / "verifiers" / "v1"


def verifiers() -> Any:
    """Return `Task.score`, and the error that it raises."""
    errors = taken(V1 / "errors.py", "RolloutError", "TaskError", "boundary")
    decorators = taken(
        V1 / "utils/decorators.py", "invoke", "invoke_all", "seed", "unseed", asyncio=asyncio, inspect=inspect,
        get_origin=get_origin, get_type_hints=get_type_hints,
    )  # fmt: skip
    plugged = taken(
        V1 / "utils/loaders.py", "plugged_fn", "load_plugged_fn", importlib=importlib, functools=functools,
        RewardFunctionConfig=SimpleNamespace,
    )  # fmt: skip
    boundary = contextlib.asynccontextmanager(errors.boundary)
    score = taken(
        V1 / "task.py", "Task.score", inspect=inspect, Mapping=Mapping, boundary=boundary, TaskError=errors.TaskError,
        logger=logging.getLogger("verifiers"), invoke_all=decorators.invoke_all, seed=decorators.seed,
        unseed=decorators.unseed,
    ).score  # fmt: skip
    config = SimpleNamespace(fn="trainer_client.adapters.verifiers:reward", weight=1.0, priority=None)
    hooks = {"reward": [plugged.load_plugged_fn("service", config, "reward")], "metric": []}
    return SimpleNamespace(score=score, hooks=hooks, TaskError=errors.TaskError)


class Trace:
    """One rollout: its last reply, its rewards, its error, and one sampled token to carry the advantage."""

    def __init__(self, text: str) -> None:
        self.last_reply, self.id, self.has_error = text, text, False
        self.rewards: dict[str, Any] = {}
        self.metrics: dict[str, Any] = {}
        self.agent = SimpleNamespace(trainable=True)
        self.nodes = [SimpleNamespace(mask=[True], token_ids=[1], advantages=None)]

    def record_reward(self, name: str, value: float, weight: float) -> None:
        self.rewards[name] = value * weight

    def record_metrics(self, values: Mapping[str, float]) -> None:
        self.metrics.update(values)

    @property
    def reward(self) -> float:
        return sum(one for one in self.rewards.values() if one is not None)


def step(completions: list[str]) -> tuple[list[float], list[float | None]]:
    package = verifiers()
    task = SimpleNamespace(
        scoring_deferred=False, data=SimpleNamespace(task=ROW, prompt="3 + 4?"), plugged_judges=list,
        hooks=package.hooks.__getitem__,
    )  # fmt: skip
    traces = [Trace(text) for text in completions]

    async def rollout(trace: Trace) -> None:
        try:
            await package.score(task, trace)
        except package.TaskError as error:
            assert "Ungradable: ungradable" in str(error)  # noqa: PT017 - what verifiers itself raises
            trace.has_error = True

    async def group() -> None:
        await asyncio.gather(*map(rollout, traces))
        prime = taken(
            SLICES / "prime_rl.py.txt", "iter_trainable_traces", "assign_advantages", "GRPOAlgorithm", torch=torch,
            Algorithm=object,
        )  # fmt: skip
        algorithm = object.__new__(prime.GRPOAlgorithm)
        algorithm.length_penalty = None
        await algorithm.score_group([SimpleNamespace(traces=traces)])

    asyncio.run(group())
    assert all(trace.has_error or trace.metrics["outcome/correct"] == trace.reward for trace in traces)
    return [trace.reward for trace in traces], [
        None if trace.has_error else trace.nodes[0].advantages[0] for trace in traces
    ]
