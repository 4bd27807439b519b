"""TRL's `GRPOTrainer` (and Unsloth and Axolotl, which hand reward functions on to it).

    from trainer_client.adapters.trl import RewardFunction
    from trl import GRPOConfig, GRPOTrainer

    trainer = GRPOTrainer(
        model="Qwen/Qwen2.5-0.5B-Instruct",
        reward_funcs=RewardFunction("http://127.0.0.1:8000", rewards={"accuracy": 1, "format": 1}),
        train_dataset=dataset,                       # columns: prompt, and one of the following
        args=GRPOConfig(num_generations=8),
    )

Rows are read as their data sets store them (`reward_server.datasets`): a column `task` with whole tasks (or their JSON
text, which data sets of mixed kinds need because Arrow gives all rows the same fields), or whatever columns the data
set has. `kind=`, `dataset=` and `column=` say what the rows do not; a row that can be read in two ways has no reward,
and the log names it once.

One POST grades the whole batch. A completion without a verdict gets None: TRL makes it NaN, leaves it out of its
group's mean and gives it no advantage. With a second reward function TRL would keep that one's number and call it the
reward, so hand all of them in through `masked`, which then has every function say None:

    reward_funcs=masked(RewardFunction("http://127.0.0.1:8000"), length_bonus)

Parts, outcomes, causes of missing verdicts and their reasons appear in TRL's logs and completion table. `parts(…)`
gives one function for each reward part, all fed by the same POST, for `reward_weights` and for
`multi_objective_aggregation="normalize_then_sum"`; a completion without a verdict has no part at all.

Functions are picklable, so that TRL's asynchronous rollout workers can be given them. `RewardFunction` is asynchronous
and needs TRL 1.14 (TRL awaits several together). `BlockingRewardFunction` is its twin for releases and trainers that
call reward functions directly. Online-DPO, SDPO and old releases make a 0 of None without a word, so the twin raises
`Ungradable` instead; `nulls="mask"` has it return None, for `GRPOTrainer` of 1.14 and later alone.

By name, configured by the environment (`REWARD_URL`, `REWARD_API_TOKEN`, …; `trainer_client.client.samples`):

    REWARD_URL=http://127.0.0.1:8000 trl grpo --reward_funcs trainer_client.adapters.trl.reward …
"""

import asyncio
import os
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal

from trainer_client.adapters import Adapter, as_batch
from trainer_client.client.column_functions import (
    AWAITS_OBJECTS,
    BlockingRewardFunction,
    RewardFunction,
    Rewards,
    installed_trl,
    masked,
    parts,
)
from trainer_client.client.samples import configuration

__all__ = ["ADAPTER", "BlockingRewardFunction", "RewardFunction", "masked", "parts", "reward"]


def reward(prompts: Sequence[Any], completions: Sequence[Any], **columns: Any) -> Rewards:
    """Return the rewards of a batch, as the environment configures them; for whoever takes a dotted path.

    Raises:
        Ungradable: one has no verdict, and TRL is older than 1.14 or `REWARD_NULLS` is "raise".
    """
    mask = (installed_trl() or AWAITS_OBJECTS) >= AWAITS_OBJECTS and os.environ.get("REWARD_NULLS", "mask") == "mask"
    function = _from_environment(os.getpid(), "mask" if mask else "raise", *configuration())
    return function(prompts, completions, **columns)


@lru_cache(maxsize=2)
def _from_environment(_pid: int, nulls: Literal["raise", "mask"], *_environment: str | None) -> BlockingRewardFunction:
    return BlockingRewardFunction(nulls=nulls)


def _step(completions: list[Any], tasks: list[Any]) -> Rewards:
    """Call as `GRPOTrainer._calculate_rewards` does: the whole batch by keywords, extra columns and loggers with it."""
    loggers: dict[str, Any] = {"log_extra": lambda _column, _values: None, "log_metric": lambda _name, _value: None}
    columns: dict[str, Any] = {"completions": completions, "completion_ids": [[0]] * len(tasks), "task": tasks}

    async def gathered() -> Rewards:
        call = RewardFunction()(prompts=[""] * len(tasks), trainer_state=None, **columns, **loggers)
        return (await asyncio.gather(call))[0]

    return asyncio.run(gathered())


ADAPTER = Adapter(
    trainer="trl",
    tested_with="1.16.0",
    ungradable="None: NaN in TRL, out of the group's mean, advantage 0",
    log="under their own names",
    as_called=as_batch(_step),
)
