"""rllm: a reward function, or an evaluator.

    import rllm
    from trainer_client.adapters.rllm import evaluate, reward_fn  # REWARD_URL=http://127.0.0.1:8000 in the environment

    service = rllm.evaluator(evaluate)                           # new interface: (task, episode)
    agent = ...(reward_fn=reward_fn)                             # old interface: (task_info, action)

Where there is no verdict it raises, and the episode fails.
"""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from trainer_client.adapters import Adapter, on_threads
from trainer_client.client.batching import Item
from trainer_client.client.samples import shared


def evaluate(task: Any, episode: Any) -> float:
    """Return the reward of an episode's answer, found where rllm's own reward functions look for it.

    Raises:
        Ungradable: there is no verdict.
    """
    row = task if isinstance(task, Mapping) else getattr(task, "metadata", None) or vars(task)
    return shared().blocking(row, _answer(episode))


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
    try:
        from rllm.rewards.reward_types import RewardOutput  # type: ignore[import-not-found] # noqa: PLC0415
    except ImportError:
        RewardOutput = SimpleNamespace  # noqa: N806
    return RewardOutput(reward=shared().blocking(task_info, action), metadata={})


def _episode(item: Item) -> float:
    return evaluate({"task": item["task"]}, {"artifacts": {"answer": item["completion"]}})


ADAPTER = Adapter(
    trainer="rllm",
    tested_with="9beb6e0",
    ungradable="raises: the episode fails",
    as_called=on_threads(_episode),
)
