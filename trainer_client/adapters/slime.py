"""slime and miles: a custom reward model by its dotted path.

    --custom-rm-path trainer_client.adapters.slime.custom_rm     # REWARD_URL=http://127.0.0.1:8000 in the environment
    --custom-rollout-log-function-path trainer_client.adapters.slime.log_rollout

A sample's `label` is a ground truth, a row or a whole task as JSON; its `metadata` may hold the row's other columns
(`data_source`, `kind`, `task`, …). With `--group-rm` the group comes in one call. What a verdict says beside its reward
is kept in its sample's `metadata["reward_server"]`; `log_rollout` adds the means to what slime itself logs.

Where there is no verdict it raises and the rollout stops. slime's `remove_sample` would mask the loss of the sample
alone: its 0 stays in the group's mean, and the siblings are paid for our failure.
"""

import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from trainer_client.adapters import Adapter, one_by_one
from trainer_client.client.batching import Item
from trainer_client.client.figures import figures, means
from trainer_client.client.samples import numbered, shared

_KEPT = "reward_server"
"""Of a sample's metadata: the figures of its verdict, which are no column of its row."""


async def custom_rm(args: Any, samples: Any, **_: Any) -> Any:
    """Return the reward of a sample, or of each of a list of them.

    Raises:
        Ungradable: one has no verdict.
    """
    if isinstance(samples, list):
        return list(await asyncio.gather(*(custom_rm(args, sample) for sample in samples)))
    metadata = getattr(samples, "metadata", None) or {}
    known = {name: value for name, value in metadata.items() if name != _KEPT}
    row = samples.label if not known else {**known, "ground_truth": known.get("ground_truth", samples.label)}
    verdict = await shared().graded(row, samples.response)
    samples.metadata = {**metadata, _KEPT: figures(verdict)}
    return numbered(verdict)


def log_rollout(_number: int, _args: Any, samples: Sequence[Any], metrics: dict[str, Any] | None, _time: float) -> bool:
    """Add the means of the figures to the rollout's metrics; False, so that slime logs as it does without."""
    kept = [found for sample in samples if (found := (sample.metadata or {}).get(_KEPT))]
    if metrics is not None:
        metrics.update({f"rollout/{name}": value for name, value in means(kept).items()})
    return False


async def _sample(item: Item) -> float:
    made = SimpleNamespace(label="", response=item["completion"], metadata={"task": item["task"]})
    return float(await custom_rm(None, made))


ADAPTER = Adapter(
    trainer="slime",
    tested_with="624b824",
    ungradable="raises: the rollout stops",
    log="`rollout/…` with `log_rollout`",
    as_called=one_by_one(_sample),
)
