"""Honest small stand-ins: a grader in this process that keeps the scorer's promises, and a policy that learns fast."""

import random
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import torch

from reward_server.verdict import Outcome
from reward_server.wire import ItemVerdict
from trainer_client.policies.tiny_gpt import Shape, TinyGPTPolicy
from trainer_client.training.config import TrainConfig
from trainer_client.training.problems import Problem

torch.set_num_threads(1)  # models this small only lose to the threads' waiting for each other

WORDS = ["a", "b", "c", "d", "?", "wait"]


def tiny_policy(seed: int = 0) -> TinyGPTPolicy:
    """A policy of a few thousand parameters over six words."""
    return TinyGPTPolicy(WORDS, Shape(layers=2, width=16, heads=2, hidden=32), seed=seed)


def problems(count: int = 6) -> list[Problem]:
    """Problems of two lengths whose answer is to say the asked letter at least once."""
    letters = [("a", "b", "c", "d")[n % 4] for n in range(count)]
    return [
        Problem(f"p{n}", f"{letter} ?" if n % 2 else f"{letter} {letter} ?", {"kind": "letter", "ground_truth": letter})
        for n, letter in enumerate(letters)
    ]


def config(folder: Path, **changes: Any) -> TrainConfig:
    """A run of a few small steps."""
    fields: dict[str, Any] = {
        "model": "tiny",
        "data": folder / "unused.jsonl",
        "folder": folder,
        "recipe": "dr_grpo",
        "steps": 2,
        "problems_per_step": 4,
        "group_size": 4,
        "chunk_problems": 2,
        "micro_batch": 5,
        "max_new_tokens": 6,
        "learning_rate": 1e-2,
    }
    return TrainConfig(**(fields | changes))


def grade(item: dict[str, Any]) -> ItemVerdict:
    """Score 1 when the completion says the letter of the task."""
    right = item["task"]["ground_truth"] in item["completion"].split()
    return verdict(1.0 if right else 0.0)


def verdict(score: float | None) -> ItemVerdict:
    """A verdict whose reward is its score."""
    outcome = Outcome.UNGRADABLE if score is None else (Outcome.CORRECT if score else Outcome.INCORRECT)
    return ItemVerdict(
        id=0,
        outcome=outcome,
        score=score,
        reward=score,
        parts={"accuracy": score},
        answer=None,
        evidence={"method": "letter"},
        grader="letter/1",
        cached=False,
        elapsed_ms=0.1,
        retryable=score is None,
    )


class Inline:
    """Grades at once, on the caller's thread: no overlap."""

    def __init__(self, rule: Callable[[dict[str, Any]], ItemVerdict] = grade) -> None:
        self.rule = rule
        self.items: list[dict[str, Any]] = []

    def submit(self, items: Sequence[dict[str, Any]], /) -> Future[list[ItemVerdict]]:
        self.items.extend(items)
        future: Future[list[ItemVerdict]] = Future()
        future.set_result([self.rule(item) for item in items])
        return future


class Late(Inline):
    """Answers from other threads after a while, requests of one step out of order."""

    def submit(self, items: Sequence[dict[str, Any]], /) -> Future[list[ItemVerdict]]:
        future: Future[list[ItemVerdict]] = Future()
        delay = random.Random(len(self.items)).uniform(0.0, 0.05)
        self.items.extend(items)
        threading.Timer(delay, lambda: future.set_result([self.rule(item) for item in items])).start()
        return future
