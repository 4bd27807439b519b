"""Worker processes: what is the work's fault is a limit exceeded, what is ours is a WorkerError."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from reward_server.errors import WorkerError
from reward_server.grading import workers
from reward_server.grading.workers import Ran, WorkerPool
from tests.reward_server import work

pytestmark = pytest.mark.timeout(120)


def with_pool(use: Callable[[WorkerPool], Awaitable[Any]], slots: int = 1, **settings: Any) -> Any:
    async def run() -> Any:
        pool = WorkerPool(slots, **settings)
        try:
            return await use(pool)
        finally:
            await pool.close()

    return asyncio.run(run())


def test_a_value_comes_back():
    ran = with_pool(lambda pool: pool.run(work.square, 7, 1.0))
    assert (ran.value, ran.exceeded) == (49, None)


def test_work_that_swallows_exceptions_is_stopped_at_its_cpu_budget_and_the_process_lives_on():
    async def use(pool: WorkerPool) -> tuple[int, Ran[None], int]:
        before = (await pool.run(work.process_id, 0, 1.0)).value
        stopped = await pool.run(work.spin_deaf_to_exceptions, 0, 0.2)
        after = (await pool.run(work.process_id, 0, 1.0)).value
        return before, stopped, after

    before, stopped, after = with_pool(use)
    assert (stopped.value, stopped.exceeded) == (None, "cpu")
    assert before == after


def test_work_that_never_returns_to_the_interpreter_is_ended_by_the_kernel_as_over_budget():
    async def use(pool: WorkerPool) -> tuple[Ran[int], Ran[int]]:
        return await pool.run(work.spin_in_c, 0, 0.2), await pool.run(work.square, 3, 1.0)

    stopped, next_one = with_pool(use)
    assert stopped.exceeded == "cpu"
    assert next_one.value == 9


def test_a_memory_bomb_is_over_budget_not_our_failure():
    ran = with_pool(lambda pool: pool.run(work.allocate, 8 << 30, 1.0))
    assert (ran.value, ran.exceeded) == (None, "memory")


def test_sleeping_uses_no_cpu_budget():
    assert with_pool(lambda pool: pool.run(work.sleep, 0.5, 0.1)).value == "awake"


def test_a_process_that_dies_once_is_replaced_and_the_work_done(tmp_path: Path):
    ran = with_pool(lambda pool: pool.run(work.die_once, str(tmp_path / "marker"), 1.0))
    assert ran.value == "alive"


def test_a_process_that_always_dies_is_our_failure_and_others_are_not_touched():
    async def use(pool: WorkerPool) -> list[Any]:
        jobs = [pool.run(work.die if index == 2 else work.square, index, 1.0) for index in range(6)]
        return list(await asyncio.gather(*jobs, return_exceptions=True))

    results = with_pool(use, slots=2)
    assert isinstance(results[2], WorkerError)
    assert [ran.value for index, ran in enumerate(results) if index != 2] == [0, 1, 9, 16, 25]


def test_an_exception_in_the_function_is_our_failure():
    with pytest.raises(WorkerError, match="a bug of ours"):
        with_pool(lambda pool: pool.run(work.fail, 0, 1.0))


def test_a_process_that_neither_works_nor_answers_is_our_failure(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(workers, "_WALL_GRACE_SECONDS", 0.2)
    monkeypatch.setattr(workers, "_WALL_FACTOR", 0.0)
    with pytest.raises(WorkerError, match="neither worked nor answered"):
        with_pool(lambda pool: pool.run(work.sleep, 60.0, 1.0))


def test_a_cancelled_run_frees_its_slot():
    async def use(pool: WorkerPool) -> int | None:
        task = asyncio.create_task(pool.run(work.sleep, 60.0, 1.0))
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return (await pool.run(work.square, 4, 1.0)).value

    assert with_pool(use) == 16


def test_processes_are_replaced_after_many_runs(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(workers, "RECYCLE_AFTER", 3)

    async def use(pool: WorkerPool) -> list[int | None]:
        return [(await pool.run(work.process_id, 0, 1.0)).value for _ in range(6)]

    pids = with_pool(use)
    assert len(set(pids[:3])) == len(set(pids[3:])) == 1
    assert pids[0] != pids[3]


def test_nothing_starts_before_the_first_run_and_nothing_is_left_after_close():
    async def use() -> list[int]:
        pool = WorkerPool(2)
        assert not any(slot.started for slot in pool._slots)
        pids = {(await pool.run(work.process_id, 0, 1.0)).value for _ in range(2)}
        await pool.close()
        with pytest.raises(WorkerError, match="closed"):
            await pool.run(work.square, 1, 1.0)
        return [pid for pid in pids if pid is not None]

    for pid in asyncio.run(use()):
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_one_pool_serves_one_event_loop_after_another():
    pool = WorkerPool(1)
    assert [asyncio.run(pool.run(work.square, value, 1.0)).value for value in (2, 3)] == [4, 9]
    asyncio.run(pool.close())


def test_workers_start_with_sympy_loaded():
    assert with_pool(lambda pool: pool.run(work.loaded, "sympy", 5.0)).value is True


def test_workers_do_not_import_the_program_that_started_them():
    assert with_pool(lambda pool: pool.run(work.loaded, "pytest", 5.0)).value is False


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_workers_and_their_fork_server_end_with_the_server_however_it_ends(end: signal.Signals):
    program = """
import asyncio, os
from reward_server.grading.workers import WorkerPool
async def main():
    pool = WorkerPool(1, preload=())
    worker = await pool.run(abs, -1, 5.0)
    process = pool._slots[0]._process.pid
    print(process, int(open(f"/proc/{process}/stat").read().rsplit(")", 1)[1].split()[1]), flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        processes = [int(word) for word in server.stdout.readline().split()]
        assert len(processes) == 2
        assert all(Path(f"/proc/{process}").exists() for process in processes)
        server.send_signal(end)
    ends = time.monotonic() + 30
    while any(_runs(process) for process in processes) and time.monotonic() < ends:
        time.sleep(0.05)
    assert not any(_runs(process) for process in processes)


def _runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
