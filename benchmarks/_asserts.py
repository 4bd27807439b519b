"""Submissions of ten asserts each, graded in a process of its own that works when it is told to.

Run by `code_asserts.py`; alone it is one such process: `python benchmarks/_asserts.py CHECKOUT`. It also serves older
checkouts, so that no more of the project is used here than these had.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

from _submissions import cpu_seconds

PAIRS = [f"assert f({number}) == {number * number}" for number in range(10)]
_LIKE_MBPP = [*PAIRS[:7], "assert f(2) < 5", "assert isinstance(f(3), int)", "assert abs(f(1.5) - 2.25) < 1e-9"]
_CHECK = "\n    ".join(["def check(candidate):", *(line.replace("f(", "candidate(") for line in _LIKE_MBPP)])
_CLASS = "import unittest\n\nclass TestF(unittest.TestCase):\n" + "".join(
    f"    def test_{number}(self):\n        self.assertEqual(f({number}), {number * number})\n" for number in range(10)
)
TASKS: dict[str, dict[str, Any]] = {
    "pairs": {"tests": PAIRS},
    "MBPP": {"tests": _LIKE_MBPP},
    "HumanEval": {"tests": _CHECK, "entry_point": "f"},
    "unittest": {"tests": _CLASS},
}
"""Ten claims each: as pairs of a call and a value, and as test code that is more than that."""
PLAIN, FIRST, NOVEL = "plain run", "first of task", "other answers"
"""An isolated run of the asserts in the program's own process; a task of which this is the first submission; and a
submission that answers as none before it did, here by what it prints."""


async def main() -> None:
    """Answer each line `TASK AT_ONCE COUNT` with the seconds of wall and CPU time that a submission took."""
    from reward_server.graders import Completion, Resources
    from reward_server.graders.code import GRADER, CodeTask
    from sandboxes.execution import Invocation, Limits, Program
    from sandboxes.launchers import process
    from sandboxes.pool import Family, SandboxPool

    slots = max(2, len(os.sched_getaffinity(0)))
    pool = SandboxPool([Family("process", process.launch)], slots=slots, allow_weak_isolation=True)
    await pool.start()
    resources = Resources(sandboxes=pool)

    def source(number: int) -> str:
        return f"# {number}\ndef f(x):\n    return x * x\n"

    async def plain(number: int) -> None:
        (run,) = await pool.run(Program("python", source(number) + "\n".join(PAIRS)), [Invocation()], Limits())
        assert run.status == "ok", run

    async def grade(compiled: Any, program: str) -> None:
        assert GRADER.slow is not None
        verdict = await GRADER.slow(compiled, Completion(f"```python\n{program}```"), resources)
        assert verdict.score == 1.0, verdict

    def graded(task: dict[str, Any]) -> Callable[[int], Awaitable[None]]:
        compiled = GRADER.compile(CodeTask(**task))
        return lambda number: grade(compiled, source(number))

    def novel(number: int) -> Awaitable[None]:
        return grade(one_task, source(number).replace("return", f"print({number})\n    return"))

    def first(number: int) -> Awaitable[None]:
        return grade(GRADER.compile(CodeTask(**TASKS["MBPP"])), source(number))

    one_task = GRADER.compile(CodeTask(**TASKS["MBPP"]))
    ways = {PLAIN: plain, **{name: graded(task) for name, task in TASKS.items()}, NOVEL: novel, FIRST: first}
    serial = 0

    async def work(way: Callable[[int], Awaitable[None]], at_once: int, count: int) -> None:
        nonlocal serial
        gate = asyncio.Semaphore(at_once)

        async def one(number: int) -> None:
            async with gate:
                await way(number)

        numbers = range(serial, serial + count)
        serial += count
        await asyncio.gather(*map(one, numbers))

    for way in ways.values():
        await work(way, slots, 2 * slots)
    await obey(ways, work)
    await pool.close()


async def obey(ways: dict[str, Any], work: Callable[[Any, int, int], Awaitable[None]]) -> None:
    print(json.dumps(list(ways)), flush=True)
    for line in sys.stdin:
        name, at_once, count = json.loads(line)
        cpu, wall = cpu_seconds(), time.perf_counter()
        await work(ways[name], at_once, count)
        spent = time.perf_counter() - wall, cpu_seconds() - cpu
        print(json.dumps([each / count for each in spent]), flush=True)


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    asyncio.run(main())
