"""`POST /get_reward` answers as OpenRLHF's client expects, in numbers only, and our failures are never a silent 0."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from reward_server.http.app import create_app
from reward_server.settings import Settings
from reward_server.verdict import Outcome

PROMPT = "<|im_start|>user\n1 + 1?<|im_end|>\n<|im_start|>assistant\n"
LOST = {"kind": "code", "tests": [{"stdin": "", "stdout": "1"}]}
PROGRAM = "```python\nprint(1)\n```"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    settings = Settings(sandbox="none", cache_file="memory", redis_url=None, api_token=None)
    with TestClient(create_app(settings)) as running:
        yield running


def ask(client: TestClient, *rows: tuple[str, Any], url: str = "") -> Any:
    body = {
        "query": [f"{PROMPT}{completion}<|im_end|>\n" for completion, _ in rows],
        "prompts": [PROMPT] * len(rows),
        "labels": [label for _, label in rows],
    }
    return client.post(f"/get_reward{url}", json=body)


def test_each_rollout_gets_a_reward_a_score_and_numbers_to_log(client: TestClient):
    answer = ask(client, (r"\boxed{2}", "2"), (r"\boxed{3}", 2), url="?rewards=accuracy:1&rewards=format:0.5")
    assert answer.status_code == 200
    body = answer.json()
    logs = body.pop("extra_logs")
    assert body == {"rewards": [1.0, 0.0], "scores": [1.0, 0.0]}
    assert {name: values for name, values in logs.items() if any(values)} == {
        "accuracy": [1.0, 0.0], "outcome/correct": [1.0, 0.0], "outcome/incorrect": [0.0, 1.0],
    }  # fmt: skip
    assert {"format", "ungradable", "unscored_share", "cached_share", "cheating_share"} <= logs.keys()
    assert {f"outcome/{outcome.value}" for outcome in Outcome} <= logs.keys()


def test_the_prompt_is_never_graded(client: TestClient):
    prompt = r"Write \boxed{2}, or think."
    body = {"query": [prompt], "prompts": [prompt], "labels": ["2"]}
    assert client.post("/get_reward", json=body).json()["rewards"] == [0.0]


@pytest.mark.parametrize(
    ("label", "url"),
    [
        ({"kind": "exact", "ground_truth": "B"}, ""),
        (json.dumps({"kind": "exact", "ground_truth": "B"}), "?kind=math"),
        ({"data_source": "searchR1_nq", "ground_truth": {"target": ["X", "B"]}}, ""),
        ("B", "?kind=exact"),
        ("B", "?data_source=searchR1_nq"),
        ("(B)", "?kind=choice"),
    ],
)
def test_a_label_says_its_task_or_the_url_does(label: Any, url: str, client: TestClient):
    answer = ask(client, (r"\boxed{B}", label), (r"\boxed{C}", label), url=url)
    assert answer.json()["rewards"] == [1.0, 0.0]


def test_without_a_verdict_the_whole_request_is_retryable_and_says_why(client: TestClient):
    answer = ask(client, (r"\boxed{2}", "2"), (PROGRAM, LOST))
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert "1 of 2 completions have no verdict: ungradable" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("completion", "label"),
    [
        (r"\boxed{1}", {"kind": "exact", "ground_truth": " "}),
        (PROGRAM, {"kind": "code", "tests": []}),
    ],
)
def test_a_null_that_is_not_ours_stops_no_batch_and_is_counted(completion: str, label: Any, client: TestClient):
    answer = ask(client, (r"\boxed{2}", "2"), (completion, label))
    assert answer.status_code == 200
    assert answer.json()["rewards"] == [1.0, 0.0]
    assert answer.json()["extra_logs"]["ungradable"] == [0.0, 1.0]


@pytest.mark.parametrize(("choice", "shown"), [("nan", math.nan), ("zero", 0.0)])
def test_nan_or_a_counted_zero_where_asked(choice: str, shown: float, client: TestClient):
    answer = ask(client, (r"\boxed{2}", "2"), (PROGRAM, LOST), url=f"?ungradable={choice}")
    body = json.loads(answer.content)  # as OpenRLHF's client reads it: a bare NaN is taken
    assert body["rewards"] == [1.0, pytest.approx(shown, nan_ok=True)]
    assert {name: values for name, values in body["extra_logs"].items() if any(values)} == {
        "accuracy": [1.0, 0.0], "ungradable": [0.0, 1.0], "unscored_share": [0.0, 1.0],
        "outcome/correct": [1.0, 0.0], "outcome/ungradable": [0.0, 1.0],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "url", "says"),
    [
        ({"query": ["a"], "prompts": ["a", "b"], "labels": ["1"]}, "", "columns differ in length"),
        ({"query": ["a", "xb"], "prompts": ["a", "b"], "labels": [1, 1]}, "", "items[1].query: the query does"),
        ({"query": ["a"], "prompts": ["a"], "labels": ["1"]}, "?data_source=mine", "items[0].labels: data source"),
        ({"query": ["a"], "prompts": ["a"], "labels": ["1"]}, "?rewards=accuracy:x", "rewards: must be `name:weight`"),
        ({"query": ["a"], "prompts": ["a"], "labels": ["1"]}, "?rewards=style:1", "style"),
        ({"query": ["a"], "prompts": ["a"], "labels": [{"kind": "misspelt"}]}, "", "items[0].task: there is no kind"),
        ({"query": ["a"], "prompts": ["a"], "labels": ["1"]}, "?knd=math", "knd"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_422_and_named(body: dict[str, Any], url: str, says: str, client: TestClient):
    answer = client.post(f"/get_reward{url}", json=body)
    assert answer.status_code == 422
    assert says in answer.json()["detail"]


def test_what_is_graded_is_in_the_audit_log(tmp_path: Path):
    log = tmp_path / "audit.jsonl"
    settings = Settings(sandbox="none", cache_file="memory", redis_url=None, api_token=None, audit_file=log)
    with TestClient(create_app(settings)) as client:
        ask(client, (r"\boxed{2}", "2"))
    (entry,) = map(json.loads, log.read_text().splitlines())
    assert (entry["completion"], entry["outcome"]) == (r"\boxed{2}", "correct")
