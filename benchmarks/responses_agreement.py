r"""Agreement with labelled model outputs: the `math` and `choice` graders, beside Math-Verify in the same run.

    python benchmarks/responses_agreement.py [--data FOLDER] [--misses] [--no-math-verify]

Reads `grading/responses.jsonl.gz`, `grading/extraction_handmade.jsonl`, the rows of `grading/equiv_*.jsonl` whose
answer is a whole response, and `formats/evalscope_mcq_parse.jsonl` from the folder of labelled data. Times are CPU
times of this process, graded one by one; SymPy runs in workers and is not in them.
"""

import argparse
import asyncio
import gzip
import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reward_server.errors import TaskError
from reward_server.extraction.letters import find_choice
from reward_server.graders import Completion, Resources, choice, math
from reward_server.grading.workers import WorkerPool
from reward_server.verdict import Outcome, Verdict, bad_ground_truth


@dataclass
class Tally:
    """Counts and times of one set of rows."""

    rows: int = 0
    right: int = 0
    false_positives: int = 0
    undecided: int = 0
    ungradable: int = 0
    math_verify: int = 0
    micros: list[float] = field(default_factory=list)
    math_verify_micros: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    """One labelled completion."""

    name: str
    group: str
    grader: Any
    task: dict[str, Any]
    completion: str
    expected: bool


def read(path: Path) -> list[dict[str, Any]]:
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in raw.decode().splitlines() if line.strip()]


def rows(data: Path) -> Iterator[Row]:
    for row in read(data / "grading" / "responses.jsonl.gz"):
        grader = math if row["kind"] == "math" else choice
        task = {"ground_truth": row["gold"]}
        if grader is choice:
            task["options"] = row.get("options")
        yield Row(row["id"], f"responses {row['kind']}", grader, task, row["response"], bool(row["label"]))
    for name in ("extraction_handmade", "equiv_math_verify", "equiv_github_issues", "equiv_inspect_ai",
                 "equiv_rl_frameworks"):  # fmt: skip
        for number, row in enumerate(read(data / "grading" / f"{name}.jsonl")):
            if row.get("suspect") or row.get("form", "response") != "response":
                continue
            yield Row(f"{name}/{number}", name, math, {"ground_truth": row["gold"]}, row["answer"], row["expected"])


async def grade(row: Row, workers: WorkerPool) -> tuple[Verdict, float]:
    grader = row.grader.GRADER
    try:
        compiled = grader.compile(grader.task(**row.task))
    except TaskError as error:
        return bad_ground_truth(str(error)), 0.0
    completion = Completion(row.completion)
    started = time.process_time_ns()
    verdict = grader.fast(compiled, completion)
    micros = (time.process_time_ns() - started) / 1e3
    if verdict is None:
        verdict = await grader.slow(compiled, completion, Resources(workers=workers))
    return verdict, micros


def by_math_verify(row: Row) -> tuple[bool, float]:
    from math_verify import parse, verify

    started = time.process_time_ns()
    truth = str(row.task["ground_truth"])
    truth = truth if "$" in truth or "\\boxed" in truth else f"${truth}$"
    equal = verify(parse(truth, parsing_timeout=5), parse(row.completion, parsing_timeout=5), timeout_seconds=5)
    return bool(equal), (time.process_time_ns() - started) / 1e3


def quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else float("nan")


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = os.environ.get("REWARD_SHARED_DIR", str(Path(__file__).parents[2] / "shared"))
    parser.add_argument("--data", type=Path, default=Path(default) / "data")
    parser.add_argument("--misses", action="store_true", help="print every disagreement")
    parser.add_argument("--no-math-verify", action="store_true", help="leave Math-Verify out")
    arguments = parser.parse_args()
    tallies: dict[str, Tally] = {}
    workers = WorkerPool(1)
    for row in rows(arguments.data):
        tally = tallies.setdefault(row.group, Tally())
        verdict, micros = await grade(row, workers)
        correct = verdict.outcome is Outcome.CORRECT
        tally.rows += 1
        tally.right += correct == row.expected
        tally.false_positives += correct and not row.expected
        tally.undecided += verdict.outcome is Outcome.UNDECIDED
        tally.ungradable += verdict.outcome is Outcome.UNGRADABLE
        tally.micros.append(micros)
        if row.grader is math and not arguments.no_math_verify:
            equal, took = by_math_verify(row)
            tally.math_verify += equal == row.expected
            tally.math_verify_micros.append(took)
        if arguments.misses and correct != row.expected:
            print(f"{row.group} | {row.name} | expected {row.expected} | {verdict.outcome} | {verdict.answer!r:.120}")
            print(f"    {verdict.evidence!r:.400}\n    …{row.completion[-160:]!r}")
    await workers.close()
    report(tallies)
    letters(arguments.data, misses=arguments.misses)


def report(tallies: dict[str, Tally]) -> None:
    print(f"{'rows':24}{'n':>6}{'right':>8}{'FP':>4}{'undec.':>7}{'ungr.':>6}{'median µs':>11}{'p99 µs':>9}"
          f"{'Math-Verify':>13}{'median µs':>11}{'ratio':>7}")  # fmt: skip
    for name, tally in tallies.items():
        ours, theirs = quantile(tally.micros, 0.5), quantile(tally.math_verify_micros, 0.5)
        print(f"{name:24}{tally.rows:6}{tally.right / tally.rows:8.2%}{tally.false_positives:4}{tally.undecided:7}"
              f"{tally.ungradable:6}{ours:11.1f}{quantile(tally.micros, 0.99):9.1f}", end="")  # fmt: skip
        if tally.math_verify_micros:
            print(f"{tally.math_verify / tally.rows:13.2%}{theirs:11.0f}{theirs / ours:7.0f}", end="")
        print()


def letters(data: Path, *, misses: bool) -> None:
    cases = read(data / "formats" / "evalscope_mcq_parse.jsonl")
    right = 0
    for case in cases:
        found = find_choice(case["completion"], "ABCD")
        got = list(found.letters) if found else []
        right += got == case["expected"]
        if misses and got != case["expected"]:
            print(f"letters | expected {case['expected']} | got {got} | {case['completion'][-120:]!r}")
    print(f"{'letters (evalscope)':24}{len(cases):6}{right / len(cases):8.2%}")


if __name__ == "__main__":
    asyncio.run(main())
