"""A run's folder keeps its configuration, and another run is not taken for its continuation."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from trainer_client.cli import app
from trainer_client.client.client import pair
from trainer_client.training.config import TrainConfig, keep_config, read_config


def _config(folder: Path, **fields: Any) -> TrainConfig:
    return TrainConfig.model_validate({"model": "m", "data": "d.jsonl", "folder": folder, **fields})


def test_the_kept_file_is_read_back_as_the_same_configuration(tmp_path: Path):
    config = _config(tmp_path, learning_rate=3e-5, beta=0.1, rewards={"accuracy": 1.0, "format": 0.5})
    keep_config(config)
    assert read_config(tmp_path / "config.toml", {}) == config


@pytest.mark.parametrize("field", [{"recipe": "dapo"}, {"learning_rate": 1e-5}, {"rewards": {"accuracy": 1.0}}])
def test_another_configuration_in_the_same_folder_is_refused_by_name(tmp_path: Path, field: dict[str, Any]):
    keep_config(_config(tmp_path))
    with pytest.raises(ValueError, match=rf"{next(iter(field))}: .* there, .* now: .*--folder"):
        keep_config(_config(tmp_path, **field))


def test_a_run_that_never_began_keeps_no_configuration_and_has_no_report(tmp_path: Path):
    missing, folder = str(tmp_path / "nothing.jsonl"), str(tmp_path / "run")
    done = CliRunner().invoke(app, ["train", "--model", "m", "--data", missing, "--folder", folder])
    assert done.exit_code == 1
    assert "nothing.jsonl" in done.output
    assert not Path(folder).exists()
    Path(folder).mkdir()
    done = CliRunner().invoke(app, ["report", folder])
    assert (done.exit_code, done.output.splitlines()) == (1, [done.output.strip()])
    assert "metrics.jsonl is missing" in done.output.replace("\n", "")


def test_more_steps_another_machine_and_less_memory_are_the_same_run(tmp_path: Path):
    keep_config(_config(tmp_path))
    keep_config(_config(tmp_path, steps=500, device="cuda", micro_batch=4, url="http://other:8000"))


def test_a_recipe_that_does_not_exist_is_answered_with_those_that_do():
    done = CliRunner().invoke(app, ["train", "--model", "m", "--data", "d", "--recipe", "ppo"])
    assert done.exit_code == 2
    said = " ".join(done.output.replace("│", " ").split())
    assert "--recipe: Input should be 'grpo'" in said
    assert "pydantic" not in said


def test_columns_of_different_lengths_are_counted():
    with pytest.raises(ValueError, match="2 tasks, 1 completions, 2 prompts"):
        pair([{}, {}], ["a"], ["p", "q"])
