"""Servers and workers that meet in a real Redis, which is killed as they are."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from reward_server.executors import Work
from reward_server.executors.orders import (
    GROUP,
    Order,
    connect,
    packed,
    packed_reply,
    presented,
    seconds_of,
    stream_name,
    workers_name,
)
from reward_server.executors.streams import Streams
from reward_server.graders import Completion, discover
from reward_server.graders.code import CodeTask
from reward_server.graders.math import MathTask
from reward_server.grading.compilation import TaskCompiler
from reward_server.grading.scoring import Job
from reward_server.service import Service, open_service
from reward_server.settings import Settings
from reward_server.verdict import Verdict, ungradable
from tests.redis_server import RedisServer

pytestmark = pytest.mark.redis
STREAM = stream_name("exit_status")
_LEASE = 2.0
_LONELY = "no worker lives"


def job(number: int, work: str = "") -> Job:
    """A program that prints a number, asked for it where it is even, for another where it is odd."""
    wanted = number if number % 2 == 0 else -1
    program = f"```python\n{work}\nprint({number})\n```"
    return Job(CodeTask(tests=[{"stdin": "", "stdout": f"{wanted}\n"}]), Completion(program))


def outcomes(verdicts: list[Verdict]) -> list[str]:
    return [verdict.outcome.value for verdict in verdicts]


def right(count: int) -> list[str]:
    return ["correct" if number % 2 == 0 else "incorrect" for number in range(count)]


@asynccontextmanager
async def serving(redis: RedisServer) -> AsyncIterator[Service]:
    settings = Settings(executor="redis", work_url=redis.url, lease_seconds=_LEASE, cache_file="memory")
    async with open_service(settings) as service:
        yield service


class Workers:
    """Processes `reward-server work`."""

    def __init__(self, redis: RedisServer) -> None:
        self._url, self.processes = redis.url, list[subprocess.Popen[bytes]]()

    def start(self) -> None:
        command = [sys.executable, "-m", "reward_server.cli", "work", "--url", self._url, "--sandbox", "process"]
        more = {"REWARD_LEASE_SECONDS": str(_LEASE), "REWARD_CACHE_FILE": "memory", "REWARD_DRAIN_SECONDS": "0.5"}
        more |= {"REWARD_SANDBOX_SLOTS": "1"}
        self.processes.append(
            subprocess.Popen([*command, "--allow-weak-isolation"], env=os.environ | more, stdout=subprocess.DEVNULL)
        )

    def end(self, number: int, how: signal.Signals) -> None:
        process = self.processes.pop(number)
        process.send_signal(how)
        process.wait(20)


@asynccontextmanager
async def working(redis: RedisServer, count: int) -> AsyncIterator[Workers]:
    workers = Workers(redis)
    for _ in range(count):
        workers.start()
    try:
        yield workers
    finally:
        while workers.processes:
            workers.end(0, signal.SIGKILL)


async def graded(service: Service, jobs: list[Job]) -> list[Verdict]:
    """Ask until there is a verdict on each, as trainers do."""
    async with asyncio.timeout(100):
        while True:
            verdicts = [one.verdict for one in await service.scoring.score(jobs)]
            if "ungradable" not in outcomes(verdicts):
                return verdicts
            await asyncio.sleep(0.2)


def test_workers_run_programs_and_the_server_does_the_rest(redis_server: RedisServer):
    async def play() -> None:
        async with serving(redis_server) as service:
            began = time.monotonic()
            (lonely,) = await service.scoring.score([job(0)])
            assert lonely.verdict.outcome.value == "ungradable"
            assert _LONELY in lonely.verdict.evidence["reason"]
            assert time.monotonic() - began < 4 * _LEASE
            (mathematics,) = await service.scoring.score(
                [Job(MathTask(ground_truth="1/2"), Completion("\\boxed{0.5}"))]
            )
            assert mathematics.verdict.score == 1
            async with working(redis_server, 1) as workers:
                assert outcomes(await graded(service, [job(number) for number in range(6)])) == right(6)
                while not (about := service.describe()["executor"]["workers"]):  # noqa: ASYNC110 - it looks every second
                    await asyncio.sleep(0.05)
                assert [one["slots"] for one in about.values()] == [1]
                assert service.metrics.registry.get_sample_value("reward_work_slots") in {0, 1}  # it may look meanwhile
                workers.end(0, signal.SIGTERM)
            redis = connect(redis_server.url)
            assert await redis.xlen(STREAM) == 0
            assert await redis.xinfo_consumers(STREAM, GROUP) == []
            await redis.aclose()

    asyncio.run(play())


def test_an_order_nobody_waits_for_is_taken_back(redis_server: RedisServer):
    async def play() -> None:
        redis = connect(redis_server.url)
        asked = job(0)
        work = Work(await TaskCompiler(discover()).compile(asked.task), asked.task)
        async with serving(redis_server) as service:
            asking = asyncio.create_task(service.scoring.executor.grade(work, asked.completion))
            await until(redis, 1)
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            await until(redis, 0)
        await redis.aclose()

    async def until(redis: Any, length: int) -> None:
        while await redis.xlen(STREAM) != length:  # noqa: ASYNC110 - Redis tells nobody
            await asyncio.sleep(0.02)

    asyncio.run(asyncio.wait_for(play(), 30))


def test_what_is_killed_loses_nothing_and_changes_no_verdict(redis_server: RedisServer):
    """Workers and Redis, which forgets all, are killed in turn while programs run."""

    async def kill(workers: Workers, rng: random.Random, done: asyncio.Event) -> None:
        while not done.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(done.wait(), 2.0)
                return
            if rng.random() < 0.3:
                redis_server.kill()
                await asyncio.sleep(0.5)
                redis_server.start()
            else:
                workers.end(rng.randrange(len(workers.processes)), rng.choice([signal.SIGKILL, signal.SIGTERM]))
                workers.start()

    async def play() -> None:
        jobs = [job(number, "sum(range(4_000_000))") for number in range(60)]
        async with serving(redis_server) as service, working(redis_server, 3) as workers:
            await graded(service, [job(1000)])
            done = asyncio.Event()
            killing = asyncio.create_task(kill(workers, random.Random(11), done))
            verdicts = await graded(service, jobs)
            done.set()
            await killing
            assert outcomes(verdicts) == right(60)

    asyncio.run(play())


@asynccontextmanager
async def sending(redis: RedisServer, lease: float = 1.0) -> AsyncIterator[Streams]:
    streams = Streams(redis.url, lease_seconds=lease)
    await streams.start()
    try:
        yield streams
    finally:
        await asyncio.wait_for(streams.close(), 5)


async def length(redis: RedisServer) -> int:
    client = connect(redis.url)
    try:
        return int(await client.xlen(STREAM))
    finally:
        await client.aclose()


async def ask(streams: Streams, number: str) -> Verdict:
    task = job(0).task.model_dump(mode="json")
    return await streams.fulfil(number, packed(Order(number, streams.replies, task, Completion("x"), "", {})))


def test_what_is_given_up_does_not_stay_in_redis(redis_server: RedisServer):
    async def play() -> None:
        async with sending(redis_server, lease=0.5) as streams:
            verdicts = await asyncio.gather(*(ask(streams, str(number)) for number in range(500)))
            assert all(one.evidence["reason"].startswith(_LONELY) for one in verdicts)
            await asyncio.sleep(0.2)
            assert await length(redis_server) == 0
            asked = asyncio.create_task(ask(streams, "of a server that ends"))
            while not await length(redis_server):  # noqa: ASYNC110 - Redis tells nobody
                await asyncio.sleep(0.02)
        assert (await asked).evidence["reason"] == "the service is shutting down"
        assert await length(redis_server) == 0

    asyncio.run(play())


def test_a_server_that_has_just_heard_or_sent_ends(redis_server: RedisServer):
    """`wait_for` of Python 3.11 may lose a cancellation of whoever has just begun to write to Redis."""

    async def play() -> None:
        client = connect(redis_server.url)
        for number in range(4):
            async with sending(redis_server) as streams:
                asked = asyncio.create_task(ask(streams, str(number)))
                while not await client.xlen(STREAM):  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
                await client.rpush(streams.replies, packed_reply(str(number), ungradable("x")))
                await asked
            await client.delete(STREAM)
        await client.aclose()

    asyncio.run(play())


def test_orders_that_redis_does_not_take_are_ungradable_though_workers_live(redis_server: RedisServer):
    async def play() -> None:
        client = connect(redis_server.url)
        await client.hset(workers_name(STREAM), "w", presented({"slots": 1}, await seconds_of(client) + 60))
        await client.execute_command("ACL", "SETUSER", "default", "-xadd")
        async with sending(redis_server) as streams:
            asked = asyncio.create_task(ask(streams, "1"))
            await asyncio.wait({asked}, timeout=5)
            assert asked.done()
            assert "Redis is out of reach" in (await asked).evidence["reason"]
        await client.aclose()

    asyncio.run(play())


def test_a_large_batch_is_sent_over_few_connections_and_once(redis_server: RedisServer):
    async def play() -> None:
        client = connect(redis_server.url)
        async with sending(redis_server, lease=30) as streams:
            asked = [asyncio.create_task(ask(streams, str(number))) for number in range(1000)]
            while await client.xlen(STREAM) < len(asked):
                assert streams.lacking().startswith(_LONELY)
                await asyncio.sleep(0.01)
            assert int((await client.info("clients"))["connected_clients"]) < 10
            await asyncio.sleep(1.2)
            assert await client.xlen(STREAM) == len(asked)
        await asyncio.gather(*asked)
        await client.aclose()

    asyncio.run(play())


def test_an_order_whose_verdict_cannot_be_read_is_not_run_for_ever(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("reward_server.executors.streams._MOST_SENT", 2)
    monkeypatch.setattr("reward_server.executors.streams._LOOK_SECONDS", 0.1)

    async def play() -> None:
        client = connect(redis_server.url)
        await client.xgroup_create(STREAM, GROUP, mkstream=True)
        await client.hset(workers_name(STREAM), "w", presented({"slots": 1}, await seconds_of(client) + 60))
        async with sending(redis_server, lease=0.6) as streams:
            asked = asyncio.create_task(ask(streams, "1"))
            async with asyncio.timeout(6):
                while not asked.done():
                    for _, entries in await client.xreadgroup(GROUP, "w", {STREAM: ">"}) or []:
                        await client.rpush(streams.replies, b'["1", ["a version to come"]]')
                        await client.xdel(STREAM, entries[0][0])
                    await asyncio.sleep(0.02)
            assert "sent 2 times" in (await asked).evidence["reason"]
        await client.aclose()

    asyncio.run(play())
