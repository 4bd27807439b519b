r"""The answer most of k completions agree on (cons@k of DeepSeek-R1): equivalent answers counted together.

Majority over strings undercounts: `1/2`, `0.5` and `\frac{1}{2}` are three votes for one answer. Two answers share a
cluster when each, taken as ground truth, accepts the other; the test in both directions keeps a rounded number ("0.3")
from drawing different ones together ("0.33", "0.26"). Distinct answers are taken in an order of their own (most
frequent first, then shortest, then by text), so the clusters do not depend on the order of the completions.

Comparisons are tier 0 only, and at most `MAX_COMPARISONS` for one call; distinct answers beyond that are clusters of
their own. A tie for the first place is reported, and the first in the order above is named.
"""

from collections.abc import Callable, Sequence
from typing import Annotated, Literal

from pydantic import Field

from reward_server.errors import TaskError
from reward_server.extraction import Where, find_answer
from reward_server.extraction.letters import find_choice
from reward_server.extraction.options import read_options
from reward_server.graders import Completion, choice, math
from reward_server.ground_truths.unpacking import Value
from reward_server.mathematics import GroundTruth, MathOptions, compare, compile_ground_truth
from reward_server.verdict import Outcome, Verdict
from reward_server.wire import Message, WireModel

MAX_COMPARISONS = 20_000
"""About half a second of CPU time in the worst case."""
MAX_COMPLETIONS = 4_096


class MathQuestion(WireModel):
    """What the completions answer: a number, an expression, any mathematics."""

    kind: Literal["math"] = "math"
    ground_truth: Value | list[Value] | None = None
    """With it, the majority answer is graded too."""
    options: MathOptions = MathOptions()
    answer_in: Where = "any"


class ChoiceQuestion(WireModel):
    """What the completions answer: a multiple-choice question."""

    kind: Literal["choice"] = "choice"
    ground_truth: str | int | list[str | int] | None = None
    """With it, the majority answer is graded too."""
    options: list[str] | dict[str, str] | str | None = None


class ConsensusRequest(WireModel):
    """The completions of one prompt."""

    completions: Annotated[list[str | list[Message]], Field(min_length=1, max_length=MAX_COMPLETIONS)]
    task: Annotated[MathQuestion | ChoiceQuestion, Field(discriminator="kind")] = MathQuestion()


class Cluster(WireModel):
    """Completions that give equivalent answers."""

    answer: str
    """The most frequent spelling."""
    count: int
    members: list[int]
    """Which completions, as positions in the request."""


class ConsensusResponse(WireModel):
    """Who agrees with whom."""

    answer: str | None
    """The majority answer; null when no completion gives one."""
    count: int
    total: int
    tied: bool
    """Another cluster has as many members."""
    clusters: list[Cluster]
    """Largest first."""
    no_answer: list[int]
    """Completions without an answer; they count in `total`."""
    outcome: Outcome | None = None
    """The majority answer against the ground truth, where the task has one."""
    score: float | None = None


Equivalence = Callable[[str, str], bool]


def cluster(answers: Sequence[str | None], same: Equivalence) -> list[Cluster]:
    """Return the clusters of the answers, largest first; None stands for no answer and joins no cluster."""
    members: dict[str, list[int]] = {}
    for index, answer in enumerate(answers):
        if answer is not None:
            members.setdefault(answer, []).append(index)
    ordered = sorted(members, key=lambda answer: (-len(members[answer]), len(answer), answer))
    groups: list[list[str]] = []
    comparisons = 0
    for answer in ordered:
        for group in groups:
            comparisons += 1
            if comparisons > MAX_COMPARISONS:
                break
            if same(group[0], answer):
                group.append(answer)
                break
        else:
            groups.append([answer])
            continue
        if comparisons > MAX_COMPARISONS:
            groups.append([answer])
    clusters = []
    for group in groups:
        indices = sorted(index for answer in group for index in members[answer])
        clusters.append(Cluster(answer=group[0], count=len(indices), members=indices))
    return sorted(clusters, key=lambda one: (-one.count, ordered.index(one.answer)))


def consensus(completions: Sequence[str], task: MathQuestion | ChoiceQuestion | None = None) -> ConsensusResponse:
    """Cluster the completions' final answers and name the majority.

    Raises:
        TaskError: the task's ground truth or options cannot be used.
    """
    task = task or MathQuestion()
    if isinstance(task, MathQuestion):
        found = [find_answer(completion, task.answer_in) for completion in completions]
        answers = [None if one is None else one.answer for one in found]
        clusters = cluster(answers, _mathematical(task.options))
    else:
        answers = _letters(completions, task)
        clusters = cluster(answers, lambda left, right: left == right)
    tied = len(clusters) > 1 and clusters[0].count == clusters[1].count
    best = clusters[0] if clusters else None
    outcome, score = _graded(task, completions[best.members[0]]) if best else (None, None)
    return ConsensusResponse(
        answer=best.answer if best else None,
        count=best.count if best else 0,
        total=len(completions),
        tied=tied,
        clusters=clusters,
        no_answer=[index for index, answer in enumerate(answers) if answer is None],
        outcome=outcome,
        score=score,
    )


def _mathematical(options: MathOptions) -> Equivalence:
    compiled: dict[str, GroundTruth | None] = {}

    def truth(answer: str) -> GroundTruth | None:
        if answer not in compiled:
            try:
                compiled[answer] = compile_ground_truth(answer, options)
            except TaskError:
                compiled[answer] = None
        return compiled[answer]

    def same(left: str, right: str) -> bool:
        one, other = truth(left), truth(right)
        if one is None or other is None:
            return False
        return compare(one, right).equal is True and compare(other, left).equal is True

    return same


def _letters(completions: Sequence[str], task: ChoiceQuestion) -> list[str | None]:
    options = read_options(task.options)
    found = [find_choice(completion, tuple(options) or "ABCDEFGHIJ") for completion in completions]
    return [", ".join(one.letters) or one.content or None if one is not None else None for one in found]


def _graded(task: MathQuestion | ChoiceQuestion, completion: str) -> tuple[Outcome | None, float | None]:
    """Grade a completion of the majority where there is a ground truth; undecided where tier 0 is."""
    if task.ground_truth is None:
        return None, None
    verdict: Verdict | None
    fields = task.model_dump(exclude_none=True)
    if isinstance(task, MathQuestion):
        verdict = math.grade_fast(math.compile_task(math.MathTask(**fields)), Completion(completion))
    else:
        verdict = choice.grade_fast(choice.compile_task(choice.ChoiceTask(**fields)), Completion(completion))
    return (Outcome.UNDECIDED, None) if verdict is None else (verdict.outcome, verdict.score)
