"""Verdicts as curves in TensorBoard, Weights & Biases, Trackio or MLflow, for trainers that do not log them.

    from trainer_client.client.trackers import track

    log = track("tensorboard", folder="runs/sums")      # "wandb", "trackio", "mlflow": as that package is set up
    log(verdicts, step)                                 # after every batch: means of parts, shares of outcomes
    log.close()

Names are the same everywhere: `reward/mean` and, behind `reward/`, those of `trainer_client.client.figures`. What has
no value in a batch is left out of it, never a 0. A run that the trainer has begun is written to; where there is none,
one is begun with the names given, and ended by `close`. Most trainers' own logs show these figures without it, by their
adapters.
"""

import importlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

from reward_server.wire import ItemVerdict
from trainer_client.client.figures import rates

Write = Callable[[Mapping[str, float], int], None]


class Tracked:
    """Writes a batch's figures to one tracker."""

    def __init__(self, write: Write, close: Callable[[], object]) -> None:
        self._write, self._close = write, close

    def __call__(self, verdicts: Sequence[ItemVerdict], step: int) -> None:
        """Write what these verdicts amount to, under this step."""
        rewards = [verdict.reward for verdict in verdicts if verdict.reward is not None]
        figures = rates(verdicts) | ({"mean": sum(rewards) / len(rewards)} if rewards else {})
        if figures:
            self._write({f"reward/{name}": value for name, value in figures.items()}, step)

    def close(self) -> None:
        """Write out what is held, and end the run if it was begun here."""
        self._close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def track(tracker: str, *, folder: str | None = None, project: str | None = None, run: str | None = None) -> Tracked:
    """Return who writes verdicts to a tracker.

    `folder` is TensorBoard's, `project` the others' (an experiment for MLflow), `run` the name of a run begun here.

    Raises:
        ValueError: there is no tracker of this name.
        ModuleNotFoundError: its package is not installed; the message says which.
    """
    if tracker not in _TRACKERS:
        raise ValueError(f"no tracker {tracker!r}; known are {', '.join(_TRACKERS)}")
    package, opened = _TRACKERS[tracker]
    try:
        module = importlib.import_module(package)
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"{tracker} needs a package: pip install {_INSTALLED_BY[tracker]} ({error})"
        ) from None
    return opened(module, folder, project, run)


def _tensorboard(module: Any, folder: str | None, _project: str | None, run: str | None) -> Tracked:
    writer = module.SummaryWriter("/".join(part for part in (folder or "runs", run) if part))

    def write(figures: Mapping[str, float], step: int) -> None:
        for name, value in figures.items():
            writer.add_scalar(name, value, step)

    return Tracked(write, writer.close)


def _wandb(module: Any, folder: str | None, project: str | None, run: str | None) -> Tracked:
    """A trainer may have logged a later step by then, and W&B drops what comes late: the step is an axis of its own."""
    begun = module.run is None
    current = module.init(project=project, name=run, dir=folder) if begun else module.run
    current.define_metric("reward/*", step_metric="reward/step")
    return Tracked(
        lambda figures, step: current.log({**figures, "reward/step": step}), current.finish if begun else _nothing
    )


def _trackio(module: Any, _folder: str | None, project: str | None, run: str | None) -> Tracked:
    current = importlib.import_module("trackio.context_vars").current_run.get()
    begun = current is None
    if begun:
        module.init(project=project or "reward-server", name=run)
    return Tracked(lambda figures, step: module.log(dict(figures), step=step), module.finish if begun else _nothing)


def _mlflow(module: Any, folder: str | None, project: str | None, run: str | None) -> Tracked:
    if folder is not None:
        module.set_tracking_uri(folder)
    if project is not None:
        module.set_experiment(project)
    begun = module.active_run() is None
    if begun:
        module.start_run(run_name=run)
    return Tracked(
        lambda figures, step: module.log_metrics(dict(figures), step=step), module.end_run if begun else _nothing
    )


def _nothing() -> None:
    """Leave a run that another began."""


_TRACKERS: dict[str, tuple[str, Callable[[Any, str | None, str | None, str | None], Tracked]]] = {
    "tensorboard": ("torch.utils.tensorboard", _tensorboard),
    "wandb": ("wandb", _wandb),
    "trackio": ("trackio", _trackio),
    "mlflow": ("mlflow", _mlflow),
}
_INSTALLED_BY = {"tensorboard": "torch tensorboard", "wandb": "wandb", "trackio": "trackio", "mlflow": "mlflow-skinny"}
