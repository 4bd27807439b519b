"""The client of the reward service: batches of (task, completion) in, one verdict for each out, in order.

    from trainer_client import RewardClient

    with RewardClient("http://127.0.0.1:8000", rewards={"accuracy": 1, "format": 1}) as client:
        verdicts = client.score(pair(tasks, completions))
        rewards = [verdict.reward for verdict in verdicts]          # None: leave it out of its group

Each method has an asynchronous form (`score_async`), a blocking one (`score`), and where trainers overlap decoding with
scoring one that returns a future (`submit`); all are the same code, the latter two on a background event loop.
A client is pickled as its settings, so it travels into Ray actors and spawned workers; sessions open where it is used.

What stays `ungradable` after the retries is delivered with reward None. A reply that does not have exactly one verdict
for each item, in order, is a `ProtocolError`: rewards that slip by one row train silently on noise.
"""

import asyncio
import os
import random
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from http import HTTPStatus
from typing import Any, Literal, Self
from urllib.parse import quote

import orjson

from reward_server.wire import ItemVerdict
from trainer_client.client.batching import Item, batch, encode
from trainer_client.client.blocking import LoopThread, background, blocking, blocking_iterator
from trainer_client.client.chunk import Chunk, Deliver
from trainer_client.client.connection import Connection
from trainer_client.client.counters import ClientStatistics, Counters
from trainer_client.client.errors import ProtocolError, RequestRejected, Unavailable

_MATH = {"kind": "math"}
_NDJSON = "application/x-ndjson"
_REGRADE_WAIT_SECONDS = 0.5


def pair(
    tasks: Iterable[Any], completions: Iterable[Any], prompts: Iterable[Any] | None = None
) -> list[dict[str, Any]]:
    """Return items from parallel columns: a task (or its name) and a completion (text or chat messages) each.

    Raises:
        ValueError: the columns differ in length.
    """
    columns = {"tasks": list(tasks), "completions": list(completions)}
    if prompts is not None:
        columns["prompts"] = list(prompts)
    if len({len(column) for column in columns.values()}) > 1:
        counted = ", ".join(f"{len(column)} {name}" for name, column in columns.items())
        raise ValueError(f"pair: {counted}; there must be one of each for every item")
    names = ("task", "completion", "prompt")
    return [dict(zip(names, row, strict=False)) for row in zip(*columns.values(), strict=True)]


@dataclass(eq=False)
class RewardClient:
    """A client of the service at `url`; safe to share between threads and event loops, cheap to pickle."""

    url: str
    rewards: Mapping[str, Any] | None = None
    """Reward parts with weights, for every request; the service's default is accuracy alone."""
    undecided: Literal["null", "zero"] = "null"
    """What an answer scores of which the grader cannot tell whether it is right."""
    evidence: bool = True
    """False leaves the evidence out of the replies, to save bytes."""
    deadline_seconds: float = 300.0
    """For each call, all its retries included: long enough for a service to be restarted under a running trainer."""
    batch_items: int = 256
    batch_bytes: int = 8 << 20
    """Larger calls are cut into several requests, at the bounds of groups where possible."""
    connections: int = 16
    """Requests in flight at once, for each event loop."""
    ungradable_retries: int = 2
    """How often an item is sent again that the service could not grade and calls retryable."""
    compress: bool = False
    """Gzip large requests, until the service refuses it (415): worth its CPU across a slow network only."""
    run: str = ""
    """What the service's audit log and its page call this run; `REWARD_RUN` where it is empty."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Sent with every request. Where `REWARD_API_TOKEN` is set, its bearer token goes with them."""

    def __post_init__(self) -> None:
        token = os.environ.get("REWARD_API_TOKEN")
        self._counters = Counters()
        self.background = LoopThread()
        run = self.run or os.environ.get("REWARD_RUN", "")
        self._connection = Connection(
            self.url,
            connections=self.connections,
            headers=({"Authorization": f"Bearer {token}"} if token else {})
            | ({"X-Reward-Run": quote(run)} if run else {})
            | dict(self.headers),
            compress=self.compress,
            counters=self._counters,
        )

    def __getstate__(self) -> dict[str, Any]:
        return {setting.name: getattr(self, setting.name) for setting in fields(self)}

    def __setstate__(self, settings: dict[str, Any]) -> None:
        self.__init__(**settings)  # type: ignore[misc]

    def begin_step(self, step: int) -> None:
        """Name the step that what is scored from now on belongs to, in the audit log and on the page."""
        self._connection.step = step

    @property
    def statistics(self) -> ClientStatistics:
        """What this client has seen so far."""
        return self._counters.snapshot()

    async def score_async(self, items: Sequence[Item], *, tasks: Mapping[str, Any] | None = None) -> list[ItemVerdict]:
        """Grade the items and return their verdicts, one each, in order.

        `items` are mappings with `task`, `completion`, and if wanted `id` and `prompt`; `tasks` are shared tasks by
        the names that items use. Equal tasks are shared anyway.

        Raises:
            RequestRejected: a row is malformed; nothing of its request was graded.
            Unavailable: the deadline passed first.
            ProtocolError: the reply does not match the request.
        """
        verdicts: dict[int, ItemVerdict] = {}
        await self._grade(items, tasks, verdicts.__setitem__, accept="application/json")
        return [verdicts[index] for index in range(len(items))]

    async def stream_async(
        self, items: Sequence[Item], *, tasks: Mapping[str, Any] | None = None
    ) -> AsyncGenerator[tuple[int, ItemVerdict], None]:
        """Grade the items and yield (index, verdict) as each is done; errors as in `score_async`.

        A service that does not stream is waited for, request by request.
        """
        done: asyncio.Queue[tuple[int, ItemVerdict] | None] = asyncio.Queue()
        grading = asyncio.ensure_future(
            self._grade(items, tasks, lambda index, verdict: done.put_nowait((index, verdict)), accept=_NDJSON)
        )
        grading.add_done_callback(lambda _: done.put_nowait(None))
        try:
            while (finished := await done.get()) is not None:
                yield finished
            await grading
        finally:
            grading.cancel()

    async def consensus_async(
        self, completions: Sequence[Any], *, task: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Ask which answer most of one prompt's completions agree on (cons@k), equivalent answers counted together.

        `task` is of kind `math` (the default) or `choice`; with a ground truth the majority's answer is graded too.
        Returns the body of `POST /consensus`. Errors as in `score_async`.
        """
        reply = await self._call("POST", "/consensus", encode({"completions": completions, "task": task or _MATH}))
        if not isinstance(reply, dict):
            raise ProtocolError("POST /consensus did not answer with an object")
        return reply

    async def fetch_async(self, path: str, within_seconds: float | None = None) -> Any:
        """Return the JSON body of `GET path`, such as `/graders`; errors as in `score_async`.

        `within_seconds` is a deadline of its own; no later than the client's.
        `/readyz` answers 503 until the service is ready, so asking for it waits for that.
        """
        seconds = min(self.deadline_seconds, within_seconds or self.deadline_seconds)
        return await self._call("GET", path, seconds=seconds)

    async def close_async(self) -> None:
        """Close the session of the running event loop; the client may be used again."""
        await self._connection.close()

    def close(self) -> None:
        """End the background thread and its session; the client may be used again."""
        self.background.close()

    score = blocking(score_async)
    submit = background(score_async)
    stream = blocking_iterator(stream_async)
    consensus = blocking(consensus_async)
    fetch = blocking(fetch_async)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close_async()

    async def _call(self, method: str, path: str, body: bytes | None = None, *, seconds: float | None = None) -> Any:
        replies: list[Any] = []

        async def attempt(request_id: str) -> None:
            async with self._connection.open(method, path, request_id=request_id, body=body) as response:
                replies.append(orjson.loads(await response.read()))

        async with self._connection.deadline(seconds or self.deadline_seconds, f"{method} {path}"):
            await self._connection.until_answered(attempt)
        return replies[-1]

    async def _grade(
        self, items: Sequence[Item], tasks: Mapping[str, Any] | None, deliver: Deliver, *, accept: str
    ) -> None:
        """Deliver one verdict for each item: requests run side by side, and the first error stops them all."""
        common = {"rewards": self.rewards, "undecided": self.undecided, "evidence": self.evidence}
        rows = batch(items, tasks, {key: value for key, value in common.items() if value is not None})

        def count_and_deliver(index: int, verdict: ItemVerdict) -> None:
            self._counters.delivered(verdict)
            deliver(index, verdict)

        limits = (self.batch_items, self.batch_bytes)
        chunks = [Chunk(rows, indexes, accept, count_and_deliver) for indexes in rows.chunks(*limits)]
        failure = await self._grade_chunks(chunks, f"POST /score ({len(items)} items)")
        if failure is not None:
            failure.__traceback__ = failure.__context__ = None
            try:  # let go of: an error that leads to its group, which leads to it, keeps this client and its sessions
                raise failure
            finally:
                del failure

    async def _grade_chunks(self, chunks: Sequence[Chunk], what: str) -> Exception | None:
        """Send all side by side and return the first error, which has stopped the others."""
        try:
            async with self._connection.deadline(self.deadline_seconds, what), asyncio.TaskGroup() as group:
                for chunk in chunks:
                    group.create_task(self._grade_chunk(chunk))
        except ExceptionGroup as errors:
            return errors.exceptions[0]
        except Unavailable:
            settled = [chunk.settle() for chunk in chunks]
            if not all(settled):
                raise
        return None

    async def _grade_chunk(self, chunk: Chunk) -> None:
        """Send until nothing is pending; ungradable items are given up after `ungradable_retries` more tries."""
        for tries in range(self.ungradable_retries + 1):
            if tries:
                self._counters.retried()
                await asyncio.sleep(_REGRADE_WAIT_SECONDS * 2**tries * random.uniform(0.5, 1.0))
            await self._send(chunk, list(chunk.pending))
            if not chunk.pending:
                return
        chunk.settle()

    async def _send(self, chunk: Chunk, rows: Sequence[int]) -> None:
        """Send rows of a chunk once, in halves where the service takes fewer at a time than we know."""

        async def attempt(request_id: str) -> None:
            sent, body = chunk.request(rows)
            exchange = self._connection.open("POST", "/score", request_id=request_id, body=body, accept=chunk.accept)
            try:
                async with exchange as response:
                    await chunk.receive(sent, response)
            except RequestRejected as error:
                raise error.renumbered(sent, chunk.users(sent)) from None

        try:
            await self._connection.until_answered(attempt)
        except RequestRejected as error:
            if error.status != HTTPStatus.REQUEST_ENTITY_TOO_LARGE or len(rows) == 1:
                raise
            for half in chunk.halves(rows):
                await self._send(chunk, half)
