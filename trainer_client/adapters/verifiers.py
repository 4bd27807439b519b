"""Prime Intellect's verifiers, and prime-rl, which trains on its environments.

    TaskConfig(rewards={"service": RewardFunctionConfig(fn="trainer_client.adapters.verifiers:reward")})

    REWARD_URL=http://127.0.0.1:8000 in the environment

The task is the row: a mapping, or an object whose fields are its columns. Where there is no verdict it raises, and the
rollout is an error, not a 0. What the verdict says beside its reward is recorded as the trace's metrics. The legacy
`Rubric` makes a 0 of every exception and is not served.
"""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from trainer_client.adapters import Adapter, one_by_one
from trainer_client.client.batching import Item
from trainer_client.client.figures import figures
from trainer_client.client.samples import numbered, shared


async def reward(task: Any, trace: Any) -> float:
    """Return the reward of a trace's last reply.

    Raises:
        Ungradable: there is no verdict.
    """
    verdict = await shared().graded(_row(task), _reply(trace))
    trace.record_metrics(figures(verdict))
    return numbered(verdict)


def _row(task: Any) -> Any:
    if isinstance(task, Mapping):
        return task
    fields = task.model_dump() if hasattr(task, "model_dump") else vars(task)
    held = fields.get("data")
    return held if isinstance(held, Mapping) else fields


def _reply(trace: Any) -> Any:
    last = getattr(trace, "last_reply", None)
    return trace.nodes[-1].message.content if last is None else last


async def _rollout(item: Item) -> float:
    return await reward({"task": item["task"]}, SimpleNamespace(last_reply=item["completion"], record_metrics=len))


ADAPTER = Adapter(
    trainer="verifiers",
    tested_with="0.4.0",
    ungradable="raises: the rollout is an error",
    log="among the trace's metrics",
    as_called=one_by_one(_rollout),
)
