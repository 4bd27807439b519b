"""TRL's `GRPOTrainer` (and Unsloth and Axolotl, which hand reward functions on to it).

    from trainer_client.adapters.trl import RewardFunction
    from trl import GRPOConfig, GRPOTrainer

    trainer = GRPOTrainer(
        model="Qwen/Qwen2.5-0.5B-Instruct",
        reward_funcs=RewardFunction("http://127.0.0.1:8000", rewards={"accuracy": 1, "format": 1}),
        train_dataset=dataset,                       # columns: prompt, and one of the following
        args=GRPOConfig(num_generations=8),
    )

Rows are read as their data sets store them (`reward_server.datasets`): a column `task` with whole tasks (or their JSON
text, which data sets of mixed kinds need because Arrow gives all rows the same fields), or whatever columns the data
set has. `kind=`, `dataset=` and `column=` say what the rows do not; a row that can be read in two ways has no reward,
and the log names it once.

One POST grades the whole batch. A completion without a verdict gets None: TRL makes it NaN, leaves it out of its
group's mean and gives it no advantage. With a second reward function TRL would keep that one's number and call it the
reward, so hand all of them in through `masked`, which then has every function say None:

    reward_funcs=masked(RewardFunction("http://127.0.0.1:8000"), length_bonus)

Parts, outcomes, causes of missing verdicts and their reasons appear in TRL's logs and completion table. `parts(…)`
gives one function for each reward part, all fed by the same POST, for `reward_weights` and for
`multi_objective_aggregation="normalize_then_sum"`; a completion without a verdict has no part at all.

Functions are picklable, so that TRL's asynchronous rollout workers can be given them. `RewardFunction` is asynchronous
and needs TRL 1.14 (TRL awaits several together). `BlockingRewardFunction` is its twin for releases and trainers that
call reward functions directly. Online-DPO, SDPO and old releases make a 0 of None without a word, so the twin raises
`Ungradable` instead; `nulls="mask"` has it return None, for `GRPOTrainer` of 1.14 and later alone.

By name, configured by the environment (`REWARD_URL`, `REWARD_API_TOKEN`, …; `trainer_client.client.samples`):

    REWARD_URL=http://127.0.0.1:8000 trl grpo --reward_funcs trainer_client.adapters.trl.reward …
"""

import asyncio
import inspect
import os
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Literal, TypeVar

from reward_server.wire import ItemVerdict
from trainer_client.adapters import Adapter
from trainer_client.client.batching import Item
from trainer_client.client.client import RewardClient
from trainer_client.client.figures import rates
from trainer_client.client.samples import Reward, configuration, numbered
from trainer_client.client.sharing import Calls

_AWAITS_OBJECTS = (1, 14)
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


def _installed() -> tuple[int, ...] | None:
    try:
        return tuple(int(part) for part in version("trl").split(".")[:2])
    except (PackageNotFoundError, ValueError):
        return None


class RewardFunction(_Function):
    """An asynchronous reward function for `reward_funcs`; see the module's docstring."""

    def __init__(self, service: str | RewardClient | Reward | None = None, **settings: Any) -> None:
        """Raises: RuntimeError if the TRL that is installed does not await objects."""
        installed = _installed()
        if installed is not None and installed < _AWAITS_OBJECTS:
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


def reward(prompts: Sequence[Any], completions: Sequence[Any], **columns: Any) -> Rewards:
    """Return the rewards of a batch, as the environment configures them; for whoever takes a dotted path.

    Raises:
        Ungradable: one has no verdict, and TRL is older than 1.14 or `REWARD_NULLS` is "raise".
    """
    mask = (_installed() or _AWAITS_OBJECTS) >= _AWAITS_OBJECTS and os.environ.get("REWARD_NULLS", "mask") == "mask"
    function = _from_environment(os.getpid(), "mask" if mask else "raise", *configuration())
    return function(prompts, completions, **columns)


@lru_cache(maxsize=2)
def _from_environment(_pid: int, nulls: Literal["raise", "mask"], *_environment: str | None) -> BlockingRewardFunction:
    return BlockingRewardFunction(nulls=nulls)


def _as_called(url: str, items: Sequence[Item]) -> Rewards:
    """Call as `GRPOTrainer._calculate_rewards` does: the whole batch by keywords, extra columns and loggers with it."""
    columns: dict[str, list[Any]] = {"task": [item["task"] for item in items]}
    function = RewardFunction(url)

    async def gathered() -> Rewards:
        call = function(
            prompts=[""] * len(items),
            completions=[item["completion"] for item in items],
            completion_ids=[[0]] * len(items),
            trainer_state=None,
            log_extra=lambda _column, _values: None,
            log_metric=lambda _name, _value: None,
            **columns,
        )
        return (await asyncio.gather(call))[0]

    return asyncio.run(gathered())


ADAPTER = Adapter(
    trainer="trl",
    tested_with="1.16.0",
    ungradable="None: NaN in TRL, out of the group's mean, advantage 0",
    log="under their own names",
    as_called=_as_called,
)
