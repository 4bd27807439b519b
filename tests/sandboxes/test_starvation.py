"""What the machine lacks, disk or memory, is our failure: the program is run elsewhere, never blamed."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandboxes.execution import Invocation, Limits, Program, Status
from sandboxes.launchers import process
from sandboxes.pool import Family, SandboxPool
from sandboxes.sandbox import SandboxError
from sandboxes.slot import Slot

LIMITS = Limits(cpu_seconds=5.0)


def _through(folder: Path, *commands: str) -> str:
    """An interpreter that first does something to the process it is about to become."""
    wrapper = folder / "python"
    wrapper.write_text("\n".join(["#!/bin/sh", *commands, f'exec {sys.executable} "$@"']))
    wrapper.chmod(0o755)
    return str(wrapper)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    if os.geteuid() != 0:
        pytest.skip("only root may mount")
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100m", "tmpfs", disk], check=True)
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


def test_a_full_disk_is_our_failure_and_another_slot_does_the_work(
    runner: asyncio.Runner, small_disk: Path, tmp_path: Path
) -> None:
    python = _through(tmp_path, f"export TMPDIR={small_disk}")
    program = Program("python", "open('f', 'w').write('x' * (30 << 20))\nprint('written')")
    launched = 0

    async def launch() -> Slot:
        nonlocal launched
        launched += 1
        return await process.launch(level=1, python=python if launched == 1 else sys.executable)

    async def scenario() -> tuple[bytes, str]:
        pool = SandboxPool([Family("process", launch)], slots=1)
        await pool.start()
        assert (await pool.run(program, [Invocation()], LIMITS))[0].stdout == b"written\n"
        slot = pool._families[0].idle[0]
        (small_disk / "others").write_bytes(b"x" * (60 << 20))
        (done,) = await pool.run(program, [Invocation()], LIMITS)
        await pool.close()
        return done.stdout, slot.trouble

    said, trouble = runner.run(scenario())
    assert said == b"written\n"
    assert "no space" in trouble
    assert launched == 2


_MEMORY_GROUP = Path("/sys/fs/cgroup/memory")


@pytest.fixture
def small_machine() -> Iterator[Path]:
    """A control group with less memory than programs are allowed, as a pod or a machine may have."""
    group = _MEMORY_GROUP / f"reward-test-{os.getpid()}"
    try:
        group.mkdir()
    except OSError as error:
        pytest.skip(f"no memory group of version 1 can be made here: {error.strerror}")
    (group / "memory.limit_in_bytes").write_text(str(200 << 20))
    yield group
    for _ in range(100):
        try:
            group.rmdir()
            break
        except OSError:
            time.sleep(0.05)


@pytest.mark.parametrize("options", [{"level": 3}, {"level": 1}])
def test_a_program_killed_for_the_machines_memory_is_not_blamed(
    runner: asyncio.Runner, small_machine: Path, tmp_path: Path, options: dict[str, int]
) -> None:
    python = _through(tmp_path, f"echo $$ > {small_machine}/cgroup.procs")
    within = Program("python", "print(len(bytearray(300 << 20)))")

    async def scenario() -> str:
        slot = await process.launch(python=python, **options)
        await slot.prepare(Program("python", "import os\nos.kill(os.getpid(), 9)"), LIMITS)
        assert (await slot.run(Invocation(), LIMITS)).signal == signal.SIGKILL
        await slot.prepare(within, LIMITS)
        with pytest.raises(SandboxError):
            await slot.run(Invocation(), LIMITS)
        await slot.close()
        return slot.trouble

    assert "memory" in runner.run(scenario())


@pytest.mark.parametrize("level", [3, 1])
def test_a_program_that_is_over_does_not_idle_while_whoever_waits_for_it_is_starved(
    runner: asyncio.Runner, level: int
) -> None:
    async def scenario() -> tuple[Status, bytes]:
        slot = await process.launch(level=level)
        program = Program("python", "import time\ntime.sleep(0.5)\nprint('done')")
        limits = Limits(cpu_seconds=5.0, wall_seconds=1.0)
        await slot.prepare(program, limits)
        await slot.run(Invocation(), limits)
        zygotes = _children(int(slot.name.split()[1]))
        running = asyncio.create_task(slot.run(Invocation(), limits))
        await asyncio.sleep(0.25)
        for pid in zygotes:
            os.kill(pid, signal.SIGSTOP)
        await asyncio.sleep(3.5)
        for pid in zygotes:
            os.kill(pid, signal.SIGCONT)
        done = await running
        await slot.close()
        return done.status, done.stdout

    assert runner.run(scenario()) == (Status.OK, b"done\n")


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
