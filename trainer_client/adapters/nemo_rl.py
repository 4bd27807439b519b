"""NeMo-RL: an environment.

    from nemo_rl.environments.utils import register_env

    register_env("service", "my_module.Environment")             # REWARD_URL=http://127.0.0.1:8000 in the environment

    # my_module.py
    import ray
    from trainer_client.adapters.nemo_rl import environment

    Environment = ray.remote(environment())

A sample's metadata is its row. Where there is no verdict it raises, and the step does not happen: this path of NeMo-RL
cannot mask a sample.
"""

from collections.abc import Sequence
from typing import Any

from trainer_client.adapters import Adapter, as_batch
from trainer_client.client.batching import Item
from trainer_client.client.samples import numbered, shared


def score(message_logs: Sequence[Sequence[dict[str, Any]]], rows: Sequence[Any]) -> list[float]:
    """Return the reward of the last assistant message of each log.

    Raises:
        Ungradable: one has no verdict.
    """
    replies = [[one for one in log if one["role"] == "assistant"][-1]["content"] for log in message_logs]
    return [numbered(verdict) for verdict in shared().submit(rows, replies).result()]


def environment() -> type:
    """Return the environment's class; one reply, then done."""
    import torch  # noqa: PLC0415
    from nemo_rl.environments.interfaces import (  # type: ignore[import-not-found] # noqa: PLC0415
        EnvironmentInterface,
        EnvironmentReturn,
    )

    class Service(EnvironmentInterface):  # type: ignore[misc]
        def __init__(self, cfg: Any = None) -> None:
            self.cfg = cfg

        def step(self, message_log_batch: Any, metadata: Any) -> Any:
            rewards = torch.tensor(score(message_log_batch, metadata))
            count = len(metadata)
            return EnvironmentReturn(
                observations=[{"role": "environment", "content": ""}] * count, metadata=metadata, rewards=rewards,
                next_stop_strings=[None] * count, terminateds=torch.ones(count), answers=[None] * count,
            )  # fmt: skip

        def global_post_process_and_metrics(self, batch: Any) -> Any:
            return batch, {"accuracy": batch["total_reward"].mean().item()}

    return Service


def _step(items: Sequence[Item]) -> list[float]:
    return score([[{"role": "assistant", "content": i["completion"]}] for i in items], [i["task"] for i in items])


ADAPTER = Adapter(
    trainer="nemo_rl",
    tested_with="7ea279a",
    ungradable="raises: the step does not happen",
    log="no: it keeps an environment's rewards alone, and calls its `global_post_process_and_metrics` nowhere",
    as_called=as_batch(_step),
)
