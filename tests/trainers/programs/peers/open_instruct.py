"""open-instruct e6c3044: its `RewardConfig` with our verifier, the centring of its scores, and the metrics it logs.

A slice of its source; the centring is three lines of a long method there and a function here, with the same lines.
"""

import asyncio
import dataclasses
import json
import logging
import sys
from abc import ABC, abstractmethod
from collections import defaultdict
from dataclasses import make_dataclass
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
from group import ROW
from sources import SLICES, taken

from trainer_client.adapters.open_instruct import verifier

SLICE = SLICES / "open_instruct.py.txt"
LOGGED: dict[str, float] = {}
Config = type("VerifierConfig", (), {"from_args": classmethod(lambda cls, *_: cls())})


def step(completions: list[str]) -> tuple[list[float], list[float | None]]:
    result = make_dataclass("VerificationResult", [("score", float), ("cost", float, 0.0), ("reasoning", str, None)])
    trainer = taken(
        SLICE, "VerifierFunction", "apply_verifiable_reward", "RewardConfig", "_aggregate_env_metrics",
        ABC=ABC, abstractmethod=abstractmethod, asyncio=asyncio, dataclasses=dataclasses, defaultdict=defaultdict,
        logger=logging.getLogger("open_instruct"), np=np, LastRewardAggregator=lambda: lambda rewards: rewards[-1],
        SumRewardAggregator=lambda: sum, VerifierConfig=Config, VerificationResult=result,
    )  # fmt: skip
    for name in ("open_instruct", "open_instruct.ground_truth_utils"):
        sys.modules[name] = ModuleType(name)
    vars(sys.modules["open_instruct.ground_truth_utils"]).update(vars(trainer), VerificationResult=result)
    verifier()
    (ours,) = trainer.VerifierFunction.__subclasses__()
    made = ours(ours.get_config_class().from_args(None, None))
    size = len(completions)
    states: list[dict[str, Any]] = [{} for _ in completions]  # as without tools; they travel with the result
    infos = SimpleNamespace(
        timeouts=[0] * size, tool_errors=[""] * size, tool_outputs=[""] * size, tool_calleds=[0] * size,
        rollout_states=states,
    )  # fmt: skip
    config = trainer.RewardConfig()
    config.verification_reward, config.verifier_functions = 1.0, {made.name.lower(): made}
    scores, metrics = asyncio.run(
        config.build()([[0]] * size, completions, [json.dumps(ROW)] * size, ["service"] * size, ["stop"] * size, infos)
    )
    LOGGED.update({**metrics, **trainer._aggregate_env_metrics(states)})
    centred = taken(SLICE, "centered", np=np).centered
    config = SimpleNamespace(num_samples_per_prompt_rollout=size)
    return scores, centred(SimpleNamespace(scores=scores), config).tolist()


def logged() -> dict[str, float]:
    """Return what open-instruct then writes to its log."""
    return {name: float(value) for name, value in LOGGED.items()}
