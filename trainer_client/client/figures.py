"""What a trainer's own log shows of verdicts: the names of the numbers are given here and nowhere else.

| name | of one verdict | its mean over many |
|---|---|---|
| `parts/<part>` | the part before its weight; left out where it was not measured | the part's mean |
| `outcome/<outcome>` | 1 for its own outcome, 0 for every other | how often; why a reward is missing, too |
| `unscored_share` | 1 where there is no reward | completions without one |
| `cached_share` | 1 where the verdict was known already | the cache's hits |
| `cheating_share` | 1 where a program tried what it has no reason to try, or was ended for it | cheating |

A verdict has every outcome, the zeros included: trainers average a name over those that have it, and an outcome named
only where it occurs would always have the share 1.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence

from reward_server.verdict import told_shares
from reward_server.wire import ItemVerdict

Sums = dict[str, tuple[float, int]]
"""By the name of a figure: the sum of its values, and of how many."""


def shares(verdict: ItemVerdict) -> dict[str, float]:
    """Return what is 1 or 0 of one verdict: always the same names, as verl and OpenRLHF demand."""
    return told_shares(verdict.outcome, verdict.reward, verdict.cached, verdict.evidence)


def columns(verdict: ItemVerdict) -> dict[str, float]:
    """Return the shares and the parts by their bare names, 0 where one was not measured: the same names always."""
    return {part: value or 0.0 for part, value in verdict.parts.items()} | shares(verdict)


def figures(verdict: ItemVerdict) -> dict[str, float]:
    """Return the shares of one verdict, and each part that was measured."""
    parts = {f"parts/{part}": value for part, value in verdict.parts.items() if value is not None}
    return shares(verdict) | parts


def rates(verdicts: Sequence[ItemVerdict]) -> dict[str, float]:
    """Return the mean of each figure, over the verdicts that have it."""
    return means([figures(verdict) for verdict in verdicts])


def means(many: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the mean of each name, over those that have it."""
    summed = Means()
    summed.add(many)
    return summed.taken()


class Means:
    """The means of all figures since they were last taken; threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sums: Sums = {}

    def add(self, many: Sequence[Mapping[str, float]]) -> None:
        """Count the figures of these verdicts in."""
        with self._lock:
            for name, value in (pair for one in many for pair in one.items()):
                total, count = self._sums.get(name, (0.0, 0))
                self._sums[name] = (total + value, count + 1)

    def taken(self) -> dict[str, float]:
        """Return the means and begin anew."""
        return together([self.sums_taken()])

    def sums_taken(self) -> Sums:
        """Return what the means are made of, for those of several processes, and begin anew."""
        with self._lock:
            sums, self._sums = self._sums, {}
        return sums


def together(processes: Iterable[Sums]) -> dict[str, float]:
    """Return the mean of each name over all processes."""
    totals: Sums = {}
    for name, (value, many) in (pair for sums in processes for pair in sums.items()):
        total, count = totals.get(name, (0.0, 0))
        totals[name] = (total + value, count + many)
    return {name: total / count for name, (total, count) in totals.items()}
