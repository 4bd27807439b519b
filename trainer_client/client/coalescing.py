"""One POST for many callers: trainers that score sample by sample, hundreds at once, become batches.

Theory of operation. verl, OpenRLHF and others call a reward function for each sample and await them together. Each
call joins the window of its event loop. The calls of a batch straggle, since trainers decode tokens in between, so a
window is sent when nothing has joined for a few milliseconds, when it has been open for a few dozen, or when it is
full. A window belongs to one loop, since futures may only be resolved there; a `Coalescer` itself may be shared freely.

A malformed row must not fail its neighbours, which are strangers to it: when the service refuses a window, the rows it
names, or those that JSON cannot hold, get the error, and the others are sent again together.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from reward_server.wire import ItemVerdict
from trainer_client.client.batching import Item, encode
from trainer_client.client.client import RewardClient
from trainer_client.client.errors import RequestRejected, RewardClientError

QUIET_SECONDS = 0.005
LONGEST_SECONDS = 0.05
"""Shorter than any grading that is worth waiting for."""

_Waiting = list[tuple[Item, asyncio.Future[ItemVerdict]]]


@dataclass
class _Window:
    """Calls that will be sent together."""

    closes: float
    """The event loop's time at which it is sent at the latest."""
    waiting: _Waiting = field(default_factory=list)
    timer: asyncio.TimerHandle | None = None


class Coalescer:
    """Scores single items through `client`, together with what else is asked for at the moment."""

    def __init__(
        self, client: RewardClient, *, quiet_seconds: float = QUIET_SECONDS, longest_seconds: float = LONGEST_SECONDS
    ) -> None:
        self.client = client
        self._quiet_seconds = quiet_seconds
        self._longest_seconds = longest_seconds
        self._windows: WeakKeyDictionary[asyncio.AbstractEventLoop, _Window] = WeakKeyDictionary()
        self._sending: set[asyncio.Task[None]] = set()

    async def score(self, task: Mapping[str, Any], completion: Any, prompt: Any = None) -> ItemVerdict:
        """Return the verdict of one completion; errors as in `RewardClient.score_async`."""
        loop = asyncio.get_running_loop()
        window = self._windows.get(loop)
        if window is None:
            window = self._windows[loop] = _Window(loop.time() + self._longest_seconds)
        future: asyncio.Future[ItemVerdict] = loop.create_future()
        window.waiting.append(({"task": task, "completion": completion, "prompt": prompt}, future))
        if window.timer is not None:
            window.timer.cancel()
        full = len(window.waiting) >= self.client.batch_items
        when = loop.time() if full else min(window.closes, loop.time() + self._quiet_seconds)
        window.timer = loop.call_at(when, self._send, loop, window)
        if full:
            del self._windows[loop]
        return await future

    def _send(self, loop: asyncio.AbstractEventLoop, window: _Window) -> None:
        if self._windows.get(loop) is window:
            del self._windows[loop]
        sending = loop.create_task(self._settle(window.waiting))
        self._sending.add(sending)
        sending.add_done_callback(self._sending.discard)

    async def _settle(self, waiting: _Waiting) -> None:
        """Give every caller its verdict or its error."""
        try:
            verdicts = await self.client.score_async([item for item, _ in waiting])
        except (RequestRejected, TypeError) as error:
            await self._settle_innocent(waiting, error)
        except RewardClientError as error:
            _fail(waiting, error)
        else:
            for (_, future), verdict in zip(waiting, verdicts, strict=True):
                if not future.done():
                    future.set_result(verdict)

    async def _settle_innocent(self, waiting: _Waiting, error: RequestRejected | TypeError) -> None:
        """Give the error to the rows that the service named or that JSON cannot hold, and send the others again."""
        if isinstance(error, RequestRejected):
            named = {problem.row for problem in error.problems if problem.row is not None}
            blamed = [row in named for row in range(len(waiting))]
        else:
            blamed = [not _is_encodable(item) for item, _ in waiting]
        if not any(blamed):
            _fail(waiting, error)
            return
        _fail([one for one, guilty in zip(waiting, blamed, strict=True) if guilty], error)
        innocent = [one for one, guilty in zip(waiting, blamed, strict=True) if not guilty]
        if innocent:
            await self._settle(innocent)


def _is_encodable(item: Item) -> bool:
    try:
        encode(item)
    except TypeError:
        return False
    return True


def _fail(waiting: _Waiting, error: RewardClientError | TypeError) -> None:
    """Hand the error out without the frames it came through: they hold these futures, and so would never be let go."""
    error.__traceback__ = error.__context__ = None
    for _, future in waiting:
        if not future.done():
            future.set_exception(error)
