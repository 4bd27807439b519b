"""What each protocol answers to a failure of ours, a useless ground truth, a broken row, no key, and one too many."""

import json
import pkgutil
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from reward_server import protocols
from reward_server.files.registry import open_registry
from reward_server.http.app import create_app
from reward_server.http.keys import digest_of
from reward_server.settings import Settings
from sandboxes.sandbox import SandboxError
from tests.reward_server.protocols.fault_table import ANSWERS, FAULTS, NONE_SUCH

LOST = {"kind": "code", "tests": [{"stdin": "", "stdout": "1"}]}
NO_TRUTH = {"kind": "exact", "ground_truth": " "}
PROGRAM = "```python\nprint(1)\n```"
KEPT = [
    {"id": "lost", "question": "print 1", "task": LOST},
    {"id": "no truth", "question": "Nothing?", "task": NO_TRUTH},
]
TRUTHS = {"lost": LOST, "no truth": NO_TRUTH, "busy": LOST, "locked": LOST}


def _key(tenant: str, **quotas: float) -> str:
    return json.dumps({"tenant": tenant, "sha256": digest_of(tenant), **quotas})


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A server whose sandboxes all fail, with a key that has used up its quota."""
    tasks = tmp_path_factory.mktemp("tasks") / "tasks.jsonl"
    tasks.write_text("".join(json.dumps(row) + "\n" for row in KEPT))
    keys = SecretStr("\n".join([_key("open"), _key("full", items_a_minute=0.001)]))
    settings = Settings(
        sandbox="process", cache_file="memory", redis_url=None, api_token=None, api_keys=keys, sandbox_slots=1,
        lean_server="http://127.0.0.1:9",
    )  # fmt: skip
    app = create_app(settings, open_registry(tasks))

    async def fails(*_: Any, **__: Any) -> Any:
        raise SandboxError("the sandbox was lost")

    with TestClient(app) as running, pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(app.state.service.sandboxes), "run", fails)
        patch.setattr("reward_server.protocols.roll._AGAIN_SECONDS", 0.05)
        running.headers["authorization"] = "Bearer full"
        item = {"task": {"kind": "exact", "ground_truth": "1"}, "completion": "1"}
        assert running.post("/score", json={"items": [item]}).status_code == 200
        yield running


def post(path: str, body: Callable[[str], Any]) -> Callable[[TestClient, str], Any]:
    return lambda client, fault: client.post(path, json=body(fault))


def labelled(fault: str, name: str, **fields: Any) -> dict[str, Any]:
    """Return a body with the fault's ground truth under this name; without one where it cannot be read."""
    return fields if fault == "unread" else fields | {name: TRUTHS[fault]}


def messages(reply: str = PROGRAM) -> list[dict[str, str]]:
    return [{"role": "user", "content": "?"}, {"role": "assistant", "content": reply}]


def gym(fault: str) -> dict[str, Any]:
    content = [{"type": "output_text", "text": PROGRAM, "annotations": []}]
    output = [{"id": "m", "type": "message", "role": "assistant", "status": "completed", "content": content}]
    response = {"id": "r", "object": "response", "model": "m", "output": output}
    return labelled(fault, "task", response=response, responses_create_params={"input": messages()[:1]})


def openenv(client: TestClient, fault: str) -> Any:
    name = "no truth" if fault == "no truth" else "lost"
    begun = client.post("/reset", json={"task_id": name})
    told = {} if fault == "unread" or begun.status_code != 200 else begun.json()["metadata"]
    return client.post("/step", json={"action": {"response": PROGRAM}, **told})


def ors(client: TestClient, fault: str) -> Any:
    begun = client.post("/create_session", json={})
    if begun.status_code != 200:
        return begun
    headers = {"X-Session-ID": _events(begun)[0]}
    client.post("/create", json={"task_spec": {"id": "no truth" if fault == "no truth" else "lost"}}, headers=headers)
    given = {"answer": None if fault == "unread" else PROGRAM}
    return client.post("/call", json={"name": "submit", "input": given}, headers=headers)


def _events(answer: Any) -> list[str]:
    return [line.removeprefix("data: ") for line in answer.text.splitlines() if line.startswith("data: ")]


def roll(client: TestClient, fault: str) -> Any:
    info = labelled(fault, "ground_truth")
    body = {"response": PROGRAM, "reward_info": info, "timeout": 0.2}
    answer = client.post("/reward-system/v1/submit_task", json=body)
    if answer.status_code != 200:
        return answer
    asked = {"reward_request_id": answer.json()["reward_request_id"]}
    for _ in range(100):
        answer = client.request("GET", "/reward-system/v1/task_result", json=asked)
        if answer.json()["errcode"] != 1:
            break
        time.sleep(0.05)
    return answer


def fusion(fault: str) -> dict[str, Any]:
    tests = 3 if fault == "no truth" else [{"input": {"stdin": ""}, "output": {"stdout": "1"}}]
    body = {"dataset": "m", "id": 1, "config": {"provided_data": {"test": tests}}}
    return body if fault == "unread" else body | {"completion": PROGRAM}


def llamafactory(fault: str) -> dict[str, Any]:
    question = {"no truth": "Nothing?", "unread": "unknown"}.get(fault, "print 1")
    return {"messages": [f"user\n{question}\nassistant\n{PROGRAM}"]}


ASKED: dict[str, Callable[[TestClient, str], Any]] = {
    "bedrock": post("/score_rollouts", lambda fault: [labelled(fault, "reference_answer", messages=messages())]),
    "eval_protocol": post("/evaluate", lambda fault: labelled(fault, "ground_truth", messages=messages())),
    "judge0": post(
        "/submissions?wait=true", lambda fault: {"source_code": "1", "language_id": 7000 if fault == "unread" else 71}
    ),
    "kimina": post("/api/check", lambda fault: {"snippets": 3 if fault == "unread" else [{"id": "a", "code": "1"}]}),
    "llamafactory": post("/v1/score/evaluation", llamafactory),
    "nemo_gym": post("/verify", gym),
    "nemo_gym `?ungradable=mask`": post("/verify?ungradable=mask", gym),
    "open_instruct": post(
        "/test_program",
        lambda fault: {
            "program": "def f(x):\n    return x",
            "tests": {"unread": 3, "no truth": ["assert True"]}.get(fault, ["assert f(1) == 1"]),
        },
    ),
    "open_r1": post(
        "/execute_batch", lambda fault: {"scripts": ["1"], "languages": ["no"] if fault == "unread" else ["python"]}
    ),
    "openenv": openenv,
    "openrlhf": post(
        "/get_reward",
        lambda fault: {
            "query": [PROGRAM], "prompts": [""], "labels": [None if fault == "unread" else TRUTHS[fault]],
        },
    ),
    "ors": ors,
    "piston": post(
        "/api/v2/execute",
        lambda fault: {"language": "python", "files": [] if fault == "unread" else [{"content": "1"}]},
    ),
    "roll": roll,
    "sandboxfusion `/run_code`": post(
        "/run_code", lambda fault: {"language": "python"} if fault == "unread" else {"language": "python", "code": "1"}
    ),
    "sandboxfusion `/submit`": post("/submit", fusion),
    "slime": post("/remote_rm", lambda fault: labelled(fault, "label", prompt="", response=PROGRAM)),
    "slime `?format=dict`": post(
        "/remote_rm?format=dict", lambda fault: labelled(fault, "label", prompt="", response=PROGRAM)
    ),
}  # fmt: skip
NOT_ASKED = {(name, "no truth") for name in ("judge0", "kimina", "open_r1", "piston", "sandboxfusion `/run_code`")}
"""These run what they are given and grade nothing; the Lean server counts what it is asked itself."""
NOT_ASKED |= {("kimina", "busy")}
TELLING = (
    "0.aggregate_reward_score", "0.metrics_list.1.name", "score", "is_score_valid", "scores", "rewards",
    "extra_logs.ungradable", "ungradable", "reward", "mask_sample", "failure_kind", "metadata.reason",
    "status.description", "message", "ok", "error", "errcode", "errmsg", "reward_score",
)  # fmt: skip
"""The fields of answers of status 200 that say what became of the item."""


def in_words(answer: Any) -> str:
    """Say an answer as the table does: its status, and what in its body tells a client what happened."""
    body = json.loads((_events(answer) or [answer.text])[-1])
    said = [f"{name}" for name in ("detail", "problems") if isinstance(body, dict) and body.get(name)]
    if "retry-after" in answer.headers:
        said.append("Retry-After")
    found = ((path, _at(body, path)) for path in TELLING)
    said += [f"{path}: {_shown(value)}" for path, value in found if value is not _ABSENT]
    if not isinstance(body, dict | list):
        said.append(_shown(body))
    return ", ".join(f"`{one}`" for one in (answer.status_code, *said))


_ABSENT = object()


def _at(body: Any, path: str) -> Any:
    for name in path.split("."):
        if isinstance(body, list) and name.isdigit() and int(name) < len(body):
            body = body[int(name)]
        elif isinstance(body, dict) and name in body:
            body = body[name]
        else:
            return _ABSENT
    return body


def _shown(value: Any) -> str:
    return '"…"' if isinstance(value, str) and len(value) > len("Internal Error") else json.dumps(value)


@pytest.mark.parametrize("name", ASKED)
def test_a_protocol_answers_as_the_table_says(name: str, client: TestClient) -> None:
    measured = {}
    for fault in FAULTS:
        if (name, fault) in NOT_ASKED:
            measured[fault] = NONE_SUCH
            continue
        client.headers["authorization"] = {"locked": "", "busy": "Bearer full"}.get(fault, "Bearer open")
        measured[fault] = in_words(ASKED[name](client, fault))
    assert measured == dict(zip(FAULTS, ANSWERS[name], strict=True))


def test_every_protocol_has_a_row() -> None:
    served = {info.name for info in pkgutil.iter_modules(protocols.__path__)}
    assert {name.partition(" ")[0] for name in ASKED} == served - {"consensus"}
    assert ASKED.keys() == ANSWERS.keys()
