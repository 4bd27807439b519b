"""What a summary closes with: outcomes by kind, the slowest rows, those worth a look, and what to do next."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappushpop
from typing import Any

from reward_server.files.scoring import Scored
from reward_server.signals import SIGNALS, signals_of

_SLOWEST, _SLOW_MS, _SHOWN = 5, 20.0, 3
_MANY = 0.2
"""From this share on, a thing is more likely the data set's or the command's than the completions'."""


@dataclass
class Closing:
    """Of all rows that have a verdict."""

    kinds: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    slowest: list[tuple[float, str, str]] = field(default_factory=list)
    """(milliseconds, place, kind), the fastest of them first; of rows that were graded now."""
    signals: Counter[str] = field(default_factory=Counter)
    places: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """The first rows of each signal."""

    def add(self, scored: Scored) -> None:
        """Count one row."""
        record, place = scored.record, scored.row.place
        if "error" in record:
            return
        kind = str(record.get("grader", "?")).partition("/")[0]
        self.kinds[kind][str(record["outcome"])] += 1
        for signal in signals_of(record, str(record["outcome"])):
            self.signals[signal] += 1
            if len(self.places[signal]) < _SHOWN:
                self.places[signal].append(place)
        taken = float(record.get("elapsed_ms") or 0.0)
        if scored.kept or record.get("cached") or taken < _SLOW_MS:
            return
        if len(self.slowest) < _SLOWEST:
            self.slowest = sorted([*self.slowest, (taken, place, kind)])
        else:
            heappushpop(self.slowest, (taken, place, kind))

    def lines(self, output: str, file: str) -> Iterator[str]:
        """Yield what a person wants to read; `output` holds the verdicts, `file` what was scored."""
        yield from self._table()
        if self.slowest:
            yield "slowest:"
            yield from (
                f"  {took / 1000:8.2f} s  {kind:<14}{place}" for took, place, kind in sorted(self.slowest)[::-1]
            )
        if self.signals:
            yield "worth a look:"
        for signal, count in self.signals.most_common():
            shown = ", ".join(self.places[signal]) + (", …" if count > len(self.places[signal]) else "")
            yield f"  {signal.replace('_', ' '):<22}{count:>6}  {SIGNALS[signal]} {shown}"
        suggestions = self.suggestions(output, file)
        if suggestions:
            yield "next:"
        yield from (f"  {suggestion}" for suggestion in suggestions)

    def _table(self) -> Iterator[str]:
        outcomes = [name for name, _ in sum(self.kinds.values(), Counter[str]()).most_common()]
        if not outcomes:
            return
        width = max(map(len, self.kinds)) + 2
        yield " " * (width + 8) + "".join(f"{name:>{len(name) + 2}}" for name in outcomes)
        for kind, counts in sorted(self.kinds.items()):
            cells = "".join(f"{counts[name] or '·':>{len(name) + 2}}" for name in outcomes)
            yield f"  {kind:<{width}}{counts.total():>6}{cells}"

    def suggestions(self, output: str, file: str) -> list[str]:
        """Return what to do about what was found, each with the command where there is one."""
        counts = sum(self.kinds.values(), Counter[str]())
        total, told = counts.total(), []
        if counts["ungradable"]:
            told.append(
                f"{counts['ungradable']} ungradable: the grader failed, not the rows; the same command tries again"
            )
        if counts["bad_ground_truth"]:
            told.append(f"broken ground truths: reward-server lint {file} says what is wrong with each")
        if total and counts["no_answer"] >= _MANY * total:
            told.append("many rows have no answer: does --completion name the column, and were completions cut short?")
        if total >= 1 / _MANY and not counts["correct"] and not counts["partial"]:
            told.append("nothing is right: does --ground-truth name the right column, and --kind the right kind?")
        if self.signals:
            told.append(f"see them with their evidence: reward-server view {output}")
        return told

    def as_json(self, output: str, file: str) -> dict[str, Any]:
        """Return the same for programs."""
        slowest = [{"milliseconds": took, "place": place, "kind": kind} for took, place, kind in sorted(self.slowest)]
        signals = {name: {"n": count, "places": self.places[name]} for name, count in self.signals.most_common()}
        kinds = {kind: dict(counts) for kind, counts in sorted(self.kinds.items())}
        return {"kinds": kinds, "slowest": slowest[::-1], "signals": signals, "next": self.suggestions(output, file)}
