"""Reward functions over columns, as TRL calls them: what `trainer_client.adapters.trl` offers, and explains.

A function is called with all prompts, completions and columns of a batch by keyword, and returns a reward for each
completion. Several functions of one batch share its POST (`trainer_client.client.sharing`).
"""

import asyncio
import inspect
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Literal, TypeVar

from reward_server.wire import ItemVerdict
from trainer_client.client.client import RewardClient
from trainer_client.client.figures import rates
from trainer_client.client.samples import Reward, numbered
from trainer_client.client.sharing import Calls

AWAITS_OBJECTS = (1, 14)
"""The first release of TRL that awaits objects whose `__call__` is asynchronous."""

Rewards = list[float | None]
LogExtra = Callable[[str, list[Any]], None]
LogMetric = Callable[[str, float], None]


class _Function:
    """What both faces share: which number of a verdict is the reward, and what is logged."""

    def __init__(
        self,
        service: str | RewardClient | Reward | None = None,
        *,
        rewards: Mapping[str, Any] | None = None,
        kind: str | None = None,
        dataset: str | None = None,
        column: str | None = None,
        name: str = "reward",
    ) -> None:
        """Score with the service at a URL, or with a client made with other settings, whose `rewards` then count.

        Without either, as the environment says.
        """
        self.reward = (
            service
            if isinstance(service, Reward)
            else Reward(service, rewards=rewards, kind=kind, dataset=dataset, column=column)
        )
        self.__name__ = name  # TRL names its metrics after it
        self.part: str | None = None
        """The part that is returned, before its weight; the whole reward where None."""
        self.logs = True
        self.calls = Calls(self.reward, [name])

    def _rewards(
        self, verdicts: Sequence[ItemVerdict], log_extra: LogExtra | None, log_metric: LogMetric | None
    ) -> Rewards:
        if self.logs and log_extra is not None:
            log_extra("outcome", [verdict.outcome.value for verdict in verdicts])
            log_extra("answer", [verdict.answer or "" for verdict in verdicts])
            log_extra("no_reward_because", [_reason(verdict) for verdict in verdicts])
        if self.logs and log_metric is not None:
            for name, value in rates(verdicts).items():
                log_metric(name, value)
        if self.part is None:
            return [verdict.reward for verdict in verdicts]
        return [None if verdict.reward is None else verdict.parts[self.part] for verdict in verdicts]


def _reason(verdict: ItemVerdict) -> str:
    return "" if verdict.reward is not None else str(verdict.evidence.get("reason", verdict.outcome.value))


def installed_trl() -> tuple[int, ...] | None:
    """Return the first two numbers of TRL's release; None where there is none."""
    try:
        return tuple(int(part) for part in version("trl").split(".")[:2])
    except (PackageNotFoundError, ValueError):
        return None


class RewardFunction(_Function):
    """An asynchronous reward function for `reward_funcs`; see `trainer_client.adapters.trl`."""

    def __init__(self, service: str | RewardClient | Reward | None = None, **settings: Any) -> None:
        """Raises: RuntimeError if the TRL that is installed does not await objects."""
        installed = installed_trl()
        if installed is not None and installed < AWAITS_OBJECTS:
            told = f"TRL {version('trl')} does not await a reward function that is an object"
            raise RuntimeError(f"{told}: use BlockingRewardFunction, or install trl>=1.14")
        super().__init__(service, **settings)

    async def __call__(
        self,
        prompts: Sequence[Any],
        completions: Sequence[Any],
        completion_ids: Any = None,
        *,
        log_extra: LogExtra | None = None,
        log_metric: LogMetric | None = None,
        **columns: Any,
    ) -> Rewards:
        """Return one reward for each completion (text or chat messages), None where there is no verdict."""
        del completion_ids
        verdicts = await asyncio.wrap_future(self.calls.graded(self.__name__, completions, columns, prompts))
        return self._rewards(verdicts, log_extra, log_metric)


class BlockingRewardFunction(_Function):
    """The same, for trainers that call reward functions synchronously; it raises where there is no verdict."""

    def __init__(
        self,
        service: str | RewardClient | Reward | None = None,
        *,
        nulls: Literal["raise", "mask"] = "raise",
        **settings: Any,
    ) -> None:
        """`nulls="mask"` returns None where there is no verdict, for a trainer that leaves such samples out."""
        super().__init__(service, **settings)
        self.nulls = nulls

    def __call__(
        self,
        prompts: Sequence[Any] = (),
        completions: Sequence[Any] = (),
        completion_ids: Any = None,
        *,
        log_extra: LogExtra | None = None,
        log_metric: LogMetric | None = None,
        **columns: Any,
    ) -> Rewards:
        """Return one reward for each completion (text or chat messages).

        Raises:
            Ungradable: one has no verdict, and `nulls` is "raise".
        """
        del completion_ids
        verdicts = self.calls.graded(self.__name__, completions, columns, prompts).result()
        rewards = self._rewards(verdicts, log_extra, log_metric)
        if self.nulls == "raise":
            for verdict in verdicts:
                numbered(verdict)
        return rewards


_F = TypeVar("_F", RewardFunction, BlockingRewardFunction)


def parts(
    service: str | RewardClient,
    rewards: Mapping[str, Any],
    *,
    kind: str | None = None,
    function: type[_F] = RewardFunction,  # type: ignore[assignment] # a default for a constrained type
) -> list[_F]:
    """Return one function for each part named in `rewards`, before its weight; together they make one POST a batch."""
    reward = Reward(service, rewards=rewards, kind=kind)
    calls = Calls(reward, list(rewards))
    functions: list[_F] = []
    for part in rewards:
        one = function(reward, name=part)
        one.part, one.calls, one.logs = part, calls, not functions
        functions.append(one)
    return functions


class _Masked:
    """Another reward function, which has no say where the service has none."""

    def __init__(self, other: Callable[..., Any], calls: Calls) -> None:
        self.__name__ = getattr(other, "__name__", type(other).__name__)
        self._other, self._calls = other, calls

    async def __call__(self, *, completions: Sequence[Any], prompts: Sequence[Any] = (), **columns: Any) -> Rewards:
        graded = asyncio.wrap_future(self._calls.graded(self.__name__, completions, columns, prompts))
        said = self._other(completions=completions, prompts=prompts, **columns)
        rewards = await said if inspect.isawaitable(said) else said
        verdicts = await graded
        return [None if v.reward is None else reward for v, reward in zip(verdicts, rewards, strict=True)]


def masked(ours: RewardFunction, *others: Callable[..., Any]) -> list[Callable[..., Any]]:
    """Return all functions, each of which says None where `ours` has no verdict; together they make one POST a batch.

    Raises:
        ValueError: two functions have the same name.
    """
    names = [ours.__name__, *(getattr(other, "__name__", type(other).__name__) for other in others)]
    if len(set(names)) < len(names):
        raise ValueError(f"reward functions need different names, and these are {', '.join(names)}")
    ours.calls = Calls(ours.reward, names)
    return [ours, *(_Masked(other, ours.calls) for other in others)]
