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
| `REWARD_SERVER_URL` | the service; where unset, `REWARD_URL` |
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
from collections.abc import Sequence
from typing import Any

import orjson

from reward_server.datasets import task_for
from reward_server.files.rows import completion_of
from reward_server.verdict import Outcome
from trainer_client.adapters import Adapter, on_threads
from trainer_client.client.errors import Ungradable
from trainer_client.client.figures import columns
from trainer_client.client.samples import kept


def reward_func(queries: Sequence[str], prompts: Sequence[str], labels: Sequence[Any], **_: Any) -> dict[str, Any]:
    """Return `rewards` and `scores` as float tensors (B,), and `extra_logs` of such tensors.

    Raises: as `await Reward(…)(…)`, but `Ungradable` only where `REWARD_SERVER_UNGRADABLE` is unset or "raise".
    """
    import torch  # noqa: PLC0415 - OpenRLHF has it; whoever only lists the adapters need not

    made = numbers(queries, prompts, labels).items()
    logs = {name: torch.tensor(values, dtype=torch.float32) for name, values in made}
    rewards = logs.pop("rewards")
    return {"rewards": rewards, "scores": rewards, "extra_logs": logs}


def numbers(queries: Sequence[str], prompts: Sequence[str], labels: Sequence[Any]) -> dict[str, list[float]]:
    """Return the reward of each rollout and the numbers to log, none missing; OpenRLHF asks for one at a time."""
    named = (f"REWARD_SERVER_{name}" for name in ("URL", "REWARDS", "KIND", "UNGRADABLE"))
    url, parts, kind, lost_is = map(os.environ.get, named)
    reward = kept(url, orjson.loads(parts or '{"accuracy": 1}'), 300.0)
    rows = zip(queries, prompts, labels, strict=True)
    started = [reward.start(task_for(label, kind=kind), completion_of(q, prompt)) for q, prompt, label in rows]
    verdicts = [future.result() for future in started]
    missing = {"nan": math.nan, "zero": 0.0}
    if lost_is not in missing and (lost := [one for one in verdicts if one.outcome is Outcome.UNGRADABLE]):
        raise Ungradable(lost[0])
    rewards = [missing.get(lost_is or "", 0.0) if one.reward is None else one.reward for one in verdicts]
    told = [columns(verdict) for verdict in verdicts]
    logs = {name: [each[name] for each in told] for name in told[0]}
    return {"rewards": rewards, "ungradable": [float(verdict.reward is None) for verdict in verdicts], **logs}


def _rollout(task: Any, completion: str) -> float:
    """Call as `SingleTurnAgentExecutor` does: one rollout a call, on threads, prompt and end token in the query."""
    prompt = "<|im_start|>user\nSolve it.<|im_end|>\n<|im_start|>assistant\n"
    return numbers([f"{prompt}{completion}<|im_end|>"], [prompt], [orjson.dumps(task).decode()])["rewards"][0]


ADAPTER = Adapter(
    trainer="openrlhf",
    tested_with="0.11.2",
    ungradable="raises; or NaN, which drops the group under dynamic filtering, or 0 with a log, where asked",
    log="`train/…`, by this file and over HTTP",
    as_called=on_threads(lambda item: _rollout(item["task"], item["completion"])),
)
