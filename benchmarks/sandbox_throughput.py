"""An isolated Python test against the other ways to run one, side by side, interleaved, in one run.

Claims: at least 120 tests a second in one slot, no slower than a bare `python3 -I -S -c pass`; two slots as many times
one as the machine has processors for each that one slot keeps busy, which is more than one: its agent, the next fork
and the server work beside a test; 3 times `subprocess` + python with the usual imports, 2 times bubblewrap + python, 40
times a container for each test; agent and warm interpreter below 60 MB.

The machine may be shared: each round runs a few of each contender in turn, and wall and CPU time are both given. CPU
time is what the machine spends on a test: the server's, the agent's, the zygote's and the program's together.

Then what a test costs by how many tests its submission has, in four languages; with another checkout of this project,
that one's cost beside it, both in turn on the same machine.

    python benchmarks/sandbox_throughput.py [rounds] [checkout]
"""

import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from _submissions import cpu_seconds, print_table

from sandboxes.execution import Invocation, Limits, Program, Status
from sandboxes.launchers import process
from sandboxes.pool import Family, SandboxPool

TEST = "import sys\nfrom collections import Counter\nprint(Counter(sys.stdin.read().split()).most_common(1))\n"
STDIN = b"a b a\n" * 20
USUAL = (
    "import sys,math,re,json,random,string,itertools,functools,collections,heapq,bisect,copy,operator,datetime,typing\n"
)
LIMITS = Limits(cpu_seconds=5.0)


@dataclass
class Contender:
    """One way to run a test, and what it has cost so far."""

    name: str
    once: Callable[[], None]
    per_round: int
    cpu_is_seen: bool = True
    """Not what an engine or a pid namespace's init spends: their processes are not below this one."""
    wall: list[float] = field(default_factory=list)
    cpu: float = 0.0
    runs: int = 0

    def go(self) -> None:
        """One round."""
        cpu, wall = cpu_seconds(), time.perf_counter()
        for _ in range(self.per_round):
            self.once()
        self.wall.append((time.perf_counter() - wall) / self.per_round)
        self.cpu += cpu_seconds() - cpu
        self.runs += self.per_round


def _command(*argv: str) -> Callable[[], None]:
    def once() -> None:
        done = subprocess.run(argv, input=STDIN, capture_output=True, check=True)
        assert done.stdout.strip() in (b"", b"[('a', 40)]"), done.stdout

    return once


def _contenders(runner: asyncio.Runner, pool: SandboxPool) -> list[Contender]:
    program, call = Program("python", TEST), Invocation(stdin=STDIN)

    def isolated() -> None:
        done = runner.run(pool.run(program, [call] * 20, LIMITS))
        assert all(one.status is Status.OK and one.stdout == b"[('a', 40)]\n" for one in done), done[-1]

    python = os.path.realpath(sys.executable)
    found = [
        Contender("isolated test, one slot", isolated, 1),
        Contender("python3 -I -S -c pass", _command(python, "-I", "-S", "-c", "pass"), 20),
        Contender("subprocess + python + usual imports", _command(python, "-c", USUAL + TEST), 10),
    ]
    if shutil.which("bwrap"):
        jail = ("bwrap", "--unshare-all", "--ro-bind", "/", "/", "--proc", "/proc", "--tmpfs", "/tmp")
        found.append(Contender("bubblewrap + python", _command(*jail, python, "-I", "-S", "-c", TEST), 10, False))
        found.append(
            Contender("bubblewrap + python + usual imports", _command(*jail, python, "-c", USUAL + TEST), 10, False)
        )
    if shutil.which("docker") and subprocess.run(["docker", "info"], capture_output=True, check=False).returncode == 0:
        container = (
            "docker",
            "run",
            "--rm",
            "-i",
            "--network",
            "none",
            "python:3.13-slim-trixie",
            "python3",
            "-c",
            TEST,
        )
        found.append(Contender("container per test", _command(*container), 1, False))
    return found


def _two_slots(runner: asyncio.Runner, rounds: int) -> tuple[float, float]:
    """Tests per second with one and with two slots, in turn, each with as many submissions waiting as it likes."""
    program, call = Program("python", TEST), Invocation(stdin=STDIN)

    async def many(pool: SandboxPool) -> float:
        started = time.perf_counter()
        await asyncio.gather(*(pool.run(program, [call] * 10, LIMITS) for _ in range(12)))
        return 120 / (time.perf_counter() - started)

    async def scenario() -> tuple[float, float]:
        one, two = (SandboxPool([Family("process", process.launch)], slots=slots) for slots in (1, 2))
        await asyncio.gather(one.start(), two.start())
        await asyncio.gather(many(one), many(two))
        rates = [(await many(one), await many(two)) for _ in range(rounds)]
        await asyncio.gather(one.close(), two.close())
        return _median([rate[0] for rate in rates]), _median([rate[1] for rate in rates])

    return runner.run(scenario())


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def _memory(runner: asyncio.Runner) -> int:
    async def scenario() -> int:
        slot = await process.launch()
        await slot.prepare(Program("python", TEST), LIMITS)
        await slot.run(Invocation(), LIMITS)
        await slot.prepare(Program("python", "import json\n" + TEST), LIMITS)
        await slot.run(Invocation(), LIMITS)
        said = await slot.statistics()
        await slot.close()
        return int(said["memory_bytes"])

    return runner.run(scenario())


def main(rounds: int) -> None:
    with asyncio.Runner() as runner:
        pool = SandboxPool([Family("process", process.launch)], slots=1)
        runner.run(pool.start())
        contenders = _contenders(runner, pool)
        for contender in contenders:
            contender.once()
        for _ in range(rounds):
            for contender in contenders:
                contender.go()
        level = pool.describe()["isolation_level"]
        runner.run(pool.close())
        one, two = _two_slots(runner, max(3, rounds // 4))
        memory = _memory(runner)
    contenders[0].wall = [wall / 20 for wall in contenders[0].wall]
    contenders[0].runs *= 20
    ours_wall, ours_cpu = _median(contenders[0].wall), contenders[0].cpu / contenders[0].runs
    print(f"isolation level {level}, load {os.getloadavg()[0]:.1f}, {rounds} rounds, medians")
    print(f"{'':38}{'wall ms':>9}{'tests/s':>9}{'CPU ms':>9}{'wall ratio':>12}{'CPU ratio':>11}")
    for contender in contenders:
        wall, cpu = _median(contender.wall), contender.cpu / contender.runs
        spent = f"{cpu * 1e3:9.1f}" if contender.cpu_is_seen else f"{'':9}"
        ratio = f"{cpu / ours_cpu:11.1f}" if contender.cpu_is_seen else ""
        print(f"{contender.name:38}{wall * 1e3:9.1f}{1 / wall:9.0f}{spent}{wall / ours_wall:12.1f}{ratio}")
    print(f"one slot {one:.0f} tests/s, two slots {two:.0f} tests/s: {two / one:.2f} times", end="")
    print(f"; one keeps {ours_cpu / ours_wall:.2f} of {os.cpu_count()} processors busy")
    print(f"agent + warm interpreters (bare and library tiers): {memory / 2**20:.1f} MiB")


if __name__ == "__main__":
    given = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    main(given)
    print_table(given, sys.argv[2] if len(sys.argv) > 2 else None)
