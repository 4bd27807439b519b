"""`group_length`: short completions are worth more, measured against the siblings of a group.

- `kimi`: Kimi k1.5's length reward (arXiv 2501.12599, section 2.3.3): with λ = 0.5 − (length − shortest) / (longest −
  shortest), a right completion has λ and a wrong one min(0, λ); 0 where all are equally long.
- `rank`: of the right ones the shortest has 1, the longest 0, those between by rank, equal lengths the same; a wrong
  one has 0, and so has the only right one's lack of rivals: it has 1.

`where` says in which groups length counts at all: where something is right (so that a group that knows nothing is not
taught to be short), where all are (so that being short never competes with being right), or always. Elsewhere every
value is 0. A completion without a score has none, and its siblings are measured without it.
"""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from reward_server.rewards import GroupOptions, GroupPart, Member
from reward_server.rewards.length import Unit, length_of


class GroupLengthOptions(GroupOptions):
    """Which curve, and in which groups."""

    mode: Literal["kimi", "rank"] = "kimi"
    where: Literal["any_right", "all_right", "always"] = "any_right"
    unit: Unit = "characters"
    right_at: float = Field(default=0.5, gt=0, le=1)
    """The score from which a completion counts as right."""


def measure(options: GroupLengthOptions, members: Sequence[Member]) -> list[float | None] | str:
    """Return the length term of each member."""
    lengths = [length_of(options.unit, member.completion) for member in members]
    scored = [
        (length, member.verdict.score >= options.right_at)
        for length, member in zip(lengths, members, strict=True)
        if length is not None and member.verdict.score is not None
    ]
    if not scored:
        return "no completion of the group has a score"
    rights = [right for _, right in scored]
    counts = {"any_right": any(rights), "all_right": all(rights), "always": True}[options.where]
    values = iter(_values(options, scored) if counts else [0.0] * len(scored))
    return [
        None if length is None or member.verdict.score is None else next(values)
        for length, member in zip(lengths, members, strict=True)
    ]


def _values(options: GroupLengthOptions, scored: list[tuple[int, bool]]) -> list[float]:
    if options.mode == "rank":
        return _ranked(scored)
    shortest, longest = min(length for length, _ in scored), max(length for length, _ in scored)
    if shortest == longest:
        return [0.0] * len(scored)
    shares = [0.5 - (length - shortest) / (longest - shortest) for length, _ in scored]
    return [share if right else min(0.0, share) for share, (_, right) in zip(shares, scored, strict=True)]


def _ranked(scored: list[tuple[int, bool]]) -> list[float]:
    rights = [length for length, right in scored if right]
    values = []
    for length, right in scored:
        shorter, same = sum(other < length for other in rights), rights.count(length)
        place = shorter + (same - 1) / 2
        values.append(1 - place / (len(rights) - 1) if right and len(rights) > 1 else float(right))
    return values


PART = GroupPart(
    options=GroupLengthOptions,
    measure=measure,
    needs_tokens=lambda options: options.unit == "tokens",
    examples=[
        ({"group_size": 3}, [("x", 1.0), ("x" * 3, 1.0), ("x" * 5, 0.0)], [0.5, 0.0, -0.5]),
        ({"group_size": 2}, [("x", 0.0), ("x" * 3, 0.0)], [0.0, 0.0]),
        ({"group_size": 2, "where": "always"}, [("x", 0.0), ("x" * 3, 0.0)], [0.0, -0.5]),
        ({"group_size": 2, "where": "all_right"}, [("x", 1.0), ("x" * 3, 0.0)], [0.0, 0.0]),
        ({"group_size": 3}, [("x", 1.0), ("x" * 3, None), ("x" * 5, 1.0)], [0.5, None, -0.5]),
        ({"group_size": 2}, [("x", None), ("x", None)], "no completion of the group has a score"),
        ({"group_size": 4, "mode": "rank"}, [("xx", 1.0), ("x", 1.0), ("xxx", 1.0), ("", 0.0)], [0.5, 1.0, 0.0, 0.0]),
        ({"group_size": 3, "mode": "rank"}, [("x", 1.0), ("x", 1.0), ("xx", 0.0)], [0.5, 0.5, 0.0]),
        ({"group_size": 2, "mode": "rank"}, [("x", 1.0), ("xx", 0.0)], [1.0, 0.0]),
    ],
)
