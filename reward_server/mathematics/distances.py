"""How far a number is from another, and how a score falls with the distance."""

import math
from collections.abc import Callable, Mapping

from flint import fmpq

_STEEP = 5.0


def distance(kind: str, truth: fmpq, answer: fmpq) -> fmpq | None:
    """Return how far an answer is off: `absolute`, `relative`, or `log10`, orders of magnitude.

    None where the logarithm has no value, for zero or another sign than the truth's.
    """
    if kind == "absolute":
        return abs(answer - truth)
    if kind == "relative":
        return abs(answer - truth) / abs(truth)
    ratio = answer / truth
    if ratio <= 0:
        return None
    return fmpq(*abs(math.log10(int(ratio.p)) - math.log10(int(ratio.q))).as_integer_ratio()) if ratio != 1 else fmpq(0)


def _linear(x: float) -> float:
    return 1 - x


def _quadratic(x: float) -> float:
    return 1 - x * x


def _huber(x: float) -> float:
    """Return 1 less the Huber loss with its bend at 1/2, which is 3/8 at x = 1, as a share of that."""
    return 1 - (x * x / 2 if x <= 1 / 2 else (x - 1 / 4) / 2) / (3 / 8)


def _exponential(x: float) -> float:
    rest = math.exp(-_STEEP)
    return (math.exp(-_STEEP * x) - rest) / (1 - rest)


DECAYS: Mapping[str, Callable[[float], float]] = {
    "linear": _linear,
    "quadratic": _quadratic,
    "huber": _huber,
    "exponential": _exponential,
}
"""What is left of a score of 1 at x, which goes from 0 to 1."""
