"""Protocols whose tasks this server keeps: OpenEnv, ORS, LLaMA-Factory; no ground truth is ever sent."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from reward_server.files.registry import open_registry
from reward_server.http.app import create_app
from reward_server.settings import Settings

LOST = {"kind": "code", "tests": [{"stdin": "", "stdout": "1"}]}
ROWS = [
    {"id": "sum", "question": "2 + 2?", "answer": "4"},
    {"id": "product", "question": "3 * 3, that is?", "answer": "9"},
    {"id": "program", "question": "print 1", "task": LOST},
    {"id": "broken", "question": "no truth here"},
]


@pytest.fixture(scope="module")
def keeping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    file = tmp_path_factory.mktemp("tasks") / "tasks.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    settings = Settings(sandbox="none", cache_file="memory", redis_url=None, api_token=None)
    with TestClient(create_app(settings, open_registry(file))) as client:
        yield client


def test_a_broken_row_is_left_out_and_named(tmp_path: Path):
    file = tmp_path / "tasks.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    registry = open_registry(file)
    assert [kept.name for kept in registry.tasks] == ["sum", "product", "program"]
    assert len(registry.unread) == 1
    assert "tasks.jsonl:4" in registry.unread[0]


def test_items_name_a_kept_task(keeping: TestClient):
    items = [{"task": name, "completion": r"\boxed{4}"} for name in ("sum", "product")]
    verdicts = keeping.post("/score", json={"items": items}).json()["verdicts"]
    assert [verdict["outcome"] for verdict in verdicts] == ["correct", "incorrect"]
    own = {"tasks": {"sum": {"kind": "math", "ground_truth": "5"}}, "items": [{"task": "sum", "completion": "5"}]}
    assert keeping.post("/score", json=own).json()["verdicts"][0]["outcome"] == "correct"
    unknown = keeping.post("/score", json={"items": [{"task": "other", "completion": ""}]})
    assert (unknown.status_code, "keeps" in unknown.json()["detail"]) == (422, True)


@pytest.mark.parametrize(("answer", "score"), [(r"\boxed{4}", 1.0), (r"3 * 3, that is? \boxed{9}", 0.0)])
def test_llamafactory_finds_the_task_by_the_prompt_that_stands_first(keeping: TestClient, answer: str, score: float):
    text = f"user\n2 + 2?\nassistant\n{answer}"
    told = keeping.post("/v1/score/evaluation", json={"model": "model", "messages": [text]}).json()
    assert (told["object"], told["scores"]) == ("score.evaluation", [score])


def test_llamafactory_no_kept_prompt_and_no_verdict_are_errors(keeping: TestClient):
    assert keeping.post("/v1/score/evaluation", json={"messages": ["hello"]}).status_code == 422
    text = "user\nprint 1\nassistant\n```python\nprint(1)\n```"
    assert keeping.post("/v1/score/evaluation", json={"messages": [text]}).status_code == 503


def test_openenv_over_http(keeping: TestClient):
    begun = keeping.post("/reset", json={"seed": 1}).json()
    assert begun["observation"]["question"] == "3 * 3, that is?"
    told = keeping.post("/step", json={"action": {"response": "9"}, **begun["metadata"]}).json()
    assert (told["reward"], told["done"], told["metadata"]["outcome"]) == (1.0, True, "correct")
    alone = keeping.post("/step", json={"action": {"response": "9"}})
    assert (alone.status_code, "episode_id" in alone.json()["detail"]) == (422, True)


def test_openenv_over_a_websocket(keeping: TestClient):
    with keeping.websocket_connect("/ws") as socket:
        socket.send_json({"type": "step", "data": {"response": "4"}})
        assert socket.receive_json()["type"] == "error"
        for task, answer, reward in (("sum", "4", 1.0), ("sum", "5", 0.0), ("program", "```\nprint(1)\n```", None)):
            socket.send_json({"type": "reset", "data": {"task_id": task}})
            assert socket.receive_json()["data"]["done"] is False
            socket.send_json({"type": "step", "data": {"response": answer}})
            told = socket.receive_json()["data"]
            assert (told["reward"], told["done"]) == (reward, True)
        socket.send_text("no json")
        assert socket.receive_json()["type"] == "error"
        socket.send_json({"type": "close"})


def test_another_sites_page_may_not_open_a_websocket(keeping: TestClient):
    elsewhere = {"origin": "https://elsewhere.example"}
    with pytest.raises(WebSocketDisconnect) as refused, keeping.websocket_connect("/ws", headers=elsewhere):
        pass
    assert "another site" in refused.value.reason


def test_a_websocket_needs_the_token(served: TestClient):
    with served.websocket_connect("/ws") as socket:
        socket.send_json({"type": "close"})
    with pytest.raises(WebSocketDisconnect), served.websocket_connect("/ws", headers={"authorization": "Bearer no"}):
        pass


def _events(text: str) -> list[str]:
    return [line.removeprefix("data: ") for line in text.splitlines() if line.startswith("data: ")]


def test_ors_from_the_list_to_the_reward(keeping: TestClient):
    named = {"X-Deployment": "mine"}
    listed = keeping.post("/tasks", json={"split": "train"}, headers=named).json()
    assert listed["tasks"][0] == {"id": "sum", "question": "2 + 2?"}
    assert listed["env_name"] == "mine"
    assert keeping.post("/mine/num_tasks", json={"split": "train"}).json() == {"num_tasks": 3}
    assert keeping.post("/task", json={"split": "train", "index": 1}, headers=named).json()["task"]["id"] == "product"
    session, _ = _events(keeping.post("/create_session", json={}).text)
    headers = {"X-Session-ID": session}
    assert keeping.get("/prompt", headers=headers).status_code == 409
    assert keeping.post("/create", json={"split": "train", "index": 0}, headers=headers).json() == {"sid": session}
    assert keeping.get("/prompt", headers=headers).json()[0]["text"] == "2 + 2?"
    for answer, reward in (("4", 1.0), ("5", 0.0)):
        answered = keeping.post("/call", json={"name": "submit", "input": {"answer": answer}}, headers=headers)
        told = json.loads(_events(answered.text)[1])
        assert (told["ok"], told["output"]["reward"], told["output"]["finished"]) == (True, reward, True)
    keeping.post("/create", json={"task_spec": {"id": "program"}}, headers=headers)
    program = {"name": "submit", "input": {"answer": "```python\nprint(1)\n```"}}
    lost = json.loads(_events(keeping.post("/call", json=program, headers=headers).text)[1])
    assert (lost["ok"], "no verdict" in lost["error"]) == (False, True)
    assert keeping.post("/delete_session", headers=headers).json() == {"sid": session}
    assert keeping.get("/prompt", headers=headers).status_code == 404


def test_no_ground_truth_leaves_the_server(keeping: TestClient):
    said: list[Any] = [keeping.post("/tasks", json={}).text, keeping.post("/task_range", json={"start": 0}).text]
    said += [keeping.post("/reset", json={"seed": seed}).text for seed in range(3)]
    assert not [text for text in said if '"9"' in text or "ground_truth" in text or "stdout" in text]
