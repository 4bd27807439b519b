"""What came of a data set: counts, mean reward, agreement with known labels, and the rows to look at."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import comb
from typing import Any

from reward_server.files.closing import Closing
from reward_server.files.scoring import Scored

MALFORMED = "malformed row"
_PASSING = frozenset({"1", "1.0", "true", "pass", "passed", "correct", "right", "ac", "accepted", "yes"})
_RIGHT = 0.5
"""A score of at least this counts as right when it is compared with a label."""
_SHOWN = 20
_ASKED = ("prompt", "problem", "question", "problem_id", "task_id")
"""Columns that say what was asked; rows that have the same in all of them answer one problem."""


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
    closing: Closing = field(default_factory=Closing)
    groups: dict[bytes, list[tuple[float, str]]] = field(default_factory=dict)
    """Scores and answers of rows that share a prompt, by its digest."""

    def add(self, scored: Scored) -> None:
        """Count one row."""
        record, row = scored.record, scored.row
        self.kept += scored.kept
        self.closing.add(scored)
        if "error" in record:
            self.outcomes[MALFORMED] += 1
            self._show(self.problems, f"{row.place}: {record['error']}")
            return
        self.outcomes[record["outcome"]] += 1
        if record["score"] is not None:
            self._add_to_group(scored)
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

    def _add_to_group(self, scored: Scored) -> None:
        """Note a score under what was asked."""
        value, record = scored.row.value, scored.record
        asked = {name: value[name] for name in _ASKED if name in value} if isinstance(value, Mapping) else {}
        if asked:
            digest = hashlib.blake2b(repr(sorted(asked.items())).encode("utf-8", "replace"), digest_size=16).digest()
            answer = record.get("answer")
            self.groups.setdefault(digest, []).append((float(record["score"]), "" if answer is None else str(answer)))

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

    def as_json(self) -> dict[str, Any]:
        """Return what programs read."""
        labelled = self.agreements.total()
        return {
            "rows": self.rows,
            "kept": self.kept,
            "outcomes": dict(self.outcomes.most_common()),
            "mean_reward": sum(self.rewards) / len(self.rewards) if self.rewards else None,
            "agreement": self.agreements[True] / labelled if labelled else None,
            "disagreements": self.disagreements,
            "malformed": self.problems,
        }

    def lines(self) -> Iterator[str]:
        """Yield what a person wants to read."""
        for outcome, count in self.outcomes.most_common():
            yield f"  {outcome:<18}{count:>8}  {count / self.rows:7.2%}"
        if self.rewards:
            yield f"  mean reward       {sum(self.rewards) / len(self.rewards):8.4f}"
        yield from _estimates(list(self.groups.values()))
        if labelled := self.agreements.total():
            agreed = self.agreements[True]
            yield f"agreement with {self.label!r}: {agreed} of {labelled} = {agreed / labelled:.2%}"
            yield from _first(self.disagreements, labelled - agreed, "disagree")
        yield from _first(self.problems, self.outcomes[MALFORMED], "malformed")


def _estimates(groups: list[list[tuple[float, str]]]) -> Iterator[str]:
    """Yield pass@k and cons@k where several rows answer one problem; k is the fewest that one has."""
    k = min((size for size in map(len, groups) if size > 1), default=0)
    several = [group for group in groups if len(group) >= k > 1]
    if not several:
        return
    counts = [(len(group), sum(score == 1.0 for score, _ in group)) for group in several]
    wanted = sorted({1, *(2**n for n in range(1, k.bit_length()) if 2**n <= k), k})
    figures = [f"pass@{j} {sum(_pass_at(n, right, j) for n, right in counts) / len(counts):.3f}" for j in wanted]
    agreed = sum(_consensus(group) for group in several) / len(several)
    yield f"{len(several)} problems with {k} or more graded answers: {'  '.join(figures)}  cons@{k} {agreed:.3f}"


def _pass_at(samples: int, right: int, k: int) -> float:
    return 1.0 - comb(samples - right, k) / comb(samples, k)


def _consensus(group: list[tuple[float, str]]) -> float:
    """Return the score of the answer given most often, the first of several; rows without an answer do not vote.

    Answers that are right count as one, however they are written; wrong ones are told apart by their text.
    """
    votes = Counter("" if score == 1.0 else answer for score, answer in group if answer or score == 1.0)
    if not votes:
        return 0.0
    winner = votes.most_common(1)[0][0]
    return 1.0 if not winner else next(score for score, answer in group if answer == winner)


def _first(lines: list[str], count: int, what: str) -> Iterator[str]:
    if count:
        yield f"{what}: {count}" + (f", the first {len(lines)}:" if count > len(lines) else "")
    for line in lines:
        yield f"  {line}"


def is_passing(label: object) -> bool:
    """Whether a label says that the completion is right."""
    return str(label).strip().lower() in _PASSING
