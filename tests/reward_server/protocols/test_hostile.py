"""Bodies that no client means: any field of any protocol may be anything, and the answer is a clear one, never a 500.

Each field of a request that is right is put in turn to every value in `WRONG`, and left out.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

WRONG = [
    *(None, True, 0, -1, 10**30, "", "x", "\ud800", "9" * 5000, [], {}, [None], [[]], ["\\x"], "[", '{"kind": 1}'),
    *({"a": None}, {"kind": "math"}, {"row": None}, {"content": None}, json.loads("[" * 200 + "]" * 200)),
]
RAW = [b"", b"null", b"[]", b"{}", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 5000, b"NaN", b"1e999", b'"x"', b"0"]
ASKED: list[dict[str, str]] = [{"role": "user", "content": "2 + 2?"}]
TOLD = [*ASKED, {"role": "assistant", "content": r"\boxed{4}"}]
OUTPUT = [
    {"type": "reasoning", "summary": [{"text": "hm"}]},
    {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": r"\boxed{4}"}]},
    {"type": "function_call", "name": "f", "arguments": "{}", "call_id": "1"},
]
PROBLEM = {
    "id": 7,
    "labels": {"programming_language": "python", "entry_point": None},
    "test": [{"input": {"stdin": "2"}, "output": {"stdout": "4"}}],
}
SUBMISSION = {"source_code": "cHJpbnQoMSk=", "language_id": 71, "stdin": "MQ==", "expected_output": "MQ=="}
BODIES: dict[str, Any] = {
    "/score_rollouts": [{"id": "1", "messages": TOLD, "reference_answer": {"ground_truth": "4"}, "metadata": {}}],
    "/consensus": {"completions": [r"\boxed{4}", "4"], "kind": "math"},
    "/evaluate": {"messages": TOLD, "ground_truth": "4", "kwargs": {"kind": "math"}},
    "/submissions?base64_encoded=true": SUBMISSION,
    "/submissions/batch?base64_encoded=true": {"submissions": [SUBMISSION]},
    "/api/check": {"snippets": [{"id": "1", "code": "theorem x : 1 = 1 := rfl"}], "timeout": 5},
    "/v1/score/evaluation": {"model": "m", "messages": ["<|user|>2 + 2?<|assistant|>4"]},
    "/seed_session": {"responses_create_params": {"input": ASKED}},
    "/verify": {"responses_create_params": {"input": ASKED}, "response": {"output": OUTPUT}, "expected_answer": "4"},
    "/aggregate_metrics": {"verify_responses": [{"reward": 1.0, "mask_sample": False}]},
    "/test_program": {"program": "def f(): pass", "tests": ["assert f() is None"], "max_execution_time": 1.0},
    "/test_program_stdio": {"program": "print(1)", "tests": [{"input": "", "output": "1"}], "max_execution_time": 1.0},
    "/execute_batch": {"scripts": ["print(1)"], "languages": ["python"], "timeout": 30, "request_timeout": 60},
    "/reset": {"seed": 1, "episode_id": "1"},
    "/step": {"action": {"answer": "4"}, "episode_id": "1", "timeout_s": 5},
    "/get_reward": {"query": ["2 + 2? 4"], "prompts": ["2 + 2? "], "labels": ["4"]},
    "/create_session": {"env_name": "reward"},
    "/create": {"env_name": "reward", "task_spec": {"id": "1"}},
    "/call": {"name": "submit", "input": {"answer": "4"}, "task_id": "1"},
    "/api/v2/execute": {"language": "python", "version": "*", "files": [{"content": "print(1)"}], "stdin": "1"},
    "/reward-system/v1/submit_task": {"prompt": "p", "response": "4", "ground_truth": "4", "domain": "math"},
    "/run_code": {"code": "print(1)", "language": "python", "files": {"a.txt": "eW8="}, "run_timeout": 5},
    "/run_jupyter": {"cells": ["1"], "total_timeout": 5, "files": {}},
    "/submit": {
        "dataset": "d", "id": 7, "completion": "print(4)",
        "config": {"language": "python", "provided_data": PROBLEM, "run_timeout": 5},
    },
    "/rm": {"prompt": "p", "response": "4", "label": "4"},
}  # fmt: skip


def places(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value inside a body."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield (*before, key)
        yield from places(one, (*before, key))


def changed(value: Any, place: tuple[Any, ...], *wrong: Any) -> Any:
    """Return the body with another value at a place; without any where none is given."""
    key, *rest = place
    made = value.copy()
    if rest:
        made[key] = changed(value[key], tuple(rest), *wrong)
    elif wrong:
        made[key] = wrong[0]
    else:
        del made[key]
    return made


@pytest.mark.parametrize("path", BODIES)
def test_no_body_is_a_failure_of_ours(path: str, alone: TestClient) -> None:
    bodies = [*RAW, *(json.dumps(wrong).encode() for wrong in WRONG)]
    for place in places(BODIES[path]):
        bodies += [json.dumps(changed(BODIES[path], place, wrong)).encode() for wrong in WRONG]
        bodies.append(json.dumps(changed(BODIES[path], place)).encode())
    for body in bodies:
        answer = alone.post(path, content=body, headers={"content-type": "application/json"})
        assert answer.status_code < 500 or answer.status_code in (503, 504), body[:300]
        assert answer.status_code < 500 or "retry-after" in answer.headers, body[:300]
        if answer.status_code in (400, 404, 413, 422):
            assert answer.json()["detail"], body[:300]


@pytest.mark.parametrize(
    "frame", [b"\xff\xfe", b"", "x", "[]", "null", '{"type": 1}', '{"type": "step", "data": 5}', "[" * 5000]
)
def test_no_frame_of_openenvs_socket_ends_it(frame: str | bytes, alone: TestClient) -> None:
    with alone.websocket_connect("/ws") as socket:
        socket.send_text(frame) if isinstance(frame, str) else socket.send_bytes(frame)
        assert socket.receive_json()["type"] == "error"
        socket.send_json({"type": "state"})
        assert socket.receive_json()["type"] == "state"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/verify", {"response": {"output": "4"}, "expected_answer": "4"}),
        ("/verify", {"response": {}, "expected_answer": "4"}),
        ("/verify", {"response": {"output": ["4"]}, "expected_answer": "4"}),
        ("/score_rollouts", [{"id": "1", "messages": "4", "reference_answer": "4"}]),
        ("/score_rollouts", [{"id": "1", "messages": ASKED, "reference_answer": "4"}]),
        ("/evaluate", {"messages": ASKED, "ground_truth": "4"}),
    ],
)
def test_a_request_without_a_completion_is_no_wrong_answer(path: str, body: Any, alone: TestClient) -> None:
    answer = alone.post(path, json=body)
    assert answer.status_code == 422
    assert answer.json()["problems"]
