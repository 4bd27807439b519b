"""Axolotl: a reward function by its dotted path.

    rl: grpo
    trl:
      reward_funcs: ["trainer_client.adapters.axolotl.reward"]   # REWARD_URL=http://127.0.0.1:8000 in the environment

Axolotl hands it on to TRL, whose adapter it is: a completion without a verdict is left out (`REWARD_NULLS=raise` stops
instead). With a second reward function list `trainer_client.adapters.axolotl.reward` alone or set `REWARD_NULLS=raise`:
TRL would keep the other one's number. Axolotl's own NeMo-Gym plugin makes a 0 of a server that is down: use this.
"""

from typing import Any

from trainer_client.adapters import Adapter, as_batch
from trainer_client.adapters.trl import reward

__all__ = ["ADAPTER", "reward"]


def _step(completions: list[Any], tasks: list[Any]) -> list[float | None]:
    return reward([""] * len(completions), completions, task=tasks, trainer_state=None)


ADAPTER = Adapter(
    trainer="axolotl",
    tested_with="0.21.0",
    ungradable="None: as in TRL",
    log="as in TRL",
    as_called=as_batch(_step),
)
