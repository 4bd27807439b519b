"""What each trainer's own log is handed beside the reward: the same names for all, and never from a verdict of none.

Each trainer's package is a stand-in with the attributes that its plug uses (`tests/trainers` has the packages).
"""

import asyncio
import importlib
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from reward_server.verdict import Outcome
from tests.trainer_client import stand_ins
from tests.trainer_client.fakes import fake_service
from trainer_client.adapters import (
    areal,
    art,
    atropos,
    axolotl,
    discover,
    easyr1,
    nemo_rl,
    open_instruct,
    openrlhf,
    rllm,
    skyrl,
    slime,
    swift,
    tinker,
    trl,
    unsloth,
    verifiers,
    verl,
)
from trainer_client.client.counted import COUNTED
from trainer_client.client.figures import means

A = {"kind": "exact", "ground_truth": "A"}
SHARES = {"unscored_share": 0.0, "cached_share": 0.0, "cheating_share": 0.0}
SHARES |= {f"outcome/{outcome.value}": 0.0 for outcome in Outcome}
HALF_RIGHT = SHARES | {"outcome/correct": 0.5, "outcome/incorrect": 0.5}
MEANS = HALF_RIGHT | {"parts/accuracy": 0.5}
"""Of a right completion and a wrong one."""
RIGHT, WRONG = "A", "B"


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A service that the environment names."""
    with fake_service() as running:
        monkeypatch.setenv("REWARD_URL", running.url)
        monkeypatch.setenv("REWARD_SERVER_URL", running.url)
        yield running.url


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> stand_ins.Package:
    """What makes a stand-in of a package."""
    return stand_ins.packages(monkeypatch)


def both(sample: Callable[[str], Awaitable[Any]]) -> list[Any]:
    """Take a right and a wrong completion through a trainer's call for one sample."""

    async def together() -> list[Any]:
        return list(await asyncio.gather(sample(RIGHT), sample(WRONG)))

    return asyncio.run(together())


def test_every_trainer_logs_them_and_its_page_says_where() -> None:
    assert not [name for name, adapter in discover().items() if adapter.log.startswith("no") or not adapter.log]


@pytest.mark.usefixtures("url")
def test_areal(package: stand_ins.Package) -> None:
    logged: list[dict[str, float]] = []
    stand_ins.areal(package, logged)
    assert both(lambda text: areal.logged_reward_fn("", text, [], [], task=A)) == [1.0, 0.0]
    assert means(logged) == MEANS


@pytest.mark.usefixtures("url")
def test_art() -> None:
    trajectories = both(lambda text: art.judge(SimpleNamespace(reward=0.0, metrics={"own": 1.0}), A, text))
    assert means([trajectory.metrics for trajectory in trajectories]) == MEANS | {"own": 1.0}


@pytest.mark.usefixtures("url")
def test_atropos_counts_the_groups_left_out_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trainer_client.client.client._REGRADE_WAIT_SECONDS", 0.001)
    atropos.figures_of_service()
    assert asyncio.run(atropos.rewards_or_none(A, [RIGHT, WRONG])) == [1.0, 0.0]
    assert atropos.figures_of_service() == MEANS
    assert atropos.figures_of_service() == {}, "begun anew"
    assert asyncio.run(atropos.rewards_or_none({"kind": "broken"}, [RIGHT])) is None
    assert atropos.figures_of_service() == SHARES | {"unscored_share": 1.0, "outcome/ungradable": 1.0}


@pytest.mark.parametrize("plug", [axolotl, trl, unsloth])
def test_trl_and_who_hands_functions_on_to_it(plug: ModuleType, url: str) -> None:
    logged: dict[str, float] = {}
    trl._from_environment.cache_clear()
    assert plug.reward([""] * 2, [RIGHT, WRONG], task=[A, A], log_metric=logged.__setitem__) == [1.0, 0.0]
    assert logged == MEANS, url


@pytest.mark.usefixtures("url")
def test_easyr1() -> None:
    scores = easyr1.compute_score([{"response": text, "ground_truth": A} for text in (RIGHT, WRONG)])
    assert means(scores) == HALF_RIGHT | {"overall": 0.5, "accuracy": 0.5}


@pytest.mark.usefixtures("url")
def test_nemo_rl(package: stand_ins.Package) -> None:
    pytest.importorskip("torch")
    stand_ins.nemo_rl(package)
    actor = importlib.import_module("ray").remote(nemo_rl.environment()).remote()
    told: list[tuple[Any, ...]] = []
    logger = SimpleNamespace(log_metrics=lambda *given, **named: told.append((*given, named)))
    nemo_rl.logged(logger, train={"a": actor, "b": actor, "maths": SimpleNamespace()}, validation=None)
    COUNTED.taken()
    actor.step.remote([[{"role": "assistant", "content": text}] for text in (RIGHT, WRONG)], [A, A])
    logger.log_metrics({"own": 2.0}, 7, prefix="timing/train")
    logger.log_metrics({"own": 2.0}, 7, prefix="validation")
    logger.log_metrics({"own": 1.0}, 7, prefix="train", step_finished=True)
    logger.log_metrics({"own": 1.0}, 7, "train")
    assert told[:2] == [({"own": 2.0}, 7, "timing/train", {}), ({"own": 2.0}, 7, "validation", {})]
    assert told[2:] == [(MEANS | {"own": 1.0}, 7, "train", {"step_finished": True}), ({"own": 1.0}, 7, "train", {})]


@pytest.mark.usefixtures("url")
@pytest.mark.parametrize(
    ("info", "others"),
    [
        (None, {}),
        ({}, {}),
        ({"env_name": "wiki", "steps": 3, "note": "x"}, {"wiki": {"steps": 3}}),
        ({"env_metrics": {"wiki": {"steps": 3}, "shell": {}}}, {"wiki": {"steps": 3}, "shell": {}}),
    ],
    ids=["no tools", "no environment", "one environment", "several"],
)
def test_open_instruct(package: stand_ins.Package, info: dict[str, Any] | None, others: dict[str, Any]) -> None:
    stand_ins.open_instruct(package)
    made = open_instruct.verifier()()
    states = [{} if info is None else {"info": dict(info)} for _ in (RIGHT, WRONG)]

    async def score(text: str, state: dict[str, Any]) -> float:
        return float((await made.async_call([], text, A, None, rollout_state=state)).score)

    async def both_states() -> list[float]:
        return list(await asyncio.gather(score(RIGHT, states[0]), score(WRONG, states[1])))

    assert asyncio.run(both_states()) == [1.0, 0.0]
    kept = [state["info"].pop("env_metrics") for state in states]
    assert means([one.pop("service") for one in kept]) == MEANS
    assert kept == [others, others]
    assert made([], RIGHT, A).score == 1.0, "nothing is kept where there is no state"


@pytest.mark.usefixtures("url")
def test_openrlhf() -> None:
    pytest.importorskip("torch")
    told = openrlhf.reward_func([RIGHT, WRONG], ["", ""], [A, A])
    logs = {name: values.mean().item() for name, values in told["extra_logs"].items()}
    assert logs == HALF_RIGHT | {"ungradable": 0.0, "accuracy": 0.5}


@pytest.mark.usefixtures("url")
def test_rllm(package: stand_ins.Package) -> None:
    package("rllm.eval.types", EvalOutput=lambda **told: SimpleNamespace(kind="EvalOutput", **told))
    package("rllm.rewards.reward_types", RewardOutput=lambda **told: SimpleNamespace(kind="RewardOutput", **told))
    for kind, call in (("EvalOutput", lambda text: rllm.evaluate(A, {"artifacts": {"answer": text}})),
                       ("RewardOutput", lambda text: rllm.reward_fn(A, text))):  # fmt: skip
        right, wrong = call(RIGHT), call(WRONG)
        assert (right.kind, right.reward, right.is_correct, wrong.is_correct) == (kind, 1.0, True, False)
        assert means([right.metadata, wrong.metadata]) == MEANS


@pytest.mark.usefixtures("url")
def test_skyrl(package: stand_ins.Package) -> None:
    stand_ins.skyrl(package)
    episodes = [skyrl.environment()(extras={"task": A, "max_turns": 1}) for _ in range(2)]
    assert episodes[0].get_metrics() == {}
    assert [env.step(text)["reward"] for env, text in zip(episodes, (RIGHT, WRONG), strict=True)] == [1.0, 0.0]
    assert means([env.get_metrics() for env in episodes]) == MEANS


@pytest.mark.usefixtures("url")
@pytest.mark.parametrize("columns", [{}, {"level": 3}])
def test_slime(columns: dict[str, Any]) -> None:
    samples = [SimpleNamespace(response=text, label=A, metadata=dict(columns)) for text in (RIGHT, WRONG)]
    for _ in range(2):  # a sample that is scored again has the same row as before
        if columns:
            samples = [SimpleNamespace(**{**vars(one), "metadata": one.metadata | {"task": A}}) for one in samples]
        assert asyncio.run(slime.custom_rm(None, samples)) == [1.0, 0.0]
    metrics = {"rollout/own": 1.0}
    assert slime.log_rollout(0, None, [*samples, SimpleNamespace(metadata=None)], metrics, 1.0) is False
    assert metrics == {f"rollout/{name}": value for name, value in MEANS.items()} | {"rollout/own": 1.0}
    assert slime.log_rollout(0, None, samples, None, 1.0) is False


@pytest.mark.usefixtures("url")
def test_swift_of_all_processes(package: stand_ins.Package) -> None:
    COUNTED.taken()
    tables = stand_ins.swift(package)
    swift.register()
    trainer = SimpleNamespace(_metrics={"train": defaultdict(list), "eval": defaultdict(list)})
    callback = tables.callbacks["service"](None, trainer)
    for ended, mode in ((callback.on_step_end, "train"), (callback.on_prediction_step, "eval")):
        assert asyncio.run(tables.orms["service"]()([RIGHT, WRONG], task=[A, A])) == [1.0, 0.0]
        ended(None, None, None, model=None)
        told = {name: values for name, values in trainer._metrics[mode].items() if values != [0.0]}
        assert told == {"outcome/correct": [0.25], "outcome/incorrect": [0.5], "parts/accuracy": [0.5]}


@pytest.mark.usefixtures("url")
def test_tinker(package: stand_ins.Package) -> None:
    renderer = stand_ins.tinker(package)
    made = tinker.environment()
    steps = both(lambda text: made(renderer, "question", A).step(text))
    assert [step.reward for step in steps] == [1.0, 0.0]
    assert means([step.metrics for step in steps]) == MEANS


@pytest.mark.usefixtures("url")
def test_verifiers() -> None:
    recorded: list[dict[str, float]] = []

    async def score(text: str) -> float:
        return await verifiers.reward(A, SimpleNamespace(last_reply=text, record_metrics=recorded.append))

    assert both(score) == [1.0, 0.0]
    assert means(recorded) == MEANS


def test_verl(url: str) -> None:
    told = both(lambda text: verl.compute_score("any", text, "", {"task": A}, url=url))
    assert means(told) == HALF_RIGHT | {"score": 0.5, "acc": 0.5, "ungradable": 0.0}
