"""Curves of one or several runs on one sheet, drawn from their journals alone, as PNG and SVG.

The panels are those of DeepSeek-R1: held-out accuracy (pass@1 and cons@k against a dashed baseline), mean response
length on the training problems, reflective words, accuracy by difficulty; then what a user of graders wants to see:
reward against true accuracy, and what became of the completions; and what a user of trainers does: reward, KL, entropy
and the gradient's norm. A panel nobody has numbers for is left out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from trainer_client.training.journal import METRICS, read_rows

COLOURS = ("#1f5aa6", "#c2571a", "#7a7a7a", "#2b8a5f", "#8a4fb0", "#b8971d")
OUTCOME_COLOURS = {
    "correct": "#2b8a5f", "partial": "#9ccf8a", "incorrect": "#c2571a", "no_answer": "#d9d9d9", "undecided": "#7a7a7a",
    "compile_error": "#8a4fb0", "runtime_error": "#b8971d", "time_limit": "#1f5aa6", "memory_limit": "#6fb7c9",
    "output_limit": "#a63d57", "violation": "#1a1a1a", "bad_ground_truth": "#e8b5c4", "ungradable": "#4f4f4f",
}  # fmt: skip
"""From bottom to top of the panel; one colour for one outcome, whichever others a run has."""
UNKNOWN_OUTCOME = "#f2e6c9"
"""For an outcome that a newer server names."""
SMOOTHED = 5  # training steps in the running mean of the bold line; the raw values stay visible behind it

Row = dict[str, Any]
Axes = Any


@dataclass(frozen=True, slots=True)
class Run:
    """One line of each panel."""

    label: str
    training: list[Row]
    evaluations: list[Row]

    @classmethod
    def read(cls, folder: Path, label: str | None = None) -> "Run":
        """Read the journal of a run's folder."""
        rows = read_rows(folder / METRICS)
        by_kind = {kind: [row for row in rows if row["kind"] == kind] for kind in ("train", "evaluation")}
        return cls(label or folder.name, by_kind["train"], by_kind["evaluation"])


def draw(
    runs: Sequence[Run], target: Path, *, title: str = "", baseline: tuple[str, float] | None = None
) -> list[Path]:
    """Write `target` with the endings .png and .svg and return both paths.

    `baseline` is the label and height of the dashed line in the accuracy panel; where None, it is the first run's
    cons@k before training.
    """
    mpl.use("Agg")
    panels = [panel for panel in _PANELS if panel.has_data(runs)]
    columns = min(3, len(panels))
    lines = -(-len(panels) // columns)
    figure = Figure(figsize=(4.6 * columns, 3.3 * lines), layout="constrained")
    for place, panel in enumerate(panels):
        axes = figure.add_subplot(lines, columns, place + 1)
        axes.set_title(panel.title, fontsize=10, loc="left")
        axes.set_xlabel("training step", fontsize=8)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.tick_params(labelsize=8)
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(alpha=0.25, linewidth=0.5)
        panel.draw(axes, runs, baseline)
        if axes.get_legend_handles_labels()[0]:
            axes.legend(fontsize=7, framealpha=0.8, edgecolor="none")
    if title:
        figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    paths = [target.with_suffix(ending) for ending in (".png", ".svg")]
    target.parent.mkdir(parents=True, exist_ok=True)
    for path in paths:
        figure.savefig(path, dpi=110)
    return paths


def smooth(values: Sequence[float], width: int = SMOOTHED) -> list[float]:
    """Return the running mean of the last `width` values at each place."""
    return [sum(values[max(0, n - width + 1) : n + 1]) / min(width, n + 1) for n in range(len(values))]


@dataclass(frozen=True, slots=True)
class _Panel:
    title: str
    draw: Callable[[Axes, Sequence[Run], tuple[str, float] | None], None]
    has_data: Callable[[Sequence[Run]], bool]


def _accuracy(axes: Axes, runs: Sequence[Run], baseline: tuple[str, float] | None) -> None:
    for colour, run in zip(_colours(runs), runs, strict=True):
        _line(axes, run.evaluations, "pass@1", colour, run.label)
        if run is runs[0] and any(row.get("cons@k") for row in run.evaluations):
            _line(axes, run.evaluations, "cons@k", colour, f"{run.label}, cons@{run.evaluations[0]['k']}", style=":")
    if baseline is None and runs[0].evaluations:
        first = runs[0].evaluations[0]
        baseline = ("cons@k before training", first["cons@k"]) if first.get("cons@k") else None
    if baseline is not None:
        axes.axhline(baseline[1], color="black", linestyle="--", linewidth=0.9, label=baseline[0])
    axes.set_ylim(0, 1.02)


def _trained(name: str) -> Callable[[Axes, Sequence[Run], tuple[str, float] | None], None]:
    def draw_it(axes: Axes, runs: Sequence[Run], _: tuple[str, float] | None) -> None:
        for colour, run in zip(_colours(runs), runs, strict=True):
            known = [row for row in run.training if row.get(name) is not None]
            steps, values = [row["step"] for row in known], [row[name] for row in known]
            axes.plot(steps, values, color=colour, alpha=0.25, linewidth=0.8)
            axes.plot(steps, smooth(values), color=colour, linewidth=1.6, label=run.label)
        axes.set_ylim(bottom=0)

    return draw_it


def _words(axes: Axes, runs: Sequence[Run], _: tuple[str, float] | None) -> None:
    for colour, run in zip(_colours(runs), runs, strict=True):
        _line(axes, run.evaluations, "reflection", colour, run.label)
    axes.set_ylim(bottom=0)


def _levels(axes: Axes, runs: Sequence[Run], _: tuple[str, float] | None) -> None:
    run = runs[0]
    for colour, level in zip(COLOURS, sorted(run.evaluations[0]["levels"]), strict=False):
        steps = [row["step"] for row in run.evaluations]
        values = [row["levels"][level]["pass@1"] for row in run.evaluations]
        axes.plot(steps, values, marker="o", markersize=3, color=colour, label=f"{run.label}, level {level}")
    axes.set_ylim(0, 1.02)


def _reward_and_truth(axes: Axes, runs: Sequence[Run], _: tuple[str, float] | None) -> None:
    for colour, run in zip(_colours(runs), runs, strict=True):
        steps, values = [row["step"] for row in run.training], [row["accuracy"] for row in run.training]
        axes.plot(steps, smooth(values), color=colour, linewidth=1.6, label=f"{run.label}: as graded in training")
        _line(axes, run.evaluations, "pass@1", colour, "", style="--")
    axes.plot([], [], color="black", linestyle="--", label="dashed: true, held out")
    axes.set_ylim(0, 1.02)


def _outcomes(axes: Axes, runs: Sequence[Run], _: tuple[str, float] | None) -> None:
    rows = runs[0].training
    order = list(OUTCOME_COLOURS)
    found = {name for row in rows for name in row["outcomes"]}
    names = [*(name for name in order if name in found), *sorted(found.difference(order))]
    colours = [OUTCOME_COLOURS.get(name, UNKNOWN_OUTCOME) for name in names]
    totals = [sum(row["outcomes"].values()) for row in rows]
    shares = [
        smooth([row["outcomes"].get(name, 0) / total for row, total in zip(rows, totals, strict=True)])
        for name in names
    ]
    axes.stackplot([row["step"] for row in rows], shares, labels=names, colors=colours)
    axes.set_ylim(0, 1)
    axes.set_title(f"What became of the completions ({runs[0].label})", fontsize=10, loc="left")


def _line(axes: Axes, rows: Sequence[Row], name: str, colour: str, label: str, *, style: str = "-") -> None:
    known = [row for row in rows if row.get(name) is not None]
    values = [row[name] for row in known]
    axes.plot([row["step"] for row in known], values, style, marker="o", markersize=3, color=colour, label=label)


def _colours(runs: Sequence[Run]) -> list[str]:
    return [COLOURS[place % len(COLOURS)] for place in range(len(runs))]


def _trains(runs: Sequence[Run]) -> bool:
    return any(run.training for run in runs)


def _evaluates(runs: Sequence[Run]) -> bool:
    return any(run.evaluations for run in runs)


def _reflects(runs: Sequence[Run]) -> bool:
    return any(row["reflection"] for run in runs for row in run.evaluations)


def _has(name: str) -> Callable[[Sequence[Run]], bool]:
    return lambda runs: any(row.get(name) for run in runs for row in run.training)


_PANELS = (
    _Panel("Accuracy on held-out problems", _accuracy, _evaluates),
    _Panel("Mean response length in training (tokens)", _trained("length"), _trains),
    _Panel("Reflective words for each held-out answer", _words, _reflects),
    _Panel("Accuracy by difficulty", _levels, lambda runs: _evaluates(runs[:1]) and "levels" in runs[0].evaluations[0]),
    _Panel(
        "What the grader rewards and what is true", _reward_and_truth, lambda runs: _trains(runs) and _evaluates(runs)
    ),
    _Panel("What became of the completions", _outcomes, lambda runs: bool(runs[0].training)),
    _Panel("Mean reward in training", _trained("reward"), _has("reward")),
    _Panel("KL to the reference policy, for each token", _trained("kl"), _has("kl")),
    _Panel("Entropy of the policy (nats a token)", _trained("entropy"), _has("entropy")),
    _Panel("Norm of the gradient before clipping", _trained("gradient_norm"), _has("gradient_norm")),
)
