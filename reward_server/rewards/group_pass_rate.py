"""`group_pass_rate`: what share of a group is right, as a reward or as a reason to leave the group out.

- `hard`: a right completion is worth 1 − pass rate, so that what few siblings manage counts more; a wrong one 0.
- `filter`: 0 where the pass rate lies between `low` and `high`, both left out, and null elsewhere: with a weight other
  than 0 the whole reward is null, and the group is left out as by DAPO's dynamic sampling (arXiv 2503.14476, section
  3.2), which leaves out groups that are all right or all wrong.

The pass rate is that of the completions with a score; one without has none itself.
"""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field, model_validator

from reward_server.rewards import GroupOptions, GroupPart, Member


class GroupPassRateOptions(GroupOptions):
    """Which shape, and from where on a group is too easy or too hard."""

    mode: Literal["hard", "filter"] = "hard"
    low: float = Field(default=0.0, ge=0, lt=1)
    high: float = Field(default=1.0, gt=0, le=1)
    right_at: float = Field(default=0.5, gt=0, le=1)
    """The score from which a completion counts as right."""

    @model_validator(mode="after")
    def _some_rate_is_between(self) -> "GroupPassRateOptions":
        if self.low >= self.high:
            raise ValueError("low must be below high")
        return self


def measure(options: GroupPassRateOptions, members: Sequence[Member]) -> list[float | None] | str:
    """Return the term of each member; why the group has none, where it is left out."""
    rights = [None if member.verdict.score is None else member.verdict.score >= options.right_at for member in members]
    scored = [right for right in rights if right is not None]
    if not scored:
        return "no completion of the group has a score"
    rate = sum(scored) / len(scored)
    if options.mode == "hard":
        return [None if right is None else (1 - rate) * right for right in rights]
    if not options.low < rate < options.high:
        return f"left out: a pass rate of {rate:.3g} is not between {options.low:g} and {options.high:g}"
    return [None if right is None else 0.0 for right in rights]


PART = GroupPart(
    options=GroupPassRateOptions,
    measure=measure,
    examples=[
        ({"group_size": 4}, [("a", 1.0), ("b", 0.0), ("c", 0.0), ("d", 0.0)], [0.75, 0.0, 0.0, 0.0]),
        ({"group_size": 3}, [("a", 1.0), ("b", 0.0), ("c", None)], [0.5, 0.0, None]),
        ({"group_size": 2, "mode": "filter"}, [("a", 1.0), ("b", 0.0)], [0.0, 0.0]),
        (
            {"group_size": 2, "mode": "filter"},
            [("a", 1.0), ("b", 1.0)],
            "left out: a pass rate of 1 is not between 0 and 1",
        ),
        ({"group_size": 2}, [("a", None), ("b", None)], "no completion of the group has a score"),
    ],
)
