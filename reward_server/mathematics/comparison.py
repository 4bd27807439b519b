"""The three-valued result of comparing two answers, with its evidence."""

from dataclasses import dataclass, field, replace
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Comparison:
    """Whether two answers are the same, and how that was found out."""

    equal: bool | None
    """None means undecided: neither proof nor refutation was found within the budget."""
    method: str
    """The rule that decided, such as `exact_rational` or `ball_separation`."""
    evidence: dict[str, Any] = field(default_factory=dict)
    """JSON values only: normalised forms, a witness where they differ, the reason where it is undecided."""
    score: float | None = None
    """The share of parts found, for ground truths of several parts; None where there is only right or wrong."""

    def beyond_bounds(self) -> Self:
        """Return the verdict on what nothing decided and no honest answer could need: wrong, with what was tried."""
        return replace(self, equal=False, method="beyond_bounds")
