"""Workers, in this process, that meet scripted graders and a real Redis."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any, cast

import pytest

from reward_server.executors.orders import (
    GROUP,
    Order,
    about,
    connect,
    packed,
    presented,
    seconds_of,
    stream_name,
    unpacked_reply,
    workers_name,
)
from reward_server.executors.streams import Streams
from reward_server.executors.worker import Worker
from reward_server.graders import Completion
from reward_server.grading.landing import Graded
from reward_server.grading.scoring import Job, Scoring
from reward_server.verdict import Outcome, Verdict, ungradable
from tests.redis_server import RedisServer

pytestmark = pytest.mark.redis
STREAM = stream_name("exit_status")
RIGHT = Verdict(Outcome.CORRECT, 1.0)
Grade = Callable[[], Awaitable[Verdict]]


async def at_once() -> Verdict:
    return RIGHT


async def never() -> Verdict:
    return await asyncio.get_running_loop().create_future()


@asynccontextmanager
async def working(
    redis: RedisServer, grade: Grade, *, lease: float = 0.5, orders: int = 2, stop: asyncio.Event | None = None
) -> AsyncIterator[Worker]:
    async def score(_jobs: list[Job]) -> list[Graded]:
        return [Graded(await grade(), "code")]

    scoring = cast(Scoring, SimpleNamespace(score=score, resources=SimpleNamespace(minimum_trust="exit_status")))
    worker = Worker(redis.url, scoring, at_once=orders, says=lambda: {"slots": 1}, lease_seconds=lease)
    drain, stop = (0.7, stop) if stop else (0.0, asyncio.Event())
    running = asyncio.create_task(worker.run(stop, drain))
    try:
        yield worker
    finally:
        stop.set()
        await asyncio.wait_for(running, 5)


@asynccontextmanager
async def playing(redis: RedisServer) -> AsyncIterator[Any]:
    client = connect(redis.url)
    try:
        async with asyncio.timeout(8):
            yield client
    finally:
        await client.aclose()


async def send(client: Any, number: str) -> bytes:
    task = {"kind": "code", "tests": [{"stdin": "", "stdout": "1"}]}
    entry = await client.xadd(STREAM, {b"order": packed(Order(number, "replies", task, Completion("x"), "", {}))})
    return bytes(entry)


async def heard(client: Any) -> tuple[str, Verdict]:
    reply = unpacked_reply((await client.blpop(["replies"], timeout=5))[1])
    return reply.number, reply.verdict


async def holds(worker: Worker) -> bool:
    return bool(worker._held)


async def is_empty(client: Any) -> bool:
    return await client.xlen(STREAM) == 0


async def until(there: Callable[[], Awaitable[Any]]) -> None:
    while not await there():  # noqa: ASYNC110 - Redis tells nobody
        await asyncio.sleep(0.02)


async def living(client: Any, lease: float) -> set[str]:
    return set(about(await client.hgetall(workers_name(STREAM)), await seconds_of(client) - lease))


def test_an_idle_worker_is_seen_alive_and_is_not_struck_out(redis_server: RedisServer):
    """Redis 7.0 knows no consumer that never had work, and counts one that has none as idle."""

    async def play() -> None:
        async with playing(redis_server) as client, working(redis_server, at_once, lease=0.05) as worker:
            await client.hset(workers_name(STREAM), "long gone", presented({"slots": 1}, 1.0))
            await send(client, "1")
            await heard(client)
            await asyncio.sleep(1.3)  # more than 20 leases
            assert await living(client, 0.5) == {worker.name}
            assert [one["name"].decode() for one in await client.xinfo_consumers(STREAM, GROUP)] == [worker.name]
            assert await client.hlen(workers_name(STREAM)) == 1

    asyncio.run(play())


def test_what_breaks_at_a_worker_is_answered_at_once_and_not_tried_elsewhere(redis_server: RedisServer):
    async def broken() -> Verdict:
        raise RuntimeError("a bug")

    async def deep() -> Verdict:
        nested: list[Any] = []
        for _ in range(5000):
            nested = [nested]
        return Verdict(Outcome.CORRECT, 1.0, None, {"got": nested})

    async def play() -> None:
        for grade in (broken, deep):
            async with playing(redis_server) as client, working(redis_server, grade, lease=30):
                await send(client, "1")
                number, verdict = await heard(client)
                assert (number, verdict.outcome) == ("1", Outcome.UNGRADABLE)

    asyncio.run(play())


def test_an_order_of_a_lost_worker_is_found_behind_many_that_others_do(redis_server: RedisServer):
    async def play() -> None:
        async with playing(redis_server) as client:
            await client.xgroup_create(STREAM, GROUP, id="0", mkstream=True)
            held = [await send(client, str(number)) for number in range(30)]
            await client.xreadgroup(GROUP, "busy", {STREAM: ">"})
            await send(client, "lost")
            await client.xreadgroup(GROUP, "dead", {STREAM: ">"})
            async with working(redis_server, at_once, orders=1):
                for _ in range(20):  # in which "busy" shows that it lives
                    await client.xclaim(STREAM, GROUP, "busy", 0, held, justid=True)
                    await asyncio.sleep(0.1)
                    if await client.llen("replies"):
                        break
                assert await heard(client) == ("lost", RIGHT)

    asyncio.run(play())


def test_an_unreadable_order_that_workers_were_lost_with_stops_nobody(redis_server: RedisServer):
    async def play() -> None:
        async with playing(redis_server) as client:
            await client.xgroup_create(STREAM, GROUP, id="0", mkstream=True)
            entry = await client.xadd(STREAM, {b"other": b"x"})
            await client.xreadgroup(GROUP, "dead", {STREAM: ">"}, count=1)
            await client.xclaim(STREAM, GROUP, "dead", 0, [entry], idle=10**6, retrycount=9)
            async with working(redis_server, at_once):
                await until(lambda: is_empty(client))
                await send(client, "1")
                assert await heard(client) == ("1", RIGHT)

    asyncio.run(play())


def test_a_worker_that_drains_takes_nothing_over(redis_server: RedisServer):
    async def play() -> None:
        stop = asyncio.Event()
        async with playing(redis_server) as client, working(redis_server, never, stop=stop) as worker:
            await send(client, "held")
            await until(lambda: holds(worker))
            stop.set()
            await asyncio.sleep(0.5)
            entry = await send(client, "lost")
            await client.xreadgroup(GROUP, "dead", {STREAM: ">"}, count=1)
            await client.xclaim(STREAM, GROUP, "dead", 0, [entry], idle=10**6)
            await asyncio.sleep(0.4)
            (pending,) = await client.xpending_range(STREAM, GROUP, entry, entry, 1)
            assert pending["consumer"] == b"dead"

    asyncio.run(play())


def test_work_that_demands_more_trust_is_none_for_a_worker_that_does_not(redis_server: RedisServer):
    async def play() -> None:
        async with playing(redis_server) as client, working(redis_server, at_once) as worker:
            await until(lambda: client.hexists(workers_name(STREAM), worker.name))
            strict = Streams(redis_server.url, lease_seconds=0.5, minimum_trust="separate")
            await strict.start()
            verdict = await strict.fulfil("1", b"x")
            assert "REWARD_MINIMUM_TRUST" in verdict.evidence["reason"]
            await strict.close()

    asyncio.run(play())


def test_a_worker_ends_when_told_whatever_it_is_about_to_say(redis_server: RedisServer):
    """`wait_for` of Python 3.11 may lose a cancellation of whoever has just begun to write to Redis."""

    async def play() -> None:
        for _ in range(5):
            async with working(redis_server, at_once, lease=0.001):
                await asyncio.sleep(0.05)

    asyncio.run(play())


def test_what_a_worker_lacks_another_does_and_where_all_lack_it_the_verdict_names_it(redis_server: RedisServer):
    async def lacking() -> Verdict:
        return ungradable("java is not installed where programs run here", retryable=False)

    async def ask(streams: Streams, number: str) -> Verdict:
        task = {"kind": "code", "tests": [{"stdin": "", "stdout": "1"}]}
        order = packed(Order(number, streams.replies, task, Completion("x"), "", {}))
        return await streams.fulfil(number, order)

    async def play() -> None:
        streams = Streams(redis_server.url, lease_seconds=2)
        await streams.start()
        try:
            async with playing(redis_server) as client, working(redis_server, lacking, lease=2, orders=8):
                async with working(redis_server, at_once, lease=2, orders=1):
                    await until(lambda: _all_see(streams, 2))
                    verdicts = await asyncio.gather(*(ask(streams, str(number)) for number in range(20)))
                    assert verdicts == [RIGHT] * 20
                await until(lambda: _all_see(streams, 1))
                verdict = await ask(streams, "nobody's")
                assert verdict == await lacking()
                assert await is_empty(client)
        finally:
            await streams.close()

    asyncio.run(play())


async def _all_see(streams: Streams, count: int) -> bool:
    return len(streams.describe()["workers"]) == count
