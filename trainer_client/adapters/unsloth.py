"""Unsloth: TRL's reward functions, which its patched `GRPOTrainer` takes unchanged.

    from trainer_client.adapters.unsloth import RewardFunction, masked

    reward_funcs=masked(RewardFunction("http://127.0.0.1:8000"), length_bonus)

See `trainer_client.adapters.trl`, which this is.
"""

from trainer_client.adapters import Adapter, trl
from trainer_client.adapters.trl import BlockingRewardFunction, RewardFunction, masked, parts, reward

__all__ = ["ADAPTER", "BlockingRewardFunction", "RewardFunction", "masked", "parts", "reward"]

ADAPTER = Adapter(
    trainer="unsloth",
    tested_with="2026.10.9",
    ungradable=trl.ADAPTER.ungradable,
    log=trl.ADAPTER.log,
    as_called=trl.ADAPTER.as_called,
)
