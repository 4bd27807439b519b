"""The command `ping` says what is the case, in words and in its exit status."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.trainer_client.live import live_service
from trainer_client import adapters
from trainer_client.adapters import discover
from trainer_client.cli import app


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with live_service() as running:
        yield running


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, list(arguments))


def test_ping_times_a_live_service_and_checks_its_verdicts(url: str) -> None:
    done = run("ping", url, "--count", "3")
    assert done.exit_code == 0, done.output
    assert "as expected" in done.output
    assert "p95" in done.output


@pytest.mark.parametrize("adapter", discover())
def test_ping_calls_a_trainers_plug_as_the_trainer_does(adapter: str, url: str) -> None:
    done = run("ping", url, "--count", "1", "--adapter", adapter)
    assert done.exit_code == 0, done.output
    assert "rewards as expected" in done.output


def test_ping_of_nothing_fails_and_says_why() -> None:
    done = run("ping", "http://127.0.0.1:9", "--deadline", "0.2")
    assert done.exit_code == 1
    assert "did not answer" in done.output


def test_a_service_that_cannot_be_reached_costs_two_short_lines() -> None:
    command = [sys.executable, "-m", "trainer_client.cli", "ping", "http://127.0.0.1:9", "--deadline", "3"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = (done.stdout + done.stderr).splitlines()
    assert done.returncode == 1
    assert len(lines) == 2
    assert all("Cannot connect to host 127.0.0.1:9" in line and len(line) < 250 for line in lines), lines


def test_an_address_without_a_scheme_is_one_line() -> None:
    done = run("ping", "127.0.0.1:8000")
    assert done.exit_code == 1
    assert done.output.splitlines() == [done.output.strip()]
    assert "such as http://127.0.0.1:8000" in done.output


def test_ping_names_the_adapters_it_knows() -> None:
    done = run("ping", "--adapter", "nobody")
    assert done.exit_code == 2
    told = " ".join(done.output.split())
    assert ", ".join(sorted(adapters.discover())) in told


def test_train_names_what_is_wrong_with_an_option_and_leaves_its_value_alone() -> None:
    done = run("train", "--model", "m", "--data", "d", "--recipe", "my_recipe", "--group-size", "0")
    assert done.exit_code == 2
    told = " ".join(done.output.split())
    assert "'my_recipe'" in told
    assert "--group-size" in told


def test_train_names_the_nearest_field_of_a_toml_file(tmp_path: Path) -> None:
    (tmp_path / "run.toml").write_text('model = "m"\ndata = "d"\ngroup_sizes = 4\n')
    done = run("train", "--config", str(tmp_path / "run.toml"))
    assert done.exit_code == 2
    assert "did you mean 'group_size'?" in " ".join(done.output.split())


@pytest.mark.parametrize(
    ("lacking", "extra", "module", "arguments"),
    [
        ("torch", "trainer", "trainer_client.cli", ["r1-zero"]),
        ("torch", "trainer", "trainer_client.cli", ["train", "--model", "m", "--data", "d"]),
        ("torch", "trainer", "trainer_client.cli", ["evaluate", "--model", "m", "--data", __file__]),
        ("matplotlib", "trainer", "trainer_client.cli", ["report", "."]),
        ("typer", "cli", "trainer_client.cli", ["ping"]),
        ("typer", "server", "reward_server.cli", ["serve"]),
        ("structlog", "server", "reward_server.cli", ["serve"]),
    ],
)
def test_a_command_whose_extra_is_missing_names_it_in_a_line(
    lacking: str, extra: str, module: str, arguments: list[str]
) -> None:
    script = f"import sys; sys.modules[{lacking!r}] = None; from {module} import app; app()"
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert re.search(rf"needs? {lacking}: pip install 'reward-server\[{extra}\]'", done.stderr)
    assert len(done.stderr.splitlines()) == 1, done.stderr
