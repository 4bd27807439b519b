"""GRPO in plain torch against the live reward service, on one machine, flat enough to be read in one sitting.

For each step: sample G completions for each of B problems in chunks of whole groups; send each chunk to the service the
moment it is decoded; when all are decoded, take the verdicts in order, turn rewards into advantages inside each group,
and accumulate the gradient; step the optimiser once for each mini-batch.

What is exact although it is fast:
- Overlap. Aggregation weights depend on lengths alone and advantages on their own group alone, so accumulation starts
  with the first chunk while later ones are still being graded, and the sum is the one of sequential training.
- Skipping. A row of advantage 0 has gradient 0 unless there is a KL term, so it is not run.
- Trimming. Rows are sorted by length and each micro-batch is cut to its longest row; padding is in no sum.
- Resuming. Ten steps are five, a resume and five, bit for bit.

What was left out: several machines, other samplers than the trained module itself (so no importance correction between
two numerics), asynchronous rollouts, mixed precision, sequence packing, a critic. TRL and verl have those, and this
package has adapters for them.
"""

import copy
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import torch
from torch import Tensor

from trainer_client.policies import Policy, device_of
from trainer_client.training.checkpoint import Checkpoint, deferred_interrupt, read_checkpoint
from trainer_client.training.config import TrainConfig
from trainer_client.training.grpo import (
    RECIPES,
    Loss,
    Recipe,
    group_advantages,
    policy_loss,
    row_weights,
    zero_variance,
)
from trainer_client.training.journal import Journal
from trainer_client.training.pending import Chunk, Scorer, hidden_share, rewards_of, submit_chunk
from trainer_client.training.problems import Problem
from trainer_client.training.reflection import count_reflective_words
from trainer_client.training.rollout import completion_logprobs, sample

T = TypeVar("T")

GRADIENT_CLIP = 1.0
SAMPLES_FOR_EACH_STEP = 2

Evaluate = Callable[[int, Policy, Journal], None]
"""Writes an evaluation of the policy before `step` into the journal."""


def train(  # noqa: C901, PLR0912 - one algorithm, read from top to bottom
    config: TrainConfig,
    policy: Policy,
    problems: Sequence[Problem],
    scorer: Scorer,
    *,
    begin: Callable[[int], None] = lambda _step: None,
    evaluate: Evaluate | None = None,
    progress: Callable[[dict[str, Any]], None] | None = None,
) -> int:
    """Train `policy` in place and return the number of steps done; fewer than asked only after SIGINT.

    Metrics, samples and checkpoints go to `config.folder`; a checkpoint found there is resumed from. `begin` is called
    with each step's number before the model is measured and trained, and with one more before the last measurement;
    `progress` with each row of metrics.

    Raises:
        trainer_client.RewardClientError: the service rejected a row, or stayed away longer than its deadline.
    """
    recipe = RECIPES[config.recipe] if config.beta is None else replace(RECIPES[config.recipe], beta=config.beta)
    optimizer = torch.optim.AdamW(
        policy.module.parameters(), lr=config.learning_rate, betas=(0.9, 0.95), weight_decay=0.0
    )
    generator = torch.Generator(device_of(policy)).manual_seed(config.seed)
    reference = _frozen_copy(policy) if recipe.beta else None
    start, cursor = 0, 0
    saved = read_checkpoint(config.folder)
    if saved is not None:
        policy.module.load_state_dict(saved.model)
        optimizer.load_state_dict(saved.optimizer)
        generator.set_state(saved.generator)
        if reference is not None and saved.reference is not None:
            reference.module.load_state_dict(saved.reference)
        start, cursor = saved.step, saved.cursor

    with (
        Journal(config.folder, saved.journal if saved else None, config.tensorboard) as journal,
        deferred_interrupt() as interruption,
    ):
        for step in range(start, config.steps):
            begin(step + 1)
            if evaluate is not None and step % config.evaluate_every == 0:
                evaluate(step, policy, journal)
            if reference is not None and step and step % config.reference_every == 0:
                reference.module.load_state_dict(policy.module.state_dict())
            began, cpu_began = time.perf_counter(), time.process_time()

            # 1. Roll out: while a chunk is being decoded, the ones before it are being graded.
            batch = [problem_at(problems, cursor + offset, config.seed) for offset in range(config.problems_per_step)]
            cursor += len(batch)
            chunks: list[Chunk] = []
            for some in _split(batch, config.chunk_problems):
                rollouts = sample(
                    policy,
                    [policy.encode(problem.prompt) for problem in some],
                    group_size=config.group_size,
                    max_new_tokens=config.max_new_tokens,
                    temperature=config.temperature,
                    generator=generator,
                )
                chunks.append(submit_chunk(scorer, some, rollouts))
            decoded = time.perf_counter()

            # 2. Learn: one optimiser step for each mini-batch of chunks.
            sums = StepSums()
            for minibatch in _split(chunks, -(-len(chunks) // config.minibatches)):
                accumulate_gradient(policy, minibatch, reference=reference, recipe=recipe, config=config, sums=sums)
                norm = torch.nn.utils.clip_grad_norm_(policy.module.parameters(), GRADIENT_CLIP)
                if sums.pending_rows:  # moments must not decay, nor parameters drift, on a batch that taught nothing
                    optimizer.step()
                    sums.stepped(float(norm))
                optimizer.zero_grad(set_to_none=True)

            # 3. Record.
            row = {"step": step + 1, "kind": "train", **describe(chunks, config), **sums.metrics()}
            waited, now = sum(chunk.waited for chunk in chunks), time.perf_counter()
            row["timing"] = {
                "decode_seconds": decoded - began,
                "wait_seconds": waited,
                "learn_seconds": now - decoded - waited,
                "cpu_seconds": time.process_time() - cpu_began,
                "hidden_reward_share": hidden_share(chunks),
                "tokens_per_second": sum(int(chunk.rollouts.lengths.sum()) for chunk in chunks) / (now - began),
                **_service_figures(chunks),
            }
            journal.write(row)
            for sampled in _samples(step + 1, chunks[0]):
                journal.sample(sampled)
            if progress is not None:
                progress(row)
            if interruption.asked or (step + 1) % config.checkpoint_every == 0 or step + 1 == config.steps:
                Checkpoint(
                    step=step + 1,
                    cursor=cursor,
                    model=policy.module.state_dict(),
                    optimizer=optimizer.state_dict(),
                    reference=reference.module.state_dict() if reference is not None else None,
                    generator=generator.get_state(),
                    journal=journal.offsets(),
                ).write(config.folder)
            if interruption.asked:
                return step + 1
        if evaluate is not None and start < config.steps:
            begin(config.steps + 1)
            evaluate(config.steps, policy, journal)
    policy.save(config.folder / "model")
    return config.steps


def accumulate_gradient(
    policy: Policy,
    minibatch: Sequence[Chunk],
    *,
    reference: Policy | None,
    recipe: Recipe,
    config: TrainConfig,
    sums: "StepSums",
) -> None:
    """Add the gradient of one optimiser step, waiting for the verdicts of each chunk only when its turn comes."""
    lengths = torch.cat([chunk.rollouts.lengths for chunk in minibatch])
    weights = row_weights(lengths, recipe.aggregation, config.max_new_tokens)
    weight_of_chunk = torch.split(weights, [len(chunk.rollouts.lengths) for chunk in minibatch])
    # The batch's standard deviation needs every reward first; the other scales need the own group's only.
    together = len(minibatch) if recipe.scale == "batch" else 1
    chunks_and_weights = list(zip(minibatch, weight_of_chunk, strict=True))
    for part in _split(chunks_and_weights, together):
        for chunk, _ in part:
            chunk.collect()
        rewards = torch.cat([rewards_of(chunk, config.overlong) for chunk, _ in part]).to(lengths.device)
        advantages = group_advantages(rewards, config.group_size, recipe.scale)
        advantage_of_chunk = torch.split(advantages, [len(chunk.rollouts.lengths) for chunk, _ in part])
        for (chunk, chunk_weights), chunk_advantages in zip(part, advantage_of_chunk, strict=True):
            for rows in micro_batches(chunk.rollouts.lengths, chunk_advantages, recipe, config.micro_batch):
                some = chunk.rollouts.select(rows)
                logp = completion_logprobs(policy, some)
                with torch.no_grad():
                    reference_logp = completion_logprobs(reference, some) if reference is not None else None
                loss = policy_loss(
                    recipe,
                    logp=logp,
                    old_logp=some.logp,
                    reference_logp=reference_logp,
                    advantages=chunk_advantages[rows],
                    mask=some.mask,
                    weights=chunk_weights[rows],
                )
                loss.loss.backward()  # type: ignore[no-untyped-call]
                sums.add(loss, len(rows))


def micro_batches(lengths: Tensor, advantages: Tensor, recipe: Recipe, size: int) -> Iterator[Tensor]:
    """Yield row numbers, longest rows first, leaving out rows whose gradient is exactly zero."""
    rows = torch.arange(len(lengths), device=lengths.device) if recipe.beta else advantages.nonzero().squeeze(1)
    if len(rows):
        yield from torch.split(rows[lengths[rows].argsort(descending=True, stable=True)], size)


class StepSums:
    """What the micro-batches of one step add up to."""

    def __init__(self) -> None:
        self.loss = self.kl = self.clipped = self.norm = 0.0
        self.tokens = self.rows = self.pending_rows = self.updates = 0
        self.ratio_max, self.first_ratio_max = 1.0, 1.0

    def add(self, part: Loss, rows: int) -> None:
        """Add one micro-batch."""
        self.loss, self.kl = self.loss + float(part.loss.detach()), self.kl + part.kl_sum
        self.clipped, self.tokens = self.clipped + part.clipped_sum, self.tokens + part.tokens
        self.rows, self.pending_rows = self.rows + rows, self.pending_rows + rows
        self.ratio_max = max(self.ratio_max, part.ratio_max)
        if not self.updates:
            self.first_ratio_max = max(self.first_ratio_max, part.ratio_max)

    def stepped(self, norm: float) -> None:
        """Note one optimiser step."""
        self.updates, self.pending_rows, self.norm = self.updates + 1, 0, max(self.norm, norm)

    def metrics(self) -> dict[str, float]:
        """Return means over trained tokens; `first_ratio_max` is 1 up to rounding when sampler and trainer agree."""
        tokens = max(1, self.tokens)
        return {
            "loss": self.loss,
            "kl": self.kl / tokens,
            "clipped_share": self.clipped / tokens,
            "ratio_max": self.ratio_max,
            "first_ratio_max": self.first_ratio_max,
            "gradient_norm": self.norm,
            "trained_rows": float(self.rows),
            "updates": float(self.updates),
        }


def describe(chunks: Sequence[Chunk], config: TrainConfig) -> dict[str, Any]:
    """Return what the completions of a step were like; means over graded completions where it is about rewards."""
    rewards = torch.cat([rewards_of(chunk, config.overlong) for chunk in chunks])
    scores = [score for chunk in chunks for score in chunk.scores if score is not None]
    lengths = torch.cat([chunk.rollouts.lengths for chunk in chunks]).float().cpu()
    finished = torch.cat([chunk.rollouts.finished for chunk in chunks])
    verdicts = [verdict for chunk in chunks for verdict in chunk.verdicts]
    outcomes = Counter("cut" if verdict is None else verdict.outcome.value for verdict in verdicts)
    parts = [(name, value) for verdict in verdicts if verdict for name, value in verdict.parts.items()]
    names = sorted({name for name, _ in parts})
    words: Counter[str] = Counter()
    for chunk in chunks:
        for text in chunk.rollouts.texts:
            words.update(count_reflective_words(text))
    graded = rewards[rewards.isfinite()]
    return {
        "reward": _mean(graded.tolist()),
        "reward_std": float(graded.std()) if len(graded) > 1 else 0.0,
        "accuracy": _mean(scores),
        "parts": {name: _mean([v for n, v in parts if n == name and v is not None]) for name in names},
        "outcomes": dict(sorted(outcomes.items())),
        "ungraded": len(rewards) - len(graded),
        "length": float(lengths.mean()),
        "length_p95": float(lengths.quantile(0.95)),
        "cut_share": float((~finished).float().mean()),
        # An unbiased estimate: the mean of -log π over tokens drawn from π.
        "entropy": -sum(float(chunk.rollouts.logp.sum()) for chunk in chunks) / float(lengths.sum()),
        "zero_variance_share": float(zero_variance(rewards, config.group_size).float().mean()),
        "reflection": sum(words.values()) / len(lengths),
        "words": {word: count / len(lengths) for word, count in sorted(words.items())},
    }


def problem_at(problems: Sequence[Problem], place: int, seed: int) -> Problem:
    """Return the problem at `place` of an endless sequence of epochs, each in its own shuffled order."""
    epoch, offset = divmod(place, len(problems))
    order = list(range(len(problems)))
    random.Random(f"{seed}/{epoch}").shuffle(order)  # a text seeds the same in every process, hash() does not
    return problems[order[offset]]


def _samples(step: int, chunk: Chunk) -> Iterator[dict[str, Any]]:
    for row in range(min(SAMPLES_FOR_EACH_STEP, len(chunk.rollouts.texts))):
        completion = {"prompt": chunk.problems[0].prompt, "completion": chunk.rollouts.texts[row]}
        yield {"step": step, "kind": "train", **completion, "verdict": chunk.shown(row)}


def _service_figures(chunks: Sequence[Chunk]) -> dict[str, float]:
    latencies = torch.tensor([chunk.answered - chunk.submitted for chunk in chunks])
    verdicts = [verdict for chunk in chunks for verdict in chunk.verdicts if verdict is not None]
    return {
        "reward_seconds_p50": float(latencies.median()),
        "reward_seconds_max": float(latencies.max()),
        "cached_share": _mean([float(verdict.cached) for verdict in verdicts]),
    }


def _frozen_copy(policy: Policy) -> Policy:
    frozen = copy.copy(policy)
    frozen.module = copy.deepcopy(policy.module).requires_grad_(False)
    return frozen


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _split(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
