"""What a unit of measure is."""

from dataclasses import dataclass

from flint import fmpq

_ZERO = fmpq(0)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: `scale · π^pi_power` in base units, plus `offset` (temperatures); `dimension` are exponents by base.

    An unknown noun ("apples") has dimension `(("?", 1),)` and scale 1.
    """

    name: str
    scale: fmpq
    dimension: tuple[tuple[str, int], ...]
    pi_power: int = 0
    offset: fmpq = _ZERO
