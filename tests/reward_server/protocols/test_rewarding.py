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
    broken = roll(alone, response="4", reward_info={"ground_truth": {"kind": "exact", "ground_truth": " "}})
    assert (broken["errcode"], "reward_score" in broken, "bad_ground_truth" in broken["errmsg"]) == (2, False, True)
    lost = roll(alone, response=PROGRAM, reward_info={"ground_truth": LOST}, timeout=0.2)
    assert lost["errcode"] == 0
    assert lost["reward_score"].startswith("no verdict: ungradable"), "text, of which ROLL makes no number"
    assert alone.post("/reward-system/v1/submit_task", json={"response": "4"}).status_code == 422
    unknown = alone.request("GET", "/reward-system/v1/task_result", json={"reward_request_id": "x"}).json()
    assert unknown["errcode"] == 2


def test_roll_is_told_at_once_what_no_patience_helps(alone: TestClient, monkeypatch: pytest.MonkeyPatch):
    record = {"outcome": "ungradable", "reward": None, "retryable": False, "evidence": {"reason": "no Lua here"}}

    async def graded(*_: Any) -> list[dict[str, Any]]:
        return [record]

    monkeypatch.setattr("reward_server.protocols.roll.grade_items", graded)
    told = roll(alone, response="7", reward_info={"ground_truth": "7"})
    assert (told["errcode"], told["reward_score"]) == (0, "no verdict: ungradable: no Lua here"), "not ROLL's 0"


def response(text: str) -> dict[str, Any]:
    content = [{"type": "output_text", "text": text, "annotations": []}]
    message = {"id": "m", "type": "message", "role": "assistant", "status": "completed", "content": content}
    reasoning = {"id": "r", "type": "reasoning", "summary": [{"type": "summary_text", "text": r"\boxed{5}?"}]}
    return {"id": "r", "object": "response", "model": "m", "output": [reasoning, message]}


ASKED = {"input": [{"role": "user", "content": "2+2?"}]}


@pytest.mark.parametrize(
    ("row", "right", "wrong"),
    [
        ({"question": "2+2?", "expected_answer": "4"}, r"\boxed{4}", r"\boxed{5}"),
        ({"expected_answer": "B", "options": [{"A": "red"}, {"B": "blue"}]}, "The answer is B.", "The answer is A."),
    ],
)
def test_nemo_gym_echoes_the_request_and_adds_the_reward(
    alone: TestClient, row: dict[str, Any], right: str, wrong: str
):
    assert alone.post("/seed_session", json={**row, "responses_create_params": ASKED}).json() == {}
    for text, reward in ((right, 1.0), (wrong, 0.0)):
        body = {"responses_create_params": ASKED, **row, "response": response(text)}
        told = alone.post("/verify", json=body).json()
        assert {name: told[name] for name in body} == body
        assert (told["reward"], told["mask_sample"], told["failure_kind"]) == (reward, False, None)
        assert sum(told["reward_components"].values()) == told["reward"]


def test_nemo_gym_reads_typed_requests(alone: TestClient):
    seed = {"resources_session_id": "s", "episode_id": {"rollout_id": "r", "attempt": 0}, "task_data": {}}
    told = alone.post("/seed_session", json={**seed, "task_id": {"taskset": "t", "task_id": "1"}}).json()
    assert told == {"resources_session_id": "s", "resources_tools": None, "sandbox_access": None}
    given = {"responses_create_params": ASKED, "expected_answer": "4", "response": response("4")}
    body = {"episode_id": seed["episode_id"], "task_id": {"taskset": "t", "task_id": "1"}, "verification_input": given}
    assert alone.post("/verify", json=body).json()["reward"] == 1.0
    assert alone.post("/close_session", json=seed).json() == {"resources_session_id": "s"}
    assert alone.get("/reverify_mode").json() == "stateless"


def test_nemo_gym_weighs_parts_and_leaves_masked_samples_out_of_means(alone: TestClient):
    body = {"responses_create_params": ASKED, "expected_answer": "4", "response": response("4")}
    told = alone.post("/verify?rewards=accuracy:2&rewards=format:1", json=body).json()
    assert (told["reward"], sum(told["reward_components"].values())) == (2.0, 2.0)
    responses = [{"reward": 1.0}, {"reward": 0.0}, {"reward": 0.0, "mask_sample": True}]
    means = alone.post("/aggregate_metrics", json={"verify_responses": responses}).json()
    assert means["key_metrics"] == {"mean/reward": 0.5}


def test_nemo_gym_a_failure_of_ours_is_an_error_or_masked_and_a_row_is_named(alone: TestClient):
    body = {"responses_create_params": ASKED, "task": LOST, "response": response(PROGRAM)}
    assert alone.post("/verify", json=body).status_code == 503
    told = alone.post("/nemo_gym/verify?ungradable=mask", json=body).json()
    assert (told["mask_sample"], told["failure_kind"], told["reward_components"]) == (True, "verifier_error", {})
    refused = alone.post("/verify", json={"responses_create_params": ASKED, "response": response("4")})
    assert (refused.status_code, "ground truth" in refused.json()["detail"]) == (422, True)


@pytest.mark.parametrize("where", ["top", "metadata"])
def test_aws_events_are_graded_sample_by_sample(alone: TestClient, where: str):
    truth = {"reference_answer": "4"}
    sample = {"id": "1", "messages": conversation(r"\boxed{4}"), **(truth if where == "top" else {"metadata": truth})}
    wrong = {**sample, "id": "2", "messages": conversation("5")}
    told = alone.post("/score_rollouts", json=[sample, wrong]).json()
    assert [(one["id"], one["aggregate_reward_score"]) for one in told] == [("1", 1.0), ("2", 0.0)]
    assert {"name": "accuracy", "value": 1.0, "type": "Reward"} in told[0]["metrics_list"]
    lost = {"id": "3", "messages": conversation(PROGRAM), "reference_answer": LOST}
    assert alone.post("/score_rollouts", json=[lost]).status_code == 503
    assert alone.post("/score_rollouts", json=[{"id": "4", "messages": []}]).status_code == 422
