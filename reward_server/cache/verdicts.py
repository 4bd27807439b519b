"""Verdicts in and out of a cache: keys, encoding, what may be kept, and writes gathered into batches."""

import asyncio
import hashlib
from collections.abc import Sequence

import orjson
import structlog

from reward_server.cache import Cache
from reward_server.graders import Completion, Resources
from reward_server.grading.compilation import CompiledTask
from reward_server.verdict import Outcome, Verdict

_SCHEMA = b"verdict-1"
_GATHER_SECONDS = 0.02
"""Verdicts finished within this time are written in one pipeline."""
_NEVER_KEPT = frozenset({Outcome.UNGRADABLE, Outcome.BAD_GROUND_TRUTH})

_log = structlog.get_logger()


def cache_key(task: CompiledTask, completion: Completion, resources: Resources) -> str:
    """Return the digest of all that a slow verdict depends on: grader, version, environment, task, what was said."""
    narrow = task.grader.cache_key
    if narrow is not None:
        depends_on = narrow(task.compiled, completion)
        content = depends_on if isinstance(depends_on, bytes) else depends_on.encode("utf-8", "surrogatepass")
    else:
        content = orjson.dumps([completion.text, completion.thinking])
    digest = hashlib.sha256(_SCHEMA)
    environment = task.grader.environment(task.compiled, resources)
    for part in (task.label.encode(), environment.encode(), task.fingerprint, content):
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.hexdigest()


class VerdictCache:
    """Reads verdicts in one round trip and writes them behind the answer."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._waiting: dict[str, bytes] = {}
        self._written: dict[str, bytes] = {}
        """What is being written."""
        self._writer: asyncio.Task[None] | None = None

    async def get_many(self, keys: Sequence[str]) -> dict[str, Verdict]:
        """Return the verdicts that are known; an entry that cannot be read is none, and is written anew."""
        here = {key: value for key in keys if (value := self._waiting.get(key) or self._written.get(key))}
        found = here | await self._cache.get_many([key for key in keys if key not in here])
        decoded = {key: _decode(key, value) for key, value in found.items()}
        return {key: verdict for key, verdict in decoded.items() if verdict is not None}

    def put(self, key: str, verdict: Verdict) -> None:
        """Keep a verdict if it says something about the completion and would come out the same again."""
        if verdict.outcome in _NEVER_KEPT or not verdict.cacheable:
            return
        try:
            self._waiting[key] = orjson.dumps([verdict.outcome, verdict.score, verdict.answer, verdict.evidence])
        except TypeError as error:  # evidence that is not JSON: graded all the same, only not kept
            _log.warning("verdict_not_cacheable", key=key, error=str(error))
            return
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_soon())

    async def close(self) -> None:
        """Write what waits and close the backend."""
        if self._writer is not None:
            await asyncio.gather(self._writer, return_exceptions=True)
        await self._flush()
        await self._cache.close()

    async def _write_soon(self) -> None:
        while self._waiting:
            await asyncio.sleep(_GATHER_SECONDS)
            await self._flush()

    async def _flush(self) -> None:
        self._written, self._waiting = self._waiting, {}
        try:
            await self._cache.set_many(self._written)
        finally:
            self._written = {}


def _decode(key: str, value: bytes) -> Verdict | None:
    """Return the verdict, None for what another version wrote or something damaged."""
    try:
        outcome, score, answer, evidence = orjson.loads(value)
        if not isinstance(evidence, dict) or not isinstance(answer, str | None):
            raise TypeError("evidence or answer of another type")  # noqa: TRY301 - one message for all that is wrong
        return Verdict(Outcome(outcome), score, answer, evidence)
    except (ValueError, TypeError) as error:
        _log.warning("cache_entry_unreadable", key=key, error=str(error)[:200])
        return None
