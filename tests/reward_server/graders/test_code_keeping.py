"""What may be kept of verdicts on programs, and what they depend on."""

import asyncio
from collections.abc import Iterator

import pytest

from reward_server.graders import Completion, Resources
from reward_server.graders.code import GRADER, CodeTask
from reward_server.verdict import Outcome
from sandboxes.launchers import process
from sandboxes.pool import Family, SandboxPool

TASK = CodeTask(tests=[{"input": "", "output": "1"}], cpu_seconds=1.0, wall_seconds=1.0)


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def resources(runner: asyncio.Runner) -> Iterator[Resources]:
    pool = SandboxPool([Family("process", process.launch)], slots=1)
    runner.run(pool.start())
    yield Resources(sandboxes=pool)
    runner.run(pool.close())


@pytest.mark.parametrize(
    ("program", "kept"),
    [
        ("while True: pass", True),
        ("import time\ntime.sleep(60)", True),
        ("import time\nwhile time.process_time() < 1.04: pass\nprint(1)", False),
        ("print(2)", True),
    ],
)
def test_only_a_clear_time_limit_may_be_kept(
    runner: asyncio.Runner, resources: Resources, program: str, kept: bool
) -> None:
    assert GRADER.slow is not None
    completion = Completion(f"```python\n{program}\n```")
    verdict = runner.run(GRADER.slow(GRADER.compile(TASK), completion, resources))
    assert verdict.outcome is (Outcome.INCORRECT if program == "print(2)" else Outcome.TIME_LIMIT)
    assert verdict.score == 0.0
    assert verdict.cacheable is kept


def test_a_verdict_depends_on_level_interpreter_packages_and_compiler(runner: asyncio.Runner) -> None:
    async def scenario() -> list[str]:
        said = []
        for search_path in (None, ()):
            pools = [SandboxPool([Family("process", lambda: process.launch(search_path=search_path))], slots=1)  # noqa: B023
                     for _ in range(2)]  # fmt: skip
            for pool in pools:
                await pool.start()
                said += [pool.environment_of("python"), pool.environment_of("bash")]
                assert await pool.check("bash") == ""
                said.append(pool.environment_of("bash"))
                await pool.close()
        return said

    python, early, bash, python_again, early_again, bash_again, without, *_ = runner.run(scenario())
    assert (python, bash) == (python_again, bash_again)
    assert python.startswith("level ")
    assert "bash" in bash.lower()
    assert python != without, "other packages, other verdicts"
    assert early != early_again, "before a compiler's version is known its verdicts are nobody else's"
