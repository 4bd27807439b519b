"""Every backend keeps the same promises; Redis is a real server, killed and started again."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from reward_server.cache import Cache, CacheError
from reward_server.cache.embedded import EmbeddedCache
from reward_server.cache.lenient import LenientCache
from reward_server.cache.redis import RedisCache
from tests.redis_server import RedisServer


@pytest.fixture(params=["embedded", "memory", pytest.param("redis", marks=pytest.mark.redis)])
def make_cache(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., Cache]:
    if request.param == "redis":
        server = request.getfixturevalue("redis_server")
        return lambda ttl_seconds=60.0: RedisCache(server.url, ttl_seconds=ttl_seconds)
    path = tmp_path / "cache" / "verdicts.sqlite" if request.param == "embedded" else None
    return lambda ttl_seconds=60.0: EmbeddedCache(path, ttl_seconds=ttl_seconds, memory_entries=10)


def test_what_was_set_comes_back_and_what_was_not_does_not(make_cache: Callable[..., Cache]):
    async def run() -> None:
        cache = make_cache()
        entries = {f"key-{n}": bytes([n % 256]) * n for n in range(1200)}
        await cache.set_many(entries)
        assert await cache.get_many([*entries, "absent"]) == entries
        assert await cache.get_many(["absent"]) == {}
        await cache.close()

    asyncio.run(run())


def test_close_can_be_called_twice(make_cache: Callable[..., Cache]):
    async def run() -> None:
        cache = make_cache()
        await cache.set_many({"a": b"1"})
        await cache.close()
        await cache.close()

    asyncio.run(run())


def test_the_embedded_cache_survives_a_restart_and_forgets_what_expired(tmp_path: Path):
    async def run() -> None:
        path = tmp_path / "verdicts.sqlite"
        first = EmbeddedCache(path, ttl_seconds=60.0)
        await first.set_many({"a": b"1"})
        await first.close()
        short = EmbeddedCache(path, ttl_seconds=-1.0)
        assert await short.get_many(["a"]) == {"a": b"1"}
        await short.set_many({"old": b"2"})
        await short.close()
        second = EmbeddedCache(path, ttl_seconds=60.0)
        assert await second.get_many(["a", "old"]) == {"a": b"1"}
        await second.close()

    asyncio.run(run())


def test_the_embedded_cache_is_bounded(tmp_path: Path):
    async def run() -> None:
        cache = EmbeddedCache(tmp_path / "v.sqlite", ttl_seconds=60.0, max_entries=1000, memory_entries=1)
        for start in range(0, 30_000, 5000):
            await cache.set_many({f"{n}": b"x" for n in range(start, start + 5000)})
        kept = await cache.get_many([f"{n}" for n in range(30_000)])
        assert len(kept) <= 10_000
        await cache.close()

    asyncio.run(run())


def test_a_file_that_is_no_database_is_a_cache_error_and_the_lenient_cache_a_miss(tmp_path: Path):
    async def run() -> None:
        path = tmp_path / "verdicts.sqlite"
        path.write_bytes(b"not a database at all " * 100)
        cache = EmbeddedCache(path, ttl_seconds=60.0)
        with pytest.raises(CacheError):
            await cache.get_many(["a"])
        lenient = LenientCache(cache)
        assert await lenient.get_many(["a"]) == {}
        assert not lenient.healthy
        await lenient.close()

    asyncio.run(run())


@pytest.mark.redis
def test_a_redis_that_is_killed_is_a_miss_and_is_used_again_when_it_is_back(redis_server: RedisServer):
    async def run() -> None:
        cache = LenientCache(RedisCache(redis_server.url, ttl_seconds=60), retry_seconds=0.1)
        await cache.set_many({"a": b"1"})
        assert await cache.get_many(["a"]) == {"a": b"1"}
        redis_server.kill()
        assert await cache.get_many(["a"]) == {}
        await cache.set_many({"b": b"2"})
        assert cache.failures >= 1
        redis_server.start()
        await asyncio.sleep(0.2)
        assert await cache.get_many(["a"]) == {}
        await cache.set_many({"a": b"3"})
        assert await cache.get_many(["a"]) == {"a": b"3"}
        assert cache.healthy
        await cache.close()

    asyncio.run(run())


def test_a_dead_backend_is_asked_once_a_period_and_not_every_time():
    class Dead:
        calls = 0

        async def get_many(self, keys):
            self.calls += 1
            raise CacheError("gone")

        async def set_many(self, entries):
            raise CacheError("gone")

        async def close(self):
            pass

    async def run() -> None:
        now = [0.0]
        dead = Dead()
        cache = LenientCache(dead, retry_seconds=1.0, clock=lambda: now[0])
        for _ in range(10):
            assert await cache.get_many(["a"]) == {}
        assert dead.calls == 1
        now[0] = 1.1
        await cache.get_many(["a"])
        assert dead.calls == 2

    asyncio.run(run())
