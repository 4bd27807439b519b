"""The arithmetic of GRPO and its descendants: tensors in, tensors out, no model and no I/O.

A rollout is a row. B rows are one optimiser step's batch, the G rows of one prompt lie next to each other, C is the
longest completion. Two decisions keep most published bugs out:

- Aggregation is a weight for each row, computed once over the *optimiser's* batch from completion lengths alone
  (`row_weights`). The loss of a micro-batch is then a plain weighted sum, so splitting or shuffling the batch cannot
  change the gradient, and the weights are known before a single reward is.
- The completion mask comes from lengths (`completion_mask`), never from token ids: when padding and end of text share
  an id, a mask made from ids either drops the end token or trains the padding.

Not covered: length penalties (a reward part's business), off-policy correction between different sampler and trainer
numerics (ours are the same module), per-reward normalisation before summing (GDPO).
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import torch
from torch import Tensor

Scale = Literal["group", "batch", "none"]
Aggregation = Literal["sequence", "token", "constant"]

STD_EPSILON = 1e-4  # TRL's; also bounds what a group of nearly equal rewards can become
EQUAL_REWARDS = 1e-6  # rewards closer than this are the same reward: float noise must not become an advantage
LOG_RATIO_BOUND = 20.0  # exp() of more overflows long before it means anything; verl clamps at the same place


@dataclass(frozen=True, slots=True)
class Recipe:
    """One published way to turn advantages into a loss."""

    scale: Scale
    """What the centred reward is divided by: the group's standard deviation, the batch's, or nothing."""
    ratio: Literal["token", "sequence"]
    """Importance ratio of each token, or of the whole completion as the geometric mean of its tokens' ratios."""
    clip: Literal["pessimistic", "capped"]
    """PPO's min(r·A, clip(r)·A), or CISPO's stop-gradient weight min(r, ε_high) on A·log π."""
    aggregation: Aggregation
    epsilon_low: float
    epsilon_high: float
    beta: float
    """Coefficient of the k3 KL term; 0 means that no reference model is needed."""


RECIPES = {
    # DeepSeek-R1, https://doi.org/10.1038/s41586-025-09422-z: "the clip ratio ε is set to 10", KL coefficient 0.001
    "grpo": Recipe("group", "token", "pessimistic", "sequence", 10.0, 10.0, 0.001),
    # DAPO, https://arxiv.org/abs/2503.14476: clip-higher, token-level loss, no KL
    "dapo": Recipe("group", "token", "pessimistic", "token", 0.2, 0.28, 0.0),
    # Dr. GRPO, https://arxiv.org/abs/2503.20783: no std, no division by the completion's own length
    "dr_grpo": Recipe("none", "token", "pessimistic", "constant", 0.2, 0.2, 0.0),
    # GSPO, https://arxiv.org/abs/2507.18071: one ratio for the whole completion
    "gspo": Recipe("group", "sequence", "pessimistic", "sequence", 3e-4, 4e-4, 0.0),
    # CISPO, https://arxiv.org/abs/2506.13585, with the batch-level std of ScaleRL, https://arxiv.org/abs/2510.13786
    "cispo": Recipe("batch", "token", "capped", "token", 0.0, 5.0, 0.0),
}


def group_advantages(rewards: Tensor, group_size: int, scale: Scale = "group") -> Tensor:
    """Compare each reward with those of its own group.

    `rewards` is (B,) with NaN where a completion was ungradable: it gets advantage 0 and moves neither mean nor std.
    The std is the unbiased one over what was graded, plus `STD_EPSILON`. A group whose rewards are all equal, or with
    fewer than two of them, gets exactly 0 in every mode.

    Returns:
        (B,) float32 advantages, free of NaN.
    """
    groups = rewards.float().view(-1, group_size)  # (B/G, G)
    centred = groups - groups.nanmean(dim=1, keepdim=True)
    if scale == "group":
        centred = centred / (_nan_std(groups) + STD_EPSILON)
    elif scale == "batch":
        centred = centred / (_nan_std(groups.reshape(1, -1)) + STD_EPSILON)
    return torch.where(_informative(groups), centred, 0.0).nan_to_num(nan=0.0).view(-1)


def zero_variance(rewards: Tensor, group_size: int) -> Tensor:
    """Return (B/G,) booleans: groups that teach nothing, because what was graded in them is all the same."""
    return ~_informative(rewards.float().view(-1, group_size)).squeeze(1)


def _informative(groups: Tensor) -> Tensor:
    """Return (B/G, 1): whether at least two graded rewards of a group differ."""
    highest = groups.nan_to_num(nan=-torch.inf).amax(dim=1, keepdim=True)
    lowest = groups.nan_to_num(nan=torch.inf).amin(dim=1, keepdim=True)
    return highest - lowest > EQUAL_REWARDS


def _nan_std(groups: Tensor) -> Tensor:
    """Return (rows, 1) unbiased standard deviations of what is not NaN; 0 where fewer than two values are."""
    count = groups.isfinite().sum(dim=1, keepdim=True)
    deviations = (groups - groups.nanmean(dim=1, keepdim=True)).nan_to_num(nan=0.0)
    return (deviations.square().sum(dim=1, keepdim=True) / (count - 1).clamp(min=1)).sqrt()


def completion_mask(lengths: Tensor, width: int) -> Tensor:
    """Return (B, width) booleans, true for each sampled token, the end token included; `lengths` is (B,)."""
    return torch.arange(width, device=lengths.device) < lengths[:, None]


def row_weights(lengths: Tensor, aggregation: Aggregation, max_new_tokens: int) -> Tensor:
    """Return (B,) weights that each token's loss is multiplied by, so that summing gives the batch's mean loss.

    `lengths` (B,) are the completion lengths of the whole optimiser batch. "sequence": each completion weighs the same
    (1 / (B·|o_i|)); "token": each token weighs the same (1 / Σ|o|); "constant": 1 / (B·max_new_tokens), so that
    neither its own nor its neighbours' length changes what a token weighs.
    """
    lengths = lengths.float().clamp(min=1.0)
    if aggregation == "sequence":
        return 1.0 / (lengths * len(lengths))
    if aggregation == "token":
        return torch.ones_like(lengths) / lengths.sum()
    return torch.ones_like(lengths) / (len(lengths) * max_new_tokens)


def token_logprobs(logits: Tensor, ids: Tensor, temperature: float) -> Tensor:
    """Return log-probabilities of `ids`, (B, C) float32, under softmax(logits / temperature).

    `logits` (B, C, V) must already be aligned: logits[:, t] is the distribution that ids[:, t] was drawn from.
    """
    return torch.log_softmax(logits.float() / temperature, dim=-1).gather(-1, ids[..., None]).squeeze(-1)


def k3_kl(logp: Tensor, reference_logp: Tensor) -> Tensor:
    """Estimate KL(π‖π_ref) for each token: π_ref/π − log(π_ref/π) − 1, never negative (Schulman's k3), (B, C)."""
    log_ratio = (reference_logp - logp).clamp(-LOG_RATIO_BOUND, LOG_RATIO_BOUND)
    return log_ratio.exp() - log_ratio - 1.0


class Loss(NamedTuple):
    """The loss of some rows and sums to log; padding is in none of them."""

    loss: Tensor
    """Scalar to call backward on. Losses of the micro-batches of one optimiser step add up to the batch's loss."""
    kl_sum: float
    clipped_sum: float
    """How many tokens had their gradient cut by the clip."""
    ratio_max: float
    tokens: int


def policy_loss(
    recipe: Recipe,
    *,
    logp: Tensor,
    old_logp: Tensor,
    advantages: Tensor,
    mask: Tensor,
    weights: Tensor,
    reference_logp: Tensor | None = None,
) -> Loss:
    """Sum the weighted loss of some rows of an optimiser batch.

    `logp` and `old_logp` are (B, C) log-probabilities of the sampled tokens now and when they were sampled,
    `reference_logp` the same under the reference model (needed when β > 0), `advantages` and `weights` (B,), `mask`
    (B, C). Entries outside the mask may hold anything finite.
    """
    if recipe.beta and reference_logp is None:
        raise ValueError("a recipe with beta > 0 needs the reference model's log-probabilities")
    log_ratio = torch.where(mask, logp - old_logp, 0.0).clamp(-LOG_RATIO_BOUND, LOG_RATIO_BOUND)
    if recipe.ratio == "sequence":
        log_ratio = (log_ratio.sum(dim=1) / mask.sum(dim=1).clamp(min=1))[:, None].expand_as(logp)
    ratio = log_ratio.exp()
    gain = advantages[:, None]
    if recipe.clip == "capped":
        clipped = (ratio > recipe.epsilon_high) & (gain > 0)
        per_token = -ratio.clamp(max=recipe.epsilon_high).detach() * gain * logp
    else:
        bounded = ratio.clamp(1.0 - recipe.epsilon_low, 1.0 + recipe.epsilon_high)
        clipped = bounded * gain < ratio * gain
        per_token = -torch.minimum(ratio * gain, bounded * gain)
    kl_sum = 0.0
    if recipe.beta and reference_logp is not None:
        kl = torch.where(mask, k3_kl(logp, reference_logp), 0.0)
        per_token = per_token + recipe.beta * kl
        kl_sum = float(kl.detach().sum())
    return Loss(
        loss=(torch.where(mask, per_token, 0.0).sum(dim=1) * weights).sum(),
        kl_sum=kl_sum,
        clipped_sum=float((clipped & mask).sum()),
        ratio_max=float(ratio.detach().masked_fill(~mask, 1.0).max()),
        tokens=int(mask.sum()),
    )
