"""How many verdicts a second shuffled batches of all kinds without a sandbox get: in one process, and over HTTP.

    python benchmarks/mixed_batch.py [--workers N]

Over HTTP a service of N processes answers N clients at once, one batch after the other. On a machine that does other
work the clock says little: the last column is what the CPU time of the service's processes allows on two cores.
"""

import argparse
import asyncio
import json
import os
import random
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from _served import served

from reward_server.files.auditing import shipped_cases
from reward_server.graders import Completion, discover
from reward_server.grading.scoring import Job
from reward_server.service import open_service
from reward_server.settings import Settings

_USUAL = 4_000
_EACH = 40
_ROUNDS = 5
_CORES = 2


def jobs() -> list[Job]:
    """Return honest cases of usual length, as many of each kind, that its fast tier decides."""
    chosen, rng = [], random.Random(7)
    for kind, grader in discover().items():
        if grader.needs_sandbox:
            continue
        cases = [case for case in shipped_cases(kind)[0] if len(case.completion) <= _USUAL]
        compiled = [(case, grader.task.model_validate(case.task)) for case in cases]
        fast = [
            Job(task, Completion(case.completion))
            for case, task in compiled
            if grader.fast(grader.compile(task), Completion(case.completion)) is not None
        ]
        chosen += [rng.choice(fast) for _ in range(_EACH)] if fast else []
    rng.shuffle(chosen)
    return chosen


def _varied(batch: list[Job], number: int) -> list[Job]:
    """Return the batch with other blanks behind each completion, so that no verdict is another's."""
    endings = (f"{number * len(batch) + place:b}".replace("0", " ").replace("1", "\t") for place in range(len(batch)))
    return [Job(job.task, Completion(job.completion.text + ending)) for job, ending in zip(batch, endings, strict=True)]


async def in_process(batch: list[Job]) -> float:
    """Return the seconds of the best of several batches."""
    async with open_service(Settings(sandbox="none", cache_file="memory")) as service:
        await service.scoring.score(batch)
        best = 1e9
        for number in range(_ROUNDS):
            varied = _varied(batch, number + 1)
            started = time.perf_counter()
            await service.scoring.score(varied)
            best = min(best, time.perf_counter() - started)
    return best


def _body(batch: list[Job], number: int) -> bytes:
    tasks: dict[str, Any] = {}
    items = []
    for job in _varied(batch, number):
        task = job.task.model_dump(mode="json", by_alias=True)
        name = f"task-{len(tasks)}"
        name = next((known for known, other in tasks.items() if other == task), name)
        tasks.setdefault(name, task)
        items.append({"task": name, "completion": job.completion.text})
    return json.dumps({"items": items, "tasks": tasks}).encode()


def _post(url: str, body: bytes) -> int:
    request = urllib.request.Request(f"{url}/score", body, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=600) as answer:
        verdicts = json.loads(answer.read())["verdicts"]
    assert all(verdict["score"] is not None for verdict in verdicts), "a verdict without a score"
    return len(verdicts)


def _cpu_seconds(pid: int) -> float:
    """Return the CPU time of a process and of all that it started."""
    stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own = (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")
    children = [child for one in Path(f"/proc/{pid}/task").glob("*/children") for child in one.read_text().split()]
    return own + sum(_cpu_seconds(int(child)) for child in children)


def over_http(batch: list[Job], workers: int) -> tuple[float, float]:
    """Return verdicts a second, by the clock and by CPU time on two cores."""
    bodies = [_body(batch, number) for number in range(1, 4 * _ROUNDS + 1)]
    options = ["--sandbox", "none", *(["--workers", str(workers)] if workers > 1 else [])]
    with served(*options, quiet=True) as server, ThreadPoolExecutor(workers) as clients:
        url = f"http://{server.host}:{server.port}"
        list(clients.map(lambda _: _post(url, bodies[0]), range(4 * workers)))  # every process compiles the tasks
        before, started = _cpu_seconds(server.pid), time.perf_counter()
        scored = sum(clients.map(lambda body: _post(url, body), bodies[1:]))
        elapsed, used = time.perf_counter() - started, _cpu_seconds(server.pid) - before
    return scored / elapsed, _CORES * scored / used


def main() -> None:
    """Print both."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--workers", type=int, default=_CORES)
    workers = arguments.parse_args().workers
    batch = jobs()
    kinds = len({job.task.kind for job in batch})  # type: ignore[attr-defined]
    best = asyncio.run(in_process(batch))
    print(f"{len(batch)} items of {kinds} kinds: {len(batch) / best:,.0f} verdicts/s in one process")
    clock, cpu = over_http(batch, workers)
    print(f"over HTTP, {workers} processes: {clock:,.0f} verdicts/s by the clock, {cpu:,.0f} by CPU time on two cores")


if __name__ == "__main__":
    main()
