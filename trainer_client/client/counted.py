"""Rewards of whole batches for trainers that take numbers alone; what else the verdicts say waits for their log."""

from collections.abc import Sequence
from typing import Any

from reward_server.wire import ItemVerdict
from trainer_client.client.figures import Means, Sums, figures
from trainer_client.client.samples import numbered, shared


class Counted:
    """Grades batches by the service that the environment names; threads may share it."""

    def __init__(self) -> None:
        self._means = Means()

    async def rewards(self, rows: Sequence[Any], completions: Sequence[Any]) -> list[float]:
        """Return the rewards of a batch.

        Raises:
            Ungradable: one of them has no verdict; none is then returned, and none counted.
        """
        return self._told(await shared().verdicts(rows, completions))

    def rewards_blocking(self, rows: Sequence[Any], completions: Sequence[Any]) -> list[float]:
        """Return the same, waiting for it."""
        return self._told(shared().submit(rows, completions).result())

    def taken(self) -> Sums:
        """Return the sums of the figures (`trainer_client.client.figures`) since they were last taken."""
        return self._means.sums_taken()

    def _told(self, verdicts: list[ItemVerdict]) -> list[float]:
        rewards = [numbered(verdict) for verdict in verdicts]
        self._means.add([figures(verdict) for verdict in verdicts])
        return rewards


COUNTED = Counted()
"""This process's."""
