"""Atropos: a reward function of an environment, and a way to drop a group.

    from trainer_client.adapters.atropos import figures_of_service, rewards_or_none

    # REWARD_URL=http://127.0.0.1:8000 in the environment

    async def score(self, rollout_group_data):                   # in the environment
        rewards = await rewards_or_none(row, completions)
        if rewards is None:
            return None                                          # Atropos then leaves the group out
        ...                                                      # else as before, with these rewards

    async def wandb_log(self, wandb_metrics=None):               # what the verdicts say beside their rewards
        await super().wandb_log({**(wandb_metrics or {}), **figures_of_service()})

`register()` adds a `RewardFunction` named `service` to Atropos' registry. There an exception becomes 0 for the whole
group, which then has no advantage; use it alone, since another function's numbers would still count.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from trainer_client.adapters import Adapter, as_batch
from trainer_client.client.figures import Means, figures
from trainer_client.client.samples import shared

_MEANS = Means()


async def rewards_or_none(row: Any, completions: Sequence[Any]) -> list[float] | None:
    """Return the rewards of one row's completions, None where one of them has no verdict."""
    verdicts = await shared().verdicts([row] * len(completions), completions)
    _MEANS.add([figures(verdict) for verdict in verdicts])
    return _whole(verdicts)


def figures_of_service() -> dict[str, float]:
    """Return the means of the figures of all groups since it was last asked, those left out included."""
    return _MEANS.taken()


def _whole(verdicts: Sequence[Any]) -> list[float] | None:
    rewards = [verdict.reward for verdict in verdicts]
    return None if None in rewards else rewards


def register() -> None:
    """Add `service` to Atropos' reward functions; its configuration takes the row in `row`."""
    from atroposlib.envs.reward_fns.registry import registry  # type: ignore[import-not-found] # noqa: PLC0415
    from atroposlib.envs.reward_fns.reward_function import (  # type: ignore[import-not-found] # noqa: PLC0415
        RewardFunction,
    )

    class Service(RewardFunction):  # type: ignore[misc]
        def compute(self, completions: list[Any], row: Any = None, **columns: Any) -> list[float]:
            texts = [self.get_content(completion) for completion in completions]
            return shared().values([columns if row is None else row] * len(texts), texts)

    registry.register(name="service")(Service)


def _group(completions: list[Any], tasks: list[Any]) -> list[float] | None:
    return _whole(asyncio.run(shared().verdicts(tasks, completions)))


ADAPTER = Adapter(
    trainer="atropos",
    tested_with="0.4.0",
    ungradable="None for the group: Atropos leaves it out",
    log="under its own names in W&B, by `wandb_log`",
    as_called=as_batch(_group),
)
