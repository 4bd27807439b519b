"""OpenPipe ART: the reward of a trajectory.

    from trainer_client.adapters.art import judge                # REWARD_URL=http://127.0.0.1:8000 in the environment

    async def rollout(model, row):
        trajectory = ...                                         # as before
        return await judge(trajectory, row, reply)

Where there is no verdict it raises, and ART's `gather` leaves the trajectory out of its group (`max_exceptions` says
how many may be missing). What the verdict says beside its reward is in the trajectory's `metrics`, which ART logs.
"""

from types import SimpleNamespace
from typing import Any

from trainer_client.adapters import Adapter, one_by_one
from trainer_client.client.batching import Item
from trainer_client.client.figures import figures
from trainer_client.client.samples import numbered, shared


async def judge(trajectory: Any, row: Any, reply: Any) -> Any:
    """Set the trajectory's `reward`, add to its `metrics`, and return it; `reply` is text or chat messages.

    Raises:
        Ungradable: there is no verdict.
    """
    verdict = await shared().graded(row, reply)
    trajectory.reward = numbered(verdict)
    trajectory.metrics.update(figures(verdict))
    return trajectory


async def _rollout(item: Item) -> float:
    return float((await judge(SimpleNamespace(reward=0.0, metrics={}), item["task"], item["completion"])).reward)


ADAPTER = Adapter(
    trainer="art",
    tested_with="0.5.23",
    ungradable="raises: ART leaves the trajectory out of its group",
    log="`train/…`, of a trajectory's `metrics`",
    as_called=one_by_one(_rollout),
)
