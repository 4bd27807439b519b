"""What tests of graders share: programs graded in real sandboxes on this machine."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from reward_server.graders import Completion, Resources
from reward_server.graders.code import GRADER, CodeTask
from reward_server.grading.workers import WorkerPool
from reward_server.verdict import Verdict
from sandboxes.launchers import process
from sandboxes.pool import Family, SandboxPool

Grade = Callable[..., Verdict]


@pytest.fixture(scope="package")
def grade() -> Iterator[Grade]:
    """Grade a program, the completion's only block or the `whole` of it, against a task given by its fields."""
    with asyncio.Runner() as runner:
        pool = SandboxPool([Family("process", process.launch)], slots=2, allow_weak_isolation=True)
        workers = WorkerPool(slots=1)
        runner.run(pool.start())

        def graded(program: str, *, fence: str = "python", whole: bool = False, **task: Any) -> Verdict:
            compiled = GRADER.compile(CodeTask.model_validate({"cpu_seconds": 2, **task}))
            completion = Completion(program if whole else f"```{fence}\n{program}\n```")
            assert GRADER.slow is not None
            decided = GRADER.fast(compiled, completion)
            return decided or runner.run(GRADER.slow(compiled, completion, Resources(sandboxes=pool, workers=workers)))

        yield graded
        runner.run(workers.close())
        runner.run(pool.close())
