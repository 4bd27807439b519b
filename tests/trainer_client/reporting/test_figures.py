"""Figures and reports come from journals alone; configurations from TOML and options; words from the paper's list."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from pydantic import ValidationError
from typer.testing import CliRunner

from reward_server.verdict import Outcome
from tests.trainer_client.trainer_fakes import config, problems, tiny_policy
from tests.trainer_client.training.test_evaluate import Majority, as_math
from trainer_client.reporting.figures import _PANELS, Run, _outcomes, draw, smooth
from trainer_client.reporting.report import write_report
from trainer_client.training.config import TrainConfig, keep_config, options_of_config, read_config
from trainer_client.training.evaluate import Sampling, evaluation_hook
from trainer_client.training.journal import SAMPLES
from trainer_client.training.reflection import CHINESE, ENGLISH, count_reflective_words
from trainer_client.training.train import train


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    hook = evaluation_hook(as_math(problems(4)), Majority(), Sampling(2, max_new_tokens=8))
    train(config(folder, evaluate_every=1), tiny_policy(), problems(), Majority(), evaluate=hook)
    return folder


def test_curves_of_several_runs_are_drawn_as_png_and_svg(run_folder: Path, tmp_path: Path) -> None:
    runs = [Run.read(run_folder, "first <run>"), Run.read(run_folder, "second")]
    png, svg = draw(runs, tmp_path / "sheet.png", title="two runs", baseline=("human", 0.378))
    assert png.read_bytes().startswith(b"\x89PNG")
    assert svg.read_text().count("<svg") == 1
    assert len(runs[0].evaluations) == 3
    assert len(runs[0].training) == 2


def test_an_outcome_has_one_colour_whichever_others_a_run_has() -> None:
    def colours(*outcomes: str) -> dict[str, str]:
        axes = Figure().add_subplot()
        rows = [{"step": step, "outcomes": dict.fromkeys(outcomes, 1)} for step in (1, 2)]
        _outcomes(axes, [Run("run", rows, [])], None)
        return {str(area.get_label()): to_hex(area.get_facecolor()[0]) for area in axes.collections}

    every = colours("brand_new", *reversed(Outcome))
    assert list(every) == [*Outcome, "brand_new"]
    assert len(set(every.values())) == len(every)
    for outcome in Outcome:
        assert colours("incorrect", outcome).items() <= every.items()
    assert colours("no_answer", "incorrect") == colours("incorrect", "no_answer")


def test_panels_without_numbers_are_left_out(run_folder: Path, tmp_path: Path) -> None:
    whole = draw([Run.read(run_folder)], tmp_path / "whole")[1].read_text()
    no_evaluations = Run("bare", Run.read(run_folder).training, [])
    bare = draw([no_evaluations], tmp_path / "bare")[1].read_text()
    assert whole.count('id="axes_') > bare.count('id="axes_') >= 5


def test_the_report_shows_samples_with_evidence_and_escapes_them(run_folder: Path, tmp_path: Path) -> None:
    rows = [json.loads(line) for line in (run_folder / SAMPLES).read_text().splitlines()]
    rows[-1]["completion"] = "<script>alert(1)</script> wait, this is wrong"
    (tmp_path / SAMPLES).write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "metrics.jsonl").write_bytes((run_folder / "metrics.jsonl").read_bytes())
    page = write_report(tmp_path).read_text()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "<mark>wait</mark>" in page
    assert "<mark>wrong</mark>" in page
    assert "letter" in page, "the method that the evidence names"
    assert "http://" not in page.split("</svg>")[1], "the page needs no network"


def test_a_run_without_samples_still_has_a_report(run_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "metrics.jsonl").write_bytes((run_folder / "metrics.jsonl").read_bytes())
    page = write_report(tmp_path).read_text()
    assert "<svg" in page
    assert "over time" not in page, "no heading without anything below it"


def test_the_report_names_model_date_and_configuration(run_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "metrics.jsonl").write_bytes((run_folder / "metrics.jsonl").read_bytes())
    keep_config(TrainConfig(model="tiny<1>", data=Path("d.jsonl"), folder=tmp_path, steps=9, learning_rate=0.5))
    page = write_report(tmp_path).read_text()
    assert "Model tiny&lt;1&gt;, step" in page
    assert "of 9, last written 20" in page
    assert "<td>learning_rate</td><td>0.5</td>" in page
    for curve in ("Mean reward in training", "Entropy of the policy", "Norm of the gradient"):
        assert any(title.startswith(curve) for title in draw_titles(Run.read(tmp_path)))


def draw_titles(run: Run) -> list[str]:
    return [panel.title.partition(" (")[0] for panel in _PANELS if panel.has_data([run])]


def test_a_running_mean_starts_with_what_there_is() -> None:
    assert smooth([1.0, 3.0, 5.0], 2) == [1.0, 2.0, 4.0]


def test_the_words_are_the_papers_and_are_counted_as_words() -> None:
    assert ENGLISH == ("wait", "mistake", "however", "but", "retry", "error", "verify", "wrong", "evaluate", "check")
    counted = count_reflective_words("Wait, wait. Wait. That's an aha moment; but the button awaits. Let me CHECK.")
    assert counted == {"wait": 3, "but": 1, "check": 1}
    assert count_reflective_words("等等，这里不对，重新验证一下") == {"等等": 1, "不对": 1, "重新": 1, "验证": 1}
    assert len(set(CHINESE)) == len(CHINESE)


def test_options_win_over_the_toml_file_and_mistakes_are_refused(tmp_path: Path) -> None:
    toml = tmp_path / "run.toml"
    toml.write_text('model = "m"\ndata = "d.jsonl"\nsteps = 7\nseed = 3\n[rewards]\naccuracy = 1\nlanguage = 0.1\n')
    read = read_config(toml, {"steps": 9, "seed": None})
    assert (read.steps, read.seed, read.rewards) == (9, 3, {"accuracy": 1.0, "language": 0.1})
    for wrong in ({"stepz": 1}, {"steps": 0}, {"recipe": "ppo"}, {"group_size": 1}, {"temperature": 0.0}):
        with pytest.raises(ValidationError):
            read_config(toml, wrong)


def test_every_field_is_an_option_with_its_docstring_as_help() -> None:
    seen: list[Any] = []
    app = typer.Typer()
    app.command()(options_of_config(lambda file, **options: seen.append(read_config(file, options))))
    done = CliRunner().invoke(
        app, ["--model", "m", "--data", "d", "--steps", "5", "--rewards", "accuracy=1", "--rewards", "format=0.5"]
    )
    assert done.exit_code == 0, done.output
    assert seen[0].steps == 5
    assert seen[0].rewards == {"accuracy": 1.0, "format": 0.5}
    shown = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200"}).output
    for name, field in TrainConfig.model_fields.items():
        assert f"--{name.replace('_', '-')}" in shown
        assert field.description
    assert len(TrainConfig.model_fields) <= 27
