"""OpenRLHF: nothing to install, only a URL; or this file, when the trainer should wait out a restart of the service.

Over HTTP, by the service's own `POST /get_reward` (`reward_server/protocols/openrlhf.py` has the query parameters):

    --reward.remote_url "http://127.0.0.1:8000/get_reward?kind=math"
    --data.label_key answer

By this file, which adds what OpenRLHF's own client lacks: retries with back-off for minutes instead of five seconds,
Retry-After, and one POST for the rollouts that finish together:

    python -c "import trainer_client.adapters.openrlhf as plug; print(plug.__file__)"     # the path to put below
    REWARD_SERVER_URL=http://127.0.0.1:8000 … --reward.remote_url /that/path/openrlhf.py --data.label_key answer

| variable | meaning |
|---|---|
| `REWARD_SERVER_URL` | the service; http://127.0.0.1:8000 where unset |
| `REWARD_SERVER_REWARDS` | weights as JSON, such as `{"accuracy": 1, "format": 1}` |
| `REWARD_SERVER_KIND` | the kind of task of plain labels; mathematics where unset |
| `REWARD_SERVER_UNGRADABLE` | `raise` (the default), `nan` or `zero` |

The file is also the way to a service with an API token (`REWARD_API_TOKEN`): OpenRLHF's own client sends none.

A label is a ground truth, a whole task as JSON, or `{"data_source": …, "ground_truth": …}`.

OpenRLHF cannot mask a sample. A null that a completion or its row causes (`undecided`, `bad_ground_truth`) is 0 and
counted in `extra_logs.ungradable`, unless `nan` is asked for: no completion may stop a run. For a failure of the
service `raise` ends in a crash of the step, which is loud; `nan` drops the group, but only together with
`--algo.dynamic_filtering_enable` (without it NaN spreads to all advantages); `zero` scores 0 and counts it.
"""

import math
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any

import orjson

from reward_server.datasets import task_for
from reward_server.files.rows import completion_of
from reward_server.verdict import Outcome
from reward_server.wire import ItemVerdict
from trainer_client.adapters import Adapter
from trainer_client.client.batching import Item
from trainer_client.client.client import RewardClient
from trainer_client.client.coalescing import Coalescer
from trainer_client.client.errors import Ungradable
from trainer_client.client.figures import shares


def reward_func(queries: Sequence[str], prompts: Sequence[str], labels: Sequence[Any], **_: Any) -> dict[str, Any]:
    """Return `rewards` and `scores` as float tensors (B,), and `extra_logs` of such tensors.

    OpenRLHF calls it with one rollout at a time, from many threads at once.

    Raises:
        Ungradable: there is no verdict, and `REWARD_SERVER_UNGRADABLE` is unset or "raise".
        UnknownRow: a label or query cannot be read.
        RewardClientError: as in `RewardClient.score_async`.
    """
    import torch  # noqa: PLC0415 - OpenRLHF has it; whoever only lists the adapters need not

    verdicts = grade(queries, prompts, labels, os.environ)
    columns = _columns(verdicts, os.environ.get("REWARD_SERVER_UNGRADABLE", "raise"))
    numbers = {name: torch.tensor(values, dtype=torch.float32) for name, values in columns.items()}
    rewards = numbers.pop("rewards")
    return {"rewards": rewards, "scores": rewards, "extra_logs": numbers}


def grade(
    queries: Sequence[str], prompts: Sequence[str], labels: Sequence[Any], settings: Mapping[str, str]
) -> list[ItemVerdict]:
    """Return the verdict of each rollout; `settings` are the variables in the module's docstring."""
    url = settings.get("REWARD_SERVER_URL", "http://127.0.0.1:8000")
    coalescer = _coalescer(url, settings.get("REWARD_SERVER_REWARDS", '{"accuracy": 1}'), os.getpid())
    kind = settings.get("REWARD_SERVER_KIND")
    graded = [
        coalescer.client.background.submit(coalescer.score(task_for(label, kind=kind), completion_of(query, prompt)))
        for query, prompt, label in zip(queries, prompts, labels, strict=True)
    ]
    return [future.result() for future in graded]


def _columns(verdicts: Sequence[ItemVerdict], ungradable: str) -> dict[str, list[float]]:
    """Return the reward of each rollout and the numbers to log, none of them missing."""
    missing = {"nan": math.nan, "zero": 0.0}
    rewards = []
    for verdict in verdicts:
        if verdict.outcome is Outcome.UNGRADABLE and ungradable not in missing:
            raise Ungradable(verdict)
        rewards.append(missing.get(ungradable, 0.0) if verdict.reward is None else verdict.reward)
    logs = {part: [verdict.parts[part] or 0.0 for verdict in verdicts] for part in verdicts[0].parts}
    logs |= {name: [shares(verdict)[name] for verdict in verdicts] for name in shares(verdicts[0])}
    return {"rewards": rewards, "ungradable": [float(verdict.reward is None) for verdict in verdicts], **logs}


@lru_cache(maxsize=8)
def _coalescer(url: str, rewards: str, _pid: int) -> Coalescer:
    """Return the coalescer of this process for these settings; a forked worker makes its own."""
    return Coalescer(RewardClient(url, rewards=orjson.loads(rewards), evidence=False))


def _as_called(url: str, items: Sequence[Item]) -> list[float | None]:
    """Call as `SingleTurnAgentExecutor` does: one rollout a call, on threads, prompt and end token in the query."""
    prompt = "<|im_start|>user\nSolve it.<|im_end|>\n<|im_start|>assistant\n"
    settings = {"REWARD_SERVER_URL": url}

    def rollout(item: Item) -> float | None:
        query = f"{prompt}{item['completion']}<|im_end|>"
        verdicts = grade([query], [prompt], [orjson.dumps(item["task"]).decode()], settings)
        try:
            return _columns(verdicts, "raise")["rewards"][0]
        except Ungradable:
            return None

    with ThreadPoolExecutor(max_workers=max(1, len(items))) as threads:
        return list(threads.map(rollout, items))


ADAPTER = Adapter(
    trainer="openrlhf",
    tested_with="0.11.2",
    ungradable="raises; or NaN, which drops the group under dynamic filtering, or 0 with a log, where asked",
    log="`train/…`, by this file; over HTTP the parts and `ungradable`",
    as_called=_as_called,
)
