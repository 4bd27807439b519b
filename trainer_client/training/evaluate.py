"""Measuring a policy on held-out problems: k samples each, pass@1, pass@k, cons@k, length, by difficulty.

Definitions are those of DeepSeek-R1 (https://doi.org/10.1038/s41586-025-09422-z): pass@1 is the mean score of the k
samples, cons@k the score of the answer that most samples agree on, where the service's `POST /consensus` says which
answers are the same. pass@j for j < k is the unbiased estimator of Chen et al. (https://arxiv.org/abs/2107.03374).
Completions cut at the length limit count as wrong; those the service could not grade are left out.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import comb
from typing import Any, Protocol

import torch

from trainer_client.policies import Policy, device_of
from trainer_client.training.journal import Journal
from trainer_client.training.pending import Chunk, Scorer, submit_chunk
from trainer_client.training.problems import Problem
from trainer_client.training.reflection import count_reflective_words
from trainer_client.training.rollout import Rollouts, sample

AIME_HUMAN_BASELINE = 0.378
"""Mean score of human AIME participants, as read off the dashed line of DeepSeek-R1's Fig. 1a (5.7 of 15 problems)."""
_NORMAL = 1.96
"""Standard errors on either side of a mean that hold 95 % of a normal distribution."""
WITH_CONSENSUS = {"math", "exact", "choice"}


class Judge(Scorer, Protocol):
    """The part of `RewardClient` that evaluation needs."""

    def consensus(self, completions: Sequence[Any], /, *, task: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the body of `POST /consensus`."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """How completions are drawn; the defaults are the paper's."""

    k: int = 16
    max_new_tokens: int = 1024
    temperature: float = 0.6
    top_p: float = 0.95
    seed: int = 0
    rows: int = 256
    """Completions decoded together: memory only."""


Sampler = Callable[[Sequence[Problem]], Rollouts]
"""Draws k completions of each problem; rows of one problem are neighbours."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One problem with its k completions."""

    problem: Problem
    texts: list[str]
    lengths: list[int]
    scores: list[float | None]
    verdicts: list[dict[str, Any]] = field(repr=False)
    consensus: float | None
    """Score of the majority answer; None where the task has no consensus or the majority was not graded."""

    @property
    def graded(self) -> list[float]:
        """The scores that exist."""
        return [score for score in self.scores if score is not None]


def pass_at(samples: int, correct: int, k: int) -> float:
    """Return the probability that at least one of `k` is correct, drawing without replacement from `samples`."""
    return 1.0 - comb(samples - correct, k) / comb(samples, k)


def sampler_of(policy: Policy, sampling: Sampling) -> Sampler:
    """Return what draws from a model in this process, with one generator for all calls."""
    generator = torch.Generator(device_of(policy)).manual_seed(sampling.seed)
    return lambda problems: sample(
        policy,
        [policy.encode(problem.prompt) for problem in problems],
        group_size=sampling.k,
        max_new_tokens=sampling.max_new_tokens,
        temperature=sampling.temperature,
        top_p=sampling.top_p,
        generator=generator,
    )


def measure(draw: Sampler, problems: Sequence[Problem], judge: Judge, sampling: Sampling) -> list[Measured]:
    """Sample, grade and ask for consensus; problems decoded together are graded while the next are decoded."""
    size = max(1, sampling.rows // sampling.k)
    chunks = []
    for start in range(0, len(problems), size):
        some = list(problems[start : start + size])
        chunks.append(submit_chunk(judge, some, draw(some)))
    return [measured for chunk in chunks for measured in _measured(chunk, judge, sampling.k)]


def interval(values: Sequence[float]) -> tuple[float, float] | None:
    """Return the 95 % interval of the mean of problems' scores, within [0, 1]; None for fewer than two problems.

    Problems are what was drawn, not completions: those of one problem depend on each other.
    """
    if len(values) < 2:  # noqa: PLR2004
        return None
    mean = _mean(values)
    error = (sum((value - mean) ** 2 for value in values) / (len(values) - 1) / len(values)) ** 0.5
    return max(0.0, mean - _NORMAL * error), min(1.0, mean + _NORMAL * error)


def _measured(chunk: Chunk, judge: Judge, k: int) -> Iterator[Measured]:
    chunk.collect()
    for place, problem in enumerate(chunk.problems):
        rows = range(place * k, (place + 1) * k)
        ended = [row for row in rows if chunk.verdicts[row] is not None]
        consensus: float | None = None
        if problem.task.get("kind") in WITH_CONSENSUS:
            texts, scores = [chunk.rollouts.texts[row] for row in ended], [chunk.scores[row] for row in ended]
            consensus = _consensus(judge, problem, texts, scores)
        yield Measured(
            problem=problem,
            texts=[chunk.rollouts.texts[row] for row in rows],
            lengths=chunk.rollouts.lengths[rows.start : rows.stop].tolist(),
            scores=[chunk.scores[row] for row in rows],
            verdicts=[chunk.shown(row) for row in rows],
            consensus=consensus,
        )


def _consensus(judge: Judge, problem: Problem, texts: list[str], scores: list[float | None]) -> float | None:
    """Return the score that the members of the largest cluster got; 0 where no completion has an answer."""
    if not texts:
        return 0.0
    question: dict[str, Any] = {"kind": "math"}
    if problem.task["kind"] == "choice":
        question = {"kind": "choice", "options": problem.task.get("options")}
    clusters = judge.consensus(texts, task=question)["clusters"]
    return scores[clusters[0]["members"][0]] if clusters else 0.0


def summarise(measured: Sequence[Measured], k: int) -> dict[str, Any]:
    """Return the figures of an evaluation as JSON values; shares are in [0, 1], lengths in tokens."""
    completions = sum(len(one.texts) for one in measured)
    words: Counter[str] = Counter()
    for one in measured:
        for text in one.texts:
            words.update(count_reflective_words(text))
    levels: dict[str, list[Measured]] = defaultdict(list)
    for one in measured:
        levels[one.problem.level].append(one)
    figures = _figures(measured, k) | {
        "problems": len(measured),
        "k": k,
        "ungraded": sum(score is None for one in measured for score in one.scores),
        "outcomes": dict(sorted(Counter(verdict["outcome"] for one in measured for verdict in one.verdicts).items())),
        "format": _mean([part for one in measured for verdict in one.verdicts for part in _parts(verdict, "format")]),
        "reflection": sum(words.values()) / completions,
        "words": {word: count / completions for word, count in sorted(words.items())},
    }
    if len(levels) > 1:
        figures["levels"] = {level: _figures(some, k) for level, some in sorted(levels.items())}
    return figures


def _figures(measured: Sequence[Measured], k: int) -> dict[str, Any]:
    graded = [one for one in measured if one.graded]
    wanted = [2**power for power in range(k.bit_length()) if 2**power < k] + [k]
    counts = [(len(one.graded), sum(score == 1.0 for score in one.graded)) for one in graded]
    estimates = {str(j): _mean([pass_at(n, correct, j) for n, correct in counts if n >= j]) for j in wanted}
    return {
        "pass@1": _mean([_mean(one.graded) for one in graded]),
        "pass@k": estimates,
        "cons@k": _mean([one.consensus for one in measured if one.consensus is not None]),
        "length": _mean([float(length) for one in measured for length in one.lengths]),
    }


def _parts(verdict: dict[str, Any], name: str) -> list[float]:
    """Return a verdict's part as a list of one, or none; a completion that was cut keeps no format."""
    if verdict["outcome"] == "cut":
        return [0.0]
    value = verdict["parts"].get(name)
    return [] if value is None else [value]


def evaluation_hook(
    problems: Sequence[Problem], judge: Judge, sampling: Sampling, shown_problems: int = 3
) -> Callable[[int, Policy, Journal], None]:
    """Return what `train` calls between steps: an `evaluation` row, and samples of the same problems each time."""
    every = max(1, len(problems) // shown_problems)

    def evaluate(step: int, policy: Policy, journal: Journal) -> None:
        began, cpu_began = time.perf_counter(), time.process_time()
        measured = measure(sampler_of(policy, sampling), problems, judge, sampling)
        timing = {"seconds": time.perf_counter() - began, "cpu_seconds": time.process_time() - cpu_began}
        journal.write({"step": step, "kind": "evaluation", **summarise(measured, sampling.k), "timing": timing})
        for one in measured[::-every][:shown_problems]:
            row = {"prompt": one.problem.prompt, "completion": one.texts[0], "verdict": one.verdicts[0]}
            journal.sample({"step": step, "kind": "evaluation", "level": one.problem.level, **row})

    return evaluate


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
