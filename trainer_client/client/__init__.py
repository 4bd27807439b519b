"""What a trainer needs to call the service: batches of rows in, one verdict for each row out, nothing lost."""

from trainer_client.client.client import RewardClient, pair

__all__ = ["RewardClient", "pair"]
