"""`accuracy`: the grader's score, null where there is none."""

from reward_server.graders import Completion
from reward_server.rewards import PartOptions, RewardPart
from reward_server.verdict import Verdict


def measure(options: PartOptions, completion: Completion, verdict: Verdict) -> float | None:
    """Return the verdict's score."""
    del options, completion
    return verdict.score


PART = RewardPart(options=PartOptions, measure=measure, examples=[({}, "the grader said right", 1.0)])
