"""TRL's `GRPOTrainer` (and Unsloth and Axolotl, which hand reward functions on to it).

    from trainer_client.adapters.trl import RewardFunction
    from trl import GRPOConfig, GRPOTrainer

    trainer = GRPOTrainer(
        model="Qwen/Qwen2.5-0.5B-Instruct",
        reward_funcs=RewardFunction("http://127.0.0.1:8000", rewards={"accuracy": 1, "format": 1}),
        train_dataset=dataset,                       # columns: prompt, and one of the following
        args=GRPOConfig(num_generations=8),
    )

Columns that tell the task, the first present decides: `task` (a whole task, or its JSON text, which data sets of mixed
kinds need because Arrow gives all rows the same fields), or the ground truth in `ground_truth`, `solution`, `answer` or
`reward_model["ground_truth"]`, whose kind is `kind=` or follows from `data_source` (mathematics where both are absent).

One POST grades the whole batch. A completion without a verdict gets None: TRL makes it NaN, leaves it out of its
group's mean and gives it no advantage. Parts and outcomes appear in TRL's logs and completion table.

`parts(…)` gives one function for each reward part, all fed by the same POST, for `reward_weights` and for
`multi_objective_aggregation="normalize_then_sum"`. A completion without a verdict has no part at all, not even those
that could be measured: TRL would otherwise sum what is left and call it a reward.

Functions are picklable, so that TRL's asynchronous rollout workers can be given them. `RewardFunction` is asynchronous
(TRL awaits several together); `BlockingRewardFunction` is its twin for releases that call reward functions directly.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from typing import Any, TypeVar

from reward_server.files.rows import task_for
from reward_server.wire import ItemVerdict
from trainer_client.adapters import Adapter
from trainer_client.client.batching import Item
from trainer_client.client.client import RewardClient, pair

_GROUND_TRUTH = ("ground_truth", "solution", "answer")

Rewards = list[float | None]
LogExtra = Callable[[str, list[Any]], None]
LogMetric = Callable[[str, float], None]


def tasks_from_columns(columns: Mapping[str, Sequence[Any]], rows: int, kind: str | None) -> list[dict[str, Any]]:
    """Return the task of each of `rows` rows; the module's docstring says which columns count.

    Raises:
        ValueError: no column holds a ground truth, or a data source is not known.
    """
    extras: Sequence[Any] = [{"task": task} for task in columns["task"]] if "task" in columns else [None] * rows
    sources = columns.get("data_source", [None] * rows)
    if "task" in columns:
        truths: Sequence[Any] = [None] * rows
    elif "reward_model" in columns:
        truths = [cell["ground_truth"] for cell in columns["reward_model"]]
    else:
        name = next((name for name in _GROUND_TRUTH if name in columns), None)
        if name is None:
            raise ValueError(f"the data set needs a column `task` or one of {_GROUND_TRUTH}; it has {sorted(columns)}")
        truths = columns[name]
    return [
        task_for(truth, kind=kind, data_source=source, extra=extra)
        for truth, source, extra in zip(truths, sources, extras, strict=True)
    ]


class Calls:
    """The POSTs behind one or several functions: the functions `names` share the POST of each batch."""

    def __init__(self, client: RewardClient, kind: str | None, names: Sequence[str]) -> None:
        self._settings = (client, kind, names)
        self._batch: Any = None
        self._graded: Future[list[ItemVerdict]] = Future()
        self._waiting: set[str] = set()

    def __reduce__(self) -> tuple[Any, ...]:
        return Calls, self._settings

    def graded(self, name: str, completions: Sequence[Any], columns: Mapping[str, Any]) -> Future[list[ItemVerdict]]:
        """Return the verdicts of this batch; each name may collect them once, the first sends the request."""
        client, kind, names = self._settings
        if self._batch is not completions or name not in self._waiting:
            tasks = tasks_from_columns(columns, len(completions), kind)
            self._graded = client.submit(pair(tasks, completions))
            self._batch, self._waiting = completions, set(names)
        self._waiting.discard(name)
        if not self._waiting:
            self._batch = None
        return self._graded


class _Function:
    """What both faces share: which number of a verdict is the reward, and what is logged."""

    def __init__(
        self,
        service: str | RewardClient,
        *,
        rewards: Mapping[str, Any] | None = None,
        kind: str | None = None,
        name: str = "reward",
    ) -> None:
        """Score with the service at a URL, or with a client made with other settings, whose `rewards` then count."""
        client = RewardClient(service, rewards=rewards) if isinstance(service, str) else service
        self.__name__ = name  # TRL names its metrics after it
        self.part: str | None = None
        """The part that is returned, before its weight; the whole reward where None."""
        self.logs = True
        self.calls = Calls(client, kind, [name])

    def _rewards(
        self, verdicts: Sequence[ItemVerdict], log_extra: LogExtra | None, log_metric: LogMetric | None
    ) -> Rewards:
        if self.logs and log_extra is not None:
            log_extra("outcome", [verdict.outcome.value for verdict in verdicts])
            log_extra("answer", [verdict.answer or "" for verdict in verdicts])
        if self.logs and log_metric is not None:
            for name, value in _means(verdicts).items():
                log_metric(name, value)
        if self.part is None:
            return [verdict.reward for verdict in verdicts]
        return [None if verdict.reward is None else verdict.parts[self.part] for verdict in verdicts]


def _means(verdicts: Sequence[ItemVerdict]) -> dict[str, float]:
    """Return the mean of each part where it was measured, and the share of completions without a verdict."""
    means = {"unscored_share": sum(verdict.reward is None for verdict in verdicts) / len(verdicts)}
    for part in verdicts[0].parts:
        measured = [value for verdict in verdicts if (value := verdict.parts[part]) is not None]
        if measured:
            means[f"parts/{part}"] = sum(measured) / len(measured)
    return means


class RewardFunction(_Function):
    """An asynchronous reward function for `reward_funcs`; see the module's docstring."""

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
        del prompts, completion_ids
        verdicts = await asyncio.wrap_future(self.calls.graded(self.__name__, completions, columns))
        return self._rewards(verdicts, log_extra, log_metric)


class BlockingRewardFunction(_Function):
    """The same, for trainers that call reward functions synchronously."""

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
        """Return one reward for each completion (text or chat messages), None where there is no verdict."""
        del prompts, completion_ids
        verdicts = self.calls.graded(self.__name__, completions, columns).result()
        return self._rewards(verdicts, log_extra, log_metric)


_F = TypeVar("_F", RewardFunction, BlockingRewardFunction)


def parts(
    service: str | RewardClient,
    rewards: Mapping[str, Any],
    *,
    kind: str | None = None,
    function: type[_F] = RewardFunction,  # type: ignore[assignment] # a default for a constrained type
) -> list[_F]:
    """Return one function for each part named in `rewards`, before its weight; together they make one POST a batch."""
    client = RewardClient(service, rewards=rewards) if isinstance(service, str) else service
    calls = Calls(client, kind, list(rewards))
    functions: list[_F] = []
    for part in rewards:
        one = function(client, kind=kind, name=part)
        one.part, one.calls, one.logs = part, calls, not functions
        functions.append(one)
    return functions


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
    as_called=_as_called,
)
