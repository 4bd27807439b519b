"""Chunks of rollouts whose rewards are being computed elsewhere, and how much of that time was hidden.

DeepSeek-R1 overlaps its rule-based reward module with rollout and inference (supplement B.1). So does this trainer: a
chunk is submitted the moment it is decoded, while the next one is being decoded. The overlap is exact, not
asynchronous RL: gradients are accumulated in the order of decoding and the step waits for all verdicts, so the result
is the same, bit for bit, as grading after decoding.
"""

import math
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Protocol

import torch
from torch import Tensor

from reward_server.wire import ItemVerdict
from trainer_client.training.problems import Problem
from trainer_client.training.rollout import Rollouts

SHOWN_OF_VERDICT = {"outcome", "score", "reward", "parts", "answer", "evidence", "grader"}


class Scorer(Protocol):
    """The part of `RewardClient` that training needs."""

    def submit(self, items: Sequence[dict[str, Any]], /) -> "Future[list[ItemVerdict]]":
        """Start grading; the future gives one verdict for each item, in order."""


@dataclass
class Chunk:
    """Whole groups of rollouts, submitted for grading."""

    problems: Sequence[Problem]
    rollouts: Rollouts
    future: "Future[list[ItemVerdict]]"
    sent: list[int]
    """Rows that are being graded: all, or those that ended within the length limit."""
    submitted: float = field(default_factory=perf_counter)
    answered: float = math.nan
    waited: float = 0.0
    """Seconds that training stood still for these verdicts."""
    verdicts: list[ItemVerdict | None] = field(default_factory=list)
    """One for each row once collected; None where the row was not sent."""

    def collect(self) -> None:
        """Wait for the verdicts and fill `verdicts` and `rewards`; raises what grading raised."""
        began = perf_counter()
        verdicts = self.future.result()
        now = perf_counter()
        self.waited = now - began
        if math.isnan(self.answered):  # the callback that notes it runs after waiters are woken
            self.answered = now
        self.verdicts = [None] * len(self.rollouts.lengths)
        for row, verdict in zip(self.sent, verdicts, strict=True):
            self.verdicts[row] = verdict

    @property
    def scores(self) -> list[float | None]:
        """The score of each row: null where it is unknown, 0 for a completion that never came to its end."""
        return [0.0 if verdict is None else verdict.score for verdict in self.verdicts]

    def shown(self, row: int) -> dict[str, Any]:
        """Return what a reader of samples wants to know of a row's verdict; `cut` for one that was not sent."""
        verdict = self.verdicts[row]
        return {"outcome": "cut"} if verdict is None else verdict.model_dump(mode="json", include=SHOWN_OF_VERDICT)


def submit_chunk(scorer: Scorer, problems: Sequence[Problem], rollouts: Rollouts) -> Chunk:
    """Send the completions that ended to be graded.

    A completion cut at the length limit has no final answer, whatever text stands at its end, so it is not sent. Only
    the completion travels as such: the template in a prompt may itself contain an answer block.
    """
    group_size = len(rollouts.lengths) // len(problems)
    sent = rollouts.finished.nonzero().squeeze(1).tolist()
    items = []
    for row in sent:
        problem = problems[row // group_size]
        items.append({"task": problem.task, "completion": rollouts.texts[row], "prompt": problem.prompt})
    future: Future[list[ItemVerdict]] = Future()
    if items:
        future = scorer.submit(items)
    else:
        future.set_result([])
    chunk = Chunk(problems, rollouts, future, sent)
    future.add_done_callback(lambda _: setattr(chunk, "answered", perf_counter()))
    return chunk


def rewards_of(chunk: Chunk, overlong: str) -> Tensor:
    """Return (rows,) rewards of a collected chunk: NaN for null ones and, where `overlong` is "mask", for cut rows."""
    cut = math.nan if overlong == "mask" else 0.0
    rewards = [cut if verdict is None else _number(verdict.reward) for verdict in chunk.verdicts]
    return torch.tensor(rewards)


def _number(reward: float | None) -> float:
    return math.nan if reward is None else reward


def hidden_share(chunks: list[Chunk]) -> float:
    """Return the share of the time in which verdicts were outstanding that training did not stand still for."""
    outstanding, until = 0.0, -math.inf
    for chunk in sorted(chunks, key=lambda chunk: chunk.submitted):
        outstanding += max(0.0, chunk.answered - max(until, chunk.submitted))
        until = max(until, chunk.answered)
    return 1.0 - min(1.0, sum(chunk.waited for chunk in chunks) / outstanding) if outstanding else 1.0
