"""Sampling groups of completions, and computing the log-probabilities of what was sampled.

A chunk is some whole groups that are decoded together. Each prompt is read once and its cache repeated for the group;
finished rows leave the cache every `COMPACT_EVERY` tokens, so that the longest completion does not cost a full batch.
Tokens are drawn by adding Gumbel noise from one seeded generator and taking the maximum.

The record keeps token ids, never only text: decoding and encoding again is not the identity, and the trainer must see
exactly what was sampled. It keeps temperature and nucleus too, because log-probabilities mean nothing without them.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from trainer_client.policies import Cache, Policy, device_of
from trainer_client.training.grpo import completion_mask, token_logprobs

COMPACT_EVERY = 8


@dataclass(frozen=True, slots=True)
class Rollouts:
    """B completions. Columns are P of left-padded prompt and C of right-padded completion."""

    ids: Tensor
    """(B, P + C)"""
    valid: Tensor
    """(B, P + C) booleans, false on padding on either side."""
    prompt_width: int
    lengths: Tensor
    """(B,) sampled tokens of each completion, its end token included."""
    finished: Tensor
    """(B,) booleans: the end token was sampled; false means the completion was cut at the length limit."""
    logp: Tensor
    """(B, C) log-probabilities under the sampling distribution at `temperature`; 0 on padding."""
    temperature: float
    top_p: float
    texts: list[str]

    @property
    def mask(self) -> Tensor:
        """(B, C) booleans from lengths, as `grpo.completion_mask` makes them."""
        return completion_mask(self.lengths, self.ids.shape[1] - self.prompt_width)

    def select(self, rows: Tensor) -> "Rollouts":
        """Return these rows, with padding columns that none of them needs cut off on both sides."""
        lengths = self.lengths[rows]
        end = self.prompt_width + int(lengths.max())
        start = int(self.valid[rows].int().argmax(dim=1).min())
        return Rollouts(
            ids=self.ids[rows, start:end],
            valid=self.valid[rows, start:end],
            prompt_width=self.prompt_width - start,
            lengths=lengths,
            finished=self.finished[rows],
            logp=self.logp[rows, : end - self.prompt_width],
            temperature=self.temperature,
            top_p=self.top_p,
            texts=[self.texts[row] for row in rows.tolist()],
        )


@torch.no_grad()  # not inference_mode: its tensors may never enter autograd, and these do
def sample(
    policy: Policy,
    prompts: list[list[int]],
    *,
    group_size: int,
    max_new_tokens: int,
    temperature: float,
    generator: torch.Generator,
    top_p: float = 1.0,
) -> Rollouts:
    """Sample `group_size` completions for each prompt; rows of one prompt are neighbours.

    `generator` lives where the policy does, and so does what is returned.
    """
    ids, valid = (tensor.to(device_of(policy)) for tensor in pad_left(prompts, policy.pad_id))
    prompt_width = ids.shape[1]
    logits, cache = policy.logits(ids, valid, last=1, keep_cache=True)
    assert cache is not None
    cache.batch_repeat_interleave(group_size)
    logits = logits[:, -1].repeat_interleave(group_size, dim=0)
    state = _Decoding.start(ids, valid, group_size, max_new_tokens, policy)
    for position in range(max_new_tokens):
        state.draw(logits, position, temperature, top_p, generator)
        if state.all_ended() or position + 1 == max_new_tokens:
            break
        if position % COMPACT_EVERY == COMPACT_EVERY - 1:
            state.drop_finished(cache)
        rows = state.rows
        seen = prompt_width + position + 1
        step, cache = policy.logits(
            state.ids[rows, seen - 1 : seen], state.valid[rows, :seen], last=1, cache=cache, keep_cache=True
        )
        assert cache is not None
        logits = step[:, -1]
    return state.finish(policy, temperature, top_p)


def pad_left(prompts: list[list[int]], pad_id: int) -> tuple[Tensor, Tensor]:
    """Return ids and validity, both (B, longest prompt)."""
    width = max(len(prompt) for prompt in prompts)
    ids = torch.tensor([[pad_id] * (width - len(prompt)) + prompt for prompt in prompts])
    lengths = torch.tensor([len(prompt) for prompt in prompts])
    return ids, torch.arange(width) >= width - lengths[:, None]


class _Decoding:
    """The rows being decoded; `rows` are those still in the cache, in its order."""

    def __init__(self, ids: Tensor, valid: Tensor, prompt_width: int, end_ids: Tensor) -> None:
        self.ids, self.valid, self.prompt_width, self.end_ids = ids, valid, prompt_width, end_ids
        self.rows = torch.arange(len(ids), device=ids.device)
        self.logp = torch.zeros(len(ids), ids.shape[1] - prompt_width, device=ids.device)
        self.finished = torch.zeros(len(ids), dtype=torch.bool, device=ids.device)

    @classmethod
    def start(cls, ids: Tensor, valid: Tensor, group_size: int, max_new_tokens: int, policy: Policy) -> "_Decoding":
        """Make room for completions behind each repeated prompt."""
        prompts, width = ids.repeat_interleave(group_size, dim=0), ids.shape[1]
        room = torch.full((len(prompts), max_new_tokens), policy.pad_id, device=ids.device)
        seen = torch.cat((valid.repeat_interleave(group_size, dim=0), torch.zeros_like(room, dtype=torch.bool)), dim=1)
        return cls(torch.cat((prompts, room), dim=1), seen, width, torch.tensor(policy.end_ids, device=ids.device))

    def draw(self, logits: Tensor, position: int, temperature: float, top_p: float, generator: torch.Generator) -> None:
        """Draw one token for each row of `logits` (len(rows), V) that has not ended."""
        scaled = logits.float() / temperature
        logp = torch.log_softmax(scaled, dim=-1)
        allowed = logp if top_p >= 1.0 else _nucleus(logp, top_p)
        gumbel = -torch.empty_like(logp).exponential_(generator=generator).log()
        token = (allowed + gumbel).argmax(dim=-1)
        going = ~self.finished[self.rows]
        rows, token, column = self.rows[going], token[going], self.prompt_width + position
        self.ids[rows, column] = token
        self.valid[rows, column] = True
        self.logp[rows, position] = logp[going].gather(1, token[:, None]).squeeze(1)
        self.finished[rows] = torch.isin(token, self.end_ids)

    def all_ended(self) -> bool:
        """Whether no row needs another token."""
        return bool(self.finished.all())

    def drop_finished(self, cache: Cache) -> None:
        """Take ended rows out of the cache."""
        going = ~self.finished[self.rows]
        if not going.all():
            cache.batch_select_indices(going.nonzero().squeeze(1))
            self.rows = self.rows[going]

    def finish(self, policy: Policy, temperature: float, top_p: float) -> Rollouts:
        """Build the record, cut to the longest completion."""
        lengths = self.valid[:, self.prompt_width :].sum(dim=1)
        width = int(lengths.max())
        completions = zip(self.ids[:, self.prompt_width :].tolist(), lengths.tolist(), strict=True)
        return Rollouts(
            ids=self.ids[:, : self.prompt_width + width],
            valid=self.valid[:, : self.prompt_width + width],
            prompt_width=self.prompt_width,
            lengths=lengths,
            finished=self.finished,
            logp=self.logp[:, :width],
            temperature=temperature,
            top_p=top_p,
            texts=[policy.decode(_without_end(row[:length], policy)) for row, length in completions],
        )


def _without_end(ids: list[int], policy: Policy) -> list[int]:
    """Return completion tokens without the end token, if it was reached."""
    return ids[:-1] if ids and ids[-1] in policy.end_ids else ids


def _nucleus(logp: Tensor, top_p: float) -> Tensor:
    """Set all but the smallest set of tokens with probability `top_p` to -inf; (B, V) in and out."""
    ordered, order = logp.sort(dim=-1, descending=True)
    before = ordered.exp().cumsum(dim=-1) - ordered.exp()
    return logp.masked_fill(torch.zeros_like(logp, dtype=torch.bool).scatter(-1, order, before >= top_p), -torch.inf)


def completion_logprobs(policy: Policy, rollouts: Rollouts) -> Tensor:
    """Return log-probabilities of the sampled tokens, (B, C), at the sampler's temperature.

    Raises:
        ValueError: the rollouts were drawn from a truncated distribution, which this could not reproduce.
    """
    if rollouts.top_p < 1.0:
        raise ValueError("training on samples of a nucleus: their log-probabilities are those of another distribution")
    width = rollouts.ids.shape[1] - rollouts.prompt_width
    # The logits at column t are about the token in column t + 1: drop the last column, keep from the prompt's end on.
    logits, _ = policy.logits(rollouts.ids[:, :-1], rollouts.valid[:, :-1], last=width)
    return token_logprobs(logits, rollouts.ids[:, rollouts.prompt_width :], rollouts.temperature)
