"""How often a kind errs on labelled cases: false positives, false negatives, verdicts without a score, and time.

A false positive is a completion that scores although its label says 0, or scores 1 where the label says `partial`; a
false negative one that scores less than its label says. Another outcome with the same score is counted apart. A case
without a score is a failure of ours or a broken row, and no error of the kind's.
"""

import asyncio
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from reward_server import cases as shipped
from reward_server.cases import Case
from reward_server.complaints import said
from reward_server.errors import ServiceError, TaskError
from reward_server.files.formats import Row, RowError
from reward_server.graders import Completion, discover
from reward_server.grading.scoring import Graded, Job, Scoring
from reward_server.verdict import UNSCORED, Outcome, Verdict

_PAID = {"": 0.0, Outcome.CORRECT: 1.0, Outcome.PARTIAL: 0.5}
"""What a label pays; 0.5 stands for anything between 0 and 1."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A case that came out otherwise than its label says."""

    sort: str
    """`false positive`, `false negative`, `other outcome` or `no score`."""
    case: Case
    verdict: Verdict


@dataclass
class Audit:
    """The count of one kind's cases."""

    kind: str
    cases: int = 0
    attacks: int = 0
    mistakes: list[Mistake] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    fast_seconds: list[float] = field(default_factory=list)
    """CPU time of the kind's own `fast` where it decides, after a text of the same group that ends otherwise."""

    def count(self, sort: str) -> int:
        """Return how many mistakes of a sort there are."""
        return sum(mistake.sort == sort for mistake in self.mistakes)

    @property
    def median_seconds(self) -> float:
        """The time of a verdict in the middle; 0 without cases."""
        return statistics.median(self.seconds) if self.seconds else 0.0

    @property
    def worst_seconds(self) -> float:
        """The time of the slowest verdict; 0 without cases."""
        return max(self.seconds, default=0.0)

    @property
    def fast_median_seconds(self) -> float | None:
        """The CPU time of `fast` in the middle; None where it decides no case."""
        return statistics.median(self.fast_seconds) if self.fast_seconds else None


def shipped_cases(kind: str) -> tuple[list[Case], list[Case]]:
    """Return the cases and attacks that come with the package; a kind without any has its examples as cases."""
    found = shipped.cases(kind)
    if found:
        return found, shipped.attacks(kind)
    examples = discover()[kind].examples
    return [Case(example.task, example.completion, example.outcome.value) for example in examples], []


def cases_in(rows: Iterator[Row], kind: str) -> Iterator[Case]:
    """Yield the cases of a file: rows with `task`, `completion` and `expected`, an outcome's name, true or false.

    Raises:
        RowError: a row is no such case, or of another kind.
    """
    outcomes = {outcome.value for outcome in Outcome}
    for row in rows:
        if isinstance(row.value, RowError):
            raise row.value
        lacking = [name for name in ("task", "completion", "expected") if name not in row.value]
        if lacking:
            raise RowError(f"{row.place}: lacks {', '.join(lacking)}; a case has task, completion and expected")
        task, completion, expected = row.value["task"], row.value["completion"], row.value["expected"]
        if not isinstance(task, dict) or task.get("kind", kind) != kind or not isinstance(completion, str):
            raise RowError(f"{row.place}: `task` must be an object of kind {kind!r}, `completion` a text")
        if isinstance(expected, bool):
            expected = "correct" if expected else ""
        if expected not in outcomes | {""}:
            raise RowError(f"{row.place}: expected {expected!r} is no outcome; one of {', '.join(sorted(outcomes))}")
        yield Case({"kind": kind, **task}, completion, expected, row.place)


async def audit_cases(scoring: Scoring, kind: str, cases: Sequence[Case], attacks: Sequence[Case] = ()) -> Audit:
    """Grade every case alone, twice so that the second time needs no compiling, and count what is not as labelled.

    Raises:
        RowError: a case's task is not one of this kind; the message says which and why.
    """
    audit = Audit(kind, len(cases), len(attacks))
    for case in [*cases, *attacks]:
        await asyncio.sleep(0)  # fast tiers never wait: without a turn between them the loop would be taken for stalled
        job = _job(kind, case)
        if (fast := _fast_seconds(kind, job)) is not None:
            audit.fast_seconds.append(fast)
        (cold,), (warm,) = await scoring.score([job]), await scoring.score([job])
        audit.seconds.append(_seconds(cold, warm))
        sort = _sort(case.right, cold.verdict)
        if sort:
            audit.mistakes.append(Mistake(sort, case, cold.verdict))
    return audit


def _seconds(cold: Graded, warm: Graded) -> float:
    """Return the time of a verdict: of the second grading, unless that was an answer of the cache."""
    return cold.elapsed_seconds if warm.cached else warm.elapsed_seconds


def _fast_seconds(kind: str, job: Job) -> float | None:
    """Return what `fast` takes alone, as in a group that answers alike; None where it leaves the case or fails."""
    grader = discover()[kind]
    try:
        compiled = grader.compile(job.task)
        grader.fast(compiled, replace(job.completion, text=job.completion.text + "\n"))
        began = time.thread_time()
        decided = grader.fast(compiled, job.completion)
        return None if decided is None else time.thread_time() - began
    except (TaskError, ServiceError):
        return None


def _job(kind: str, case: Case) -> Job:
    try:
        return Job(discover()[kind].task.model_validate(case.task), Completion(case.completion))
    except ValidationError as error:
        first: Any = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise RowError(f"{case.why or case.completion[:60]!r}: task.{where}: {said(first)}") from None


def _sort(right: str, verdict: Verdict) -> str:
    if verdict.score is None:
        return "" if right in {outcome.value for outcome in UNSCORED} and right == verdict.outcome.value else "no score"
    paid = verdict.score if verdict.score in {0.0, 1.0} else 0.5
    due = _PAID.get(right, 0.0)
    if paid != due:
        return "false positive" if paid > due else "false negative"
    return "" if right in {"", verdict.outcome.value} else "other outcome"
