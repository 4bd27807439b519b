"""What the trainer needs of a model, in one small protocol; two implementations beside this file.

Rows are left-padded prompts followed by right-padded completions. `valid` marks what is not padding, and positions
count valid tokens only, so a prompt gets the same numbers alone and padded in a batch. Sampling and training call the
same `logits` of the same module in the same layout: the first importance ratio is 1 up to the order of float sums.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor, nn


class Cache(Protocol):
    """Keys and values of the tokens seen so far; the names are those of Hugging Face's caches."""

    def batch_repeat_interleave(self, repeats: int) -> None:
        """Turn each row into `repeats` neighbouring rows."""

    def batch_select_indices(self, indices: Tensor) -> None:
        """Keep only these rows, in this order."""


class Policy(Protocol):
    """A language model with its tokenizer and prompt format."""

    module: nn.Module
    """What the optimiser updates; kept in eval mode, because dropout would make sampler and trainer differ."""
    end_ids: tuple[int, ...]
    """Tokens that end a completion."""
    pad_id: int

    def encode(self, prompt: str) -> list[int]:
        """Return the tokens of a prompt, template included."""

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of completion tokens without the end token."""

    def logits(
        self, ids: Tensor, valid: Tensor, *, last: int, cache: Cache | None = None, keep_cache: bool = False
    ) -> tuple[Tensor, Cache | None]:
        """Run the model over `ids` (B, T) that follow what `cache` holds.

        `valid` (B, cached + T) marks the tokens that are not padding. Returns the logits (B, last, V) of the last
        `last` positions, and the cache extended by T tokens where `keep_cache`.
        """

    def save(self, folder: Path) -> None:
        """Write everything `load_policy` needs to build this policy again."""


def positions(valid: Tensor, last: int) -> Tensor:
    """Return (B, last) position numbers of the last columns, counting valid tokens only; `valid` is (B, T)."""
    return (valid.long().cumsum(dim=1) - 1).clamp(min=0)[:, -last:]


def device_of(policy: Policy) -> torch.device:
    """Return where the policy's weights are, and therefore its rollouts."""
    return next(policy.module.parameters()).device
