"""A slot that can no longer tell a right program from a wrong one is taken out, loudly."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from reward_server.service import open_service
from reward_server.settings import Settings
from sandboxes import canary
from sandboxes.execution import Execution, Invocation, Limits, Program, Status
from sandboxes.launchers import process
from sandboxes.pool import Family, SandboxPool
from sandboxes.slot import Slot

_ECHO = Program("python", "print(input())")
_LIMITS = Limits(cpu_seconds=5.0)


def _spoil(patch: pytest.MonkeyPatch, spoilt: Slot, answer: Callable[[Execution], Execution]) -> None:
    """Have one slot say `answer` of what happened."""
    run = Slot.run

    async def lie(slot: Slot, *arguments: Any, **options: Any) -> Execution:
        execution = await run(slot, *arguments, **options)
        return answer(execution) if slot is spoilt else execution

    patch.setattr(Slot, "run", lie)


def _remembering() -> Callable[[Execution], Execution]:
    """What a slot says that gives its first answer for ever."""
    first: list[Execution] = []

    def answer(execution: Execution) -> Execution:
        first.append(execution)
        return first[0]

    return answer


@asynccontextmanager
async def _pool(slots: list[Slot]) -> AsyncIterator[SandboxPool]:
    async def launch() -> Slot:
        slots.append(await process.launch())
        return slots[-1]

    pool = SandboxPool([Family("process", launch)], slots=1)
    await pool.start()
    try:
        yield pool
    finally:
        await pool.close()


@pytest.mark.parametrize(
    ("lie", "told"),
    [
        (lambda execution: replace(execution, status=Status.EXIT, exit_code=1), "right program was judged wrong"),
        (lambda execution: replace(execution, stdout=b"1\n"), "right program was judged wrong"),
        (_remembering(), "wrong program was judged right"),
        (lambda execution: replace(execution, status=Status.OK, exit_code=0), "wrong program was judged right"),
        (lambda execution: replace(execution, exit_code=execution.exit_code and 9), "failed in another way"),
    ],
)
def test_a_slot_that_lies_is_taken_out_and_another_serves(
    runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, lie: Any, told: str
) -> None:
    async def scenario() -> None:
        slots: list[Slot] = []
        async with _pool(slots) as pool:
            monkeypatch.setattr(canary, "CANARY_SECONDS", 3600.0)
            _spoil(monkeypatch, slots[0], lie)
            slots[0].checked_at = float("-inf")
            (done,) = await pool.run(_ECHO, [Invocation(stdin=b"7\n")], _LIMITS)
            assert (done.status, done.stdout) == (Status.OK, b"7\n")
            state = pool.describe()
            assert state["canaries"] == {"failed": 1, "passed": 1}
            assert state["lost"]["canary"] == 1
            assert state["alarm"] == ""  # the slot in its place was asked before it served
            assert slots[0] not in pool._supplies["process"].live

    with caplog.at_level(logging.ERROR):
        runner.run(scenario())
    assert "CANARY FAILED" in caplog.text
    assert told in caplog.text


def test_a_slot_that_nobody_uses_is_asked_too(runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        slots: list[Slot] = []
        async with _pool(slots) as pool:
            monkeypatch.setattr(canary, "CANARY_SECONDS", 0.3)
            async with asyncio.timeout(20):
                while pool.describe()["canaries"].get("passed", 0) < 2:  # noqa: ASYNC110 - a process is waited for
                    await asyncio.sleep(0.05)
            assert (len(slots), pool.live) == (1, 1)
            assert pool.describe()["submissions"] == 0

    runner.run(scenario())


def test_while_no_slot_has_passed_code_is_not_ready_and_canaries_are_no_traffic(runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        async with open_service(Settings(sandbox="process", sandbox_slots=1, cache_file="memory")) as service:
            pool = service.sandboxes
            assert pool is not None
            await service.self_test()
            assert service.unready("code") == ""
            supply = next(iter(pool._supplies.values()))
            supply.alarm = "process 1: a wrong program was judged right"
            assert "known program" in service.unready("code")
            assert service.unready("math") == ""
            assert "judged right" in service.describe()["sandbox"]["alarm"]
            slot = supply.family.idle[0]
            slot.checked_at = float("-inf")
            await pool.run(_ECHO, [Invocation(stdin=b"7\n")], _LIMITS)
            assert service.unready("code") == ""
            figures = {s.name: s.value for m in service.metrics.registry.collect() for s in m.samples if s.value}
            assert figures["reward_canaries_total"] == 1
            assert "reward_verdicts_total" not in figures

    runner.run(scenario())
