"""What a summary closes with: a table by kind, the slowest, what is worth a look, what to do next; for programs too."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from reward_server.cli import app
from reward_server.files.closing import Closing
from reward_server.files.formats import Row
from reward_server.files.scoring import Scored


def _closing(*records: dict[str, Any]) -> Closing:
    closing = Closing()
    for number, more in enumerate(records):
        right = {"outcome": "correct", "score": 1.0, "grader": "math/3", "elapsed_ms": 1.0, "parts": {}, "answer": "1"}
        closing.add(Scored(Row(number, f"rows.jsonl:{number + 1}", {}), right | more))
    return closing


def test_outcomes_stand_by_kind():
    lines = list(_closing({}, {"outcome": "incorrect", "score": 0.0}, {"grader": "code/4"}).lines("v", "f"))
    assert [line.split() for line in lines] == [
        ["correct", "incorrect"],
        ["code", "1", "1", "·"],
        ["math", "2", "1", "1"],
    ]


def test_the_slowest_are_told_and_what_was_kept_or_cached_is_not():
    slow = [{"elapsed_ms": float(1000 * number)} for number in range(1, 9)]
    closing = _closing(*slow, {"elapsed_ms": 1e6, "cached": True})
    assert [place for _, place, _ in sorted(closing.slowest)[::-1]] == [f"rows.jsonl:{n}" for n in (8, 7, 6, 5, 4)]
    assert "rows.jsonl:8" in next(line for line in closing.lines("v", "f") if "8.00 s" in line)


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ([{"outcome": "ungradable", "score": None}], "the same command tries again"),
        ([{"outcome": "bad_ground_truth", "score": None}], "reward-server lint f"),
        ([{"outcome": "no_answer", "score": 0.0}, {}], "were completions cut short"),
        ([{"outcome": "incorrect", "score": 0.0}] * 5, "nothing is right"),
        ([{"evidence": {"flags": ["network"]}}], "reward-server view v"),
    ],
)
def test_what_to_do_next(records: list[dict[str, Any]], said: str):
    assert any(said in line for line in _closing(*records).suggestions("v", "f"))


def test_nothing_odd_suggests_nothing():
    assert _closing({}, {}).suggestions("v", "f") == []


def test_a_program_reads_one_object(tmp_path: Path):
    rows = tmp_path / "rows.jsonl"
    tasks = [("1/2", "0.5"), ("5 km", "5 m")]
    items = [{"task": {"kind": "math", "ground_truth": t}, "completion": f"\\boxed{{{c}}}"} for t, c in tasks]
    rows.write_text("".join(json.dumps(item) + "\n" for item in items))
    done = CliRunner().invoke(
        app, ["score", str(rows), "--sandbox", "none", "--json", "--report", str(tmp_path / "r.html")]
    )
    told = json.loads(done.stdout)
    assert (told["rows"], told["graded"], told["mean_reward"]) == (2, 2, 0.5)
    assert told["kinds"] == {"math": {"correct": 1, "incorrect": 1}}
    assert told["signals"]["near_miss"]["places"] == ["rows.jsonl:2"]


def test_a_shell_completes_commands():
    done = CliRunner().invoke(
        app,
        [],
        env={"_REWARD_SERVER_COMPLETE": "complete_bash", "COMP_WORDS": "reward-server vi", "COMP_CWORD": "1"},
        prog_name="reward-server",
    )
    assert done.output.split() == ["view"]


@pytest.mark.parametrize("command", ["score", "view", "lint", "demo"])
def test_help_has_an_example_on_a_line_of_its_own(command: str):
    assert f"\n  reward-server {command}" in CliRunner().invoke(app, [command, "--help"]).output
