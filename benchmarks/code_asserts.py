"""What ten asserts cost over a plain run: as pairs of a call and a value, and as test code in a process of its own.

    python benchmarks/code_asserts.py [--rounds N] [--concurrency N]

The three take turns, so that a busy machine is busy for all. Each submission is new, so that none is kept compiled.
"""

import argparse
import asyncio
import os
import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Any

from reward_server.graders import Completion, Resources
from reward_server.graders.code import GRADER, CodeTask
from sandboxes.execution import Invocation, Limits, Program
from sandboxes.launchers import process
from sandboxes.pool import Family, SandboxPool

_ASSERTS = [f"assert f({number}) == {number * number}" for number in range(10)]


def program(number: int) -> str:
    return f"# {number}\ndef f(x):\n    return x * x\n"


def graded(tests: list[str], resources: Resources) -> Callable[[int], Awaitable[None]]:
    compiled = GRADER.compile(CodeTask(tests=tests))

    async def run(number: int) -> None:
        assert GRADER.slow is not None
        verdict = await GRADER.slow(compiled, Completion(f"```python\n{program(number)}```"), resources)
        assert verdict.score == 1.0, verdict

    return run


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--concurrency", type=int, default=4)
    options = parser.parse_args()
    slots = len(os.sched_getaffinity(0))
    pool = SandboxPool([Family("process", process.launch)], slots=max(2, slots), allow_weak_isolation=True)
    await pool.start()
    resources = Resources(sandboxes=pool)

    async def plain(number: int) -> None:
        source = program(number) + "\n".join(_ASSERTS)
        (run,) = await pool.run(Program("python", source), [Invocation()], Limits())
        assert run.status == "ok", run

    ways: dict[str, Callable[[int], Awaitable[None]]] = {
        "plain run": plain,
        "pairs": graded(_ASSERTS, resources),
        "own process": graded([*_ASSERTS, "assert f(2) < 5"], resources),
    }
    try:
        for number in range(3):
            for way in ways.values():
                await way(-number - 1)
        await one_after_the_other(ways, options.rounds)
        await at_once(ways, options.rounds, options.concurrency)
    finally:
        await pool.close()


async def one_after_the_other(ways: dict[str, Any], rounds: int) -> None:
    times: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds):
        for name, way in ways.items():
            started = time.perf_counter()
            await way(number)
            times[name].append(time.perf_counter() - started)
    report("one after the other, median", {name: statistics.median(each) for name, each in times.items()})


async def at_once(ways: dict[str, Any], rounds: int, concurrency: int) -> None:
    each: dict[str, float] = {}
    for name, way in ways.items():
        gate = asyncio.Semaphore(concurrency)

        async def one(number: int, gate: asyncio.Semaphore = gate, way: Any = way) -> None:
            async with gate:
                await way(number)

        started = time.perf_counter()
        await asyncio.gather(*(one(1000 + number) for number in range(2 * rounds)))
        each[name] = (time.perf_counter() - started) / (2 * rounds)
    report(f"{concurrency} at once, mean", each)


def report(title: str, seconds: dict[str, float]) -> None:
    base = seconds["plain run"]
    print(title, *(f"{name} {1e3 * each:.1f} ms ({each / base:.2f}x)" for name, each in seconds.items()), sep="; ")


asyncio.run(main())
