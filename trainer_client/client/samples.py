"""The reward of one completion, for trainers that score sample by sample, and of a batch of rows.

    from trainer_client import Reward

    reward = Reward("http://127.0.0.1:8000")                      # or Reward(), configured by the environment
    value = await reward({"problem": "1 + 1?", "answer": "2"}, completion)
    value = reward.blocking(row, completion)                      # the same, from any thread

What is asked for at the same moment, by whatever tasks, event loops and threads, becomes one POST. A row is a whole
task (an object with a `kind`), a row of a data set as it is stored, or a ground truth.

Two ways to take what has no verdict. `await reward(…)`, `blocking` and `values` raise `Ungradable`, for trainers that
would make a 0 of it; so do `graded` and `graded_blocking`, which return the whole verdict for the trainer's log.
`verdict` and `verdicts` return it with reward None and the reason in its evidence, for those that can leave a sample
out; there a row that is broken is null like any other, and named in the log once. Where no row of the first batch can
be read, that is an error too: the data set is one that is not known.

| variable | meaning |
|---|---|
| `REWARD_URL` | the service; http://127.0.0.1:8000 where unset |
| `REWARD_API_TOKEN` | its bearer token |
| `REWARD_PARTS` | weights as JSON, such as `{"accuracy": 1, "format": 1}` |
| `REWARD_KIND`, `REWARD_DATASET`, `REWARD_COLUMN` | what rows do not say: kind, data set, ground truth's column |
"""

import asyncio
import json
import logging
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from functools import lru_cache
from typing import Any

from reward_server.datasets import UnknownRow, read_row, task_for
from reward_server.verdict import Outcome
from reward_server.wire import ItemVerdict
from trainer_client.client.batching import Item
from trainer_client.client.client import RewardClient
from trainer_client.client.coalescing import Coalescer
from trainer_client.client.errors import RequestRejected, Unavailable, Ungradable
from trainer_client.client.plain import plain

_LOG = logging.getLogger("trainer_client")
_URL = "http://127.0.0.1:8000"


class Reward:
    """Rewards of single completions and of batches; safe to share between threads and event loops, and picklable."""

    def __init__(
        self,
        service: str | RewardClient | None = None,
        *,
        rewards: Mapping[str, Any] | None = None,
        kind: str | None = None,
        dataset: str | None = None,
        column: str | None = None,
        deadline_seconds: float = 300.0,
    ) -> None:
        """Score with the service at a URL, or with a client whose settings then count; None: as the environment says.

        `kind`, `dataset` and `column` say of all rows what they may not say of themselves.
        """
        told = {"kind": kind, "dataset": dataset, "column": column}
        if service is None:
            service = os.environ.get("REWARD_URL", _URL)
            told = {name: value or os.environ.get(f"REWARD_{name.upper()}") or None for name, value in told.items()}
            rewards = rewards or json.loads(os.environ.get("REWARD_PARTS", "null"))
        if isinstance(service, str):
            service = RewardClient(service, rewards=rewards, deadline_seconds=deadline_seconds, evidence=False)
        self.client = service
        self._told = told
        self._coalescer: tuple[int, Coalescer] | None = None
        self._named: set[str] = set()
        self._has_read = False

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_coalescer": None, "_named": set()}

    async def __call__(
        self, row: Any, completion: Any, *, prompt: Any = None, deadline_seconds: float | None = None
    ) -> float:
        """Return the reward of one completion (text or chat messages).

        Raises:
            Ungradable: there is no verdict.
            UnknownRow: the row cannot be read.
            Unavailable: the deadline passed first.
            RewardClientError: as in `RewardClient.score_async`.
        """
        return numbered(await self.graded(row, completion, prompt=prompt, deadline_seconds=deadline_seconds))

    def blocking(
        self, row: Any, completion: Any, *, prompt: Any = None, deadline_seconds: float | None = None
    ) -> float:
        """Return the reward of one completion, waiting for it; errors as in `await reward(…)`."""
        return numbered(self.start(self.task(row), completion, prompt, deadline_seconds).result())

    async def graded(
        self, row: Any, completion: Any, *, prompt: Any = None, deadline_seconds: float | None = None
    ) -> ItemVerdict:
        """Return the verdict of one completion, which has a reward; errors as in `await reward(…)`."""
        verdict = await asyncio.wrap_future(self.start(self.task(row), completion, prompt, deadline_seconds))
        numbered(verdict)
        return verdict

    def graded_blocking(self, row: Any, completion: Any) -> ItemVerdict:
        """Return the same, waiting for it."""
        verdict = self.start(self.task(row), completion).result()
        numbered(verdict)
        return verdict

    async def verdict(self, row: Any, completion: Any, *, prompt: Any = None) -> ItemVerdict:
        """Return the verdict of one completion; reward None where there is none."""
        return (await asyncio.wrap_future(self.submit([row], [completion], [prompt])))[0]

    async def verdicts(
        self, rows: Sequence[Any], completions: Sequence[Any], prompts: Sequence[Any] | None = None
    ) -> list[ItemVerdict]:
        """Return the verdicts of a batch, in order; reward None where there is none, broken rows included."""
        return await asyncio.wrap_future(self.submit(rows, completions, prompts))

    def values(self, rows: Sequence[Any], completions: Sequence[Any]) -> list[float]:
        """Return the rewards of a batch, waiting for them.

        Raises:
            Ungradable: one of them has no verdict; none is then returned.
        """
        return [numbered(verdict) for verdict in self.submit(rows, completions).result()]

    def submit(
        self, rows: Sequence[Any], completions: Sequence[Any], prompts: Sequence[Any] | None = None
    ) -> Future[list[ItemVerdict]]:
        """Start the grading of a batch and return its future."""
        return self.client.background.submit(self._graded(rows, completions, prompts or [None] * len(rows)))

    def task(self, row: Any) -> dict[str, Any]:
        """Return the task of a row.

        Raises:
            UnknownRow: it cannot be read, or could be read in two ways.
        """
        row = plain(row)
        if isinstance(row, dict) and isinstance(row.get("kind"), str):
            return {name: value for name, value in row.items() if value is not None}
        if isinstance(row, dict) or (isinstance(row, list) and any(isinstance(one, dict) for one in row)):
            return read_row(row, **self._told)
        return task_for(row, kind=self._told["kind"], data_source=self._told["dataset"])

    def start(
        self, task: Mapping[str, Any], completion: Any, prompt: Any = None, deadline_seconds: float | None = None
    ) -> Future[ItemVerdict]:
        """Start the grading of one completion of a whole task and return its future; reward None where there is none.

        Raises, by the future: what `await reward(…)` does, but for `Ungradable`.
        """

        async def graded() -> ItemVerdict:
            seconds = self.client.deadline_seconds if deadline_seconds is None else deadline_seconds
            try:
                async with asyncio.timeout(seconds):
                    return await self._together().score(task, completion, prompt)
            except TimeoutError as error:
                raise Unavailable(f"{self.client.url} gave no verdict within {seconds:g} s") from error

        return self.client.background.submit(graded())

    def _together(self) -> Coalescer:
        """Return the coalescer of this process; a forked worker makes its own."""
        if self._coalescer is None or self._coalescer[0] != os.getpid():
            self._coalescer = (os.getpid(), Coalescer(self.client))
        return self._coalescer[1]

    async def _graded(
        self, rows: Sequence[Any], completions: Sequence[Any], prompts: Sequence[Any]
    ) -> list[ItemVerdict]:
        verdicts: dict[int, ItemVerdict] = {}
        items: dict[int, Item] = {}
        for place, (row, completion, prompt) in enumerate(zip(rows, completions, prompts, strict=True)):
            try:
                items[place] = {"task": self.task(row), "completion": completion, "prompt": prompt}
            except UnknownRow as error:
                if not self._has_read and place == len(rows) - 1 and not items:
                    raise  # the first batch, and nothing in it is known: it is the data set that is not
                verdicts[place] = self._null(place, str(error))
        self._has_read = self._has_read or bool(items)
        while items:
            places = list(items)
            try:
                graded = await self.client.score_async([items[place] for place in places])
            except RequestRejected as error:
                refused = {problem.row: problem for problem in error.problems if problem.row is not None}
                if not refused:
                    raise
                for position, problem in refused.items():
                    place = places[position]
                    verdicts[place] = self._null(place, f"{problem.field}: {problem.message}")
                    del items[place]
            else:
                verdicts |= dict(zip(places, graded, strict=True))
                break
        return [verdicts[place] for place in range(len(rows))]

    def _null(self, place: int, reason: str) -> ItemVerdict:
        """Return the verdict of a row that is broken, and name the row where its reason is new."""
        if reason not in self._named:
            self._named.add(reason)
            _LOG.warning("row %d of a batch is broken, its completions have no reward: %s", place, reason)
        parts = dict.fromkeys(self.client.rewards or ("accuracy",))
        return ItemVerdict(
            id=place, outcome=Outcome.BAD_GROUND_TRUTH, score=None, reward=None, parts=parts, answer=None,
            evidence={"reason": reason}, grader="none", cached=False, elapsed_ms=0.0, retryable=False,
        )  # fmt: skip


def shared(deadline_seconds: float = 300.0) -> Reward:
    """Return this process's `Reward` as the environment configures it now; the same one each time."""
    return _shared(os.getpid(), deadline_seconds, *configuration())


def configuration() -> tuple[str | None, ...]:
    """Return what the environment says of the service and its rows: what is kept of one is not for another."""
    names = ("REWARD_URL", "REWARD_PARTS", "REWARD_KIND", "REWARD_DATASET", "REWARD_COLUMN", "REWARD_API_TOKEN")
    return tuple(os.environ.get(name) for name in names)


def kept(url: str | None, rewards: Mapping[str, Any], deadline_seconds: float) -> Reward:
    """Return this process's `Reward` of these settings, the same one each time; without a URL, the environment's."""
    chosen = url or os.environ.get("REWARD_URL") or _URL
    return _kept(os.getpid(), chosen, json.dumps(rewards), deadline_seconds, os.environ.get("REWARD_API_TOKEN"))


@lru_cache(maxsize=8)
def _kept(_pid: int, url: str, rewards: str, deadline_seconds: float, _token: str | None) -> Reward:
    return Reward(url, rewards=json.loads(rewards), deadline_seconds=deadline_seconds)


@lru_cache(maxsize=8)
def _shared(_pid: int, deadline_seconds: float, *_environment: str | None) -> Reward:
    return Reward(deadline_seconds=deadline_seconds)


def numbered(verdict: ItemVerdict) -> float:
    """Return the reward of a verdict.

    Raises:
        Ungradable: it has none.
    """
    if verdict.reward is None:
        raise Ungradable(verdict)
    return verdict.reward


def rows_of(columns: Mapping[str, Any], count: int, prompts: Sequence[Any] | None = None) -> list[dict[str, Any]]:
    """Return the rows of a batch whose columns a trainer hands on as keywords; what is no column is left out."""
    kept = {
        name: values for name, values in columns.items() if isinstance(values, list | tuple) and len(values) == count
    }
    if prompts is not None and len(prompts) == count:
        kept.setdefault("prompt", list(prompts))
    return [{name: values[place] for name, values in kept.items()} for place in range(count)]
