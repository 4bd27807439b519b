"""slime and miles: a custom reward model by its dotted path.

    --custom-rm-path trainer_client.adapters.slime.custom_rm     # REWARD_URL=http://127.0.0.1:8000 in the environment

A sample's `label` is a ground truth, a row or a whole task as JSON; its `metadata` may hold the row's other columns
(`data_source`, `kind`, `task`, …). With `--group-rm` the group comes in one call.

Where there is no verdict it raises and the rollout stops. slime's `remove_sample` would mask the loss of the sample
alone: its 0 stays in the group's mean, and the siblings are paid for our failure.
"""

import asyncio
from types import SimpleNamespace
from typing import Any

from trainer_client.adapters import Adapter, one_by_one
from trainer_client.client.batching import Item
from trainer_client.client.samples import shared


async def custom_rm(args: Any, samples: Any, **_: Any) -> Any:
    """Return the reward of a sample, or of each of a list of them.

    Raises:
        Ungradable: one has no verdict.
    """
    if isinstance(samples, list):
        return list(await asyncio.gather(*(custom_rm(args, sample) for sample in samples)))
    known = getattr(samples, "metadata", None) or {}
    row = samples.label if not known else {**known, "ground_truth": known.get("ground_truth", samples.label)}
    return await shared()(row, samples.response)


async def _sample(item: Item) -> float:
    made = SimpleNamespace(label="", response=item["completion"], metadata={"task": item["task"]})
    return float(await custom_rm(None, made))


ADAPTER = Adapter(
    trainer="slime",
    tested_with="624b824",
    ungradable="raises: the rollout stops",
    as_called=one_by_one(_sample),
)
