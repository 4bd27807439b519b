"""Processes in front and their hub: what is slow is graded once for all of them, as one process would."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client.core import GaugeMetricFamily

from reward_server.errors import Overloaded
from reward_server.grading.quotas import ANYBODY, Tenant, ask_as
from reward_server.grading.scoring import Scoring
from reward_server.serving.channel import Channel
from reward_server.serving.front import RemoteScoring
from reward_server.serving.hub import Hub
from reward_server.serving.sums import summed
from reward_server.settings import Settings
from reward_server.telemetry.metrics import Metrics
from reward_server.telemetry.traffic import Traffic
from reward_server.verdict import Outcome
from tests.reward_server.fakes import ScriptedGrader, job, scoring_with


class _Front:
    def __init__(self, channel: Channel, grader: ScriptedGrader) -> None:
        self.channel, self.metrics = channel, Metrics()
        self.scoring = RemoteScoring(channel, Traffic(self.metrics), {"scripted": grader.grader})

    async def answer(self, name: str, _argument: Any, exchange: Any) -> None:
        if name == "metrics":
            await exchange.send(list(self.metrics.registry.collect()))


@asynccontextmanager
async def _fronts(hub_scoring: Scoring, grader: ScriptedGrader, count: int = 2) -> AsyncIterator[list[_Front]]:
    service = SimpleNamespace(scoring=hub_scoring, metrics=Metrics())
    app: Any = SimpleNamespace(state=SimpleNamespace(service=service))
    hub = Hub(app, Settings())
    tasks, fronts = [], []
    for _ in range(count):
        ours, theirs = socket.socketpair()
        at_hub = Channel(*await asyncio.open_connection(sock=ours), hub.answer, first=-1)
        front = _Front.__new__(_Front)
        channel = Channel(*await asyncio.open_connection(sock=theirs), front.answer, first=1)
        front.__init__(channel, grader)  # type: ignore[misc]
        tasks += [asyncio.create_task(hub.serve(at_hub)), asyncio.create_task(channel.serve())]
        front.hub, front.app = at_hub, app  # type: ignore[attr-defined]
        fronts.append(front)
    try:
        yield fronts
    finally:
        await hub_scoring.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def test_equal_work_of_two_processes_is_done_once_and_fast_work_does_not_wait():
    async def run() -> None:
        grader = ScriptedGrader()
        grader.gate.clear()
        async with _fronts(scoring_with(grader), grader) as (one, other):
            jobs = [job("fast right"), job("slow right"), job("slow wrong"), job("slow right")]
            stream = one.scoring.stream(jobs)
            index, first = await asyncio.wait_for(anext(stream), 5)
            assert (index, first.verdict.score) == (0, 1.0)
            same = asyncio.create_task(other.scoring.score(jobs))
            await asyncio.sleep(0.1)
            grader.gate.set()
            rest = {index: graded.verdict.score async for index, graded in stream}
            assert rest == {1: 1.0, 2: 0.0, 3: 1.0}
            assert [graded.verdict.score for graded in await same] == [1.0, 1.0, 0.0, 1.0]
            assert grader.slow_calls == 2
            figures = summed(*(front.metrics.registry.collect() for front in (one, other)))
            counted = [s for m in figures.collect() for s in m.samples if s.name == "reward_verdicts_total"]
            assert sum(sample.value for sample in counted) == 8

    asyncio.run(run())


def test_a_full_queue_and_a_quota_refuse_before_the_first_verdict():
    async def run() -> None:
        grader = ScriptedGrader()
        grader.gate.clear()
        async with _fronts(scoring_with(grader, queue_cpu_seconds=1.0), grader) as (one, other):
            waiting = asyncio.create_task(one.scoring.score([job("slow right")]))
            await asyncio.sleep(0.1)
            with pytest.raises(Overloaded) as full:
                await other.scoring.score([job("fast right"), job("slow wrong")])
            assert full.value.retry_after_seconds >= 1
            grader.gate.set()
            await waiting
            ask_as(Tenant("a", items_a_minute=4))
            await one.scoring.score([job("fast right")] * 3)
            with pytest.raises(Overloaded, match="4 items a minute"):  # whichever process is asked
                await other.scoring.score([job("fast right")] * 3)
            ask_as(ANYBODY)

    asyncio.run(run())


def test_a_deadline_leaves_work_that_goes_on():
    async def run() -> None:
        grader = ScriptedGrader()
        grader.gate.clear()
        async with _fronts(scoring_with(grader), grader) as (one, other):
            (late,) = await one.scoring.score([job("slow right")], 0.05)
            assert (late.verdict.outcome, late.verdict.evidence["reason"]) == (Outcome.UNGRADABLE, "deadline")
            again = asyncio.create_task(other.scoring.score([job("slow right")]))
            await asyncio.sleep(0.1)
            grader.gate.set()
            assert (await again)[0].verdict.score == 1.0
            assert grader.slow_calls == 1

    asyncio.run(run())


def test_a_lost_hub_is_a_failure_of_ours_and_no_verdict():
    async def run() -> None:
        grader = ScriptedGrader()
        grader.gate.clear()
        async with _fronts(scoring_with(grader), grader, 1) as (front,):
            waiting = asyncio.create_task(front.scoring.score([job("fast right"), job("slow right")]))
            await asyncio.sleep(0.1)
            front.hub._writer.close()  # type: ignore[attr-defined]
            fast, slow = await asyncio.wait_for(waiting, 5)
            assert fast.verdict.score == 1.0
            assert (slow.verdict.outcome, slow.verdict.score) == (Outcome.UNGRADABLE, None)
            (after,) = await front.scoring.score([job("slow wrong")])
            assert after.verdict.outcome is Outcome.UNGRADABLE

    asyncio.run(run())


def test_metrics_of_all_processes_add_up_and_a_process_that_is_gone_still_counts():
    async def run() -> None:
        grader = ScriptedGrader()
        async with _fronts(scoring_with(grader), grader) as (one, other):
            for front in (one, other):
                await front.scoring.score([job("fast right"), job("slow right")])
            collect = one.app.state.collect  # type: ignore[attr-defined]

            async def verdicts() -> float:
                families = (await collect()).collect()
                return sum(s.value for m in families for s in m.samples if s.name == "reward_verdicts_total")

            assert await verdicts() == 4
            one.channel._writer.close()
            await asyncio.sleep(0.1)
            assert await verdicts() == 4

    asyncio.run(run())


def test_the_worst_of_several_is_the_worst():
    worst = [GaugeMetricFamily("reward_event_loop_worst_lag_seconds", "…", value) for value in (0.5, 0.2)]
    (family,) = summed([worst[0]], [worst[1]]).collect()
    assert [sample.value for sample in family.samples] == [0.5]
