"""False time-outs on an overloaded machine: honest programs judged by CPU time, beside the same judged by the clock.

Ten programs for each core burn what they can get. Then honest programs that need half a second of CPU are judged
twice: here, with a CPU limit of twice that, and as the usual harness does it, each in a `subprocess` with a limit on
wall time, all at once. Every one of them is right, so each time-out is a wrong label. Sleepers must still be ended.

    python benchmarks/sandbox_overload.py [--programs 32] [--burners 10]
"""

import argparse
import asyncio
import collections
import os
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from sandboxes.execution import Execution, Invocation, Limits, Program
from sandboxes.launchers import process
from sandboxes.pool import Family, SandboxPool

HONEST = "import time\nwhile time.process_time() < 0.5: pass\nprint(1)"
SLEEPER = "import time\ntime.sleep(600)"
LIMITS = Limits(cpu_seconds=1.0, wall_seconds=2.0)
WALL_LIMITS = (2.0, 10.0)


async def judge(programs: int) -> tuple[list[Execution], float]:
    """All programs at once through one pool with a slot for each core; four of them more are sleepers."""
    pool = SandboxPool([Family("process", process.launch)], slots=len(os.sched_getaffinity(0)))
    await pool.start()
    started = time.perf_counter()
    sources = [HONEST] * programs + [SLEEPER] * 4
    done = await asyncio.gather(*(pool.run(Program("python", each), [Invocation()], LIMITS) for each in sources))
    elapsed = time.perf_counter() - started
    await pool.close()
    return [execution for (execution,) in done], elapsed


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


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", type=int, default=32)
    parser.add_argument("--burners", type=int, default=10, help="for each core")
    options = parser.parse_args()
    cores = len(os.sched_getaffinity(0))
    command = [sys.executable, "-I", "-S", "-c", "while True: pass"]
    burners = [subprocess.Popen(command) for _ in range(options.burners * cores)]
    try:
        judged, elapsed = asyncio.run(judge(options.programs))
        clocked = by_the_clock(options.programs)
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()
    honest, sleepers = judged[: options.programs], judged[options.programs :]
    walls = [execution.wall_seconds for execution in honest]
    print(f"{options.burners} burners for each of {cores} cores, {options.programs} honest programs of 0.5 CPU seconds")
    statuses = dict(collections.Counter(execution.status.value for execution in honest))
    print(f"by CPU time, limit {LIMITS.cpu_seconds:g} s: {statuses}, all done in {elapsed:.0f} s")
    print(f"wall seconds of one: median {statistics.median(walls):.1f}, longest {max(walls):.1f}")
    print(f"most CPU seconds charged to one: {max(execution.cpu_seconds for execution in honest):.2f}")
    for limit in WALL_LIMITS:
        print(f"by the clock, limit {limit:g} s: {sum(wall > limit for wall in clocked)} false time-outs")
    print(f"sleepers, wall limit {LIMITS.wall:g} s: {dict(collections.Counter(e.status.value for e in sleepers))}")


if __name__ == "__main__":
    main()
