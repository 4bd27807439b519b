"""ms-swift: a reward plugin.

    # plugin.py
    from trainer_client.adapters.swift import register

    register()                                                   # orms["service"]

    REWARD_URL=http://127.0.0.1:8000 swift rlhf --rlhf_type grpo --external_plugins plugin.py --reward_funcs service …

ms-swift makes 0 of a sample without a reward, which pulls its siblings up (`[null, 1, 1, 1]` has advantages −1.5, 0.5,
0.5, 0.5). So this raises where there is no verdict, and the step does not happen.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from trainer_client.adapters import Adapter, as_batch
from trainer_client.client.batching import Item
from trainer_client.client.samples import numbered, rows_of, shared


async def score(completions: Sequence[Any], **columns: Any) -> list[float]:
    """Return the reward of each completion.

    Raises:
        Ungradable: one has no verdict.
    """
    verdicts = await shared().verdicts(rows_of(columns, len(completions)), completions)
    return [numbered(verdict) for verdict in verdicts]


def register(name: str = "service") -> None:
    """Give ms-swift the function under a name for `--reward_funcs`."""
    from swift.rewards import AsyncORM, orms  # type: ignore[import-not-found] # noqa: PLC0415

    class Service(AsyncORM):  # type: ignore[misc]
        async def __call__(self, completions: Sequence[Any], **columns: Any) -> list[float]:
            return await score(completions, **columns)

    orms[name] = Service


def _step(items: Sequence[Item]) -> list[float]:
    tasks = [item["task"] for item in items]
    return asyncio.run(score([item["completion"] for item in items], task=tasks, trainer_state=None))


ADAPTER = Adapter(
    trainer="swift",
    tested_with="4.6.0",
    ungradable="raises: the step does not happen",
    log="no: it keeps a function's rewards alone",
    as_called=as_batch(_step),
)
