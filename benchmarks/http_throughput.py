"""Verdicts a second through `POST /score` of one server process: mathematics, cached code, Python programs.

`python benchmarks/http_throughput.py` starts the service on a free port with the embedded defaults and prints one line
for each kind of batch. Each figure is the best of several batches, since other work on the machine only takes away.

The last lines are a step of GRPO as a trainer has it, through `RewardClient`: 512 groups of 16 completions, half of
them said twice; once all mathematics, once with an eighth of the groups programs of 8 tests. `--step-only` leaves out
all else, `--groups N` makes the step smaller. The step with programs is held against what its sandboxes alone used:
CPU time of the server's descendants, over the slots that it has.
"""

import argparse
import json
import os
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from _served import Served, served

sys.path.insert(0, str(Path(__file__).parents[1]))

from reward_server.settings import Settings
from trainer_client import RewardClient, pair

_ITEMS = 1024
_ROUNDS = 8
_GROUP = 16
_CODE_EVERY = 8
_TICKS = os.sysconf("SC_CLK_TCK")


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


def _math_groups(groups: int, round_number: int) -> tuple[list[dict[str, Any]], list[str]]:
    """Tasks and completions of a step: 16 for each problem, of which each is said twice."""
    tasks, completions = [], []
    for group in range(groups):
        numerator = group + round_number * groups + 1
        spellings = (
            f"\\frac{{{numerator}}}{{7}}",
            f"{numerator}/7",
            f"{numerator}",
            f"\\dfrac{{{2 * numerator}}}{{14}}",
        )
        for n in range(_GROUP):
            thinking = f"We add the terms step by step, take {n // 2} as the offset, and simplify what is left. " * 4
            tasks.append({"kind": "math", "ground_truth": f"{numerator}/7"})
            completions.append(f"{thinking} So the answer is $\\boxed{{{spellings[n // 2 % 4]}}}$.")
    return tasks, completions


def _mixed_groups(groups: int) -> tuple[list[dict[str, Any]], list[str]]:
    """The same, with programs of 8 tests in every eighth group."""
    tasks, completions = _math_groups(groups, 1000)
    program = "```python\nn = int(input())\nprint(n * n + {})  # {}\n```"
    for group in range(0, groups, _CODE_EVERY):
        tests = [{"stdin": f"{n}\n", "stdout": f"{n * n + group}\n"} for n in range(8)]
        for n in range(_GROUP):
            tasks[group * _GROUP + n] = {"kind": "code", "language": "python", "tests": tests}
            completions[group * _GROUP + n] = program.format(group, n // 2)
    return tasks, completions


def _cpu_of(server: int) -> tuple[float, float]:
    """CPU-seconds of a process, and of its descendants with what they have waited for."""
    stats = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        stats[int(folder.name)] = int(fields[1]), sum(map(int, fields[11:15])), sum(map(int, fields[13:15]))
    below, found = {server}, True
    while found:
        found = {pid for pid, (parent, *_) in stats.items() if parent in below} - below
        below |= found
    _, whole, waited = stats[server]
    return (whole - waited) / _TICKS, (sum(stats[pid][1] for pid in below - {server}) + waited) / _TICKS


def _step(client: RewardClient, tasks: list[dict[str, Any]], completions: list[str]) -> float:
    started = time.perf_counter()
    verdicts = client.score(pair(tasks, completions))
    seconds = time.perf_counter() - started
    assert len(verdicts) == len(tasks)
    wrong = [v for v in verdicts if v.outcome not in ("correct", "incorrect")]
    assert not wrong, wrong[0]
    return seconds


def _steps(server: Served, groups: int) -> None:
    slots = Settings().sandbox_slots or Settings().cores
    with RewardClient(f"http://{server.host}:{server.port}") as client:
        best = min(_step(client, *_math_groups(groups, number)) for number in range(_ROUNDS))
        count = groups * _GROUP
        print(f"a step, {groups} x {_GROUP} mathematics, half said twice {best:>12.3f} s   {count / best:,.0f} items/s")
        before = _cpu_of(server.pid)
        seconds = _step(client, *_mixed_groups(groups))
        own, sandboxes = (after - past for after, past in zip(_cpu_of(server.pid), before, strict=True))
        bare = sandboxes / slots
        print(f"the same, 1/{_CODE_EVERY} programs of 8 tests {seconds:>23.3f} s")
        print(f"  CPU of its sandboxes over {slots} slots {bare:>24.3f} s   {seconds / bare:.2f} times")
        print(
            f"  CPU of the server and its sandboxes {own + sandboxes:>18.3f} s   {1 + own / sandboxes:.2f} times theirs"
        )


def _report(name: str, best: float, count: int, unit: str) -> None:
    print(f"{name:<44}{count / best:>10,.0f} {unit}")


def main() -> None:
    """Start a server, send batches, print the best rate of each kind, then a step's time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--step-only", action="store_true")
    parser.add_argument("--groups", type=int, default=512)
    given = parser.parse_args()
    with served(quiet=True) as server:
        if not given.step_only:
            _rates(server)
        _steps(server, given.groups)


def _rates(server: Served) -> None:
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
