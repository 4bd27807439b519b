"""GRPO on SmolLM2-135M, a real pretrained model, against the live service; prints its accuracy before and after.

Arguments: the service's URL, the folder with the model's GGUF file, a folder for the run. Sums of two numbers are
asked as a text to continue, and a line break ends an answer, so that a step costs seconds on two cores.
"""

import json
import random
import sys
import time
from pathlib import Path
from typing import Any

from trainer_client.client.client import RewardClient
from trainer_client.policies.huggingface import HuggingFacePolicy
from trainer_client.training.config import TrainConfig
from trainer_client.training.evaluate import Sampling, measure, sampler_of, summarise
from trainer_client.training.problems import Problem
from trainer_client.training.train import train

STEPS, HELD_OUT = 8, 32
SHOWN = "21 + 14 = 35\n"  # one example, so that the model knows that an answer is a number and a line break


def sums(seed: int) -> list[Problem]:
    """Return all sums of two numbers of 11..49, shuffled."""
    pairs = [(a, b) for a in range(11, 50) for b in range(11, 50)]
    random.Random(seed).shuffle(pairs)
    return [Problem(f"{a}+{b}", f"{SHOWN}{a} + {b} =", {"kind": "exact", "ground_truth": str(a + b)}) for a, b in pairs]


def main(url: str, weights: Path, folder: Path) -> None:
    policy = HuggingFacePolicy.from_pretrained(str(weights.parent), "plain", gguf_file=weights.name)
    policy.end_ids = (*policy.end_ids, policy.tokenizer("\n")["input_ids"][-1])
    rows = sums(0)
    config = TrainConfig(
        model="SmolLM2-135M-Instruct",
        data=Path("generated"),
        folder=folder,
        recipe="dr_grpo",
        steps=STEPS,
        problems_per_step=4,
        group_size=8,
        chunk_problems=2,
        micro_batch=32,
        max_new_tokens=5,
        learning_rate=2e-5,
        checkpoint_every=10_000,
    )

    def report(row: dict[str, Any]) -> None:
        print(row["step"], round(row["accuracy"], 3), round(time.process_time()), flush=True)  # noqa: T201

    sampling = Sampling(4, config.max_new_tokens, temperature=1.0, top_p=1.0, seed=1)
    with RewardClient(url, rewards={"accuracy": 1.0}) as client:
        before = summarise(measure(sampler_of(policy, sampling), rows[:HELD_OUT], client, sampling), 4)
        print(f"before: {before}", flush=True)  # noqa: T201
        train(config, policy, rows[HELD_OUT:], client, progress=report)
        after = summarise(measure(sampler_of(policy, sampling), rows[:HELD_OUT], client, sampling), 4)
    seen = {"before": before["pass@1"], "after": after["pass@1"], "cpu_seconds": time.process_time()}
    print(json.dumps(seen | {"steps": STEPS, "parameters": sum(p.numel() for p in policy.module.parameters())}))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
