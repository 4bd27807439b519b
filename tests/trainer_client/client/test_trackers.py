"""Verdicts as curves: what is written to each tracker, and whose run it is."""

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from reward_server.verdict import Outcome
from reward_server.wire import ItemVerdict
from trainer_client.client.trackers import track


def _verdict(outcome: str, reward: float | None, cached: bool = False) -> ItemVerdict:
    parts = {"accuracy": reward, "format": None}
    return ItemVerdict(
        id=0, outcome=Outcome(outcome), score=reward, reward=reward, parts=parts, answer=None, evidence={},
        grader="math/3", cached=cached, elapsed_ms=1.0, retryable=False,
    )  # fmt: skip


BATCH = [_verdict("correct", 1.0, cached=True), _verdict("incorrect", 0.0), _verdict("ungradable", None)]
WRITTEN = {
    "reward/mean": 0.5, "reward/parts/accuracy": 0.5, "reward/unscored_share": 1 / 3, "reward/cached_share": 1 / 3,
    "reward/outcome/correct": 1 / 3, "reward/outcome/incorrect": 1 / 3, "reward/outcome/ungradable": 1 / 3,
}  # fmt: skip
ZEROS = {f"reward/outcome/{outcome.value}": 0.0 for outcome in Outcome} | {"reward/cheating_share": 0.0}


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """What stand-ins of the trackers' modules were asked; a real one is used in no test."""
    made: list[tuple[str, Any]] = []

    def noting(name: str, gives: Any = None) -> Any:
        return lambda *values, **named: (made.append((name, values or named)), gives)[1]

    run = SimpleNamespace(define_metric=noting("define"), log=noting("log"), finish=noting("finish"))
    writer = SimpleNamespace(add_scalar=noting("scalar"), close=noting("close"))
    modules: dict[str, dict[str, Any]] = {
        "torch.utils.tensorboard": {"SummaryWriter": noting("writer", writer)},
        "wandb": {"run": None, "init": noting("init", run)},
        "trackio": {"init": noting("init"), "log": noting("log"), "finish": noting("finish")},
        "trackio.context_vars": {"current_run": SimpleNamespace(get=lambda: None)},
        "mlflow": {
            "active_run": lambda: None, "start_run": noting("init"), "log_metrics": noting("log"),
            "end_run": noting("finish"), "set_experiment": noting("experiment"), "set_tracking_uri": noting("uri"),
        },
    }  # fmt: skip
    for name, attributes in modules.items():
        module = ModuleType(name)
        vars(module).update(attributes)
        monkeypatch.setitem(sys.modules, name, module)
    return made


def test_tensorboard_has_a_scalar_for_each(calls: list[tuple[str, Any]]):
    with track("tensorboard", folder="runs", run="a") as log:
        log(BATCH, 3)
    assert calls[0] == ("writer", ("runs/a",))
    assert {name: value for what, (name, value, _) in calls[1:-1]} == pytest.approx(ZEROS | WRITTEN)
    assert {step for _, (_, _, step) in calls[1:-1]} == {3}
    assert calls[-1][0] == "close"


@pytest.mark.parametrize("tracker", ["wandb", "trackio", "mlflow"])
def test_a_run_is_begun_written_to_and_ended(tracker: str, calls: list[tuple[str, Any]]):
    with track(tracker, project="p", run="a") as log:
        log(BATCH, 3)
        log([], 4)
    logged = [values for what, values in calls if what == "log"]
    assert len(logged) == 1
    assert {name: value for name, value in logged[0][0].items() if name != "reward/step"} == pytest.approx(
        ZEROS | WRITTEN
    )
    names = [what for what, _ in calls]
    assert names.count("init") == 1
    assert names[-1] == "finish"


@pytest.mark.parametrize("tracker", ["wandb", "trackio", "mlflow"])
def test_a_run_of_the_trainers_is_left_as_it_is(
    tracker: str, calls: list[tuple[str, Any]], monkeypatch: pytest.MonkeyPatch
):
    theirs = SimpleNamespace(define_metric=lambda *_, **__: None, log=lambda figures: calls.append(("log", (figures,))))
    monkeypatch.setattr(sys.modules["wandb"], "run", theirs)
    monkeypatch.setattr(sys.modules["trackio.context_vars"], "current_run", SimpleNamespace(get=lambda: theirs))
    monkeypatch.setattr(sys.modules["mlflow"], "active_run", lambda: theirs)
    with track(tracker) as log:
        log(BATCH, 3)
    assert [what for what, _ in calls] == ["log"]


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "wandb", None)
    with pytest.raises(ModuleNotFoundError, match="pip install wandb"):
        track("wandb")
    with pytest.raises(ValueError, match="known are tensorboard"):
        track("neptune")
