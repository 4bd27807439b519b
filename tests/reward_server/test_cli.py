"""The commands do what a person would expect of them, in processes of their own."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_COMMAND = [sys.executable, "-m", "reward_server.cli"]
_ROWS = [
    {"task": {"kind": "math", "ground_truth": "1/2"}, "completion": "\\boxed{0.5}"},
    {"task": {"kind": "math", "ground_truth": "1/2"}, "completion": "\\boxed{0.6}"},
    {"task": {"kind": "math"}, "completion": "a row without a ground truth"},
    {"task": {"kind": "exact", "ground_truth": "x"}, "completion": "x"},
]


def _environment(folder: Path, **extra: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("REWARD_")}
    return {**clean, "REWARD_CACHE_FILE": str(folder / "verdicts.sqlite"), **extra}


def _run(folder: Path, *arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*_COMMAND, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=_ROOT,
        env=_environment(folder, **extra),
    )


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [*_COMMAND, "serve", "--port", "0", "--sandbox", "none"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=_ROOT, env=_environment(tmp_path))
    assert process.stdout is not None
    address = next(found.group(1) for line in process.stdout if (found := re.search(r"on (http://\S+)", line)))
    yield process, address
    process.kill()
    process.wait()
    process.stdout.close()


def test_serve_says_where_it_listens_and_how_to_try_it_and_stops_when_asked(
    served: tuple[subprocess.Popen[str], str],
):
    process, address = served
    with urllib.request.urlopen(f"{address}/healthz", timeout=10) as answer:
        assert json.load(answer)["status"] == "ok"
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    assert process.stdout is not None
    assert "try: curl" in process.stdout.read()


def test_score_writes_a_line_for_each_row_and_a_bad_row_does_not_stop_it(tmp_path: Path):
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, _ROWS)))
    done = _run(tmp_path, "score", str(tmp_path / "rows.jsonl"), "--sandbox", "none")
    assert done.returncode == 0, done.stderr
    records = [json.loads(line) for line in (tmp_path / "rows.verdicts.jsonl").read_text().splitlines()]
    assert [record.get("score") for record in records] == [1.0, 0.0, None, 1.0]
    assert "ground_truth" in records[2]["error"]
    assert "4 rows" in done.stdout


def test_score_gives_the_same_verdicts_against_a_server(tmp_path: Path, served: tuple[subprocess.Popen[str], str]):
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, _ROWS)))
    for name, extra in (("here", ["--sandbox", "none"]), ("there", ["--url", served[1]])):
        done = _run(tmp_path, "score", str(tmp_path / "rows.jsonl"), "-o", str(tmp_path / name), *extra)
        assert done.returncode == 0, done.stderr
    here, there = (
        [json.loads(line) for line in (tmp_path / name).read_text().splitlines()] for name in ("here", "there")
    )
    keep = ("row", "outcome", "score", "reward", "answer", "evidence")
    assert [{k: r.get(k) for k in keep} for r in here] == [{k: r.get(k) for k in keep} for r in there]


def test_score_reads_a_data_set_s_own_columns_and_compares_with_its_labels(tmp_path: Path):
    rows = [
        {"gold": "42", "response": "The answer is \\boxed{42}.", "label": 1},
        {"gold": "42", "response": "The answer is \\boxed{41}.", "label": 1},
    ]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    options = ["--kind", "math", "--completion", "response", "--ground-truth", "gold", "--label", "label"]
    done = _run(tmp_path, "score", str(tmp_path / "rows.jsonl"), *options, "--sandbox", "none")
    assert "1 of 2 = 50.00%" in done.stdout, done.stderr


def test_score_goes_on_where_it_was_stopped(tmp_path: Path):
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, _ROWS)))
    output = tmp_path / "rows.verdicts.jsonl"
    _run(tmp_path, "score", str(tmp_path / "rows.jsonl"), "--sandbox", "none")
    whole = output.read_text().splitlines(keepends=True)
    output.write_text("".join(whole[:2]))
    done = _run(tmp_path, "score", str(tmp_path / "rows.jsonl"), "--sandbox", "none")
    assert "2 rows are done" in done.stderr
    assert [json.loads(line)["row"] for line in output.read_text().splitlines()] == [0, 1, 2, 3]


def test_a_setting_that_makes_no_sense_is_named(tmp_path: Path):
    done = _run(tmp_path, "serve", REWARD_PORT="many")
    assert done.returncode == 2
    assert "REWARD_PORT" in done.stderr


def test_doctor_reports_every_part_and_what_to_do(tmp_path: Path):
    done = _run(tmp_path, "doctor")
    assert done.returncode in {0, 1}, done.stderr
    for part in ("python", "isolation", "docker", "redis", "cache", "language"):
        assert part in done.stdout.lower()
