"""R1-Zero in miniature: one base model, GRPO from outcome and format rewards alone, and the controls beside it.

Theory of operation. Two base models are pre-trained, one for pair sums and one for tiny programs. Then four arms are
trained with the same code, two at a time, one thread each:

- `truthful`: the service's accuracy and format rewards. What the figures are about.
- `random`: the same rollouts and verdicts, but each reward is a coin toss. If a curve rises here too, it is not the
  reward that raised it.
- `lax`: the service is given tasks that accept any two numbers of the list. Reward rises, truth does not.
- `programs`: Python programs, run by the service's sandbox.

Held-out problems share no set of numbers with training, are always graded truthfully, and are sampled 16 times at the
temperature of training.

Not covered: that a real base model behaves like this. The authors of its documents put the patient strategy and the
word `wait` there; what the run shows is that outcome rewards alone find and strengthen it, and that others do not.
"""

import json
import multiprocessing
import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch

from reward_server.wire import ItemVerdict
from trainer_client.client.client import RewardClient
from trainer_client.experiments.r1_zero import pair_sum, programs
from trainer_client.experiments.r1_zero.pretrain import Pretraining, pretrain
from trainer_client.experiments.r1_zero.service import running_service
from trainer_client.policies import Policy
from trainer_client.policies.loading import load_policy
from trainer_client.policies.tiny_gpt import Shape, TinyGPTPolicy
from trainer_client.reporting.figures import Run, draw
from trainer_client.reporting.report import write_report
from trainer_client.training.config import TrainConfig, keep_config
from trainer_client.training.evaluate import Sampling, evaluation_hook
from trainer_client.training.journal import METRICS, read_rows
from trainer_client.training.launch import begin_step
from trainer_client.training.problems import Problem
from trainer_client.training.train import train

SHAPE = Shape(layers=2, width=96, heads=4, hidden=384)
TRAINING_PROBLEMS, HELD_OUT_FOR_EACH_SIZE, HELD_OUT_PROGRAMS = 20_000, 32, 48
ARMS = ("truthful", "lax", "random", "programs")


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of everything; the defaults fit two idle cores in ten minutes."""

    seed: int = 0
    pretraining_steps: int = 1200
    steps: int = 50
    control_steps: int = 30
    program_steps: int = 20
    evaluate_every: int = 10
    samples: int = 16


class CoinTosses:
    """A scorer whose rewards are coin tosses, whatever the verdict; verdicts stay true for the figures."""

    def __init__(self, client: RewardClient, seed: int) -> None:
        self.client, self.random = client, random.Random(seed)

    def submit(self, items: Sequence[dict[str, Any]], /) -> "Future[list[ItemVerdict]]":
        """See `Scorer.submit`."""
        tosses = [float(self.random.random() < 0.5) for _ in items]  # noqa: PLR2004
        graded, tossed = self.client.submit(items), Future[list[ItemVerdict]]()

        def toss(done: "Future[list[ItemVerdict]]") -> None:
            if (error := done.exception()) is not None:
                tossed.set_exception(error)
                return
            pairs = zip(done.result(), tosses, strict=True)
            tossed.set_result([verdict.model_copy(update={"reward": reward}) for verdict, reward in pairs])

        graded.add_done_callback(toss)
        return tossed


def run_experiment(folder: Path, plan: Plan, url: str | None = None, arms: Sequence[str] = ARMS) -> Path:
    """Pre-train, train the arms, draw `r1_zero.png`, and return its path; what is already in `folder` is kept."""
    folder.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    with running_service(url, folder / "service.log") as service:
        context = multiprocessing.get_context("spawn")  # torch's threads do not survive a fork
        with ProcessPoolExecutor(2, mp_context=context) as pool:
            bases = ["programs" if arm == "programs" else "pair_sum" for arm in arms]
            _wait([pool.submit(make_base, folder, base, plan) for base in dict.fromkeys(bases)])
            _wait([pool.submit(train_arm, folder, arm, plan, service) for arm in arms])
    summary = {"plan": asdict(plan), "wall_seconds": round(time.perf_counter() - began, 1)}
    summary["cpu_seconds"] = {arm: _cpu_seconds(folder / arm) for arm in arms}
    (folder / "summary.json").write_text(json.dumps(summary, indent=1) + "\n")
    return draw_figure(folder, arms)


def draw_figure(folder: Path, arms: Sequence[str] = ARMS) -> Path:
    """Draw the arms' journals on one sheet, the programs on another, and a report of each arm."""
    pairs = [Run.read(folder / arm, arm) for arm in arms if arm != "programs"]
    figure = folder / "r1_zero.png"
    if pairs:
        draw(pairs, figure, title="R1-Zero in miniature: pair sums, GRPO from outcome and format rewards alone")
    if "programs" in arms:
        draw(
            [Run.read(folder / "programs", "programs")],
            folder / "programs.png",
            title="Tiny programs, graded by running",
        )
    for arm in arms:
        write_report(folder / arm)
    return figure


def make_base(folder: Path, name: str, plan: Plan) -> None:
    """Pre-train a base model into `folder`/base-`name` unless it is there."""
    torch.set_num_threads(1)
    target, began = folder / f"base-{name}", time.process_time()
    if not target.exists():
        words: Sequence[str] = programs.WORDS if name == "programs" else pair_sum.WORDS
        steps = plan.pretraining_steps // 4 if name == "programs" else plan.pretraining_steps
        policy = TinyGPTPolicy(words, SHAPE, seed=plan.seed)
        for step, loss in enumerate(pretrain(policy, _writer(name, plan), Pretraining(steps=steps), plan.seed)):
            if step % 100 == 0 or step + 1 == steps:
                spent = f"{time.process_time() - began:.0f} CPU s"
                print(f"base {name}: step {step + 1}/{steps}, loss {loss:.3f}, {spent}", flush=True)  # noqa: T201
        policy.save(target)


def train_arm(folder: Path, arm: str, plan: Plan, url: str) -> None:
    """Train one arm into `folder`/`arm`, resuming what is there.

    Raises:
        ValueError: what is there was begun with another plan.
    """
    torch.set_num_threads(1)
    base = "programs" if arm == "programs" else "pair_sum"
    config = arm_config(folder, arm, base, plan, url)
    training, held_out = _problems(arm, plan)
    sampling = Sampling(plan.samples, config.max_new_tokens, config.temperature, top_p=1.0, seed=plan.seed, rows=512)
    policy: Policy = load_policy(config.model)
    keep_config(config)
    run = f"{folder.resolve().name} {arm}"
    with (
        RewardClient(url, rewards=config.rewards, run=run) as client,
        RewardClient(url, rewards=config.rewards, run=f"{run} (held out)") as judge,
    ):
        train(
            config,
            policy,
            training,
            CoinTosses(client, plan.seed) if arm == "random" else client,
            begin=lambda step: begin_step(client, judge, step),
            evaluate=evaluation_hook(held_out, judge, sampling),
            progress=lambda row: _say(arm, row, config),
        )


def arm_config(folder: Path, arm: str, base: str, plan: Plan, url: str) -> TrainConfig:
    """Return the configuration of an arm: the arms on pair sums differ in the reward alone."""
    steps = {"truthful": plan.steps, "programs": plan.program_steps}.get(arm, plan.control_steps)
    config = TrainConfig(
        model=str(folder / f"base-{base}"),
        data=Path("generated"),
        folder=folder / arm,
        url=url,
        rewards={"accuracy": 1.0, "format": 1.0},
        recipe="grpo",
        beta=0.0,
        steps=steps,
        problems_per_step=32,
        group_size=16,
        chunk_problems=8,
        micro_batch=64,
        max_new_tokens=96,
        learning_rate=4e-4,
        evaluate_every=plan.evaluate_every,
        checkpoint_every=plan.evaluate_every,
        seed=plan.seed,
    )
    if arm == "programs":
        changes = {"rewards": {"accuracy": 1.0}, "problems_per_step": 16, "group_size": 8, "max_new_tokens": 40}
        return config.model_copy(update=changes)
    return config


def _problems(arm: str, plan: Plan) -> tuple[list[Problem], list[Problem]]:
    if arm == "programs":
        training, held_out = programs.split(plan.seed, HELD_OUT_PROGRAMS)
        return [one.problem() for one in training], [one.problem() for one in held_out]
    puzzles, others = pair_sum.split(plan.seed, TRAINING_PROBLEMS, HELD_OUT_FOR_EACH_SIZE)
    return [puzzle.problem(lax=arm == "lax") for puzzle in puzzles], [puzzle.problem() for puzzle in others]


def _writer(name: str, plan: Plan) -> Callable[[random.Random, float], str]:
    if name == "programs":
        compositions, _ = programs.split(plan.seed, HELD_OUT_PROGRAMS)
        return lambda rng, _done: programs.write(rng, compositions)
    puzzles, _ = pair_sum.split(plan.seed, TRAINING_PROBLEMS, HELD_OUT_FOR_EACH_SIZE)
    return lambda rng, done: pair_sum.write(rng, done, puzzles)


def _wait(futures: Sequence["Future[None]"]) -> None:
    for future in futures:
        future.result()


def _cpu_seconds(folder: Path) -> float:
    """Add up what an arm's journal says it cost, evaluations included, the service not."""
    seconds: list[float] = [row["timing"]["cpu_seconds"] for row in read_rows(folder / METRICS)]
    return round(sum(seconds), 1)


def _say(arm: str, row: dict[str, Any], config: TrainConfig) -> None:
    if row["step"] % 5 == 0:
        figures = f"reward {row['reward']:.2f}, accuracy {row['accuracy']:.2f}, length {row['length']:.0f}"
        seconds = f"hidden {row['timing']['hidden_reward_share']:.0%}, {row['timing']['cpu_seconds']:.1f} CPU s"
        print(f"{arm}: step {row['step']}/{config.steps}, {figures}, {seconds}", flush=True)  # noqa: T201


def quick(plan: Plan) -> Plan:
    """Return a plan of a minute, which shows that everything runs and nothing else."""
    return replace(plan, pretraining_steps=60, steps=4, control_steps=2, program_steps=2, evaluate_every=2, samples=4)
