"""AReaL: a reward function of a rollout workflow.

    from areal.api.reward_api import AsyncRewardWrapper
    from trainer_client.adapters.areal import reward_fn          # REWARD_URL=http://127.0.0.1:8000 in the environment

    reward = AsyncRewardWrapper(reward_fn, timeout_seconds=15)

    from trainer_client.adapters.areal import logged_reward_fn
    workflow.async_reward_fn = logged_reward_fn                  # of an RLVRWorkflow: the same, shown in AReaL's log

AReaL runs it in a pool of processes, with the row's other columns as keywords. After its own time limit (15 s) AReaL
gives 0 without a word, so this function gives up after 12 s by raising, and raises where there is no verdict: AReaL
then tries again, and at last rejects the trajectory. What happens in that pool reaches no log: `logged_reward_fn` is
awaited in the workflow's own process instead, and hands AReaL's statistics what the verdict says beside its reward.
"""

from typing import Any

from trainer_client.adapters import Adapter, on_threads
from trainer_client.client.figures import figures
from trainer_client.client.samples import numbered, shared

DEADLINE_SECONDS = 12.0


def reward_fn(prompt: Any, completions: str, prompt_ids: Any, completion_ids: Any, **columns: Any) -> float:
    """Return the reward of one completion.

    Raises:
        Ungradable: there is no verdict.
        Unavailable: not within `DEADLINE_SECONDS`.
    """
    del prompt_ids, completion_ids
    return shared(DEADLINE_SECONDS).blocking({"prompt": prompt, **columns}, completions)


async def logged_reward_fn(
    prompt: Any, completions: str, prompt_ids: Any, completion_ids: Any, **columns: Any
) -> float:
    """Return the same, awaited in a workflow, and put the figures beside the reward in AReaL's log."""
    from areal import workflow_context  # type: ignore[import-not-found] # noqa: PLC0415
    from areal.utils import stats_tracker  # type: ignore[import-not-found] # noqa: PLC0415

    del prompt_ids, completion_ids
    verdict = await shared(DEADLINE_SECONDS).graded({"prompt": prompt, **columns}, completions)
    stats_tracker.get(workflow_context.stat_scope()).scalar(**figures(verdict))
    return numbered(verdict)


ADAPTER = Adapter(
    trainer="areal",
    tested_with="1.0.4",
    ungradable="raises: AReaL rejects the trajectory",
    log="`rollout/…` with `logged_reward_fn`; no with `reward_fn`, which runs in other processes",
    as_called=on_threads(lambda item: reward_fn("", item["completion"], [], [], task=item["task"])),
)
