"""verl: a custom reward function, for every reward manager of the reward loop (naive, dapo, gdpo, …).

    reward.custom_reward_function.path=pkg://trainer_client.adapters.verl
    reward.custom_reward_function.name=compute_score
    +reward.custom_reward_function.reward_kwargs.url=http://127.0.0.1:8000
    +reward.custom_reward_function.reward_kwargs.rewards='{accuracy: 1, format: 1}'
    +reward.custom_reward_function.reward_kwargs.on_ungradable=raise

Rows need no change: the grader follows from `data_source`, as in verl's own `default_compute_score`
(`reward_server.datasets.sources`), unless `reward_kwargs.kind` names one or the row holds a whole task in
`extra_info["task"]` or as its ground truth. Values in `extra_info["task_fields"]` are added to the task.

`url` may stand in the environment instead, as `REWARD_URL`. verl calls the function for each sample and awaits them
together; what is asked for at once becomes one POST. Do not combine it with the `rate_limited` manager, whose default
`max_concurrent: 1` sends them one by one.

Legacy reward managers (`prime`, `batch`, `naive` of the legacy trainer) and `main_eval` call functions directly, and
`prime` turns a coroutine it cannot pickle into zeros: name `compute_score_blocking` there.

verl has no way to mask a sample. `on_ungradable="raise"` is right for its trainer v1 (the default one): in synchronous
mode the sample is missing and its group goes on without it; the legacy trainer stops. `"zero"` scores 0 and says so in
the key `ungradable`: watch it. Every sample carries the same numeric keys, as verl demands: `score`, `acc`,
`ungradable`, one for each part, and the shares of `trainer_client.client.figures`. verl logs them in validation and
writes them in its dumps of rollouts.
"""

import asyncio
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

from reward_server.datasets import task_for
from reward_server.wire import ItemVerdict
from trainer_client.adapters import Adapter, one_by_one
from trainer_client.client.figures import columns
from trainer_client.client.plain import plain
from trainer_client.client.samples import kept, numbered

_DEADLINE_SECONDS = 290.0  # below the 300 s after which verl's rate-limited manager gives 0 by itself


async def compute_score(
    data_source: str, solution_str: str, ground_truth: Any, extra_info: Mapping[str, Any] | None = None, **settings: Any
) -> dict[str, float]:
    """Return `score` (the reward), `acc`, `ungradable`, the parts and the shares of one sample.

    Raises: as `await Reward(…)(…)`, but `Ungradable` only where `on_ungradable` is "raise", the default.
    """
    started = _start(data_source, solution_str, ground_truth, extra_info, settings)
    return _keys(await asyncio.wrap_future(started), settings)


def compute_score_blocking(
    data_source: str, solution_str: str, ground_truth: Any, extra_info: Mapping[str, Any] | None = None, **settings: Any
) -> dict[str, float]:
    """Return the same for callers that do not await, which may be many threads; they share POSTs too."""
    return _keys(_start(data_source, solution_str, ground_truth, extra_info, settings).result(), settings)


def _start(source: str, text: str, truth: Any, extra: Any, settings: Mapping[str, Any]) -> Future[ItemVerdict]:
    parts = plain(settings.get("rewards") or {"accuracy": 1.0})
    reward = kept(settings.get("url"), parts, settings.get("deadline_seconds", _DEADLINE_SECONDS))
    task = task_for(plain(truth), kind=settings.get("kind"), data_source=source, extra=plain(extra or {}))
    return reward.start(task, text)


def _keys(verdict: ItemVerdict, settings: Mapping[str, Any]) -> dict[str, float]:
    """Return the same keys whatever the verdict; a part that is not a key of its own already is."""
    reward = verdict.reward if settings.get("on_ungradable") == "zero" else numbered(verdict)
    told = {"score": reward or 0.0, "acc": (verdict.score or 0.0) * (reward is not None), "ungradable": reward is None}
    parts = dict.fromkeys(settings.get("rewards") or (), 0.0) | columns(verdict)
    return {name: float(value) for name, value in (told | parts).items() if name != "accuracy"}


async def _sample(task: Any, completion: str) -> float:
    return (await compute_score("any", completion, "", {"task": task, "num_turns": None}))["score"]


ADAPTER = Adapter(
    trainer="verl",
    tested_with="0.9.1",
    ungradable="raises, and verl drops the group; or 0 with the key `ungradable` where asked",
    log="`val-aux/<data source>/…` in validation; of a training step verl logs no such key",
    as_called=one_by_one(lambda item: _sample(item["task"], item["completion"])),
)
