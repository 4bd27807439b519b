"""Overlapping rewards with decoding, and skipping what teaches nothing: the same weights, side by side.

Trains the same small policy three times from the same seed: with rewards graded while the next chunk is decoded, with
rewards graded before decoding goes on, and without skipping rows of zero advantage. A grading takes as long as decoding
a chunk took in a trial run, which is where overlap matters most. Prints ratios and whether the weights are equal.

    python benchmarks/grpo_overlap.py
"""

import json
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import torch

from reward_server.verdict import Outcome
from reward_server.wire import ItemVerdict
from trainer_client.policies.tiny_gpt import Shape, TinyGPTPolicy
from trainer_client.training.config import TrainConfig
from trainer_client.training.journal import METRICS, read_rows
from trainer_client.training.problems import Problem
from trainer_client.training.train import train

WORDS = [*"abcdefgh", "?"]
PROBLEMS = [Problem(word, f"{word} ?", {"kind": "say", "ground_truth": word}) for word in WORDS[:-1]]


class Grader:
    """Scores 1 for saying the word early, after `seconds`; `blocking` makes the trainer wait for each chunk."""

    def __init__(self, seconds: float, blocking: bool) -> None:
        self.seconds, self.blocking = seconds, blocking

    def submit(self, items: Sequence[dict[str, Any]], /) -> Future[list[ItemVerdict]]:
        """See `trainer_client.training.pending.Scorer`."""
        future: Future[list[ItemVerdict]] = Future()
        verdicts = [self._verdict(item) for item in items]
        threading.Timer(self.seconds, lambda: future.set_result(verdicts)).start()
        if self.blocking:
            future.result()
        return future

    def _verdict(self, item: dict[str, Any]) -> ItemVerdict:
        score = float(item["task"]["ground_truth"] in item["completion"].split()[:4])
        return ItemVerdict(
            id=0,
            outcome=Outcome.CORRECT if score else Outcome.INCORRECT,
            score=score,
            reward=score,
            parts={"accuracy": score},
            answer=None,
            evidence={},
            grader="say/1",
            cached=False,
            elapsed_ms=0.0,
            retryable=False,
        )


def run(
    seconds: float, *, blocking: bool = False, beta: float = 0.0, steps: int = 6
) -> tuple[dict[str, float], torch.Tensor]:
    """Train and return mean seconds of a step with its parts, and the weights."""
    policy = TinyGPTPolicy(WORDS, Shape(layers=2, width=64, heads=4, hidden=256))
    with tempfile.TemporaryDirectory() as folder:
        config = TrainConfig(
            model="tiny",
            data=Path("none"),
            folder=Path(folder),
            recipe="dr_grpo",
            beta=beta,
            steps=steps,
            problems_per_step=16,
            group_size=8,
            chunk_problems=4,
            max_new_tokens=48,
            learning_rate=3e-3,
        )
        began = time.perf_counter()
        train(config, policy, PROBLEMS, Grader(seconds, blocking))
        figures = {"step_seconds": (time.perf_counter() - began) / steps}
        rows = read_rows(Path(folder) / METRICS)
    for name in ("decode_seconds", "wait_seconds", "learn_seconds", "hidden_reward_share"):
        figures[name] = sum(row["timing"][name] for row in rows) / len(rows)
    figures["trained_rows"] = sum(row["trained_rows"] for row in rows) / len(rows)
    return figures, torch.cat([parameter.detach().flatten() for parameter in policy.module.parameters()])


def main() -> None:
    """Print one line for each run and the ratios."""
    torch.set_num_threads(1)
    trial, _ = run(0.0, steps=2)
    seconds = trial["decode_seconds"] / 4
    overlapped, weights = run(seconds)
    sequential, other = run(seconds, blocking=True)
    unskipped, _ = run(seconds, beta=1e-12)
    for name, figures in (
        ("overlapped", overlapped),
        ("sequential", sequential),
        ("overlapped, no row skipped", unskipped),
    ):
        print(json.dumps({"run": name} | {key: round(value, 4) for key, value in figures.items()}))
    print(f"a grading takes {seconds:.3f} s, as long as decoding a chunk")
    print(f"step, sequential / overlapped: {sequential['step_seconds'] / overlapped['step_seconds']:.2f}")
    skipping = unskipped["learn_seconds"] / overlapped["learn_seconds"]
    print(f"learning, with a KL term and no row skipped / skipped: {skipping:.2f}")
    print(f"weights of overlapped and sequential are equal: {torch.equal(weights, other)}")


if __name__ == "__main__":
    main()
