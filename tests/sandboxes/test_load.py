"""A busy machine makes runs slower and changes no status."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from sandboxes.execution import Invocation, Limits, Program, Status
from sandboxes.pool import SandboxPool
from tests.sandboxes.places import PLACES

HONEST = "import time\nwhile time.process_time() < 0.2: pass\nprint(1)"
BURN = "while True: pass"


@pytest.fixture
def busy() -> Iterator[None]:
    """Ten programs for each core that want it all."""
    cores = os.cpu_count() or 1
    burners = [subprocess.Popen([sys.executable, "-I", "-S", "-c", BURN]) for _ in range(10 * cores)]
    yield
    for burner in burners:
        burner.kill()
        burner.wait()


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("name", ["namespaces", "user_namespace", "landlock"])
def test_an_overloaded_machine_changes_no_honest_verdict(runner: asyncio.Runner, name: str) -> None:
    """The wall limit is far below what the run takes here, and the CPU limit only twice what it needs."""
    limits = Limits(cpu_seconds=0.45, wall_seconds=0.5)

    async def scenario() -> list[object]:
        pool = SandboxPool([PLACES[name].family()], slots=2)
        await pool.start()
        runs = (pool.run(Program("python", HONEST), [Invocation()], limits) for _ in range(2))
        done = await asyncio.gather(*runs)
        await pool.close()
        return [execution.status for (execution,) in done]

    assert runner.run(scenario()) == [Status.OK] * 2


@pytest.mark.usefixtures("busy")
def test_an_overloaded_machine_still_ends_a_sleeper(runner: asyncio.Runner) -> None:
    async def scenario() -> object:
        pool = SandboxPool([PLACES["namespaces"].family()], slots=1)
        await pool.start()
        limits = Limits(cpu_seconds=5.0, wall_seconds=0.5)
        (done,) = await pool.run(Program("python", "import time\ntime.sleep(600)"), [Invocation()], limits)
        await pool.close()
        return done.status

    assert runner.run(scenario()) is Status.WALL_LIMIT
