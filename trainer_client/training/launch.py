"""Putting a configured run together: model, problems, client, evaluation, progress bar."""

from typing import Any

import torch
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from trainer_client.client.client import RewardClient
from trainer_client.policies.loading import load_policy
from trainer_client.training.config import TrainConfig, keep_config
from trainer_client.training.evaluate import Sampling, evaluation_hook
from trainer_client.training.problems import load_problems
from trainer_client.training.train import train

EVALUATION_SAMPLES = 8


def launch(config: TrainConfig) -> str:
    """Run `config` to its end or to SIGINT and return a line that says where everything is.

    Raises:
        ValueError: the folder holds a run of another configuration.
    """
    if config.threads:
        torch.set_num_threads(config.threads)
    problems = load_problems(config.data)
    policy = load_policy(config.model, config.prompt_format, config.device)
    keep_config(config)  # a misspelt file or model leaves nothing behind that a corrected command would contradict
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    name = config.folder.resolve().name
    with (
        RewardClient(config.url, rewards=config.rewards, run=name) as client,
        RewardClient(config.url, rewards=config.rewards, run=f"{name} (held out)") as judge,
        Progress(*columns) as bar,
    ):
        evaluate = None
        if config.held_out is not None:
            sampling = Sampling(EVALUATION_SAMPLES, config.max_new_tokens, seed=config.seed)
            evaluate = evaluation_hook(load_problems(config.held_out), judge, sampling)
        line = bar.add_task("starting", total=config.steps)

        def begin(step: int) -> None:
            begin_step(client, judge, step)
            bar.update(line, completed=step - 1)

        def show(row: dict[str, Any]) -> None:
            figures = f"reward {row['reward']:.3f}  accuracy {row['accuracy']:.3f}  length {row['length']:.0f}"
            bar.update(line, completed=row["step"], description=figures)

        done = train(config, policy, problems, client, begin=begin, evaluate=evaluate, progress=show)
    if done < config.steps:
        return f"stopped after step {done}; the same command resumes from {config.folder}"
    return f"model: {config.folder}/model, metrics: {config.folder}/metrics.jsonl"


def begin_step(client: RewardClient, judge: RewardClient, step: int) -> None:
    """Name the step in what both ask from now on; a step is trained after the model before it was measured."""
    client.begin_step(step)
    judge.begin_step(step - 1)
