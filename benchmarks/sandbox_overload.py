"""False time-outs on an overloaded machine: honest programs judged by CPU time, beside the same judged by the clock.

Ten programs for each core burn what they can get. Then honest programs that need half a second of CPU are judged
twice: here, with a CPU limit of twice that, and as the usual harness does it, each in a `subprocess` with a limit on
wall time, all at once. Every one of them is right, so each time-out is a wrong label. Sleepers must still be ended.

Then a thousand small programs, which spend more of their time waiting for the machinery than computing; and programs
that wait for an interactor which computes until its own limit: our failure, so a number for the program is wrong.

    python benchmarks/sandbox_overload.py [--programs 32] [--small 1000] [--conversations 4] [--burners 10]
"""

import argparse
import asyncio
import collections
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from reward_server.errors import ServiceError
from reward_server.graders import Completion, Resources
from reward_server.graders.code import GRADER, CodeTask
from sandboxes.execution import Execution, Invocation, Limits, Program
from sandboxes.launchers import process
from sandboxes.pool import Family, SandboxPool

HONEST = "import time\nwhile time.process_time() < 0.5: pass\nprint(1)"
SMALL = "# {}\nimport time\ntime.sleep(0.01)\nprint(int(input()) + 1)"
BUSY_INTERACTOR = "import sys\nwhile True: pass\nsys.exit(1)"
SLEEPER = "import time\ntime.sleep(600)"
LIMITS = Limits(cpu_seconds=1.0, wall_seconds=2.0)
WALL_LIMITS = (2.0, 10.0)


async def judge(pool: SandboxPool, programs: int) -> tuple[list[Execution], float]:
    """All programs at once through one pool with a slot for each core; four of them more are sleepers."""
    sources = [HONEST] * programs + [SLEEPER] * 4
    runs = [pool.run(Program("python", each), [Invocation()], LIMITS) for each in sources]
    done, elapsed = await timed(runs)
    return [execution for (execution,) in done], elapsed


async def small(pool: SandboxPool, programs: int) -> tuple[collections.Counter[str], float]:
    """Statuses of programs that need next to nothing, each a new one; a wrong output is a status of its own."""
    runs = [pool.run(Program("python", SMALL.format(n)), [Invocation(stdin=b"7\n")], LIMITS) for n in range(programs)]
    done, elapsed = await timed(runs)
    return collections.Counter(
        each.status.value if each.stdout == b"8\n" or each.status.value != "ok" else "wrong" for (each,) in done
    ), elapsed


async def converse(pool: SandboxPool, programs: int) -> tuple[collections.Counter[str], float]:
    """What becomes of programs whose interactor keeps them waiting: their outcome, or that the failure is ours."""
    compiled = GRADER.compile(
        CodeTask(tests=[{"stdin": "7\n", "stdout": ""}], interactor=BUSY_INTERACTOR, wall_seconds=2)
    )

    async def one(number: int) -> str:
        assert GRADER.slow is not None
        try:
            verdict = await GRADER.slow(compiled, Completion(f"# {number}\ninput()"), Resources(sandboxes=pool))
        except ServiceError:
            return "ungradable"
        return verdict.outcome.value

    done, elapsed = await timed([one(number) for number in range(programs)])
    return collections.Counter(done), elapsed


async def timed(runs: list[Awaitable[Any]]) -> tuple[list[Any], float]:
    """What they give, all at once, and the seconds that took."""
    started = time.perf_counter()
    return await asyncio.gather(*runs), time.perf_counter() - started


async def measure(options: argparse.Namespace) -> None:
    pool = SandboxPool([Family("process", process.launch)], slots=max(2, len(os.sched_getaffinity(0))))
    await pool.start()
    try:
        report(options, *await judge(pool, options.programs))
        statuses, elapsed = await small(pool, options.small)
        print(f"{options.small} small programs, all at once: {dict(statuses)} in {elapsed:.0f} s", flush=True)
        outcomes, elapsed = await converse(pool, options.conversations)
        print(f"{options.conversations} programs that an interactor keeps waiting: {dict(outcomes)} in {elapsed:.0f} s")
    finally:
        await pool.close()


def by_the_clock(programs: int) -> list[float]:
    """Wall seconds of each program, all started at once, none stopped before the longest limit."""

    def one(_: int) -> float:
        started = time.perf_counter()
        try:
            subprocess.run([sys.executable, "-I", "-S", "-c", HONEST], capture_output=True, check=True,
                           timeout=max(WALL_LIMITS))  # fmt: skip
        except subprocess.TimeoutExpired:
            return float("inf")
        return time.perf_counter() - started

    with ThreadPoolExecutor(programs) as threads:
        return list(threads.map(one, range(programs)))


def report(options: argparse.Namespace, judged: list[Execution], elapsed: float) -> None:
    """Print what became of the honest programs and the sleepers."""
    honest, sleepers = judged[: options.programs], judged[options.programs :]
    walls = [execution.wall_seconds for execution in honest]
    statuses = dict(collections.Counter(execution.status.value for execution in honest))
    print(f"by CPU time, limit {LIMITS.cpu_seconds:g} s: {statuses}, all done in {elapsed:.0f} s")
    print(f"wall seconds of one: median {statistics.median(walls):.1f}, longest {max(walls):.1f}")
    print(f"most CPU seconds charged to one: {max(execution.cpu_seconds for execution in honest):.2f}")
    sleeping = dict(collections.Counter(execution.status.value for execution in sleepers))
    print(f"sleepers, wall limit {LIMITS.wall:g} s: {sleeping}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", type=int, default=32)
    parser.add_argument("--small", type=int, default=1000)
    parser.add_argument("--conversations", type=int, default=4)
    parser.add_argument("--burners", type=int, default=10, help="for each core")
    options = parser.parse_args()
    cores = len(os.sched_getaffinity(0))
    command = [sys.executable, "-I", "-S", "-c", "while True: pass"]
    burners = [subprocess.Popen(command) for _ in range(options.burners * cores)]
    print(f"{options.burners} burners for each of {cores} cores, {options.programs} honest programs of 0.5 CPU seconds")
    try:
        asyncio.run(measure(options))
        clocked = by_the_clock(options.programs)
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()
    for limit in WALL_LIMITS:
        print(f"by the clock, limit {limit:g} s: {sum(wall > limit for wall in clocked)} false time-outs")


if __name__ == "__main__":
    main()
