"""The trainer's side of reward-server: the client, adapters for other trainers, and a small GRPO trainer.

Importing this needs neither torch nor FastAPI.
"""

from trainer_client.client.client import RewardClient, pair
from trainer_client.client.errors import ProtocolError, RequestRejected, RewardClientError, Unavailable, Ungradable
from trainer_client.client.samples import Reward

__all__ = [
    "ProtocolError",
    "RequestRejected",
    "Reward",
    "RewardClient",
    "RewardClientError",
    "Unavailable",
    "Ungradable",
    "pair",
]
