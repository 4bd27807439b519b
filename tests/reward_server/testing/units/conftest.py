"""Grades a program against test code, in a pool that lives as long as its module."""

import asyncio
from collections.abc import Callable, Iterator

import pytest

from reward_server.graders import Completion, Resources
from reward_server.graders.code import GRADER, CodeTask
from reward_server.verdict import Verdict
from sandboxes.launchers import process
from sandboxes.pool import Family, SandboxPool

Grade = Callable[[str, str, str], Verdict]


@pytest.fixture(scope="module")
def grade() -> Iterator[Grade]:
    """Language, tests and program to a verdict."""
    with asyncio.Runner() as runner:
        pool = SandboxPool([Family("process", process.launch)], slots=1, allow_weak_isolation=True)
        runner.run(pool.start())

        def graded(language: str, tests: str, program: str) -> Verdict:
            compiled = GRADER.compile(CodeTask(language=language, tests=tests))
            assert GRADER.slow is not None
            completion = Completion(f"````{language}\n{program}\n````")
            return runner.run(GRADER.slow(compiled, completion, Resources(sandboxes=pool)))

        yield graded
        runner.run(pool.close())
