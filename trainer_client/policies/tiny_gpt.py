"""A GPT small enough to be pre-trained and trained with GRPO on two CPU cores in minutes.

Pre-norm blocks with RMSNorm, rotary positions (https://arxiv.org/abs/2104.09864), squared-ReLU MLP and a tied output
head, no biases and no dropout. The vocabulary is a list of words: a text is its words joined by spaces, except that a
line break, a word too, takes no spaces around it; decoding then encoding is the identity. The key-value cache is one
pair of tensors for each layer, grown in steps of `CACHE_STEP`, because concatenating at each token would copy it each
time.

Not covered: subword tokenizers, packing, grouped heads, half precision.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import torch
from torch import Tensor, nn
from torch.nn import functional

from trainer_client.policies import Cache, positions

CACHE_STEP = 32
PAD, END = "<pad>", "<end>"


@dataclass(frozen=True, slots=True)
class Shape:
    """Size of the model; the defaults have about 0.4 million parameters besides the vocabulary."""

    layers: int = 3
    width: int = 96
    heads: int = 4
    hidden: int = 384


class KeyValueCache:
    """Keys and values of each layer, (B, heads, capacity, head width), of which `length` columns are filled."""

    def __init__(self, layers: int) -> None:
        self.length = 0
        self._keys: list[Tensor | None] = [None] * layers
        self._values: list[Tensor | None] = [None] * layers

    def append(self, layer: int, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Add (B, heads, T, head width) after the first `length` columns; return all filled columns of this layer."""
        end = self.length + keys.shape[2]
        stored = []
        for store, new in ((self._keys, keys), (self._values, values)):
            held = store[layer]
            if held is None or held.shape[2] < end:
                capacity = -(-end // CACHE_STEP) * CACHE_STEP
                grown = new.new_empty(*new.shape[:2], capacity, new.shape[3])
                if held is not None:
                    grown[:, :, : self.length] = held[:, :, : self.length]
                store[layer] = held = grown
            held[:, :, self.length : end] = new
            stored.append(held[:, :, :end])
        return stored[0], stored[1]

    def batch_repeat_interleave(self, repeats: int) -> None:
        """Turn each row into `repeats` neighbouring rows."""
        for store in (self._keys, self._values):
            store[:] = [None if held is None else held.repeat_interleave(repeats, dim=0) for held in store]

    def batch_select_indices(self, indices: Tensor) -> None:
        """Keep only these rows, in this order."""
        for store in (self._keys, self._values):
            store[:] = [None if held is None else held[indices] for held in store]


class Block(nn.Module):
    """Attention and MLP, each behind its norm and added to the stream."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.attention_norm = nn.RMSNorm(shape.width)
        self.qkv = nn.Linear(shape.width, 3 * shape.width, bias=False)
        self.out = nn.Linear(shape.width, shape.width, bias=False)
        self.mlp_norm = nn.RMSNorm(shape.width)
        self.up = nn.Linear(shape.width, shape.hidden, bias=False)
        self.down = nn.Linear(shape.hidden, shape.width, bias=False)

    def forward(
        self, x: Tensor, rotation: tuple[Tensor, Tensor], mask: Tensor, layer: int, cache: KeyValueCache | None
    ) -> Tensor:
        """Map (B, T, width) to the same; `mask` (B, 1, T, S) is true where a query may look."""
        b, t, width = x.shape
        qkv = self.qkv(self.attention_norm(x)).view(b, t, 3, self.heads, width // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)  # each (B, heads, T, head width)
        q, k = _rotate(q, rotation), _rotate(k, rotation)
        if cache is not None:
            k, v = cache.append(layer, k, v)
        mixed = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        x = x + self.out(mixed.transpose(1, 2).reshape(b, t, width))
        hidden: Tensor = x + self.down(functional.relu(self.up(self.mlp_norm(x))).square())
        return hidden


class TinyGPT(nn.Module):
    """The network; `TinyGPTPolicy` adds the vocabulary."""

    def __init__(self, shape: Shape, vocabulary_size: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary_size, shape.width)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.norm = nn.RMSNorm(shape.width)
        self.rotary_width = shape.width // shape.heads
        for parameter in self.parameters():
            if parameter.dim() > 1:
                nn.init.normal_(parameter, std=0.02)

    def forward(self, ids: Tensor, valid: Tensor, last: int, cache: KeyValueCache | None = None) -> Tensor:
        """Return logits (B, last, V) after `ids` (B, T); `valid` (B, S) covers what the cache holds and `ids`."""
        t, s = ids.shape[1], valid.shape[1]
        causal = torch.ones(t, s, dtype=torch.bool, device=ids.device).tril(s - t)
        own = torch.eye(t, dtype=torch.bool, device=ids.device)
        mask = valid[:, None, :] & causal
        mask[:, :, s - t :] |= own  # a padding query must see something, or its softmax is 0/0
        rotation = _rotation(positions(valid, t), self.rotary_width)
        x = self.embedding(ids)
        for layer, block in enumerate(self.blocks):
            x = block(x, rotation, mask[:, None], layer, cache)
        if cache is not None:
            cache.length += t
        return functional.linear(self.norm(x[:, -last:]), self.embedding.weight)


def _rotation(places: Tensor, width: int) -> tuple[Tensor, Tensor]:
    """Return cos and sin, (B, 1, T, width / 2), of the rotary angles at `places` (B, T)."""
    frequencies = 10_000.0 ** (-torch.arange(0, width, 2, device=places.device) / width)
    angles = places[:, None, :, None] * frequencies
    return angles.cos(), angles.sin()


def _rotate(x: Tensor, rotation: tuple[Tensor, Tensor]) -> Tensor:
    """Rotate the halves of (B, heads, T, head width) against each other."""
    a, b = x.chunk(2, dim=-1)
    cos, sin = rotation
    return torch.cat((a * cos - b * sin, a * sin + b * cos), dim=-1)


class TinyGPTPolicy:
    """A `Policy` over a vocabulary of words."""

    def __init__(self, words: Sequence[str], shape: Shape | None = None, seed: int = 0) -> None:
        self.words = [PAD, END, *words]
        self.shape = shape or Shape()
        self.pad_id = 0
        self.end_ids: tuple[int, ...] = (1,)
        self._ids = {word: number for number, word in enumerate(self.words)}
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.module: nn.Module = TinyGPT(self.shape, len(self.words)).eval()

    @classmethod
    def from_saved(cls, description: dict[str, Any], weights: dict[str, Tensor]) -> Self:
        """Build the policy that `save` described."""
        policy = cls(description["words"], Shape(**description["shape"]))
        policy.module.load_state_dict(weights)
        return policy

    def encode(self, prompt: str) -> list[int]:
        """Return one token for each word.

        Raises:
            ValueError: a word is not in the vocabulary.
        """
        words = prompt.replace("\n", " \n ").split(" ")
        unknown = [word for word in dict.fromkeys(words) if word not in self._ids]
        if unknown:
            raise ValueError(
                f"prompt {prompt[:80]!r}: this model reads {len(self.words)} words between single spaces, among them "
                f"{', '.join(map(repr, self.words[2:8]))}, and not {', '.join(map(repr, unknown[:5]))}"
            )
        return [self._ids[word] for word in words]

    def decode(self, ids: Sequence[int]) -> str:
        """Join words by spaces and line breaks."""
        words = [self.words[number] for number in ids if number not in (self.pad_id, *self.end_ids)]
        return " ".join(words).replace(" \n", "\n").replace("\n ", "\n")

    def logits(
        self, ids: Tensor, valid: Tensor, *, last: int, cache: Cache | None = None, keep_cache: bool = False
    ) -> tuple[Tensor, Cache | None]:
        """See `Policy.logits`."""
        if keep_cache and cache is None:
            cache = KeyValueCache(self.shape.layers)
        assert cache is None or isinstance(cache, KeyValueCache)
        return self.module(ids, valid, last, cache), cache

    def save(self, folder: Path) -> None:
        """Write `tiny_gpt.json` and `weights.pt`."""
        folder.mkdir(parents=True, exist_ok=True)
        torch.save(self.module.state_dict(), folder / "weights.pt")
        description = {"words": self.words[2:], "shape": asdict(self.shape)}
        (folder / "tiny_gpt.json").write_text(json.dumps(description))
