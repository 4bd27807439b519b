"""How fast an index of a log is built, and what it answers: `python benchmarks/log_index.py [RECORDS [FOLDER]]`.

A log of four runs is made, its index built from nothing, and each question of the page asked 40 times. With FOLDER the
log and its index stay there, for `page_paint.py`; a log that is there already is taken as it is.
"""

import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from reward_server.window.records import asking, curves, looking
from reward_server.window.records.asking import Wanted
from reward_server.window.records.index import LogIndex

_RUNS, _A_STEP, _A_GROUP, _ASKED, _WORDS = 4, 512, 8, 40, 6
_KINDS = ("math/3", "code/4", "exact/2")


def _record(draw: random.Random, number: int, count: int) -> bytes:
    step, group = number // _A_STEP, number // _A_GROUP
    right = draw.random() < 0.2 + 0.6 * number / count
    outcome = "correct" if right else draw.choice(("incorrect", "incorrect", "no_answer", "undecided"))
    score = None if outcome == "undecided" else float(right)
    return orjson.dumps(
        {"time": 1.8e9 + number / 50, "run": f"run-{number * _RUNS // count}", "step": step, "group": group,
         "id": number, "outcome": outcome, "score": score, "reward": score,
         "parts": {"accuracy": score, "format": float(draw.random() < 0.8)}, "answer": str(draw.randint(0, 999)),
         "evidence": {"method": "exact_rational", "rule": "boxed", "ground_truth": "17", "answer": "17"},
         "grader": _KINDS[group % 3], "cached": False, "elapsed_ms": 0.2,
         "task": {"kind": "math", "ground_truth": str(group % 50_000)}, "completion": "so \\boxed{17} " * _WORDS},
        option=orjson.OPT_APPEND_NEWLINE,
    )  # fmt: skip


def _questions(draw: random.Random, count: int) -> dict[str, Callable[[LogIndex], Any]]:
    steps = count // _A_STEP

    def some_run() -> str:
        return f"run-{draw.randrange(_RUNS)}"

    return {
        "first paint (runs)": lambda index: (asking.runs(index), index.progress()),
        "curve of a run": lambda index: curves.curve(index, some_run()),
        "curve of a kind": lambda index: curves.curve(index, some_run(), "code"),
        "groups of a step": lambda index: asking.groups(
            index, f"run-{(step := draw.randrange(steps)) * _RUNS // max(1, steps)}", step
        ),
        "filter: outcome": lambda index: asking.verdicts(index, Wanted(outcome="no_answer")),
        "filter: run, kind, outcome": lambda index: asking.verdicts(
            index, Wanted(run=some_run(), kind="exact", outcome="undecided")
        ),
        "filter: signal, run": lambda index: asking.verdicts(index, Wanted(run=some_run(), signal="undecided")),
        "a page in the middle": lambda index: asking.verdicts(
            index, Wanted(kind="math", after=draw.randrange(count // 4))
        ),
        "one verdict": lambda index: asking.verdict(index, draw.randint(1, count)),
        "look here first": looking.look,
        "look here first, a run": lambda index: looking.look(index, some_run()),
    }


def made(log: Path, draw: random.Random, count: int) -> None:
    with log.open("wb") as file:
        for number in range(count):
            file.write(_record(draw, number, count))


def _indexed(log: Path, count: int) -> LogIndex:
    index = LogIndex(log)
    for ending in ("", "-wal", "-shm"):
        index.path.with_name(f"{index.path.name}{ending}").unlink(missing_ok=True)
    began, began_cpu = time.perf_counter(), time.process_time()
    index.refresh()
    seconds, cpu = time.perf_counter() - began, time.process_time() - began_cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sizes = f"log {log.stat().st_size / 1e6:.0f} MB, index {index.path.stat().st_size / 1e6:.0f} MB"
    print(
        f"{count} records: indexed in {seconds:.1f} s ({cpu:.1f} s CPU), {count / seconds:.0f} a second, "
        f"peak {peak:.0f} MiB; {sizes}",
        flush=True,
    )
    return index


def _asked(index: LogIndex, draw: random.Random, count: int) -> None:
    for name, ask in _questions(draw, count).items():
        times, cpus = [], []
        for _ in range(_ASKED):
            began, began_cpu = time.perf_counter(), time.process_time()
            ask(index)
            times.append((time.perf_counter() - began) * 1000)
            cpus.append((time.process_time() - began_cpu) * 1000)
        told = [
            f"median {statistics.median(each):8.1f}   p95 {sorted(each)[int(0.95 * _ASKED)]:8.1f}"
            for each in (times, cpus)
        ]
        print(f"  {name:<28} {told[0]} ms   CPU {told[1]} ms", flush=True)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    draw = random.Random(0)
    with tempfile.TemporaryDirectory() as made:
        log = (Path(sys.argv[2]) if len(sys.argv) > 2 else Path(made)) / "audit.jsonl"
        if not log.exists():
            made(log, draw, count)
        _asked(_indexed(log, count), draw, count)


if __name__ == "__main__":
    main()
