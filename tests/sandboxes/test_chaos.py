"""When our own machinery is killed nothing is said about the program, and whatever happens nothing is left over."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sandboxes.attempts import ATTEMPTS
from sandboxes.execution import Invocation, Limits, Program, Status
from sandboxes.families import WeakIsolationError
from sandboxes.launchers import process
from sandboxes.pool import Family, SandboxPool
from sandboxes.sandbox import SandboxError
from sandboxes.slot import Slot
from tests.sandboxes.places import PLACES, children, descendants, engine

LIMITS = Limits(cpu_seconds=5.0)
SLEEPER = Program("python", "import sys, time\nprint(1, flush=True)\ntime.sleep(float(input()))")


async def _agent_gone(slot: Slot, pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


async def _zygotes_gone(slot: Slot, pid: int) -> None:
    for child in children(pid):
        os.kill(child, signal.SIGKILL)


@pytest.mark.parametrize("name", ["namespaces", "user_namespace", "uid", "landlock"])
@pytest.mark.parametrize("kill", [_agent_gone, _zygotes_gone])
def test_a_killed_helper_is_our_failure_and_leaves_no_process(runner: asyncio.Runner, name: str, kill: object) -> None:
    family = PLACES[name].family()

    async def scenario() -> list[int]:
        slot = await family.launch()
        pid = int(slot.name.split()[1])
        assert await slot.prepare(SLEEPER, LIMITS) is None
        await slot.run(Invocation(stdin=b"0\n"), LIMITS)
        idle = len(descendants(pid))
        run = asyncio.ensure_future(slot.run(Invocation(stdin=b"30\n"), LIMITS))
        while len(descendants(pid)) == idle:  # noqa: ASYNC110 - another process is waited for
            await asyncio.sleep(0.05)
        started = [pid, *descendants(pid)]
        await kill(slot, pid)  # type: ignore[operator]
        with pytest.raises(SandboxError):
            await run
        await slot.close()
        return started

    started = runner.run(scenario())
    deadline = time.monotonic() + 10
    while (alive := [pid for pid in started if Path(f"/proc/{pid}").exists()]) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert alive == []


def test_a_program_whose_agent_was_killed_is_run_elsewhere_from_where_it_was(runner: asyncio.Runner) -> None:
    launched: list[Slot] = []

    async def launch() -> Slot:
        launched.append(await process.launch())
        return launched[-1]

    async def scenario() -> tuple[list[object], dict[str, object]]:
        pool = SandboxPool([Family("process", launch)], slots=1)
        await pool.start()
        calls = [Invocation(stdin=b"0\n"), Invocation(stdin=b"1.5\n")]
        asked: list[int] = []
        first_done = asyncio.Event()

        def note(index: int, _: object) -> bool:
            asked.append(index)
            first_done.set()
            return False

        run = asyncio.ensure_future(pool.run(SLEEPER, calls, LIMITS, note))
        await first_done.wait()
        os.kill(int(launched[0].name.split()[1]), signal.SIGKILL)
        done = await run
        described = pool.describe()
        await pool.close()
        assert asked == [0, 1], "what had been run is not run again"
        return [execution.status for execution in done], described

    statuses, described = runner.run(scenario())
    assert statuses == [Status.OK, Status.OK]
    assert (described["retries"], described["failures"]) == (1, 1)


def test_after_enough_failures_the_error_is_raised_and_no_verdict_made(runner: asyncio.Runner) -> None:
    launches = 0

    async def launch() -> Slot:
        nonlocal launches
        launches += 1
        slot = await process.launch()
        if launches > 1:
            await slot.close()
        return slot

    async def scenario() -> None:
        pool = SandboxPool([Family("process", launch)], slots=1)
        await pool.start()
        pool._families[0].idle[0].trouble = "made unusable"
        try:
            with pytest.raises(SandboxError):
                await pool.run(SLEEPER, [Invocation(stdin=b"0\n")], LIMITS)
        finally:
            await pool.close()

    runner.run(scenario())
    assert launches >= ATTEMPTS


def test_a_cancelled_run_gives_its_slot_up_and_the_pool_goes_on(runner: asyncio.Runner) -> None:
    async def scenario() -> bytes:
        pool = SandboxPool([Family("process", process.launch)], slots=1)
        await pool.start()
        try:
            async with asyncio.timeout(0.5):
                await pool.run(SLEEPER, [Invocation(stdin=b"60\n")], LIMITS)
        except TimeoutError:
            pass
        (done,) = await pool.run(SLEEPER, [Invocation(stdin=b"0\n")], LIMITS)
        await pool.close()
        return done.stdout

    assert runner.run(scenario()) == b"1\n"


def test_weak_isolation_is_refused_unless_allowed_by_name(runner: asyncio.Runner) -> None:
    async def weak() -> Slot:
        return await process.launch(level=0)

    async def scenario() -> bytes:
        with pytest.raises(WeakIsolationError):
            await SandboxPool([Family("weak", weak)], slots=1).start()
        pool = SandboxPool([Family("weak", weak)], slots=1, allow_weak_isolation=True)
        await pool.start()
        (done,) = await pool.run(Program("python", "print(1)"), [Invocation()], LIMITS)
        await pool.close()
        return done.stdout

    assert runner.run(scenario()) == b"1\n"


def test_a_worn_slot_is_replaced(runner: asyncio.Runner) -> None:
    used: set[str] = set()

    async def launch() -> Slot:
        slot = await process.launch()
        used.add(slot.name)
        return slot

    async def scenario() -> int:
        pool = SandboxPool([Family("process", launch)], slots=1, runs_per_slot=4)
        await pool.start()
        for _ in range(9):
            await pool.run(Program("python", "print(1)"), [Invocation()], LIMITS)
        replaced = pool.describe()["replaced"]
        await pool.close()
        return int(replaced)

    assert runner.run(scenario()) >= 2
    assert len(used) >= 3


def _footprint(pids: list[int]) -> dict[str, int]:
    """What could leak: processes, descriptors of ours and of the agent, mounts, control groups."""
    return {
        "processes": len(pids),
        "own descriptors": len(list(Path("/proc/self/fd").iterdir())),
        "descriptors": sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in pids[:1]),
        "mounts": len(Path(f"/proc/{pids[0]}/mounts").read_text().splitlines()) if _has_own_mounts(pids[0]) else 0,
        "groups": len(list(Path("/sys/fs/cgroup").rglob(f"reward-sandbox-{pids[0]}-*"))),
    }


def _has_own_mounts(pid: int) -> bool:
    """Otherwise they are the machine's, which others change too."""
    return Path(f"/proc/{pid}/ns/mnt").readlink() != Path("/proc/self/ns/mnt").readlink()


@pytest.mark.parametrize("name", ["namespaces", "user_namespace", "uid", "landlock"])
def test_many_runs_of_all_kinds_leak_nothing(runner: asyncio.Runner, name: str) -> None:
    family = PLACES[name].family()
    programs = [
        "print(1)",
        "import os\nos.fork() or __import__('time').sleep(60)",
        "open('f', 'w').write('x'); open('/dev/null').read()",
        "raise ValueError",
        "import os\nos.kill(os.getpid(), 9)",
        "import socket\nsocket.socket()",
        "def f(:",
    ]

    async def scenario() -> tuple[dict[str, int], dict[str, int]]:
        slot = await family.launch()
        pid = int(slot.name.split()[1])

        async def once() -> None:
            for source in programs:
                await slot.prepare(Program("python", source), LIMITS)
                await slot.run(Invocation(), LIMITS)

        await once()
        before = _footprint([pid, *descendants(pid)])
        for _ in range(15):
            await once()
        after = _footprint([pid, *descendants(pid)])
        await slot.close()
        return before, after

    before, after = runner.run(scenario())
    assert after == before


def test_control_groups_of_a_killed_agent_are_removed_by_the_next(runner: asyncio.Runner) -> None:
    async def scenario() -> tuple[list[str], list[str]]:
        first = await process.launch()
        assert first.hello is not None
        groups = [path for path in first.hello.residue if path.startswith("/sys/")]
        os.kill(int(first.name.split()[1]), signal.SIGKILL)
        while descendants(int(first.name.split()[1])):  # noqa: ASYNC110 - another process is waited for
            await asyncio.sleep(0.02)
        second = await process.launch()
        left = [path for path in groups if Path(path).exists()]
        alive = [path for path in (second.hello.residue if second.hello else ()) if not Path(path).exists()]
        await asyncio.gather(first.close(), second.close())
        return left, alive

    left, missing = runner.run(scenario())
    assert left == []
    assert missing == []


def test_nothing_outlives_a_pool_that_was_closed(runner: asyncio.Runner) -> None:
    before = descendants(os.getpid())

    async def scenario() -> None:
        pool = SandboxPool([Family("process", process.launch)], slots=2)
        await pool.start()
        await pool.run(SLEEPER, [Invocation(stdin=b"0\n")], LIMITS)
        agents = [slot.name.split()[1] for slot in pool._families[0].idle]
        residue = [path for slot in pool._families[0].idle if slot.hello for path in slot.hello.residue]
        await pool.close()
        await pool.close()
        assert not any(Path(f"/proc/{pid}").exists() for pid in agents)
        assert not any(Path(path).exists() for path in residue)

    runner.run(scenario())
    assert descendants(os.getpid()) == before


_SERVER = """
import asyncio, os, sys
from sandboxes.execution import Invocation, Limits, Program
from sandboxes.pool import Family, SandboxPool
from tests.sandboxes.places import PLACES, children, descendants, engine

async def main():
    pool = SandboxPool([PLACES[sys.argv[1]].family()], slots=1)
    await pool.start()
    run = asyncio.ensure_future(pool.run(Program("python", "import time\\ntime.sleep(60)"), [Invocation()], Limits()))
    await asyncio.sleep(1)
    print("running", flush=True)
    await run

asyncio.run(main())
"""


@pytest.mark.parametrize("name", ["namespaces", "user_namespace", "uid", "landlock"])
def test_nothing_outlives_a_server_that_was_killed(name: str) -> None:
    PLACES[name].family()
    root = Path(__file__).parents[2]
    with subprocess.Popen([sys.executable, "-c", _SERVER, name], stdout=subprocess.PIPE, cwd=root) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == b"running\n"
        started = descendants(server.pid)
        assert len(started) >= 3
        server.kill()
    deadline = time.monotonic() + 15
    while (alive := [pid for pid in started if Path(f"/proc/{pid}").exists()]) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert alive == []


@pytest.mark.docker
def test_a_killed_container_is_our_failure_and_removed(runner: asyncio.Runner) -> None:
    family = PLACES["docker"].family()

    async def scenario() -> str:
        slot = await family.launch()
        identity = slot.name.split()[1]
        await slot.prepare(SLEEPER, LIMITS)
        run = asyncio.ensure_future(slot.run(Invocation(stdin=b"30\n"), LIMITS))
        await asyncio.sleep(0.5)
        engine().containers.get(identity).kill()
        with pytest.raises(SandboxError):
            await run
        await slot.close()
        return identity

    identity = runner.run(scenario())
    deadline = time.monotonic() + 10
    while (
        engine().containers.list(all=True, filters={"id": identity}, ignore_removed=True)
        and time.monotonic() < deadline
    ):
        time.sleep(0.1)
    assert engine().containers.list(all=True, filters={"id": identity}, ignore_removed=True) == []
