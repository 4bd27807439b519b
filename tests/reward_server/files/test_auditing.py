"""`reward-server audit`: what a kind pays and refuses against labels, its own and a user's."""

import asyncio
import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from reward_server import cases, graders
from reward_server.cli import app
from reward_server.files.auditing import Case, audit_cases
from reward_server.service import open_service
from reward_server.settings import Settings

_ALONE = [kind for kind, grader in graders.discover().items() if not grader.needs_sandbox]


def _audit(*arguments: object, sandbox: str = "none") -> Result:
    options = ["--sandbox", sandbox, "--allow-weak-isolation"]
    return CliRunner().invoke(app, ["audit", *map(str, arguments), *options])


@pytest.mark.parametrize("kind", _ALONE)
def test_no_kind_errs_on_the_cases_it_comes_with(kind: str):
    done = _audit(kind, sandbox="process")
    assert done.exit_code == 0, done.output
    counted = next(line.split() for line in done.output.splitlines() if line.startswith(kind))
    expected = len(cases.cases(kind) or graders.discover()[kind].examples)
    assert counted[1:7] == [str(expected), str(len(cases.attacks(kind))), "0", "0", "0", "0"]


_TASK = {"kind": "math", "ground_truth": "1/2"}


def test_mistakes_of_a_users_file_are_counted_listed_and_written(tmp_path: Path):
    rows = [
        {"task": _TASK, "completion": r"\boxed{0.5}", "expected": True},
        {"task": _TASK, "completion": r"\boxed{0.5}", "expected": "incorrect"},
        {"task": _TASK, "completion": r"\boxed{2}", "expected": "correct"},
        {"task": _TASK, "completion": "", "expected": "incorrect"},
        {"task": {"ground_truth": "#### "}, "completion": "1", "expected": False},
    ]
    file, output = tmp_path / "cases.jsonl", tmp_path / "mistakes.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = _audit("math", "--cases", file, "--output", output)
    assert done.exit_code == 1, done.output
    sorts = [json.loads(line)["sort"] for line in output.read_text().splitlines()]
    assert sorts == ["false positive", "false negative", "other outcome", "no score"]
    assert "false positive: correct, expected incorrect  cases.jsonl:2" in done.output


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"task": _TASK, "completion": "1"}, "cases.jsonl:1: lacks expected"),
        ({"task": _TASK, "completion": "1", "expected": "right"}, "expected 'right' is no outcome"),
        ({"task": {"kind": "exact"}, "completion": "1", "expected": True}, "must be an object of kind 'math'"),
        (
            {"task": {"kind": "math", "gold": 1}, "completion": "1", "expected": True},
            "cases.jsonl:1': task.ground_truth",
        ),
    ],
)
def test_a_row_that_is_no_case_is_named(tmp_path: Path, row: dict, told: str):
    (tmp_path / "cases.jsonl").write_text(json.dumps(row))
    done = _audit("math", "--cases", tmp_path / "cases.jsonl")
    assert done.exit_code == 2
    assert told in done.output


def test_an_unknown_kind_and_cases_without_a_kind_are_refused(tmp_path: Path):
    (tmp_path / "cases.jsonl").write_text("{}")
    assert "there is no kind 'mathematics'" in _audit("mathematics").output
    assert "--cases needs the kind" in _audit("--cases", tmp_path / "cases.jsonl").output


_CHOICE = Case({"kind": "choice", "ground_truth": "B"}, "B", "correct", "")


def test_an_audit_gives_the_loop_a_turn_between_cases():
    async def turns() -> int:
        taken = 0

        async def count() -> None:
            nonlocal taken
            while True:
                taken += 1
                await asyncio.sleep(0)

        async with open_service(Settings(sandbox="none", cache_file="memory")) as service:
            counting = asyncio.create_task(count())
            await audit_cases(service.scoring, "choice", [_CHOICE] * 9)
            counting.cancel()
        return taken

    assert asyncio.run(turns()) >= 9
