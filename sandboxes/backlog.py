"""How much work waits: an estimate in CPU seconds for each submission, learnt from what those before it cost."""

from collections.abc import Iterator
from contextlib import contextmanager

_UNKNOWN_CPU_SECONDS = 0.1
"""Assumed of a submission while nothing is known about its language."""
_WEIGHT_OF_NEWEST = 0.05


class Backlog:
    """Submissions that run or wait."""

    def __init__(self) -> None:
        self.cpu_seconds = 0.0
        self._averages: dict[str, float] = {}

    @contextmanager
    def work(self, language: str) -> Iterator[list[float]]:
        """Count one submission in; what is put into the list is what it has cost, in CPU seconds."""
        estimate = self._averages.get(language, _UNKNOWN_CPU_SECONDS)
        self.cpu_seconds += estimate
        cost: list[float] = []
        try:
            yield cost
        finally:
            self.cpu_seconds -= estimate
        if cost:
            known = self._averages.setdefault(language, sum(cost))
            self._averages[language] += _WEIGHT_OF_NEWEST * (sum(cost) - known)
