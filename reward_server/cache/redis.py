"""The Redis cache: `MGET` to read a batch, a pipeline of `SET … EX` to write one; several servers may share it.

Timeouts are short and connections few (`BlockingConnectionPool`), so that a Redis that is slow, gone or restarting
costs a batch a fraction of a second and then nothing (`LenientCache`); redis-py reconnects on the next call.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import redis.asyncio as redis
from redis.exceptions import RedisError

from reward_server.cache import CacheError

_PREFIX = "reward-server:verdict:"
_CHUNK = 1000
"""Commands in one pipeline: redis-py packs a pipeline on the event loop."""


class RedisCache:
    """Verdicts in Redis or Valkey at `url`."""

    def __init__(self, url: str, *, ttl_seconds: float, timeout_seconds: float = 0.5, connections: int = 8) -> None:
        pool: Any = redis.BlockingConnectionPool.from_url(
            url,
            max_connections=connections,
            timeout=timeout_seconds,
            socket_timeout=timeout_seconds,
            socket_connect_timeout=timeout_seconds,
        )
        self._redis: Any = redis.Redis(connection_pool=pool, single_connection_client=False)
        self._pool = pool
        self._ttl_seconds = max(1, int(ttl_seconds))

    async def get_many(self, keys: Sequence[str]) -> dict[str, bytes]:
        """Return the entries that exist, by `MGET`."""
        try:
            values = await self._redis.mget([_PREFIX + key for key in keys])
        except (RedisError, OSError, TimeoutError) as error:
            raise CacheError(f"redis: {error or type(error).__name__}") from error
        return {key: value for key, value in zip(keys, values, strict=True) if value is not None}

    async def set_many(self, entries: Mapping[str, bytes]) -> None:
        """Store the entries, pipelined, each with its time to live."""
        rows = list(entries.items())
        try:
            for start in range(0, len(rows), _CHUNK):
                async with self._redis.pipeline(transaction=False) as pipeline:
                    for key, value in rows[start : start + _CHUNK]:
                        pipeline.set(_PREFIX + key, value, ex=self._ttl_seconds)
                    await pipeline.execute()
        except (RedisError, OSError, TimeoutError) as error:
            raise CacheError(f"redis: {error or type(error).__name__}") from error

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.aclose()
        await self._pool.disconnect()
