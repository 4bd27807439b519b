"""What was read as JSON can be written as JSON, whatever its size: nobody's batch is lost to what a log cannot hold."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from structlog.testing import capture_logs

from reward_server import exact_json
from reward_server.audit import AuditLog
from reward_server.http.app import create_app
from reward_server.settings import Settings
from tests.reference_work import in_references

_HUGE = 10**30 + 7
_BEYOND_PYTHON = int("9" * 4000) * 10**4000 + 1
_FACTORIAL: dict[str, Any] = {"kind": "math", "ground_truth": [_HUGE]}


@pytest.mark.parametrize(
    "value",
    [_HUGE, -_HUGE, {"a": [_HUGE, 1.5, None, True, "x"]}, _BEYOND_PYTHON, -_BEYOND_PYTHON, 2**63, 2**64, -(2**63) - 1],
    ids=["huge", "negative", "inside", "digits", "negative_digits", "signed", "unsigned", "least"],
)
def test_integers_of_any_size_are_read_again_as_they_were(value: Any):
    assert exact_json.loads(exact_json.dumps(value).decode()) == value


def test_what_cannot_be_written_as_it_is_is_written_as_text():
    assert json.loads(exact_json.dumps({"a\ud800": "b\ud800", 1: {2}, "path": Path("/x")})) == {
        "a\ufffd": "b\ufffd", "1": "{2}", "path": "/x"
    }  # fmt: skip
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(ValueError, match="nested"):
        exact_json.dumps(deep)


def test_no_key_is_lost_where_two_cannot_be_written_as_they_are():
    assert len(json.loads(exact_json.dumps({chr(0xD800 + n): _HUGE for n in range(2)}))) == 2
    assert len(json.loads(exact_json.dumps({_BEYOND_PYTHON: _HUGE}))) == 1


@pytest.mark.parametrize("text", ["[1e400, 12345678901234567890123]", "[NaN, 12345678901234567890123]"])
def test_what_is_no_number_of_json_is_refused_beside_long_integers_too(text: str):
    with pytest.raises(ValueError, match="no number of JSON"):
        exact_json.loads(text)


def test_an_integer_of_the_most_digits_is_read_and_written_in_no_time():
    digits = "7" * exact_json.MAX_DIGITS
    written: list[str] = []
    spent = in_references(lambda: written.append(exact_json.digits_of(-exact_json.whole_number(digits))), 8)
    assert spent < 8
    assert written[0] == f"-{digits}"


@pytest.mark.parametrize("audited", [True, False])
def test_an_item_with_an_integer_of_any_size_is_answered_and_written_down(audited: bool, tmp_path: Path):
    log = tmp_path / "audit.jsonl"
    items = [
        {"id": _HUGE, "group": _HUGE, "task": _FACTORIAL, "completion": f"\\boxed{{{_HUGE}}}"},
        {"task": {"kind": "exact", "ground_truth": "y"}, "completion": "<answer>y</answer>"},
    ]
    settings = Settings(sandbox="none", cache_file="memory", audit_file=log if audited else None)
    with TestClient(create_app(settings)) as client:
        answer = client.post(
            "/score", content=json.dumps({"items": items}), headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 200
        assert [one["outcome"] for one in answer.json()["verdicts"]] == ["correct", "correct"]
        assert answer.json()["verdicts"][0]["id"] == _HUGE
    if audited:
        first, second = map(json.loads, log.read_text().splitlines())
        assert first["task"]["ground_truth"] == [_HUGE]
        assert first["group"] == _HUGE
        assert second["outcome"] == "correct"


def test_a_line_that_cannot_be_written_is_told_and_costs_no_other(tmp_path: Path):
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    log = tmp_path / "audit.jsonl"
    audit = AuditLog(log)
    with capture_logs() as told:
        audit.append([{"id": 1, "task": deep}, {"id": 2}])
    assert [each["event"] for each in told] == ["audit_lines_lost"]
    asyncio.run(audit.close())
    assert [json.loads(line)["id"] for line in log.read_text().splitlines()] == [2]


@pytest.mark.parametrize("kind", ["exact", "math", "short_answer", "label", "citation", "regex", "choice"])
def test_a_number_that_python_does_not_print_is_answered(kind: str):
    task = f'{{"kind": "{kind}", "ground_truth": {exact_json.digits_of(_BEYOND_PYTHON)}}}'
    body = f'{{"items": [{{"task": {task}, "completion": "\\\\boxed{{{exact_json.digits_of(_BEYOND_PYTHON)}}}"}}]}}'
    with TestClient(create_app(Settings(sandbox="none", cache_file="memory"))) as client:
        answer = client.post("/score", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in {200, 422}
    if answer.status_code == 200:
        assert answer.json()["verdicts"][0]["outcome"] != "ungradable"
    if kind in {"exact", "short_answer"}:
        assert answer.json()["verdicts"][0]["outcome"] == "correct"
