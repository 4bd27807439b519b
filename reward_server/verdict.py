"""Outcome and Verdict: the vocabulary everything else speaks.

A verdict is a statement about a completion. When *we* fail there is no statement to make: the outcome is
`ungradable`, the score is None, and nothing may turn that into a number on the way to the trainer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """What became of one completion, in the words of online judges."""

    CORRECT = "correct"
    PARTIAL = "partial"
    INCORRECT = "incorrect"
    NO_ANSWER = "no_answer"
    UNDECIDED = "undecided"
    COMPILE_ERROR = "compile_error"
    RUNTIME_ERROR = "runtime_error"
    TIME_LIMIT = "time_limit"
    MEMORY_LIMIT = "memory_limit"
    OUTPUT_LIMIT = "output_limit"
    VIOLATION = "violation"
    BAD_GROUND_TRUTH = "bad_ground_truth"
    UNGRADABLE = "ungradable"


UNSCORED = frozenset({Outcome.UNDECIDED, Outcome.BAD_GROUND_TRUTH, Outcome.UNGRADABLE})
"""Outcomes that say nothing about how right the completion is, so their score is None."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a grader says about one completion; the reward is composed later, from the request's weights."""

    outcome: Outcome
    score: float | None
    """How right the answer is, in [0, 1]; None exactly for the outcomes in `UNSCORED`."""
    answer: str | None = None
    """The answer as the completion wrote it, shortened for display where it is long; None when none was found."""
    evidence: dict[str, Any] = field(default_factory=dict)
    """Why: JSON values only. `method` names the rule that decided."""
    cacheable: bool = True
    """False where a repetition might come out otherwise, such as a time limit that was hit only just."""
    retryable: bool = True
    """Of what is `ungradable`: whether the same request may succeed later."""

    def __post_init__(self) -> None:
        if (self.score is None) != (self.outcome in UNSCORED):
            raise ValueError(f"score={self.score!r} contradicts outcome={self.outcome.value!r}")
        if self.score is not None and not 0.0 <= self.score <= 1.0:
            raise ValueError(f"score={self.score!r} is outside [0, 1]")


def ungradable(reason: str, *, retryable: bool = True, **evidence: Any) -> Verdict:
    """Return the verdict for a failure of ours; `reason` is one line for a person reading logs."""
    return Verdict(
        Outcome.UNGRADABLE, None, None, {"method": "none", "reason": reason, **evidence}, retryable=retryable
    )


def bad_ground_truth(reason: str, **evidence: Any) -> Verdict:
    """Return the verdict for a broken task: it says nothing about the completion."""
    return Verdict(Outcome.BAD_GROUND_TRUTH, None, None, {"method": "none", "reason": reason, **evidence})


def told_shares(outcome: Outcome, reward: float | None, cached: bool, evidence: Mapping[str, Any]) -> dict[str, float]:
    """Return what is 1 or 0 of one verdict, for logs: always the same names, a name for every outcome.

    Trainers average a name over those that have it: an outcome named only where it occurs would have the share 1.
    """
    cheats = outcome is Outcome.VIOLATION or bool(evidence.get("flags"))
    told = {"unscored_share": reward is None, "cached_share": cached, "cheating_share": cheats}
    told |= {f"outcome/{one.value}": outcome is one for one in Outcome}
    return {name: float(value) for name, value in told.items()}
