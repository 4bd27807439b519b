"""What ten asserts cost: as pairs of a call and a value, and as test code in a process of its own.

With another checkout of this project that one's cost beside it, on the same machine; the states and the forms of tests
take turns, so that a busy machine is busy for all. CPU time is what the machine spends on a submission: the server's,
the agents', the tests' and the program's together. Each submission is new, so that none is kept compiled.

    python benchmarks/code_asserts.py [--rounds N] [--concurrency N] [--other CHECKOUT]

Claims: at most 1.3 times what asserts cost when the server still interpreted them, at 3ee253a.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

_PER_ROUND = 8


class State:
    """A checkout at work in a process of its own."""

    def __init__(self, root: Path) -> None:
        work = Path(__file__).with_name("_asserts.py")
        self.process = subprocess.Popen(
            [sys.executable, str(work), str(root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.ways: list[str] = self._line()

    def once(self, way: str, at_once: int) -> tuple[float, float]:
        """Seconds of wall and CPU time for a submission, in one round."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps([way, at_once, _PER_ROUND]) + "\n")
        self.process.stdin.flush()
        wall, cpu = self._line()
        return wall, cpu

    def _line(self) -> Any:
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--concurrency", type=int, default=4)
    parser.add_argument("--other", type=Path)
    options = parser.parse_args()
    states = [State(root) for root in (Path(__file__).resolve().parents[1], options.other) if root]
    print(f"load {os.getloadavg()[0]:.1f}, {options.rounds} rounds of {_PER_ROUND} submissions, medians of rounds, ms")
    print(f"{'':24}{'tests':12}{'wall':>7}{'CPU':>7}", end="")
    print(f"{'old wall':>10}{'old CPU':>9}{'wall ratio':>12}{'CPU ratio':>11}" if options.other else "")
    for at_once in (1, options.concurrency):
        rounds: dict[str, list[list[tuple[float, float]]]] = {way: [] for way in states[0].ways}
        for _ in range(options.rounds):
            for way, found in rounds.items():
                found.append([state.once(way, at_once) for state in states])
        for way, found in rounds.items():
            figures = [
                [1e3 * _median([each[part] for each in state]) for part in (0, 1)] for state in zip(*found, strict=True)
            ]
            title = f"{at_once} at once" if at_once > 1 else "one after the other"
            print(f"{title:24}{way:12}{figures[0][0]:7.1f}{figures[0][1]:7.1f}", end="")
            (wall, cpu), (old_wall, old_cpu) = figures[0], figures[-1]
            ratios = f"{old_wall:10.1f}{old_cpu:9.1f}{wall / old_wall:12.2f}{cpu / old_cpu:11.2f}"
            print(ratios if options.other else "", flush=True)
    for state in states:
        state.process.communicate()


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


main()
