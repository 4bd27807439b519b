"""What a test costs by how many tests its submission has, in four languages; for this state, and beside it for another.

Each state is a process of its own that works when it is told to, in turn with the other, so that both meet the same
machine. Run by `sandbox_throughput.py`; alone it is one such process: `python benchmarks/_submissions.py CHECKOUT`.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

TICKS = os.sysconf("SC_CLK_TCK")
COUNTS = (1, 4, 16, 64)
TESTS = 64
"""In each round of a language, whatever the number of submissions they are of."""
FEWER = {"cpp": 4, "java": 8, "javascript": 4}
"""By how much fewer, where a test or its compiler takes longer."""
STDIN = b"a b a\n" * 20
PROGRAMS = {
    "python": """
import sys
from collections import Counter
print(Counter(sys.stdin.read().split()).most_common(1)[0][1])
""",
    "cpp": """
#include <iostream>
#include <string>
int main() { std::string word; int count = 0; while (std::cin >> word) count += word == "a"; std::cout << count; }
""",
    "javascript": """
const words = require('fs').readFileSync(0, 'utf8').split(' ').join('\\n').split('\\n');
console.log(words.filter(word => word == 'a').length);
""",
    "java": """
import java.util.*;
public class Main {
    public static void main(String[] given) {
        Scanner in = new Scanner(System.in);
        int count = 0;
        while (in.hasNext()) if (in.next().equals("a")) count++;
        System.out.println(count);
    }
}
""",
}


def cpu_seconds() -> float:
    """Of this process, of all its dead children, and of its living descendants with their dead children."""
    total = sum(os.times()[:4])
    waiting = [os.getpid()]
    parents: dict[int, list[tuple[int, float]]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            spent = sum(map(int, fields[11:15])) / TICKS
            parents.setdefault(int(fields[1]), []).append((int(entry.name), spent))
    while waiting:
        for pid, spent in parents.get(waiting.pop(), []):
            total += spent
            waiting.append(pid)
    return total


class State:
    """A checkout at work in a process of its own."""

    def __init__(self, root: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, __file__, root], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.languages: list[str] = self._line()

    def once(self, language: str, count: int) -> tuple[float, float]:
        """Milliseconds of wall and CPU time for a test, in one round."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{language} {count}\n")
        self.process.stdin.flush()
        wall, cpu = self._line()
        return wall, cpu

    def _line(self) -> Any:
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())


def print_table(rounds: int, other: str | None) -> None:
    """Measure and print; `other` is another checkout to set beside this one."""
    roots = [str(Path(__file__).resolve().parents[1]), *([other] if other else [])]
    states = [State(root) for root in roots]
    print(f"{'language':12}{'tests each':>11}{'wall ms':>9}{'tests/s':>9}{'CPU ms':>8}", end="")
    print(f"{'old wall':>10}{'old CPU':>9}{'wall ratio':>12}{'CPU ratio':>11}" if other else "")
    for language in PROGRAMS:
        for count in COUNTS if all(language in state.languages for state in states) else ():
            figures = [[state.once(language, count) for state in states] for _ in range(rounds)]
            walls, cpus = (
                [_median([one[part] for one in state]) for state in zip(*figures, strict=True)] for part in (0, 1)
            )
            print(f"{language:12}{count:11}{walls[0]:9.2f}{1e3 / walls[0]:9.0f}{cpus[0]:8.2f}", end="")
            ratios = f"{walls[-1]:10.2f}{cpus[-1]:9.2f}{walls[-1] / walls[0]:12.2f}{cpus[-1] / cpus[0]:11.2f}"
            print(ratios if other else "", flush=True)
    for state in states:
        state.process.communicate()


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


async def _work() -> None:
    from sandboxes.execution import Invocation, Limits, Program, Status
    from sandboxes.launchers import process
    from sandboxes.pool import Family, SandboxPool

    pool = SandboxPool([Family("process", process.launch)], slots=1)
    await pool.start()
    limits, serial = Limits(cpu_seconds=5.0), 0

    async def submit(language: str, count: int) -> None:
        nonlocal serial
        serial += 1
        mark = "#" if language == "python" else "//"
        program = Program(language, f"{PROGRAMS[language]}{mark} {serial}\n")
        done = await pool.run(program, [Invocation(stdin=STDIN)] * count, limits, lambda *_: False)  # as a judge asks
        assert [(one.status, one.stdout.strip()) for one in done] == [(Status.OK, b"40")] * count, done[-1]

    offered = [language for language in PROGRAMS if not await pool.check(language)]
    for language in offered:
        await submit(language, 2)
    print(json.dumps(offered), flush=True)
    for line in sys.stdin:
        language, count = line.split()[0], int(line.split()[1])
        submissions = max(1, TESTS // FEWER.get(language, 1) // count)
        cpu, wall = cpu_seconds(), time.perf_counter()
        for _ in range(submissions):
            await submit(language, count)
        spent = time.perf_counter() - wall, cpu_seconds() - cpu
        print(json.dumps([each * 1e3 / (submissions * count) for each in spent]), flush=True)
    await pool.close()


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    asyncio.run(_work())
