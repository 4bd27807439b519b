"""Closeness of numbers as math, numpy and pytest define it, on built-in values."""

import math
from collections import deque
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from reward_server.testing.judging.outputs import Tolerance

_SEQUENCES = (list, tuple, deque)


def isclose(left: Any, right: Any, *, rel_tol: float = 1e-9, abs_tol: float = 0.0) -> bool:
    """Be `math.isclose` for built-in numbers."""
    return math.isclose(left, right, rel_tol=rel_tol, abs_tol=abs_tol)


def allclose(left: Any, right: Any, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False) -> bool:
    """Be `numpy.allclose` on nested lists: |left − right| ≤ atol + rtol·|right|, one side may be a single number.

    Unlike numpy's, it is false between nothing and something: `all` over no pair says nothing of the other side.

    Raises:
        TypeError: something in there is no number, as in numpy.
        ValueError: the shapes differ.
    """
    if _is_empty(left) != _is_empty(right):
        return False
    deep, deeper = _depth(left), _depth(right)
    if deep > deeper:
        return all(allclose(mine, right, rtol, atol, equal_nan) for mine in left)
    if deeper > deep:
        return all(allclose(left, theirs, rtol, atol, equal_nan) for theirs in right)
    if deep:
        if len(left) != len(right) and 1 not in (len(left), len(right)):
            raise ValueError("operands could not be broadcast together")
        return all(allclose(mine, theirs, rtol, atol, equal_nan) for mine, theirs in _broadcast(left, right))
    return _close(left, right, rtol, atol, equal_nan)


def _close(left: Any, right: Any, rtol: float, atol: float, equal_nan: bool) -> bool:
    if not isinstance(left, int | float | complex) or not isinstance(right, int | float | complex):
        raise TypeError("allclose of values that are no numbers")
    if left == right:
        return True
    if equal_nan and left != left and right != right:  # noqa: PLR0124 - that is how NaN is told
        return True
    return abs(left - right) <= atol + rtol * abs(right) < math.inf


def same_shape(left: Any, right: Any) -> bool:
    """Say whether two values are both no lists, or lists of one length whose items have the same shapes."""
    if isinstance(left, _SEQUENCES) and isinstance(right, _SEQUENCES):
        return len(left) == len(right) and all(map(same_shape, left, right))
    return not isinstance(left, _SEQUENCES) and not isinstance(right, _SEQUENCES)


def _is_empty(value: Any) -> bool:
    return isinstance(value, _SEQUENCES) and not len(value)


def _depth(value: Any) -> int:
    depth = 0
    while isinstance(value, _SEQUENCES):
        depth += 1
        value = value[0] if value else None
    return depth


def _broadcast(left: Any, right: Any) -> Iterable[tuple[Any, Any]]:
    if len(left) == len(right):
        return zip(left, right, strict=True)
    return ((left[0], item) for item in right) if len(left) == 1 else ((item, right[0]) for item in left)


def array_equal(left: Any, right: Any) -> bool:
    """Be `numpy.array_equal` on nested lists and numbers: the same shape and equal items."""
    if isinstance(left, _SEQUENCES) and isinstance(right, _SEQUENCES):
        return len(left) == len(right) and all(map(array_equal, left, right))
    return bool(left == right)


def approximately(expected: Any, rel: float = 1e-6, abs: float = 1e-12) -> Any:  # noqa: A002 - pytest's own names
    """Be `pytest.approx`: a value that equals whatever is within tolerance."""
    return _Approximate(expected, Tolerance(absolute=abs, relative=rel))


class _Approximate:
    """The right side of `== approx(…)`, for numbers and flat or nested lists of them."""

    def __init__(self, expected: Any, tolerance: Tolerance) -> None:
        self.expected, self.tolerance = expected, tolerance

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return self._agree(other, self.expected)

    def _agree(self, got: Any, expected: Any) -> bool:
        if isinstance(expected, list | tuple):
            return isinstance(got, _SEQUENCES) and len(got) == len(expected) and all(map(self._agree, got, expected))
        if isinstance(expected, dict):
            return (
                isinstance(got, dict)
                and got.keys() == expected.keys()
                and all(self._agree(got[key], value) for key, value in expected.items())
            )
        if got == expected:
            return True
        return isinstance(got, _NUMBERS) and self.tolerance.admits(_real(got), float(expected))


_NUMBERS = (int, float, Decimal, Fraction)


def _real(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf
