"""Slots that end: seen while idle, named in the log, worked around at once; without any, an answer at once."""

import asyncio
import logging
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from prometheus_client import generate_latest

from reward_server.service import open_service
from reward_server.settings import Settings
from sandboxes import supply
from sandboxes.execution import Invocation, Limits, Program, Status
from sandboxes.launchers import process
from sandboxes.pool import Family, SandboxPool
from sandboxes.sandbox import OutOfSlots, SandboxError
from sandboxes.slot import Slot

_ECHO = Program("python", "print(input())")
_LIMITS = Limits(cpu_seconds=5.0)


class Starter:
    """Whoever starts the agents: it can be away, as a stopped engine is."""

    def __init__(self) -> None:
        self.away = False
        self.slots: list[Slot] = []

    async def launch(self) -> Slot:
        if self.away:
            await asyncio.sleep(0.2)
            raise SandboxError("nobody listens")
        self.slots.append(await process.launch())
        return self.slots[-1]

    def kill(self, slot: Slot) -> None:
        os.kill(int(slot.name.split()[1]), signal.SIGKILL)


@asynccontextmanager
async def _pool(starter: Starter, slots: int) -> AsyncIterator[SandboxPool]:
    pool = SandboxPool([Family("process", starter.launch)], slots=slots)
    await pool.start()
    try:
        yield pool
    finally:
        await pool.close()


async def _echo(pool: SandboxPool) -> float:
    started = time.monotonic()
    (done,) = await pool.run(_ECHO, [Invocation(stdin=b"7\n")], _LIMITS)
    assert (done.status, done.stdout) == (Status.OK, b"7\n")
    return time.monotonic() - started


async def _until(live: int, pool: SandboxPool) -> None:
    async with asyncio.timeout(20):
        while pool.live != live:  # noqa: ASYNC110 - another process is waited for
            await asyncio.sleep(0.05)


def test_one_of_two_killed_slots_costs_nobody_a_wait_for_a_launch(
    runner: asyncio.Runner, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario() -> str:
        starter = Starter()
        async with _pool(starter, 2) as pool:
            await _echo(pool)
            starter.away = True
            starter.kill(starter.slots[0])
            await asyncio.gather(*(_echo(pool) for _ in range(6)))
            await _until(1, pool)
            assert pool.describe()["lost"]["ended"] == 1
            starter.away = False
            await _until(2, pool)
            return starter.slots[0].name

    with caplog.at_level(logging.WARNING):
        name = runner.run(scenario())
    assert f"sandbox slot lost: {name}" in caplog.text


def test_without_slots_the_first_wait_is_bounded_the_next_are_none_and_slots_that_come_back_serve(
    runner: asyncio.Runner,
) -> None:
    async def scenario() -> None:
        starter = Starter()
        async with _pool(starter, 2) as pool:
            starter.away = True
            for slot in starter.slots:
                starter.kill(slot)
            await _until(0, pool)
            with pytest.raises(OutOfSlots, match="nobody listens"):
                await _echo(pool)
            launches = pool.describe()["lost"]["launch"]
            with pytest.raises(OutOfSlots):
                await _echo(pool)
            assert pool.describe()["lost"]["launch"] - launches <= 1, "it waited for launches again"
            starter.away = False
            await _until(2, pool)
            await _echo(pool)

    runner.run(scenario())


def test_readiness_is_told_for_each_kind(runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    starter = Starter()
    families = "reward_server.grading.sandboxing._families"
    monkeypatch.setattr(families, lambda _settings: [Family("process", starter.launch)])
    settings = Settings(sandbox="process", sandbox_slots=1, cache_file="memory", redis_url=None, api_token=None)

    async def scenario() -> None:
        async with open_service(settings) as service:
            await service.self_test()
            assert service.describe()["ready"]
            assert b"reward_verdicts_total{" not in generate_latest(service.metrics.registry), (
                "self-tests are no traffic"
            )
            assert service.unready("code") == ""
            starter.away = True
            assert service.sandboxes is not None
            for slot in starter.slots:
                if not slot.lost:
                    starter.kill(slot)
            await _until(0, service.sandboxes)
            state = service.describe()
            assert state["ready"]
            assert state["graders"]["math"]["ready"]
            assert state["graders"]["code"]["reason"] == "no sandbox slot lives"

    runner.run(scenario())


def test_sandboxes_that_somebody_else_starts_later_serve_from_then_on(runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        starter = Starter()
        starter.away = True
        pool = SandboxPool([Family("elsewhere", starter.launch, start_seconds=0.1, patience_seconds=0.1)], slots=1)
        await pool.start()
        try:
            with pytest.raises(OutOfSlots, match="nobody listens"):
                await _echo(pool)
            starter.away = False
            await _until(1, pool)
            await _echo(pool)
        finally:
            await pool.close()

    runner.run(scenario())


def test_whoever_takes_a_slot_waits_for_no_ending_of_another(
    runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        starter, ended = Starter(), asyncio.Event()
        end = Family.end

        async def late(family: Family, slot: Slot) -> None:
            await ended.wait()
            await end(family, slot)

        async with _pool(starter, 3) as pool:
            monkeypatch.setattr(Family, "end", late)
            starter.away = True
            await _echo(pool)
            left, *killed = starter.slots
            before = left.runs
            for slot in killed:
                starter.kill(slot)
            try:
                await asyncio.gather(_echo(pool), _echo(pool))
                await _until(1, pool)
            finally:
                ended.set()
            assert left.runs == before + 2

    runner.run(scenario())


def test_a_slot_that_is_killed_after_a_while_is_no_launch_that_failed(
    runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(oldest: float) -> float:
        monkeypatch.setattr(supply, "_STILLBORN_SECONDS", oldest)
        starter = Starter()
        family = Family("process", starter.launch)
        pool = SandboxPool([family], slots=2)
        await pool.start()
        try:
            (cold,) = [slot for slot in starter.slots if not slot.runs]
            starter.kill(cold)
            async with asyncio.timeout(20):
                while not pool.describe()["lost"].get("ended"):  # noqa: ASYNC110 - another process is waited for
                    await asyncio.sleep(0.05)
            return family.resting_until
        finally:
            await pool.close()

    assert runner.run(scenario(0.0)) == 0.0
    assert runner.run(scenario(600.0)) > 0.0
