"""verl: a custom reward function, for every reward manager of the reward loop (naive, dapo, gdpo, …).

    reward.custom_reward_function.path=pkg://trainer_client.adapters.verl
    reward.custom_reward_function.name=compute_score
    +reward.custom_reward_function.reward_kwargs.url=http://127.0.0.1:8000
    +reward.custom_reward_function.reward_kwargs.rewards='{accuracy: 1, format: 1}'
    +reward.custom_reward_function.reward_kwargs.on_ungradable=raise

Rows need no change: the grader follows from `data_source`, as in verl's own `default_compute_score`
(`reward_server.datasets.sources`), unless `reward_kwargs.kind` names one or the row holds a whole task in
`extra_info["task"]` or as its ground truth. Values in `extra_info["task_fields"]` are added to the task.

verl calls the function for each sample and awaits them together; the calls of one event loop become one POST. Do not
combine it with the `rate_limited` manager, whose default `max_concurrent: 1` sends them one by one.

Legacy reward managers (`prime`, `batch`, `naive` of the legacy trainer) and `main_eval` call functions directly, and
`prime` turns a coroutine it cannot pickle into zeros: name `compute_score_blocking` there.

verl has no way to mask a sample. `on_ungradable="raise"` is right for its trainer v1 (the default one): in synchronous
mode the sample is missing and its group goes on without it; the legacy trainer stops. `"zero"` scores 0 and says so in
the key `ungradable`: watch it. Every sample carries the same numeric keys, as verl demands: `score`, `acc`,
`ungradable`, one for each part, and the shares of `trainer_client.client.figures`. verl logs them in validation and
writes them in its dumps of rollouts.
"""

import asyncio
import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal

import orjson

from reward_server.datasets import task_for
from reward_server.wire import ItemVerdict
from trainer_client.adapters import Adapter
from trainer_client.client.batching import Item
from trainer_client.client.client import RewardClient
from trainer_client.client.coalescing import Coalescer
from trainer_client.client.errors import Ungradable
from trainer_client.client.figures import shares
from trainer_client.client.plain import plain

_DEADLINE_SECONDS = 290.0
"""Below the 300 s after which verl's rate-limited manager gives 0 by itself."""


async def compute_score(
    data_source: str,
    solution_str: str,
    ground_truth: Any,
    extra_info: Mapping[str, Any] | None = None,
    *,
    url: str = "http://127.0.0.1:8000",
    rewards: Mapping[str, Any] | None = None,
    kind: str | None = None,
    on_ungradable: Literal["raise", "zero"] = "raise",
    deadline_seconds: float = _DEADLINE_SECONDS,
    **_of_reward_models: Any,
) -> dict[str, float]:
    """Return `score` (the reward), `acc`, `ungradable`, the parts and the shares of one sample.

    Raises:
        Ungradable: there is no verdict, and `on_ungradable` is "raise".
        UnknownRow: the data source has no route and the row no task.
        RewardClientError: as in `RewardClient.score_async`.
    """
    chosen = plain(rewards) if rewards else {"accuracy": 1.0}
    coalescer = _coalescer(url, orjson.dumps(chosen), deadline_seconds, os.getpid())
    task = task_for(plain(ground_truth), kind=kind, data_source=data_source, extra=plain(extra_info or {}))
    verdict = await coalescer.score(task, solution_str)
    if verdict.reward is None and on_ungradable == "raise":
        raise Ungradable(verdict)
    return _keys(verdict, chosen)


def compute_score_blocking(
    data_source: str,
    solution_str: str,
    ground_truth: Any,
    extra_info: Mapping[str, Any] | None = None,
    *,
    deadline_seconds: float = _DEADLINE_SECONDS,
    url: str = "http://127.0.0.1:8000",
    rewards: Mapping[str, Any] | None = None,
    **settings: Any,
) -> dict[str, float]:
    """Return the same for callers that do not await, which may be many threads; they share POSTs too."""
    chosen = plain(rewards) if rewards else {"accuracy": 1.0}
    client = _coalescer(url, orjson.dumps(chosen), deadline_seconds, os.getpid()).client
    scored = compute_score(
        data_source, solution_str, ground_truth, extra_info,
        deadline_seconds=deadline_seconds, url=url, rewards=rewards, **settings,
    )  # fmt: skip
    return client.background.submit(scored).result()


def _keys(verdict: ItemVerdict, rewards: Mapping[str, Any]) -> dict[str, float]:
    """Return the same keys whatever the verdict; a part that is not a key of its own already is."""
    graded = verdict.reward is not None
    measured = {part: verdict.parts.get(part) if graded else None for part in rewards if part != "accuracy"}
    return {
        "score": verdict.reward or 0.0,
        "acc": (verdict.score or 0.0) if graded else 0.0,
        "ungradable": float(not graded),
        **{part: value or 0.0 for part, value in measured.items()},
        **shares(verdict),
    }


@lru_cache(maxsize=8)
def _coalescer(url: str, rewards: bytes, deadline_seconds: float, _pid: int) -> Coalescer:
    """Return the coalescer of this process for these settings; a forked worker makes its own."""
    client = RewardClient(url, rewards=orjson.loads(rewards), deadline_seconds=deadline_seconds, evidence=False)
    return Coalescer(client)


def _as_called(url: str, items: Sequence[Item]) -> list[float | None]:
    """Call as `RewardLoopWorker.compute_score_batch` does: a task for each sample, all awaited together."""

    async def sample(item: Item) -> float | None:
        extra = {"task": item["task"], "num_turns": None, "rollout_reward_scores": {}}
        try:
            result = await compute_score(
                data_source="any", solution_str=item["completion"], ground_truth="", extra_info=extra, url=url
            )
        except Ungradable:
            return None
        return result["score"]

    async def batch() -> list[float | None]:
        return list(await asyncio.gather(*(asyncio.create_task(sample(item)) for item in items)))

    return asyncio.run(batch())


ADAPTER = Adapter(
    trainer="verl",
    tested_with="0.9.1",
    ungradable="raises, and verl drops the group; or 0 with the key `ungradable` where asked",
    log="`val-aux/<data source>/…` in validation; of a training step verl logs no such key",
    as_called=_as_called,
)
