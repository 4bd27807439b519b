"""What a request of one item takes over a kept connection, beside what grading that item takes in this process.

`python benchmarks/small_requests.py` starts a service with the embedded defaults, asks it one item at a time over one
connection, and prints the median of each and their ratio. A ratio of hundreds means that somebody waits for a timer:
the 40 ms of a delayed acknowledgement, where small answers are not sent at once.
"""

import json
import re
import socket
import statistics
import time
from typing import Any

from _served import served

from reward_server.graders import Completion, discover

_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
_ROUNDS = 500
_TASKS: dict[str, dict[str, Any]] = {
    "math": {"kind": "math", "ground_truth": "1/2"},
    "exact": {"kind": "exact", "ground_truth": "Paris"},
    "choice": {"kind": "choice", "ground_truth": "B"},
}
_COMPLETIONS = {"math": "so \\boxed{0.5}", "exact": "<answer>Paris</answer>", "choice": "The answer is (B)."}


def _ask(connection: socket.socket, body: bytes) -> float:
    head = f"POST /score HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    started = time.perf_counter()
    connection.sendall(head.encode() + body)
    text = b""
    while b"\r\n\r\n" not in text:
        text += connection.recv(65536)
    front, _, rest = text.partition(b"\r\n\r\n")
    found = _LENGTH.search(front)
    assert found is not None, front
    while len(rest) < int(found[1]):
        rest += connection.recv(65536)
    seconds = time.perf_counter() - started
    assert json.loads(rest)["verdicts"][0]["outcome"] == "correct", rest
    return seconds


def _compute(kind: str) -> float:
    """Median seconds of compiling the task and grading the completion."""
    grader = discover()[kind]
    task, completion = grader.task.model_validate(_TASKS[kind]), Completion(_COMPLETIONS[kind])
    times = []
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        grader.fast(grader.compile(task), completion)
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def main() -> None:
    """Start a server, ask it, print one line for each kind."""
    with served(quiet=True, REWARD_SANDBOX="none") as server:
        time.sleep(2.0)  # its self-tests
        with socket.create_connection((server.host, server.port), timeout=10) as connection:
            print(f"{'':<8}{'request':>12}{'compute':>12}{'ratio':>8}")
            for kind, task in _TASKS.items():
                body = json.dumps({"items": [{"task": task, "completion": _COMPLETIONS[kind]}]}).encode()
                taken = statistics.median(_ask(connection, body) for _ in range(_ROUNDS))
                bare = _compute(kind)
                print(f"{kind:<8}{taken * 1e3:>9.2f} ms{bare * 1e3:>9.3f} ms{taken / bare:>8.0f}")


if __name__ == "__main__":
    main()
