"""NeMo-RL: an environment.

    from nemo_rl.environments.utils import register_env

    register_env("service", "my_module.Environment")             # REWARD_URL=http://127.0.0.1:8000 in the environment

    # my_module.py
    import ray
    from trainer_client.adapters.nemo_rl import environment

    Environment = ray.remote(environment())

A sample's metadata is its row. Where there is no verdict it raises, and the step does not happen: this path of NeMo-RL
cannot mask a sample.

NeMo-RL keeps an environment's rewards alone and calls its `global_post_process_and_metrics` nowhere. A line in the
script that trains, behind `setup(…)`, has its logger ask the environments whenever it logs a step; those of other kinds
are left alone:

    from trainer_client.adapters.nemo_rl import logged

    logged(logger, train=task_to_env, validation=val_task_to_env)
"""

import importlib
from collections.abc import Mapping, Sequence
from typing import Any

from trainer_client.adapters import Adapter, as_batch
from trainer_client.client.actors import figures_of
from trainer_client.client.counted import COUNTED


def score(message_logs: Sequence[Sequence[dict[str, Any]]], rows: Sequence[Any]) -> list[float]:
    """Return the reward of the last assistant message of each log; errors as in `Counted.rewards`."""
    replies = [[one for one in log if one["role"] == "assistant"][-1]["content"] for log in message_logs]
    return COUNTED.rewards_blocking(rows, replies)


def environment() -> type:
    """Return the environment's class; one reply, then done."""
    torch: Any = importlib.import_module("torch")
    nemo_rl: Any = importlib.import_module("nemo_rl.environments.interfaces")

    class Service(nemo_rl.EnvironmentInterface):  # type: ignore[misc]
        def __init__(self, cfg: Any = None) -> None:
            self.cfg = cfg

        def step(self, message_log_batch: Any, metadata: Any) -> Any:
            rewards, count = torch.tensor(score(message_log_batch, metadata)), len(metadata)
            return nemo_rl.EnvironmentReturn(
                observations=[{"role": "environment", "content": ""}] * count, metadata=metadata, rewards=rewards,
                next_stop_strings=[None] * count, terminateds=torch.ones(count), answers=[None] * count,
            )  # fmt: skip

        def global_post_process_and_metrics(self, batch: Any) -> Any:
            return batch, {"accuracy": batch["total_reward"].mean().item()}

        def figures_taken(self) -> Any:
            return COUNTED.taken()

    return Service


def logged(logger: Any, **environments: Mapping[str, Any] | None) -> None:
    """Have `logger.log_metrics` add the figures of these environments, by the prefix that it logs them under."""
    log_metrics = logger.log_metrics

    def log(metrics: Mapping[str, Any], step: int, prefix: str | None = "", *more: Any, **named: Any) -> None:
        told = figures_of((environments.get(prefix or "") or {}).values())
        log_metrics({**metrics, **told}, step, prefix, *more, **named)

    logger.log_metrics = log


ADAPTER = Adapter(
    trainer="nemo_rl",
    tested_with="7ea279a",
    ungradable="raises: the step does not happen",
    log="`train/…` and `validation/…`, by `logged`",
    as_called=as_batch(lambda replies, rows: score([[{"role": "assistant", "content": one}] for one in replies], rows)),
)
