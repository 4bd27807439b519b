"""open-instruct e6c3044: `apply_verifiable_reward` with our verifier, and the centring of its scores.

A slice of its source; the centring is three lines of a long method there and a function here, with the same lines.
"""

import asyncio
import json
import logging
import sys
from abc import ABC, abstractmethod
from dataclasses import make_dataclass
from types import ModuleType, SimpleNamespace

import numpy as np
from group import ROW
from sources import SLICES, taken

from trainer_client.adapters.open_instruct import verifier

SLICE = SLICES / "open_instruct.py.txt"
Config = type("VerifierConfig", (), {"from_args": classmethod(lambda cls, *_: cls())})


def step(completions: list[str]) -> tuple[list[float], list[float | None]]:
    result = make_dataclass("VerificationResult", [("score", float), ("cost", float, 0.0), ("reasoning", str, None)])
    trainer = taken(
        SLICE, "VerifierFunction", "apply_verifiable_reward", ABC=ABC, abstractmethod=abstractmethod, asyncio=asyncio,
        logger=logging.getLogger("open_instruct"), VerifierConfig=Config, VerificationResult=result,
    )  # fmt: skip
    for name in ("open_instruct", "open_instruct.ground_truth_utils"):
        sys.modules[name] = ModuleType(name)
    vars(sys.modules["open_instruct.ground_truth_utils"]).update(vars(trainer), VerificationResult=result)
    verifier()
    (ours,) = trainer.VerifierFunction.__subclasses__()
    made = ours(ours.get_config_class().from_args(None, None))
    size = len(completions)
    scores, parts = asyncio.run(
        trainer.apply_verifiable_reward(
            {made.name.lower(): made}, [[0]] * size, completions, [json.dumps(ROW)] * size, ["service"] * size
        )
    )
    assert parts == [{"service": score} for score in scores]
    centred = taken(SLICE, "centered", np=np).centered
    config = SimpleNamespace(num_samples_per_prompt_rollout=size)
    return scores, centred(SimpleNamespace(scores=scores), config).tolist()
