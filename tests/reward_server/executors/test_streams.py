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
from reward_server.executors.orders import GROUP, connect, stream_name
from reward_server.graders import Completion, discover
from reward_server.graders.code import CodeTask
from reward_server.graders.math import MathTask
from reward_server.grading.compilation import TaskCompiler
from reward_server.grading.scoring import Job
from reward_server.service import Service, open_service
from reward_server.settings import Settings
from reward_server.verdict import Verdict
from tests.redis_server import RedisServer

pytestmark = pytest.mark.redis
STREAM = stream_name("exit_status")
_LEASE = 2.0


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
            assert "no worker lives" in lonely.verdict.evidence["reason"]
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
