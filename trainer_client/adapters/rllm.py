"""rllm: a reward function, or an evaluator.

    import rllm
    from trainer_client.adapters.rllm import evaluate, reward_fn  # REWARD_URL=http://127.0.0.1:8000 in the environment

    service = rllm.evaluator(evaluate)                           # new interface: (task, episode)
    agent = ...(reward_fn=reward_fn)                             # old interface: (task_info, action)

Where there is no verdict it raises, and the episode fails. What the verdict says beside its reward is the metadata of
what is returned, which rllm puts among the episode's metrics.
"""

import contextlib
import importlib
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from reward_server.verdict import Outcome
from reward_server.wire import ItemVerdict
from trainer_client.adapters import Adapter, on_threads
from trainer_client.client.figures import figures
from trainer_client.client.samples import numbered, shared


def evaluate(task: Any, episode: Any) -> Any:
    """Return rllm's `EvalOutput` of an episode's answer, the reward alone where rllm is not installed.

    Raises:
        Ungradable: there is no verdict.
    """
    row = task if isinstance(task, Mapping) else getattr(task, "metadata", None) or vars(task)
    verdict = shared().graded_blocking(row, _answer(episode))
    return _told("rllm.eval.types", "EvalOutput", verdict, lambda reward, **_: reward)


def _answer(episode: Any) -> str:
    """Return the artifact `answer`, else the output of the last trajectory, of its last step, or its last reply."""
    held = episode if isinstance(episode, Mapping) else vars(episode)
    artifacts, trajectories = held.get("artifacts") or {}, held.get("trajectories") or []
    if "answer" in artifacts:
        return str(artifacts["answer"])
    last = trajectories[-1] if trajectories else None
    steps = list(getattr(last, "steps", None) or [])
    said = [getattr(last, "output", None), *(getattr(step, "output", None) for step in steps[-1:])]
    said += [getattr(step, "model_response", None) for step in reversed(steps)]
    return str(next((one for one in said if one), ""))


def reward_fn(task_info: Mapping[str, Any], action: str) -> Any:
    """Return rllm's `RewardOutput`, or what looks like one where rllm is not installed; errors as in `evaluate`."""
    verdict = shared().graded_blocking(task_info, action)
    return _told("rllm.rewards.reward_types", "RewardOutput", verdict, SimpleNamespace)


def _told(module: str, name: str, verdict: ItemVerdict, otherwise: Callable[..., Any]) -> Any:
    with contextlib.suppress(ImportError):
        otherwise = getattr(importlib.import_module(module), name)
    return otherwise(reward=numbered(verdict), is_correct=verdict.outcome is Outcome.CORRECT, metadata=figures(verdict))


ADAPTER = Adapter(
    trainer="rllm",
    tested_with="9beb6e0",
    ungradable="raises: the episode fails",
    log="`episode/…`, of the evaluator's metadata",
    as_called=on_threads(lambda item: float(reward_fn({"task": item["task"]}, item["completion"]).reward)),
)
