"""The HTTP surface answers everything, and one bad item never costs the others theirs."""

import gzip
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import structlog
from pydantic import SecretStr
from starlette.testclient import TestClient

from reward_server import graders
from reward_server.errors import NotInstalled
from reward_server.http.answers import _told_anyway
from reward_server.http.app import create_app
from reward_server.settings import Settings
from reward_server.verdict import Outcome, Verdict, ungradable
from reward_server.wire import ScoreResponse

_JSON = {"content-type": "application/json"}
_PARIS = {"kind": "exact", "ground_truth": "Paris"}
_RIGHT = {"task": _PARIS, "completion": "<answer>Paris</answer>"}
_WRONG = {"task": _PARIS, "completion": "<answer>Rome</answer>"}


def _settings(**changes: Any) -> Settings:
    return Settings(**{"sandbox": "none", "cache_file": "memory", "redis_url": None, "api_token": None} | changes)


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(create_app(_settings(max_body_bytes=32 * 1024 * 1024, max_items=500))) as client:
        yield client


def _score(client: TestClient, *items: dict[str, Any], **request: Any) -> list[dict[str, Any]]:
    answer = client.post("/score", json={"items": list(items), **request})
    assert answer.status_code == 200, answer.text
    return answer.json()["verdicts"]


def test_verdicts_come_in_order_with_ids_parts_and_evidence(client: TestClient):
    verdicts = _score(client, {**_RIGHT, "id": "a"}, _WRONG, rewards={"accuracy": 1, "format": 0.5})
    assert [v["id"] for v in verdicts] == ["a", 1]
    assert [v["outcome"] for v in verdicts] == ["correct", "incorrect"]
    assert [v["reward"] for v in verdicts] == [1.0, 0.0]
    assert verdicts[0]["parts"] == {"accuracy": 1.0, "format": 0.0}
    assert verdicts[0]["answer"] == "Paris"
    assert verdicts[0]["evidence"]["method"] == "folded_equality"
    assert verdicts[0]["grader"].startswith("exact/")


def test_what_is_sent_is_what_the_schema_says(client: TestClient):
    answer = client.post("/score", json={"items": [_RIGHT, _WRONG, {"task": _PARIS, "completion": ""}]})
    assert len(ScoreResponse.model_validate_json(answer.content).verdicts) == 3


def test_completions_of_one_prompt_share_a_task(client: TestClient):
    items = [{"task": "p17", "completion": text} for text in ("Paris", "Rome", "paris")]
    assert [v["score"] for v in _score(client, *items, tasks={"p17": _PARIS})] == [1.0, 0.0, 1.0]


def test_the_last_assistant_message_counts_and_its_reasoning_is_not_searched(client: TestClient):
    chat = [
        {"role": "user", "content": "capital?"},
        {"role": "assistant", "content": "<answer>Paris</answer>"},
        {"role": "assistant", "content": "<answer>Rome</answer>", "reasoning_content": "<answer>Paris</answer>"},
    ]
    assert _score(client, {"task": _PARIS, "completion": chat})[0]["outcome"] == "incorrect"
    assert _score(client, {"task": _PARIS, "completion": chat[:2]})[0]["outcome"] == "correct"
    assert _score(client, {"task": _PARIS, "completion": chat[:1]})[0]["outcome"] == "no_answer"


def test_an_empty_a_huge_and_a_broken_row_each_get_their_own_verdict(client: TestClient):
    verdicts = _score(
        client,
        {"task": _PARIS, "completion": ""},
        {"task": _PARIS, "completion": "x" * 10_000_000},
        {"task": {"kind": "exact", "ground_truth": " "}, "completion": "Paris"},
        {"task": {"kind": "math", "ground_truth": ""}, "completion": "\\boxed{1}"},
        _RIGHT,
    )
    outcomes = [v["outcome"] for v in verdicts]
    assert outcomes == ["no_answer", "incorrect", "bad_ground_truth", "bad_ground_truth", "correct"]
    assert verdicts[2]["reward"] is None
    assert "ground_truth" in verdicts[2]["evidence"]["reason"]


def test_code_without_a_sandbox_is_ungradable_retryable_and_null(client: TestClient):
    task = {"kind": "code", "language": "python", "tests": [{"stdin": "2\n", "stdout": "4\n"}]}
    (verdict,) = _score(client, {"task": task, "completion": "```python\nprint(int(input())**2)\n```"})
    assert (verdict["outcome"], verdict["score"], verdict["reward"]) == ("ungradable", None, None)
    assert verdict["retryable"] is True


def test_what_is_not_installed_is_not_retryable(client: TestClient, monkeypatch: pytest.MonkeyPatch):
    async def lacks(*_: Any) -> None:
        raise NotInstalled("cobol is not installed where programs run here")

    kinds = graders.discover()  # the self-test may still be grading the others
    patched = {**kinds, "code": replace(kinds["code"], slow=lacks)}
    monkeypatch.setattr(client.app.state.service.scoring._compiler, "_graders", patched)
    task = {"kind": "code", "language": "c", "tests": [{"stdin": "", "stdout": "1"}]}
    (verdict,) = _score(client, {"task": task, "completion": "```c\nint main() {}\n```"})
    assert (verdict["outcome"], verdict["score"], verdict["retryable"]) == ("ungradable", None, False)


def test_an_unknown_language_costs_its_own_item_only(client: TestClient):
    task = {"kind": "code", "language": "brainfuck", "tests": [{"stdin": "", "stdout": ""}]}
    first, second = _score(client, {"task": task, "completion": "+"}, _RIGHT)
    assert first["outcome"] == "bad_ground_truth"
    assert "python" in first["evidence"]["reason"]
    assert second["outcome"] == "correct"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b'{"items": [{"task": {"kind": "exact", "ground_truth": "a"}, "completion": NaN}]}', "line 1 column"),
        (b"[" * 100_000 + b"]" * 100_000, "depth"),
        (b'{"items": [{"completion": "\xff\xfe"}]}', "utf-8"),
        (b"", "the body is empty"),
        (b"null", "request"),
        (b"{}", "items"),
        (b'{"items": []}', "items"),
    ],
)
def test_what_is_not_a_request_is_422_and_says_why(client: TestClient, body: bytes, says: str):
    answer = client.post("/score", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert says.lower() in answer.json()["detail"].lower()
    assert _score(client, _RIGHT)[0]["score"] == 1.0


def test_the_line_about_an_ungradable_item_names_its_request(client: TestClient):
    program = {"task": {"kind": "code", "tests": [{"stdin": "", "stdout": "1"}]}, "completion": "```python\n1\n```"}
    with structlog.testing.capture_logs() as lines:
        client.post("/score", json={"items": [program]}, headers={"x-request-id": "step-18"})
    assert [line["request_id"] for line in lines if line["event"] == "ungradable"] == ["step-18"]


def test_a_request_keeps_its_id_and_is_counted_by_route_and_status(client: TestClient):
    assert client.get("/graders", headers={"x-request-id": "step-17"}).headers["x-request-id"] == "step-17"
    for made in (client.get("/graders"), client.get("/nothing-here", headers={"x-request-id": "a b\u00e9".encode()})):
        assert len(made.headers["x-request-id"]) == 16
    figures = client.get("/metrics").text
    assert 'reward_requests_total{route="/graders",status="200"}' in figures
    assert 'reward_requests_total{route="other",status="404"}' in figures
    assert "nothing-here" not in figures


def test_a_malformed_row_is_422_naming_row_and_field(client: TestClient):
    answer = client.post("/score", json={"items": [_RIGHT, {"task": {"kind": "exact"}, "completion": "x"}]})
    assert answer.status_code == 422
    assert answer.json()["problems"][0] | {"message": ""} == {
        "row": 1,
        "field": "task.ground_truth",
        "message": "",
        "input": "dict of 1",
    }


def test_a_name_that_is_not_in_tasks_is_422_naming_the_row(client: TestClient):
    answer = client.post("/score", json={"items": [_RIGHT, {"task": "p18", "completion": "x"}]})
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["row"] == 1


def test_a_body_or_batch_that_is_too_large_is_413(client: TestClient):
    assert client.post("/score", json={"items": [_RIGHT] * 501}).status_code == 413
    huge = json.dumps({"items": [{"task": _PARIS, "completion": "x" * 33 * 1024 * 1024}]}).encode()
    assert client.post("/score", content=huge, headers=_JSON).status_code == 413
    bomb = gzip.compress(b" " * 40_000_000)
    assert client.post("/score", content=bomb, headers=_JSON | {"content-encoding": "gzip"}).status_code == 413


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_body_a_web_page_could_send_unasked_is_refused_by_name(client: TestClient, content_type: str):
    body = json.dumps({"items": [_RIGHT]}).encode()
    answer = client.post("/score", content=body, headers={"content-type": content_type})
    assert answer.status_code == 415
    assert "application/json" in answer.json()["detail"]


def test_gzip_is_taken_and_other_encodings_are_refused_by_name(client: TestClient):
    body = gzip.compress(json.dumps({"items": [_RIGHT]}).encode())
    taken = client.post("/score", content=body, headers=_JSON | {"content-encoding": "gzip"})
    assert taken.json()["verdicts"][0]["score"] == 1
    assert client.post("/score", content=body, headers=_JSON | {"content-encoding": "br"}).status_code == 415
    assert client.post("/score", content=body[:20], headers=_JSON | {"content-encoding": "gzip"}).status_code == 422


def test_verdicts_are_streamed_one_a_line_with_their_index(client: TestClient):
    items = [{"task": _PARIS, "completion": text} for text in ("Paris", "Rome", "Paris")]
    with client.stream("POST", "/score", json={"items": items}, headers={"accept": "application/x-ndjson"}) as answer:
        assert answer.headers["content-type"] == "application/x-ndjson"
        lines = [json.loads(line) for line in answer.iter_lines()]
    assert sorted(line["index"] for line in lines) == [0, 1, 2]
    assert {line["index"]: line["score"] for line in lines} == {0: 1.0, 1: 0.0, 2: 1.0}


def test_undecided_can_be_counted_as_wrong_and_evidence_left_out(client: TestClient):
    (verdict,) = _score(client, _RIGHT, undecided="zero", evidence=False)
    assert (verdict["score"], verdict["evidence"]) == (1.0, {})


def test_what_is_told_even_where_no_evidence_is_wanted():
    flagged = Verdict(Outcome.CORRECT, 1.0, "1", {"method": "tests", "reason": "none", "flags": ["several_results"]})
    assert _told_anyway(flagged) == {"flags": ["several_results"]}
    assert _told_anyway(ungradable("no sandbox")) == {"reason": "no sandbox"}


def test_the_request_of_every_kind_is_taken_as_it_is(client: TestClient):
    for kind, described in client.get("/graders").json().items():
        answer = client.post("/score", json=described["request"])
        assert answer.status_code == 200, (kind, answer.text)
        assert len(answer.json()["verdicts"]) == len(described["examples"])


def test_health_readiness_metrics_and_graders_are_served(client: TestClient):
    _score(client, _RIGHT)
    assert client.get("/healthz").json()["status"] == "ok"
    ready = client.get("/readyz")
    until = time.monotonic() + 60
    while ready.status_code != 200 and time.monotonic() < until:
        time.sleep(0.05)
        ready = client.get("/readyz")
    state = ready.json()
    assert ready.status_code == 200, state
    assert state["sandbox"]["launcher"] == "none"
    metrics = client.get("/metrics").text
    exact = f"exact/{graders.discover()['exact'].version}"
    assert f'reward_verdicts_total{{cached="false",grader="{exact}",outcome="correct"}}' in metrics
    assert f'reward_grading_seconds_bucket{{grader="{exact}",le="+Inf"}}' in metrics
    assert "reward_queued_cpu_seconds 0.0" in metrics
    schemas = client.get("/graders").json()
    assert schemas["exact"]["task_schema"]["properties"]["kind"]["const"] == "exact"
    assert "/score" in client.get("/openapi.json").json()["paths"]
    assert "text/plain" in client.get("/openapi.json").json()["paths"]["/metrics"]["get"]["responses"]["200"]["content"]


def test_a_wrong_path_method_body_or_token_is_told_the_way_out(client: TestClient):
    assert "did you mean '/score'?" in client.post("/scor", json={}).json()["detail"]
    assert client.get("/nowhere").json()["detail"] == "there is no '/nowhere' here; see /docs"
    assert client.get("/score").json()["detail"] == "GET is not taken at /score: send POST"
    assert 'send {"items"' in client.post("/score", json=[]).json()["detail"]
    with TestClient(create_app(_settings(api_token=SecretStr("s3cret")))) as guarded:
        for answer in (guarded.get("/graders"), guarded.post("/score", json={"items": [_RIGHT]})):
            assert "REWARD_API_TOKEN" in answer.json()["detail"]


def test_what_is_listed_can_be_sent_as_it_is(client: TestClient):
    parts = client.get("/rewards").json()
    assert {"accuracy", "format", "group_length"} <= set(parts)
    assert all(part["about"] and part["options_schema"]["properties"]["weight"] for part in parts.values())
    kinds = client.get("/graders").json()
    for kind in ("math", "choice", "regex"):
        answer = client.post("/score", json=kinds[kind]["request"])
        got = [verdict["outcome"] for verdict in answer.json()["verdicts"]]
        assert got == [example["outcome"] for example in kinds[kind]["examples"]]


def test_a_token_guards_scoring_and_leaves_health_open():
    with TestClient(create_app(_settings(api_token=SecretStr("s3cret")))) as guarded:
        assert guarded.post("/score", json={"items": [_RIGHT]}).status_code == 401
        assert guarded.get("/healthz").status_code == 200
        headers = {"authorization": "Bearer s3cret"}
        assert guarded.post("/score", json={"items": [_RIGHT]}, headers=headers).status_code == 200
        headers = {"authorization": "Bearer other"}
        assert guarded.post("/score", json={"items": [_RIGHT]}, headers=headers).status_code == 401


def test_every_graded_item_is_in_the_audit_log(tmp_path: Path):
    log = tmp_path / "audit" / "log.jsonl"
    with TestClient(create_app(_settings(audit_file=log))) as client:
        _score(client, _RIGHT, _WRONG)
    records = [json.loads(line) for line in log.read_text().splitlines()]
    assert [record["outcome"] for record in records] == ["correct", "incorrect"]
    assert records[0]["task"]["ground_truth"] == "Paris"
    assert records[0]["completion"] == "<answer>Paris</answer>"


def test_a_task_nested_too_deep_to_write_costs_its_own_item_only(tmp_path: Path):
    nested: Any = 1
    for _ in range(300):
        nested = [nested]
    task = {"kind": "code", "fn_name": "f", "tests": [{"args": [1], "output": nested}]}
    with TestClient(create_app(_settings(audit_file=tmp_path / "log.jsonl"))) as client:
        first, second = _score(client, {"task": task, "completion": "```python\ndef f(x): ...\n```"}, _RIGHT)
    assert (first["outcome"], second["outcome"]) == ("bad_ground_truth", "correct")
    assert "JSON" in first["evidence"]["reason"]


@pytest.mark.parametrize("limits", [{"cpu_seconds": 1e-320}, {"cpu_seconds": 0}, {"wall_seconds": 1e-300}])
def test_a_limit_that_no_program_could_keep_is_422(client: TestClient, limits: dict[str, float]):
    task = {"kind": "code", "tests": [{"stdin": "", "stdout": ""}], **limits}
    answer = client.post("/score", json={"items": [{"task": task, "completion": "x"}]})
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["field"] == f"task.{next(iter(limits))}"


@pytest.mark.parametrize(
    ("deadline", "status"),
    [("5", 200), ("0.5", 200), ("1e300", 200), ("0", 200), ("-3", 200), ("soon", 422), ("nan", 422), ("inf", 422)],
)
def test_a_deadline_is_a_number_of_seconds(client: TestClient, deadline: str, status: int):
    answer = client.post("/score", json={"items": [_RIGHT]}, headers={"x-deadline-seconds": deadline})
    assert answer.status_code == status
    if status != 200:
        assert "x-deadline-seconds" in answer.json()["detail"]
