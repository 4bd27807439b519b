"""Lint finds the rows that would train on noise, and only those."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from reward_server.cli import app
from reward_server.files.formats import numbered
from reward_server.files.lint import lint_rows, statement
from reward_server.graders import discover

SOUND = [
    {"id": "a", "gold": "42"},
    {"id": "b", "answer": "We add.\n#### 1,000"},
    {"id": "c", "solution": r"so \boxed{\frac{1}{2}}."},
    {"id": "d", "reward_model": {"ground_truth": "7", "style": "rule"}},
    {"id": "e", "question": "Which?", "options": ["x", "y"], "answer": "B"},
    {"id": "f", "choices": ["x", "y", "z"], "answer": 2},
    {"id": "g", "gold": 3.5},
    {"id": "h", "gold": "x+11", "solution": r"either \boxed{x+11} or \boxed{11+x}"},
]


def test_sound_rows_of_every_layout_grade_themselves_correct():
    report = lint_rows(numbered(SOUND))
    assert report.findings == []
    assert report.self_correct == report.rows == len(SOUND)
    assert report.classes["choice"] == 2


@pytest.mark.parametrize(
    ("row", "severity", "words"),
    [
        ({"gold": ""}, "unusable", "empty"),
        ({"gold": "proof"}, "unusable", "placeholder"),
        ({"gold": "N/A"}, "unusable", "placeholder"),
        ({"problem": "?"}, "unusable", "no column with a ground truth"),
        ("a line", "unusable", "not an object"),
        ({"gold": "E", "options": ["x", "y"]}, "unusable", "names no option"),
        ({"gold": float("nan")}, "unusable", "finite"),
        ({"gold": {"a": 1}}, "unusable", "not a ground truth"),
        ({"gold": [1, 2, 3]}, "ambiguous", "any of 3"),
        ({"gold": "5", "solution": r"so \boxed{6}"}, "ambiguous", "'6' in its box"),
        ({"gold": "2", "solution": r"so \boxed{-1} and \boxed{2}"}, "ambiguous", "'-1, 2' in its box"),
    ],
)
def test_a_broken_row_is_listed_with_its_reason(row: Any, severity: str, words: str):
    report = lint_rows(numbered([row]))
    assert [finding.severity for finding in report.findings] == [severity]
    assert words in report.findings[0].reason


def test_one_problem_with_two_ground_truths_is_listed():
    rows = [{"problem": "1 + 1", "gold": "2"}, {"problem": "1  + 1", "gold": "3"}, {"problem": "1 + 1", "gold": "2"}]
    report = lint_rows(numbered(rows))
    assert [(finding.row, finding.severity) for finding in report.findings] == [(1, "ambiguous")]


def test_the_column_can_be_named():
    assert lint_rows(numbered([{"gold": "", "deep": {"truth": "5"}}]), column="deep.truth").findings == []


@pytest.mark.parametrize("answer", ["42", r"\{1, 2\}", r"\frac{1}{2}", "a}b{", "{", "}"])
def test_a_statement_gives_exactly_the_answer(answer: str):
    from reward_server.extraction import find_answer

    found = find_answer(statement(answer))
    assert found is not None
    assert found.answer == answer


def test_the_command_lists_findings_and_fails_on_unusable_rows(tmp_path: Path):
    file, out = tmp_path / "rows.jsonl.gz", tmp_path / "findings.jsonl"
    lines = [json.dumps(row) for row in [*SOUND, {"id": "bad", "gold": "proof"}]]
    file.write_bytes(gzip.compress("\n".join([*lines, "{not json"]).encode()))
    result = CliRunner().invoke(app, ["lint", str(file), "--output", str(out)])
    assert result.exit_code == 1
    assert "placeholder" in result.output
    findings = [json.loads(line) for line in out.read_text().splitlines()]
    assert [finding["row"] for finding in findings] == [8, 9]
    file.write_bytes(gzip.compress("\n".join(lines[:-1]).encode()))
    assert CliRunner().invoke(app, ["lint", str(file)]).exit_code == 0


@pytest.mark.shared
@pytest.mark.timeout(240)
def test_ground_truths_of_real_data_sets_grade_themselves_correct(shared_dir: Path):
    for name in ("aime24", "math500", "aqua", "sat_math", "olympiadbench_math_en", "cmath_zh", "imo_answerbench_v2"):
        rows = [json.loads(line) for line in (shared_dir / "data" / "golds" / f"{name}.jsonl").read_text().splitlines()]
        report = lint_rows(numbered(rows))
        wrong = [finding for finding in report.findings if finding.severity != "ambiguous"]
        assert not wrong, (name, wrong[:3])


@pytest.mark.parametrize("kind", sorted(discover()))
def test_a_whole_task_of_every_kind_is_read_and_grades_itself(kind: str):
    tasks = [{"kind": kind} | example.task for example in discover()[kind].examples]
    rows = [*({"id": number, "task": task} for number, task in enumerate(tasks)), {"task": json.dumps(tasks[0])}]
    report = lint_rows(numbered(rows))
    # examples of one kind may share their answer, of which lint says that a constant would be paid
    assert [finding for finding in report.findings if finding.place != "every row"] == []
    assert report.self_correct + report.only_compiled == len(rows)


@pytest.mark.parametrize("kind", sorted(discover()))
def test_a_name_that_is_unknown_is_listed_with_its_row(kind: str):
    task = {"kind": kind} | discover()[kind].examples[0].task
    report = lint_rows(numbered([{"task": task}, {"id": "b", "task": task | {"no_such_option": 1}}]))
    assert [(finding.row, finding.id, finding.severity) for finding in report.findings] == [(1, "b", "unusable")]
    assert "no_such_option" in report.findings[0].reason


def test_columns_named_like_fields_are_the_task():
    rows = [
        {"ground_truth": [["red", "rouge"], "blue"], "match": "all", "question": "Which?"},
        {"ground_truth": "red", "match": "some"},
        {"ground_truth": ""},
    ]
    report = lint_rows(numbered(rows), kind="short_answer")
    assert [finding.row for finding in report.findings] == [1, 2]
    assert report.self_correct == 1
    assert "unknown_kind" not in report.findings[0].reason
    (finding,) = lint_rows(numbered([{"task": {"kind": "maths", "ground_truth": 1}}])).findings
    assert "did you mean 'math'" in finding.reason


def test_lint_names_the_column_as_score_does_and_a_file_without_rows_is_no_success(tmp_path: Path):
    file = tmp_path / "rows.jsonl"
    file.write_text('{"gold": "1/2", "answer": "x"}\n')
    assert CliRunner().invoke(app, ["lint", str(file), "--ground-truth", "gold", "--kind", "math"]).exit_code == 0
    file.write_text("\n")
    result = CliRunner().invoke(app, ["lint", str(file)])
    assert (result.exit_code, "no rows in rows.jsonl" in result.output) == (1, True)
