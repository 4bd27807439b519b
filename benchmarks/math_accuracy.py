"""How often the mathematics engine is right on labelled pairs, side by side with Math-Verify in one run.

    python benchmarks/math_accuracy.py [--data FOLDER] [--misses] [--only NAME] [--without-math-verify]

Only tier 0 is measured: what it leaves undecided counts as wrong where the pair is equal and as right where it is not,
because an undecided answer earns nothing. Whole responses go through the project's own extraction first. Rows that
depend on a convention (`policy_note`, CONTESTED, `suspect`) are left out; Math-Verify gets its own options of a row.
"""

import argparse
import gzip
import json
import logging
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reward_server.errors import TaskError
from reward_server.graders import Completion
from reward_server.graders.math import GRADER, MathTask
from reward_server.mathematics import MathOptions, classify, compare, compile_ground_truth

Row = dict[str, Any]
Judge = Callable[[Row], bool | None]


@dataclass
class Tally:
    """Counts of one grader on one file."""

    right: int = 0
    false_positives: int = 0
    false_negatives: int = 0
    undecided: int = 0
    worst_ms: float = 0.0
    seconds: float = 0.0
    misses: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows were judged."""
        return self.right + self.false_positives + self.false_negatives + self.undecided

    def shown(self) -> str:
        """Return the counts as columns."""
        share = 100 * self.right / max(self.rows, 1)
        return (
            f"{share:6.1f}% {self.false_positives:4d} {self.false_negatives:4d} {self.undecided:4d}"
            f" {1000 * self.seconds / max(self.rows, 1):8.2f} {self.worst_ms:9.1f}"
        )


def rows_of(path: Path) -> Iterator[Row]:
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    for line in data.splitlines():
        yield json.loads(line)


def our_options(row: Row) -> MathOptions:
    precision = (row.get("options") or {}).get("precision")
    return MathOptions() if precision is None else MathOptions(tolerance="absolute", epsilon=0.5 * 10**-precision)


def ours(row: Row) -> bool | None:
    """Judge a row with tier 0; a broken ground truth earns nothing."""
    try:
        if row.get("form") == "response" or row.get("kind") == "unit_test_response":
            compiled = GRADER.compile(MathTask(ground_truth=row["gold"], options=our_options(row)))
            verdict = GRADER.fast(compiled, Completion(row["answer"]))
            return None if verdict is None or verdict.score is None else verdict.score >= 1
        return compare(compile_ground_truth(row["gold"], our_options(row)), row["answer"]).equal
    except TaskError:
        return None


def math_verify() -> Judge:
    from math_verify import parse, verify

    logging.getLogger("math_verify").setLevel(logging.CRITICAL)

    def judge(row: Row) -> bool | None:
        given = row.get("options") or {}
        options = {"float_rounding": given["precision"]} if "precision" in given else {}
        if "strict" in given:
            options["strict"] = given["strict"]
        if "allow_set_relation_comp" in given:
            options["allow_set_relation_comp"] = given["allow_set_relation_comp"]
        gold, answer = row["gold"], row["answer"]
        if row.get("form") != "response" and row.get("kind") != "unit_test_response":
            gold, answer = (text if "$" in text or "boxed" in text else f"${text}$" for text in (gold, answer))
        return bool(verify(parse(gold), parse(answer), **options))

    return judge


def measure(rows: list[Row], judge: Judge) -> Tally:
    tally = Tally()
    for row in rows:
        started = time.process_time()
        equal = judge(row)
        spent = time.process_time() - started
        tally.seconds += spent
        tally.worst_ms = max(tally.worst_ms, 1000 * spent)
        expected = bool(row["expected"])
        if equal is expected or (equal is None and not expected):
            tally.right += 1
            continue
        kind = "false positive" if equal else "undecided" if equal is None else "false negative"
        tally.false_positives += equal is True
        tally.false_negatives += equal is False
        tally.undecided += equal is None
        tally.misses.append(f"    {kind}: {row['gold'][-90:]!r} against {row['answer'][-90:]!r}")
    return tally


def suites(folder: Path) -> Iterator[tuple[str, list[Row]]]:
    grading = folder / "grading"
    handmade = [r for r in rows_of(grading / "equiv_handmade.jsonl") if not r["why"].startswith("CONTESTED")]
    yield "handmade core", [r for r in handmade if not r["kind"].startswith("adv")]
    yield "handmade adversarial", [r for r in handmade if r["kind"].startswith("adv")]
    yield "math_verify", [r for r in rows_of(grading / "equiv_math_verify.jsonl") if "suspect" not in r]
    yield "pairs", [r for r in rows_of(grading / "equiv_pairs.jsonl.gz") if not r["policy_note"]]
    for name in ("nemo_skills", "inspect_ai", "github_issues", "rl_frameworks"):
        yield name, list(rows_of(grading / f"equiv_{name}.jsonl"))


def golds(folder: Path) -> None:
    """Print how many ground truths of the data sets are mathematics to tier 0, and how many equal themselves."""
    total = parsed = itself = 0
    for path in sorted((folder / "golds").glob("*.jsonl*")):
        for row in rows_of(path):
            for value in row["gold"] if isinstance(row["gold"], list) else [row["gold"]]:
                if value == "":
                    continue
                total += 1
                truth = compile_ground_truth(value)
                parsed += classify(truth) not in {"text", "unread"}
                itself += compare(truth, f" {value} ").equal is True
    shares = f"as mathematics {100 * parsed / total:.2f}%; correct themselves {100 * itself / total:.2f}%"
    print(f"\nground truths: {total}; {shares}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = Path(os.environ.get("REWARD_SHARED_DIR", Path(__file__).parents[2] / "shared")) / "data"
    parser.add_argument("--data", type=Path, default=default)
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--without-math-verify", action="store_true")
    given = parser.parse_args()
    judges: dict[str, Judge] = {"this engine": ours}
    if not given.without_math_verify:
        judges["Math-Verify"] = math_verify()
    columns = f"{'right':>7} {'FP':>4} {'FN':>4} {'und.':>4} {'mean ms':>8} {'worst ms':>9}"
    print(f"{'suite':22} {'rows':>5} {'grader':12} {columns}")
    for name, rows in suites(given.data):
        if given.only not in name:
            continue
        for grader, judge in judges.items():
            tally = measure(rows, judge)
            print(f"{name:22} {len(rows):5d} {grader:12} {tally.shown()}", flush=True)
            if given.misses and judge is ours:
                print("\n".join(tally.misses))
    if not given.only:
        golds(given.data)


if __name__ == "__main__":
    main()
