"""What came of a data set: counts, mean reward, agreement with known labels, and the rows to look at."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from reward_server.files.scoring import Scored

MALFORMED = "malformed row"
_PASSING = frozenset({"1", "1.0", "true", "pass", "passed", "correct", "right", "ac", "accepted", "yes"})
_RIGHT = 0.5
"""A score of at least this counts as right when it is compared with a label."""
_SHOWN = 20


@dataclass
class Summary:
    """Of all rows, those included that an earlier run has graded."""

    label: str | None = None
    """Column with a known label."""
    outcomes: Counter[str] = field(default_factory=Counter)
    rewards: list[float] = field(default_factory=list)
    agreements: Counter[bool] = field(default_factory=Counter)
    kept: int = 0
    disagreements: list[str] = field(default_factory=list)
    """The first of them, with place and id."""
    problems: list[str] = field(default_factory=list)
    """The first malformed rows, with place."""

    def add(self, scored: Scored) -> None:
        """Count one row."""
        record, row = scored.record, scored.row
        self.kept += scored.kept
        if "error" in record:
            self.outcomes[MALFORMED] += 1
            self._show(self.problems, f"{row.place}: {record['error']}")
            return
        self.outcomes[record["outcome"]] += 1
        if record["reward"] is not None:
            self.rewards.append(record["reward"])
        if self.label is None or not isinstance(row.value, Mapping) or self.label not in row.value:
            return
        known = row.value[self.label]
        agrees = record["score"] is not None and (record["score"] >= _RIGHT) is is_passing(known)
        self.agreements[agrees] += 1
        if not agrees:
            told = f"label {known!r}, {record['outcome']}, answer {record['answer']!r:.80}"
            self._show(self.disagreements, f"{row.place} (id {record['id']}): {told}")

    @staticmethod
    def _show(lines: list[str], line: str) -> None:
        if len(lines) < _SHOWN:
            lines.append(line)

    @property
    def rows(self) -> int:
        """How many."""
        return self.outcomes.total()

    @property
    def usable(self) -> bool:
        """Whether anything was graded."""
        return self.rows > self.outcomes[MALFORMED]

    def lines(self) -> Iterator[str]:
        """Yield what a person wants to read."""
        for outcome, count in self.outcomes.most_common():
            yield f"  {outcome:<18}{count:>8}  {count / self.rows:7.2%}"
        if self.rewards:
            yield f"  mean reward       {sum(self.rewards) / len(self.rewards):8.4f}"
        if labelled := self.agreements.total():
            agreed = self.agreements[True]
            yield f"agreement with {self.label!r}: {agreed} of {labelled} = {agreed / labelled:.2%}"
            yield from _first(self.disagreements, labelled - agreed, "disagree")
        yield from _first(self.problems, self.outcomes[MALFORMED], "malformed")


def _first(lines: list[str], count: int, what: str) -> Iterator[str]:
    if count:
        yield f"{what}: {count}" + (f", the first {len(lines)}:" if count > len(lines) else "")
    for line in lines:
        yield f"  {line}"


def is_passing(label: object) -> bool:
    """Whether a label says that the completion is right."""
    return str(label).strip().lower() in _PASSING
