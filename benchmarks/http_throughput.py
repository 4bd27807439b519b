"""Verdicts a second through `POST /score` of one server process: mathematics, cached code, Python programs.

`python benchmarks/http_throughput.py` starts the service on a free port with the embedded defaults and prints one line
for each kind of batch. Each figure is the best of several batches, since other work on the machine only takes away.
"""

import json
import time
import urllib.request
from typing import Any

from _served import served

_ITEMS = 1024
_ROUNDS = 8


def _post(url: str, items: list[dict[str, Any]], tasks: dict[str, Any]) -> tuple[float, list[dict[str, Any]]]:
    body = json.dumps({"items": items, "tasks": tasks}).encode()
    request = urllib.request.Request(f"{url}/score", body, {"content-type": "application/json"})
    started = time.perf_counter()
    with urllib.request.urlopen(request, timeout=600) as answer:
        content = answer.read()
    return time.perf_counter() - started, json.loads(content)["verdicts"]


def _math_items(round_number: int) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """1,024 completions of 64 problems, 16 each, with answers spelled in several ways; new ones in each round."""
    items = []
    for n in range(_ITEMS):
        numerator, denominator = n // 16 + round_number * 64 + 1, 7
        spellings = (
            f"\\frac{{{numerator}}}{{{denominator}}}",
            f"{numerator}/{denominator}",
            f"{numerator}",
            f"\\dfrac{{{2 * numerator}}}{{14}}",
        )
        task = {"kind": "math", "ground_truth": f"{numerator}/{denominator}"}
        thinking = f"We add the terms step by step, take {n} as the offset, and simplify what is left. " * 4
        items.append({"task": task, "completion": f"{thinking} So the answer is $\\boxed{{{spellings[n % 4]}}}$."})
    return items, {}


def _python_items(round_number: int, count: int) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    tests = [{"stdin": f"{n}\n", "stdout": f"{n * n}\n"} for n in range(4)]
    tasks = {"square": {"kind": "code", "language": "python", "tests": tests}}
    program = "```python\nn = int(input())\nprint(n * n)  # {}\n```"
    return [{"task": "square", "completion": program.format(f"{round_number}-{n}")} for n in range(count)], tasks


def _report(name: str, best: float, count: int, unit: str) -> None:
    print(f"{name:<44}{count / best:>10,.0f} {unit}")


def main() -> None:
    """Start a server, send batches, print the best rate of each kind."""
    with served() as server:
        url = f"http://{server.host}:{server.port}"
        times = []
        for round_number in range(_ROUNDS):
            seconds, verdicts = _post(url, *_math_items(round_number))
            right = sum(verdict["outcome"] == "correct" for verdict in verdicts)
            assert right == _ITEMS * 3 // 4, f"{right} right"
            times.append(seconds)
        _report("math, 1,024 different completions a request", min(times), _ITEMS, "verdicts/s")
        times = []
        for round_number in range(3):
            seconds, verdicts = _post(url, *_python_items(round_number, 64))
            assert all(verdict["outcome"] == "correct" for verdict in verdicts), verdicts[0]
            times.append(seconds)
        _report("python, 64 programs of 4 tests", min(times), 64, "verdicts/s")
        _report("python, tests executed", min(times), 64 * 4, "tests/s")
        seconds, verdicts = _post(url, *_python_items(0, 64))
        assert all(verdict["cached"] for verdict in verdicts)
        _report("python, cached", seconds, 64, "verdicts/s")


if __name__ == "__main__":
    main()
