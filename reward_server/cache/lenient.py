"""A cache that never fails: errors of the backend become misses, with a pause so that a dead backend costs nothing.

After a failure the backend is left alone for `retry_seconds`, then tried again by the next call: so it reconnects by
itself, and a Redis that hangs delays one call in each such period by its socket timeout, not every call.
"""

import time
from collections.abc import Callable, Mapping, Sequence

import structlog

from reward_server.cache import Cache, CacheError

_log = structlog.get_logger()


class LenientCache:
    """Wraps a backend; `get_many` returns nothing and `set_many` drops entries while the backend is out of reach."""

    def __init__(
        self, backend: Cache, *, retry_seconds: float = 1.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._backend = backend
        self._retry_seconds = retry_seconds
        self._clock = clock
        self._quiet_until = float("-inf")
        self.failures = 0

    @property
    def healthy(self) -> bool:
        """False from a failure until a call succeeds again."""
        return self._quiet_until == float("-inf")

    async def get_many(self, keys: Sequence[str]) -> dict[str, bytes]:
        """Return the entries that exist and can be reached."""
        if not keys or self._clock() < self._quiet_until:
            return {}
        try:
            entries = await self._backend.get_many(keys)
        except CacheError as error:
            self._note(error)
            return {}
        self._recovered()
        return entries

    async def set_many(self, entries: Mapping[str, bytes]) -> None:
        """Store the entries if the backend can be reached."""
        if not entries or self._clock() < self._quiet_until:
            return
        try:
            await self._backend.set_many(entries)
        except CacheError as error:
            self._note(error)
        else:
            self._recovered()

    async def close(self) -> None:
        """Close the backend."""
        await self._backend.close()

    def _note(self, error: CacheError) -> None:
        self.failures += 1
        self._quiet_until = self._clock() + self._retry_seconds
        _log.warning("cache_out_of_reach", error=str(error), retry_seconds=self._retry_seconds)

    def _recovered(self) -> None:
        if not self.healthy:
            self._quiet_until = float("-inf")
            _log.info("cache_is_back")
