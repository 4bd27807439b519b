"""Next-word pre-training of the tiny base model on documents that several authors wrote.

The matrices inside the blocks are trained with Muon (https://kellerjordan.github.io/posts/muon/, torch's own), which
needs about half the words AdamW does here; embeddings and norms with AdamW. Batches hold documents of similar length.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from trainer_client.policies.tiny_gpt import TinyGPTPolicy

Write = Callable[[random.Random, float], str]
"""Returns one document, prompt included, given the share of training that is done, in [0, 1]."""
SORTED_BATCHES = 8


@dataclass(frozen=True, slots=True)
class Pretraining:
    """How long and how fast."""

    steps: int = 1200
    batch: int = 48
    learning_rate: float = 3e-3
    warmup: int = 30


def pretrain(policy: TinyGPTPolicy, write: Write, plan: Pretraining, seed: int) -> Iterator[float]:
    """Train in place and yield each step's loss; the learning rate is constant for half the steps, then falls to 0."""
    rng = random.Random(seed)
    optimizers = _optimizers(policy, plan.learning_rate)
    batches: list[list[list[int]]] = []
    for step in range(plan.steps):
        done = step / plan.steps
        if not batches:
            batches = _batches_of_similar_length(policy, write, done, plan.batch, rng)
        rate = min((step + 1) / plan.warmup, 1.0, 2.0 * (1.0 - done))
        loss = next_word_loss(policy, batches.pop())
        for optimizer in optimizers:
            for group in optimizer.param_groups:
                group["lr"] = plan.learning_rate * rate
            optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(policy.module.parameters(), 1.0)
        for optimizer in optimizers:
            optimizer.step()
        yield float(loss.detach())


def next_word_loss(policy: TinyGPTPolicy, documents: list[list[int]]) -> Tensor:
    """Return the mean cross-entropy of all words but the first of each document."""
    width = max(map(len, documents))
    ids = torch.tensor([document + [policy.pad_id] * (width - len(document)) for document in documents])  # (B, T)
    valid = torch.arange(width) < torch.tensor([len(document) for document in documents])[:, None]
    logits, _ = policy.logits(ids[:, :-1], valid[:, :-1], last=width - 1)
    return functional.cross_entropy(logits[valid[:, 1:]], ids[:, 1:][valid[:, 1:]])


def _optimizers(policy: TinyGPTPolicy, learning_rate: float) -> list[torch.optim.Optimizer]:
    named = list(policy.module.named_parameters())
    matrices = [parameter for name, parameter in named if parameter.dim() == 2 and "embedding" not in name]  # noqa: PLR2004
    others = [parameter for name, parameter in named if parameter.dim() != 2 or "embedding" in name]  # noqa: PLR2004
    return [
        torch.optim.Muon(matrices, lr=learning_rate, weight_decay=0.01, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(others, lr=learning_rate, betas=(0.9, 0.95), weight_decay=0.0),
    ]


def _batches_of_similar_length(
    policy: TinyGPTPolicy, write: Write, done: float, size: int, rng: random.Random
) -> list[list[list[int]]]:
    written = [[*policy.encode(write(rng, done)), policy.end_ids[0]] for _ in range(size * SORTED_BATCHES)]
    written.sort(key=len)
    batches = [written[start : start + size] for start in range(0, len(written), size)]
    rng.shuffle(batches)
    return batches
