"""Everything a kind may need, started once for the tests of this folder."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from reward_server import graders
from reward_server.cases import Case
from reward_server.graders import Completion, Grader, Resources
from reward_server.grading.workers import WorkerPool
from reward_server.verdict import Verdict
from sandboxes.launchers import process
from sandboxes.pool import Family, SandboxPool
from tests.reward_server.fakes import FakeLean


@pytest.fixture(scope="package")
def grade() -> Iterator[Callable[[str, Case], Verdict]]:
    """Return what grades a case of a kind by its fast tier or, where that decides nothing, by its slow one."""
    compiled: dict[tuple[str, str], Any] = {}
    with asyncio.Runner() as runner:
        pool = SandboxPool([Family("process", process.launch)], slots=2, allow_weak_isolation=True)
        workers = WorkerPool(slots=1)
        runner.run(pool.start())
        resources = Resources(sandboxes=pool, workers=workers, lean=FakeLean())

        def graded(kind: str, case: Case) -> Verdict:
            grader: Grader[Any, Any] = graders.discover()[kind]
            key = kind, repr(case.task)
            if key not in compiled:
                compiled[key] = grader.compile(grader.task.model_validate(case.task))
            completion = Completion(case.completion)
            decided = grader.fast(compiled[key], completion)
            if decided is not None:
                return decided
            assert grader.slow is not None, (kind, case)
            return runner.run(grader.slow(compiled[key], completion, resources))

        yield graded
        runner.run(workers.close())
        runner.run(pool.close())
