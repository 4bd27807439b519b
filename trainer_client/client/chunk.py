"""The rows of one request, and which of them still lack a verdict.

A verdict that is ours to repeat (`retryable`) is held back while tries remain; `settle` delivers what is held. When an
answer breaks off in the middle, the rows it has delivered are not sent again.
"""

from collections.abc import AsyncIterator, Callable, Sequence

import aiohttp
from pydantic import ValidationError

from reward_server.wire import ItemVerdict, ScoreResponse
from trainer_client.client.batching import Batch
from trainer_client.client.errors import ProtocolError

Deliver = Callable[[int, ItemVerdict], None]
"""Takes the caller's row number and its verdict, once for each row."""


class Chunk:
    """Some rows of a batch on their way to verdicts."""

    def __init__(self, batch: Batch, indexes: Sequence[int], accept: str, deliver: Deliver) -> None:
        self.pending = dict.fromkeys(indexes)
        self.accept = accept
        self._batch = batch
        self._deliver = deliver
        self._held: dict[int, ItemVerdict] = {}

    def request(self, rows: Sequence[int]) -> tuple[list[int], bytes]:
        """Return those of the rows that are pending, and the request for them."""
        sent = [row for row in rows if row in self.pending]
        return sent, self._batch.body(sent)

    def halves(self, rows: Sequence[int]) -> tuple[Sequence[int], Sequence[int]]:
        """Cut rows in two: between groups where there are several, as near the middle as that lets."""
        tasks = [self._batch.rows[row].task for row in rows]
        borders = [place for place in range(1, len(rows)) if tasks[place] != tasks[place - 1]]
        cut = min(borders or [len(rows) // 2], key=lambda place: abs(place - len(rows) / 2))
        return rows[:cut], rows[cut:]

    def users(self, sent: Sequence[int]) -> dict[str, list[int]]:
        """Return where in `sent` each shared task is used, by the name it was given on the way."""
        return self._batch.users(sent)

    async def receive(self, sent: Sequence[int], response: aiohttp.ClientResponse) -> None:
        """Take the verdicts of the rows `sent`, from a JSON or an NDJSON answer.

        Raises:
            ProtocolError: not exactly one verdict for each row, or one for another item.
        """
        missing = set(range(len(sent)))
        async for position, verdict in _verdicts(response):
            if position not in missing:
                raise ProtocolError(f"verdict {position} is doubled, or beyond the {len(sent)} items sent")
            index = sent[position]
            expected = self._batch.rows[index].id
            if verdict.id != expected:
                raise ProtocolError(f"verdict {position} is for item {verdict.id!r}, not {expected!r}")
            missing.discard(position)
            self._take(index, verdict)
        if missing:
            raise ProtocolError(f"{len(missing)} of {len(sent)} verdicts are missing, the first for row {min(missing)}")

    def settle(self) -> bool:
        """Deliver the verdicts held back; return whether every row now has one."""
        for index, verdict in self._held.items():
            del self.pending[index]
            self._deliver(index, verdict)
        self._held.clear()
        return not self.pending

    def _take(self, index: int, verdict: ItemVerdict) -> None:
        if verdict.retryable:
            self._held[index] = verdict
            return
        self._held.pop(index, None)
        del self.pending[index]
        self._deliver(index, verdict)


async def _verdicts(response: aiohttp.ClientResponse) -> AsyncIterator[tuple[int, ItemVerdict]]:
    """Yield (position in the request, verdict); fields a newer service adds are ignored."""
    try:
        if response.content_type != "application/x-ndjson":
            whole = ScoreResponse.model_validate_json(await response.read(), extra="ignore")
            for position, verdict in enumerate(whole.verdicts):
                yield position, verdict
            return
        async for line in _lines(response):
            verdict = ItemVerdict.model_validate_json(line, extra="ignore")
            if verdict.index is None:
                raise ProtocolError("a streamed verdict has no `index`")
            yield verdict.index, verdict
    except ValidationError as error:
        raise ProtocolError(f"the answer to POST /score is not made of verdicts: {error}") from error


async def _lines(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    """Yield the lines of a body, of any length (`StreamReader.readline` refuses lines over 128 KiB)."""
    rest = b""
    async for data in response.content.iter_any():
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            if line:
                yield line
    if rest:
        yield rest
