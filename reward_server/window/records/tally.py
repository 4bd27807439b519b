"""What a batch of lines adds to the index, summed before it is written."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from reward_server.window.records import schema
from reward_server.window.records.entry import Entry
from reward_server.window.records.figures import bucket_of

_LEAST_AGREEING, _AGREEING_SHARE = 4, 0.6
"""How many of a group have to give one wrong answer, so that the ground truth is worth a look."""


@dataclass
class Tally:
    """Sums of one batch."""

    names: Mapping[str, int]
    """The number of a name, of a new one too."""
    first: int
    """The number of the batch's first verdict."""
    verdicts: list[tuple[Any, ...]] = field(default_factory=list)
    cells: dict[tuple[int, ...], list[float]] = field(default_factory=dict)
    parts: defaultdict[tuple[int, int, int, int], list[float]] = field(
        default_factory=lambda: defaultdict(lambda: [0, 0.0])
    )
    groups: dict[int, list[Any]] = field(default_factory=dict)
    tasks: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    """By run, 0 for all, and task."""
    times: Counter[tuple[int, int, int]] = field(default_factory=Counter)
    causes: dict[tuple[int, int, int, int], list[int]] = field(default_factory=dict)
    signals: list[tuple[int, int, int]] = field(default_factory=list)
    counts: Counter[tuple[int, int, int, int]] = field(default_factory=Counter)
    wrong: defaultdict[int, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))
    """Wrong answers of each group, with the verdicts' numbers."""

    def add(self, entry: Entry, segment: int, place: int, size: int) -> None:
        """Count one verdict."""
        number, names, reward, step = self.first + len(self.verdicts), self.names, entry.reward, entry.step
        run, kind, outcome = names[entry.run], names[entry.kind], names[entry.outcome]
        where = (number, segment, place, size, run, step, entry.group, kind, outcome)
        self.verdicts.append((*where, reward, entry.score, entry.elapsed_ms, entry.answer))
        cell = self.cells.get((run, step, kind, outcome))
        if cell is None:
            cell = self.cells[run, step, kind, outcome] = [0, 0, 0.0, 0, 0.0, entry.named_step, 0.0]
        cell[0] += 1
        if reward is not None:
            cell[1] += 1
            cell[2] += reward
        cell[3] += entry.cached
        cell[4] += entry.elapsed_ms
        cell[6] = max(cell[6], entry.time)
        for part, value in entry.parts.items():
            if value is not None:
                total = self.parts[run, step, kind, names[part]]
                total[0] += 1
                total[1] += value
        self._add_to_group(entry, run, kind, number)
        self.times[run, kind, bucket_of(entry.elapsed_ms)] += 1
        if entry.score is None:
            cause = self.causes.setdefault((run, kind, outcome, names[entry.cause]), [0, 0])
            cause[:] = cause[0] + 1, number
        for which in (run, 0):
            self._add_to_task(which, entry, kind, number)
        for signal in entry.signals:
            self._signal(signal, run, step, kind, number)

    def _add_to_task(self, which: int, entry: Entry, kind: int, number: int) -> None:
        task = self.tasks.get((which, entry.task))
        if task is None:
            task = self.tasks[which, entry.task] = [kind, 0, 0, 0, 0, 0]
        task[1] += 1
        if entry.score is None:
            task[4] += 1
        else:
            task[2] += 1
            task[3] += entry.score == 1
        task[5] = number

    def _add_to_group(self, entry: Entry, run: int, kind: int, number: int) -> None:
        reward = entry.reward
        group = self.groups.get(entry.group)
        if group is None:
            group = self.groups[entry.group] = [run, entry.step, kind, entry.task, 0, 0, reward, reward, 0.0, number]
        group[4] += 1
        if reward is not None:
            group[5] += 1
            group[6] = reward if group[6] is None else min(group[6], reward)
            group[7] = reward if group[7] is None else max(group[7], reward)
            group[8] += reward
        if entry.outcome == "incorrect" and entry.answer:
            self.wrong[entry.group].append((entry.answer, number))

    def _signal(self, signal: str, run: int, step: int, kind: int, number: int) -> None:
        which = self.names[signal]
        self.signals.append((which, run, number))
        self.counts[which, run, step, kind] += 1

    def write(self, connection: sqlite3.Connection) -> None:
        """Write the sums; groups that agree on a wrong answer are told as far as they stand in one batch."""
        for identity, answers in self.wrong.items():
            run, step, kind, _, size = self.groups[identity][:5]
            answer, count = Counter(text for text, _ in answers).most_common(1)[0]
            if count >= max(_LEAST_AGREEING, _AGREEING_SHARE * size):
                number = next(number for text, number in answers if text == answer)
                self._signal("agreed_on_wrong", run, step, kind, number)
        connection.executemany(schema.INSERT_VERDICT, self.verdicts)
        connection.executemany(schema.ADD_TO_CELL, [(*key, *sums) for key, sums in self.cells.items()])
        connection.executemany(schema.ADD_TO_SPAN, self._spans())
        connection.executemany(schema.ADD_STEP, {(run, step) for run, step, *_ in self.cells})
        connection.executemany(schema.ADD_TO_PART, [(*key, *sums) for key, sums in self.parts.items()])
        connection.executemany(schema.ADD_TO_GROUP, [(key, *sums) for key, sums in self.groups.items()])
        connection.executemany(schema.ADD_TO_TASK, [(*key, *sums) for key, sums in self.tasks.items()])
        connection.executemany(schema.ADD_TO_TIME, [(*key, count) for key, count in self.times.items()])
        connection.executemany(schema.ADD_TO_CAUSE, [(*key, *sums) for key, sums in self.causes.items()])
        connection.executemany(schema.ADD_SIGNAL, self.signals)
        connection.executemany(schema.ADD_TO_SIGNAL, [(*key, count) for key, count in self.counts.items()])

    def _spans(self) -> Iterator[tuple[Any, ...]]:
        """Yield the sums of each run, kind and outcome, those of one step after those of another."""
        for (run, step, kind, outcome), (n, rewarded, reward, cached, _, named, newest) in self.cells.items():
            yield run, kind, outcome, named, n, rewarded, reward, cached, newest, step, step
