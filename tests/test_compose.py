"""`docker compose up` on a real engine: scored requests, killed sandboxes, a stopped Redis, what nothing may hold."""

import json
import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.docker, pytest.mark.timeout(1200)]
_ROOT = Path(__file__).parents[1]
_SQUARE = {"kind": "code", "language": "python", "tests": [{"stdin": "3\n", "stdout": "9\n"}]}


class Compose:
    """The project's compose file under a name of the test's own."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._environment = {**os.environ, "REWARD_PORT": str(port), "COMPOSE_PROJECT_NAME": f"reward-test-{port}"}

    def __call__(self, *arguments: str) -> str:
        command = ["docker", "compose", *arguments]
        done = subprocess.run(
            command, capture_output=True, text=True, cwd=_ROOT, env=self._environment, timeout=900, check=False
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        return done.stdout

    def inspect(self, service: str) -> list[dict[str, Any]]:
        names = self("ps", "-q", service).split()
        done = subprocess.run(["docker", "inspect", *names], capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    def score(self, *items: dict[str, Any]) -> list[dict[str, Any]]:
        body = json.dumps({"items": items}).encode()
        url = f"http://127.0.0.1:{self.port}/score"
        request = urllib.request.Request(url, body, {"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)["verdicts"]

    def state(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=10) as answer:
            return json.load(answer)


@pytest.fixture(scope="module")
def compose() -> Iterator[Compose]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        compose = Compose(probe.getsockname()[1])
    try:
        compose("up", "--detach", "--build", "--quiet-pull")
        deadline = time.monotonic() + 120
        while True:
            try:
                if compose.state()["ready"]:
                    break
            except OSError:
                assert time.monotonic() < deadline, compose("logs", "reward-server")
            time.sleep(0.5)
        yield compose
    finally:
        compose("down", "--volumes", "--timeout", "5")


def _program(text: str) -> dict[str, Any]:
    return {"task": _SQUARE, "completion": f"```python\n{text}\n```"}


def test_math_and_programs_are_scored_and_verdicts_are_kept_in_redis(compose: Compose):
    items = [
        {"task": {"kind": "math", "ground_truth": "1/2"}, "completion": "\\boxed{0.5}"},
        _program("import numpy\nprint(int(input()) ** 2)"),
        _program("import os\nos._exit(0)"),
    ]
    assert [verdict["score"] for verdict in compose.score(*items)] == [1.0, 1.0, 0.0]
    time.sleep(0.2)
    assert compose.score(items[1])[0]["cached"]
    assert compose.state()["cache"] == {"backend": "redis", "reachable": True, "failures": 0}


def test_what_runs_submissions_has_no_network_no_engine_no_secret_and_no_capabilities(compose: Compose):
    for container in compose.inspect("sandbox"):
        host = container["HostConfig"]
        assert host["NetworkMode"] == "none"
        assert host["ReadonlyRootfs"]
        assert host["CapDrop"] == ["ALL"]
        assert any(option.startswith("no-new-privileges") for option in host["SecurityOpt"])
        assert [mount["Type"] for mount in container["Mounts"]] == ["volume"]
        assert not [name for name in container["Config"]["Env"] if "TOKEN" in name or "REDIS" in name]
    for service in ("sandbox", "reward-server", "redis"):
        for container in compose.inspect(service):
            assert "docker.sock" not in json.dumps(container["Mounts"])
            assert not container["HostConfig"]["Privileged"]


def test_a_submission_reaches_neither_the_sockets_of_other_sandboxes_nor_a_network(compose: Compose):
    probe = (
        "import os, socket\n"
        "reached = []\n"
        "try:\n    reached += os.listdir('/run/sandboxes')\nexcept OSError:\n    pass\n"
        "try:\n    socket.create_connection(('127.0.0.1', 8000), 1); reached.append('network')\n"
        "except OSError:\n    pass\n"
        "print(reached or int(input()) ** 2)"
    )
    (verdict,) = compose.score(_program(probe))
    assert verdict["outcome"] == "correct", verdict


def test_killed_sandboxes_are_replaced_and_no_verdict_is_wrong(compose: Compose):
    for container in compose.inspect("sandbox"):
        os.kill(container["State"]["Pid"], 9)
    verdicts = compose.score(*(_program(f"print(int(input()) ** 2)  # {n}") for n in range(8)))
    assert {verdict["outcome"] for verdict in verdicts} <= {"correct", "ungradable"}
    assert verdicts[-1]["score"] in {1.0, None}
    deadline = time.monotonic() + 60
    while compose.score(_program(f"print(int(input()) ** 2)  # {time.monotonic()}"))[0]["outcome"] != "correct":
        assert time.monotonic() < deadline


def test_a_stopped_redis_makes_it_slower_and_never_wrong(compose: Compose):
    compose("stop", "--timeout", "2", "redis")
    (verdict,) = compose.score(_program("print(int(input()) ** 2)  # without redis"))
    assert verdict["outcome"] == "correct"
    compose("start", "redis")
    deadline = time.monotonic() + 30
    while not compose.state()["cache"]["reachable"]:
        compose.score(_program(f"print(int(input()) ** 2)  # back {time.monotonic()}"))
        assert time.monotonic() < deadline
