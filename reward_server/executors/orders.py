"""What servers and workers say to each other through Redis: one stream of orders, a list of replies for each server.

An order is an entry of the stream: the task and the completion, as JSON. Workers read it as consumers of one group, so
that each entry goes to one of them; an entry that its worker did not finish within the lease is another's. The verdict
is pushed on the list that the order names, in the transaction that ends the entry. A worker that lacks a language or a
package says so, and the server sends the order again, as one that is not for those who have said it. Servers and
workers that grade otherwise do not meet: the stream's name has the versions of all graders and the trust that is
demanded of tests.
"""

import asyncio
import hashlib
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

import redis.asyncio as redis
from pydantic_core import to_json
from redis.exceptions import RedisError

from reward_server.exact_json import whole_number
from reward_server.graders import Completion, discover
from reward_server.verdict import Outcome, Verdict, ungradable

GROUP = "workers"
LEASE_SECONDS = 15.0
"""Without a sign of life of its worker, after which an order is somebody else's."""
GONE = (RedisError, OSError, TimeoutError)
"""What redis-py raises while Redis is out of reach, restarting or loading."""
REPLIES_KEPT_SECONDS = 3600
HELD_FOR_EACH_SLOT = 2
"""Orders at a machine: one runs, one is being read."""
_PREFIX = "reward-server:"
_FORM = "orders/3"
"""What is written in an order and in a reply."""
_TIMEOUT_SECONDS = 10.0
_AGAIN_SECONDS = 0.1


class Order(NamedTuple):
    """One piece of work, as it travels."""

    number: str
    """The server's name for it."""
    replies: str
    """The list on which its verdict is awaited."""
    task: dict[str, Any]
    completion: Completion
    tenant: str
    trace: dict[str, str]


class Reply(NamedTuple):
    """What came of an order, as it travels."""

    number: str
    verdict: Verdict
    by: str
    """Whose it is; needed where something lacks there."""

    @property
    def lacks(self) -> bool:
        """Whether something that the task needs is not installed there, so that another may do what this one cannot."""
        return self.verdict.outcome is Outcome.UNGRADABLE and not self.verdict.retryable


def stream_name(minimum_trust: str) -> str:
    """Return the stream of orders of all that grade as a process of this version does with that setting."""
    versions = [_FORM, minimum_trust, *sorted(f"{kind}/{grader.version}" for kind, grader in discover().items())]
    return f"{_PREFIX}work:{hashlib.sha256(' '.join(versions).encode()).hexdigest()[:12]}"


def replies_name(server: str) -> str:
    """Return the list on which a server awaits verdicts."""
    return f"{_PREFIX}replies:{server}"


def workers_name(stream: str) -> str:
    """Return the hash in which workers of a stream say what they are."""
    return f"{stream}:workers"


def connect(url: str) -> Any:
    """Return a client for calls that wait for seconds; it reconnects by itself."""
    return redis.Redis.from_url(url, socket_timeout=_TIMEOUT_SECONDS, socket_connect_timeout=_TIMEOUT_SECONDS / 5)


def ignore() -> None:
    """Do nothing, for who is told what it need not know."""


async def ended(*tasks: "asyncio.Task[Any]") -> None:
    """Cancel tasks until they have ended: `wait_for` of Python 3.11, by which redis-py writes, may lose one."""
    pending = {task for task in tasks if not task.done()}
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=_AGAIN_SECONDS)
    await asyncio.gather(*tasks, return_exceptions=True)


def packed(order: Order) -> bytes:
    """Return an order as JSON, in ASCII, so that surrogates survive.

    Raises:
        Exception: the task is nested too deeply, or holds what is no JSON.
    """
    said = order.completion
    fields = [order.number, order.replies, order.task, [said.text, said.thinking], order.tenant, order.trace]
    try:
        return json.dumps(fields).encode("ascii")
    except ValueError:  # an integer of more digits than Python writes
        return to_json(fields, inf_nan_mode="constants")


def _read(data: bytes) -> Any:
    try:
        return json.loads(data, parse_int=whole_number)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def unpacked(data: bytes) -> Order:
    """Return the order that `packed` wrote.

    Raises:
        ValueError: it is none.
    """
    try:
        number, replies, task, (text, thinking), tenant, trace = _read(data)
        texts = [number, replies, text, tenant] + ([] if thinking is None else [thinking])
        if not (all(isinstance(one, str) for one in texts) and isinstance(task, dict) and isinstance(trace, dict)):
            raise TypeError("texts that are none, or a task")  # noqa: TRY301 - one message for all
    except TypeError as error:
        raise ValueError(f"no order: {error}") from None
    return Order(number, replies, task, Completion(text, thinking), tenant, trace)


def entry_of(order: bytes, not_for: Iterable[str]) -> dict[bytes, bytes]:
    """Return the entry of a packed order that is not for these workers."""
    return {b"order": order, b"not_for": json.dumps(sorted(not_for)).encode()}


def is_for(entry: Mapping[bytes, bytes], worker: str) -> bool:
    """Tell whether a worker may do the order of an entry."""
    with suppress(ValueError, TypeError):
        return worker not in json.loads(entry.get(b"not_for", b"[]"))
    return True


def handed_back(number: str, by: str) -> bytes:
    """Return the reply of a worker that an order is not for."""
    return packed_reply(number, ungradable("it was not for this worker", retryable=False), by)


def packed_reply(number: str, verdict: Verdict, by: str = "") -> bytes:
    """Return a verdict as JSON.

    Raises:
        Exception: its evidence is nested too deeply.
    """
    told = [verdict.outcome, verdict.score, verdict.answer, verdict.evidence, verdict.cacheable, verdict.retryable]
    try:
        return json.dumps([number, told, by], default=str).encode("ascii")
    except (ValueError, TypeError):  # as above; or keys that are no texts
        return to_json([number, told, by], inf_nan_mode="constants", fallback=str)


def unpacked_reply(data: bytes) -> Reply:
    """Return the reply that `packed_reply` wrote.

    Raises:
        ValueError: it is no reply.
    """
    try:
        number, (outcome, score, answer, evidence, cacheable, retryable), by = _read(data)
        if not (isinstance(number, str) and isinstance(by, str) and isinstance(evidence, dict)):
            raise TypeError("a number that is no text, or evidence that is none")  # noqa: TRY301 - one message for all
        return Reply(number, Verdict(Outcome(outcome), score, answer, evidence, cacheable, retryable), by)
    except TypeError as error:
        raise ValueError(f"no reply: {error}") from None


async def seconds_of(client: Any) -> float:
    """Return the time by the clock of Redis, which is the same for all."""
    seconds, microseconds = await client.time()
    return float(seconds) + float(microseconds) / 1e6


def presented(about: Mapping[str, Any], seconds: float) -> str:
    """Return what a worker says of itself, as of a time by the clock of Redis."""
    return json.dumps([seconds, about])


def about(workers: Mapping[bytes, bytes], since: float) -> dict[str, Any]:
    """Return what workers have said of themselves since that time, by name, where it can be read.

    What Redis knows of consumers is no sign of life: before 7.2 those that find nothing to do are none, or idle.
    """
    found: dict[str, Any] = {}
    for name, said in ((key.decode(errors="replace"), said) for key, said in workers.items()):
        with suppress(ValueError, TypeError, KeyError, RecursionError):
            seconds, told = json.loads(said)
            if float(seconds) >= since and int(told["slots"]) > 0:
                found[name] = told
    return found
