"""Protocols that ask for rewards: right and wrong in each one's own words, and no failure of ours as a number."""

import time
from typing import Any

import pytest
from starlette.testclient import TestClient

LOST = {"kind": "code", "tests": [{"stdin": "", "stdout": "1"}]}
PROGRAM = "```python\nprint(1)\n```"


@pytest.mark.parametrize(
    ("path", "tests", "results"),
    [
        ("/test_program", ["assert add(1, 2) == 3", "assert add(1, 2) == 4"], [1, 0]),
        ("/test_program", '["assert add(1, 2) == 3"]', [1]),
        ("/open_instruct/test_program", ["assert add(1) == 1"], [0]),
    ],
)
def test_open_instruct_grades_each_assert(served: TestClient, path: str, tests: Any, results: list[int]):
    told = served.post(path, json={"program": "def add(a, b):\n    return a + b  # ```", "tests": tests}).json()
    assert told["results"] == results
    assert [time >= 0 for time in told["runtimes"]] == [bool(result) for result in results]


def test_open_instruct_grades_inputs_and_outputs(served: TestClient, alone: TestClient):
    tests = [{"input": "1 2\n", "output": "3\n"}, {"input": "1 1\n", "output": "3\n"}]
    body = {"program": "print(sum(map(int, input().split())))", "tests": tests}
    told = served.post("/test_program_stdio", json=body).json()
    assert (told["results"], min(told["runtimes"]) >= 0) == ([1, 0], True)
    assert alone.post("/test_program_stdio", json=body).status_code == 503
    refused = served.post("/test_program_stdio", json={**body, "tests": ["assert True"]})
    assert (refused.status_code, "tests" in refused.json()["detail"]) == (422, True)


@pytest.mark.parametrize(
    ("query", "told"),
    [("", 1.0), ("?dict=1", {"score": 1.0, "acc": 1.0}), ("?format=dict", {"score": 1.0, "acc": 1.0})],
)
def test_slime_gets_a_number_or_an_object_of_numbers(alone: TestClient, query: str, told: Any):
    for prompt in ("2+2?", [{"role": "user", "content": "2+2?"}]):
        body = {"prompt": prompt, "response": r"\boxed{4}", "label": "4"}
        answer = alone.post(f"/remote_rm{query}", json=body).json()
        assert answer == told if not query else told.items() <= answer.items()


def test_slime_a_failure_of_ours_is_asked_again_and_a_broken_row_is_counted(alone: TestClient):
    answer = alone.post("/remote_rm", json={"prompt": "", "response": PROGRAM, "label": LOST})
    assert (answer.status_code, "no verdict" in answer.json()["detail"]) == (503, True)
    broken = {"prompt": "", "response": "4", "label": {"kind": "exact", "ground_truth": " "}}
    assert alone.post("/remote_rm", json=broken).json() == 0
    assert alone.post("/remote_rm?format=dict", json=broken).json()["ungradable"] == 1
    assert alone.post("/remote_rm", json={"prompt": "", "response": "4"}).status_code == 422


def conversation(answer: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": "2+2?"}, {"role": "assistant", "content": answer}]


def test_eval_protocol_scores_the_last_answer(alone: TestClient):
    for answer, score in ((r"\boxed{4}", 1.0), (r"\boxed{5}", 0.0)):
        told = alone.post("/evaluate", json={"messages": conversation(answer), "ground_truth": "4"}).json()
        assert (told["score"], told["is_score_valid"], told["metrics"]["accuracy"]["score"]) == (score, True, score)
    broken = {"kind": "exact", "ground_truth": " "}
    told = alone.post("/evaluate", json={"messages": conversation("4"), "ground_truth": broken}).json()
    assert (told["score"], told["is_score_valid"]) == (0, False)
    assert told["reason"].startswith("bad_ground_truth")
    assert alone.post("/evaluate", json={"messages": conversation(PROGRAM), "ground_truth": LOST}).status_code == 503
    prompt = conversation("4")[:1]
    refused = alone.post("/evaluate", json={"messages": conversation("4"), "ground_truth": prompt})
    assert (refused.status_code, "holds messages" in refused.json()["detail"]) == (422, True)


def roll(client: TestClient, seconds: float = 30, **task: Any) -> dict[str, Any]:
    token = client.post("/reward-system/v1/submit_task", json=task).json()["reward_request_id"]
    for _ in range(int(seconds * 10)):
        asked = {"reward_request_id": token}
        told: dict[str, Any] = client.request("GET", "/reward-system/v1/task_result", json=asked).json()
        if told["errcode"] != 1:
            return told
        time.sleep(0.1)
    raise AssertionError("no result")


def test_roll_hands_in_and_asks_until_it_is_done(alone: TestClient):
    task = {"prompt": "2+2?", "response": r"\boxed{4}", "reward_info": {"ground_truth": "4"}}
    told = roll(alone, **task, reward_manager=[{"plugin_name": "math"}])
    assert (told["errcode"], told["reward_score"]) == (0, 1.0)
    assert told["dimention_reward_score"]["accuracy"]["score"] == 1.0
    lost = roll(alone, response=PROGRAM, reward_info={"ground_truth": LOST}, timeout=0.2)
    assert (lost["errcode"], "reward_score" in lost, "ungradable" in lost["errmsg"]) == (2, False, True)
    assert alone.post("/reward-system/v1/submit_task", json={"response": "4"}).status_code == 422
    unknown = alone.request("GET", "/reward-system/v1/task_result", json={"reward_request_id": "x"}).json()
    assert unknown["errcode"] == 2
