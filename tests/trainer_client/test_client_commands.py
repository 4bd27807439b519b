"""The commands `ping` and `score` say what is the case, in words and in their exit status."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.trainer_client.live import live_service
from trainer_client.adapters import discover
from trainer_client.cli import app


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with live_service() as running:
        yield running


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, list(arguments))


def written(path: Path, *rows: dict[str, Any]) -> str:
    path.write_text("\n".join(json.dumps(row) for row in rows))
    return str(path)


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


def test_ping_names_the_adapters_it_knows() -> None:
    done = run("ping", "--adapter", "nobody")
    assert done.exit_code == 2
    assert "openrlhf, trl, verl" in done.output


def test_score_writes_one_verdict_for_each_row(url: str, tmp_path: Path) -> None:
    rows = (
        {"data_source": "openai/gsm8k", "answer": "so it is\n#### 72", "completion": r"thus \boxed{72}"},
        {"task": {"kind": "exact", "ground_truth": "a"}, "completion": "b", "id": "second"},
    )
    output = tmp_path / "verdicts.jsonl"
    done = run("score", written(tmp_path / "rows.jsonl", *rows), "--url", url, "-o", str(output))
    assert done.exit_code == 0, done.output
    verdicts = sorted(map(json.loads, output.read_text().splitlines()), key=lambda verdict: verdict["index"])
    assert [(verdict["id"], verdict["reward"]) for verdict in verdicts] == [(0, 1.0), ("second", 0.0)]
    assert "mean reward 0.5" in done.output


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"completion": "a"}, "row 0: needs 'completion' and `task`"),
        ({"completion": "a", "answer": "1", "data_source": "mine"}, "row 0: data source 'mine' is not known"),
        ({"completion": "a", "task": {"kind": "misspelt"}}, "items[0].task: task must have a `kind`"),
    ],
)
def test_score_names_the_row_it_cannot_read(row: dict[str, Any], says: str, url: str, tmp_path: Path) -> None:
    done = run("score", written(tmp_path / "rows.jsonl", row), "--url", url)
    assert done.exit_code == 1
    assert says in done.output.replace("\n", " ")
