"""Where verdicts are kept: one protocol, an embedded backend and Redis.

A cache holds only verdicts of the slow tier, only those that say something about the completion, and never decides
anything: a cache that is gone makes the service slower, not wrong. So its failures are counted and logged here, in
`Lenient`, and nowhere else.

Keys are sha256 digests over everything a verdict depends on (`reward_server.grading.scoring`), so an entry is never
updated and never has to be invalidated. Values are the JSON of the verdict.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol


class CacheError(Exception):
    """The backend could not answer."""


class Cache(Protocol):
    """What a backend does; every method raises `CacheError` when the backend is out of reach."""

    async def get_many(self, keys: Sequence[str]) -> dict[str, bytes]:
        """Return the entries that exist, in one round trip."""
        ...

    async def set_many(self, entries: Mapping[str, bytes]) -> None:
        """Store the entries, in one round trip."""
        ...

    async def close(self) -> None:
        """Release files and connections; idempotent."""
        ...
