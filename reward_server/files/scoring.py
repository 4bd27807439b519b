"""The way of a data set's rows: to items, past what an earlier run has graded already, to a scorer, into the ledger.

Several batches are under way at once, and each row is written and told as it finishes, so that progress is true, an
interruption loses nothing, and no bad row stops the rest.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Protocol

from reward_server.files.formats import Row, RowError
from reward_server.files.layout import Layout
from reward_server.files.ledger import Ledger, digest_of

Item = dict[str, Any]
Record = dict[str, Any]
"""A verdict as on the wire, or `{"error": …}` for a row that is malformed."""

_BATCHES_AT_ONCE = 4
"""So that the slowest item of a batch keeps nothing waiting but its own batch."""
_BREATH = 64
"""Rows between two looks at the event loop."""


class Scorer(Protocol):
    """Whoever turns items into records."""

    def score(self, items: Sequence[Item]) -> AsyncGenerator[tuple[int, Record], None]:
        """Yield (place in `items`, record) for each item, as they finish."""
        ...


@dataclass(frozen=True, slots=True)
class Scored:
    """What became of a row."""

    row: Row
    record: Record
    kept: bool = False
    """An earlier run had graded it."""


@dataclass(frozen=True, slots=True)
class _Asked:
    row: Row
    item: Item
    digest: str
    problem: str = ""
    """Why there is no item."""


async def score_rows(
    rows: Iterable[Row], layout: Layout, scorer: Scorer, ledger: Ledger, *, asked: Any, batch_size: int
) -> AsyncGenerator[Scored, None]:
    """Score the rows that the ledger has no verdict for, and yield all as they finish; it then has all of them.

    `asked` is what is asked of every item beside the item itself, such as reward parts. Raises what the scorer raises;
    what had finished by then is in the ledger.
    """
    finished = asyncio.Queue[Scored | None]()
    work = _Work(scorer, ledger, finished.put_nowait)
    feeding = asyncio.create_task(work.feed(_planned(rows, layout, asked), batch_size))
    feeding.add_done_callback(lambda _: finished.put_nowait(None))
    try:
        while (scored := await finished.get()) is not None:
            yield scored
        await feeding
    finally:
        feeding.cancel()
        await asyncio.gather(feeding, return_exceptions=True)


def _planned(rows: Iterable[Row], layout: Layout, asked: Any) -> Iterator[_Asked]:
    for row in rows:
        try:
            item = layout.item(row.value)
        except RowError as error:
            yield _Asked(row, {}, "", str(error))
        else:
            yield _Asked(row, {"id": row.number, **item}, digest_of(item, asked))


class _Work:
    """Rows on their way."""

    def __init__(self, scorer: Scorer, ledger: Ledger, deliver: Callable[[Scored], None]) -> None:
        self._scorer, self._ledger, self._deliver = scorer, ledger, deliver
        self._room = asyncio.Semaphore(_BATCHES_AT_ONCE)

    async def feed(self, rows: Iterable[_Asked], batch_size: int) -> None:
        """Send what has to be graded, batch by batch; the first failure stops all."""
        batch: list[_Asked] = []
        try:
            async with asyncio.TaskGroup() as sending:
                for count, asked in enumerate(rows, 1):
                    if count % _BREATH == 0:
                        await asyncio.sleep(0)
                    if not self._settled(asked):
                        batch.append(asked)
                    if len(batch) == batch_size:
                        await self._room.acquire()
                        sending.create_task(self._send(batch))
                        batch = []
                sending.create_task(self._send(batch, holds_room=False))
        except BaseExceptionGroup as failures:
            raise failures.exceptions[0] from None

    def _settled(self, asked: _Asked) -> bool:
        """Deliver a row that needs no grading: it is malformed, or graded already."""
        if asked.problem:
            self._finish(asked, {"error": asked.problem})
            return True
        record = self._ledger.kept(asked.row.number, asked.digest)
        if record is not None:
            self._deliver(Scored(asked.row, record, kept=True))
        return record is not None

    async def _send(self, batch: list[_Asked], *, holds_room: bool = True) -> None:
        try:
            async with aclosing(self._scorer.score([one.item for one in batch])) as records:
                async for place, record in records:
                    self._finish(batch[place], record)
        finally:
            if holds_room:
                self._room.release()

    def _finish(self, asked: _Asked, record: Record) -> None:
        if "error" in record:
            record = {"place": asked.row.place, **record}
        self._ledger.write(asked.row.number, asked.digest, record)
        self._deliver(Scored(asked.row, record))
