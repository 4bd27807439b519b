"""`evaluate` against a server that speaks OpenAI's protocol: what is asked, what is kept, what a failure says."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.trainer_client.live import live_service
from trainer_client.cli import app
from trainer_client.training.endpoint import Endpoint, EndpointError
from trainer_client.training.evaluate import Sampling
from trainer_client.training.problems import Problem

PROBLEM = Problem("sum", "What is 1 + 1?", {"kind": "math", "ground_truth": "2"})


@pytest.fixture
def asked() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def endpoint(asked: list[dict[str, Any]]) -> Iterator[str]:
    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            asked.append(body | {"path": self.path, "authorization": self.headers.get("authorization")})
            seed = body["seed"]
            if body["model"] == "unknown":
                self._say(404, {"error": {"message": "no such model"}})
            elif seed == 3 and sum(one["seed"] == 3 for one in asked) == 1:
                self._say(503, {"error": {"message": "loading"}})
            else:
                message = {"content": f"<answer>{1 + seed % 2}</answer>", "reasoning_content": "add" if seed else None}
                reason = "length" if seed == 2 else "stop"
                choice = {"message": message, "finish_reason": reason}
                self._say(200, {"choices": [choice], "usage": {"completion_tokens": 7 + seed}})

        def _say(self, status: int, body: Any) -> None:
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()


def test_each_completion_is_a_request_with_a_seed_of_its_own(endpoint: str, asked: list[dict[str, Any]]) -> None:
    rollouts = Endpoint(endpoint, "m", "secret").sample([PROBLEM], Sampling(4, max_new_tokens=20))
    assert rollouts.texts[:2] == ["<answer>1</answer>", "<think>add</think><answer>2</answer>"]
    assert rollouts.lengths.tolist() == [7, 8, 9, 10]
    assert rollouts.finished.tolist() == [True, True, False, True]
    assert sorted(one["seed"] for one in asked) == [0, 1, 2, 3, 3], "what may pass is asked again"
    assert {one["path"] for one in asked} == {"/v1/chat/completions"}
    assert asked[0]["authorization"] == "Bearer secret"


def test_a_refusal_is_told_in_the_endpoints_words(endpoint: str) -> None:
    with pytest.raises(EndpointError, match=r"404.*no such model"):
        Endpoint(endpoint, "unknown").sample([PROBLEM], Sampling(1))


def test_evaluate_keeps_completions_and_verdicts_and_prints_intervals(endpoint: str, tmp_path: Path) -> None:
    rows = [{"prompt": "1 + 1?", "task": PROBLEM.task}, {"prompt": "2 - 1?", "task": PROBLEM.task}]
    (tmp_path / "p.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    with live_service() as url:
        done = CliRunner().invoke(
            app,
            ["evaluate", "--model", "m", "--endpoint", endpoint, "--data", str(tmp_path / "p.jsonl"), "--k", "4",
             "--url", url, "--output", str(tmp_path / "out.json")],
        )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "pass@1 0.500" in done.output
    assert "95 % interval 0.500 to 0.500" in done.output
    kept = [json.loads(line) for line in (tmp_path / "out.completions.jsonl").read_text().splitlines()]
    assert len(kept) == 8
    assert [row["verdict"]["outcome"] for row in kept[:4]] == ["incorrect", "correct", "cut", "correct"]
    figures = json.loads((tmp_path / "out.json").read_text())
    assert figures["model"] == "m"
    assert figures["sampling"]["k"] == 4
    assert figures["date"]
