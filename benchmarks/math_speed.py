"""What one grade costs on real answers, side by side with Math-Verify in one run.

    python benchmarks/math_speed.py [--data FOLDER] [--answers N]

A grade is `compare(ground truth, answer)`, parsing of the answer included, with the ground truth compiled before; for
Math-Verify it is `verify(parsed ground truth, parse(answer))`. The answers are those the project's extraction finds in
labelled model outputs. Times are CPU time of this process; every grade is done once, after a warm-up on others.
"""

import argparse
import gzip
import json
import logging
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from reward_server.errors import TaskError
from reward_server.extraction import find_answer
from reward_server.mathematics import compare, compile_ground_truth

_WARM_UP = 60


def pairs(folder: Path, limit: int) -> list[tuple[str, str]]:
    """Ground truths with the answers found in real model outputs."""
    found: list[tuple[str, str]] = []
    with gzip.open(folder / "grading" / "responses.jsonl.gz", "rt") as lines:
        for line in lines:
            row = json.loads(line)
            answer = find_answer(row["response"]) if row["kind"] == "math" else None
            if answer is not None:
                found.append((row["gold"], answer.answer))
    step = max(1, len(found) // limit)
    return found[::step]


def timed(grade: Callable[[], object]) -> float:
    """CPU microseconds of one grade, done once: a repetition would be answered from Math-Verify's caches."""
    started = time.process_time_ns()
    grade()
    return (time.process_time_ns() - started) / 1000


def shown(name: str, times: list[float]) -> str:
    ordered = sorted(times)
    p99 = ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))]
    return (
        f"{name:12} median {statistics.median(ordered):9.1f}  mean {statistics.fmean(ordered):9.1f}"
        f"  p99 {p99:9.1f}  worst {ordered[-1]:10.1f}   us CPU"
    )


def ours(found: list[tuple[str, str]]) -> list[float]:
    times = []
    for gold, answer in found:
        try:
            truth = compile_ground_truth(gold)
        except TaskError:
            continue
        times.append(timed(lambda truth=truth, answer=answer: compare(truth, answer)))
    return times


def math_verifys(found: list[tuple[str, str]]) -> list[float]:
    from math_verify import parse, verify

    logging.getLogger("math_verify").setLevel(logging.CRITICAL)
    times = []
    for gold, answer in found:
        truth = parse(f"${gold}$")
        times.append(timed(lambda truth=truth, answer=answer: verify(truth, parse(f"${answer}$"))))
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = Path(os.environ.get("REWARD_SHARED_DIR", Path(__file__).parents[2] / "shared")) / "data"
    parser.add_argument("--data", type=Path, default=default)
    parser.add_argument("--answers", type=int, default=2000)
    given = parser.parse_args()
    found = pairs(given.data, given.answers)
    ours(found[:_WARM_UP])
    math_verifys(found[:_WARM_UP])
    found = found[_WARM_UP:]
    mine, theirs = ours(found), math_verifys(found)
    print(f"{len(found)} real answers")
    print(shown("this engine", mine))
    print(shown("Math-Verify", theirs))
    ratio = statistics.median(theirs) / statistics.median(mine)
    print(f"ratio of medians {ratio:.0f}x, of means {statistics.fmean(theirs) / statistics.fmean(mine):.0f}x")


if __name__ == "__main__":
    main()
