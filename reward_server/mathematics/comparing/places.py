"""The places at which two functions are compared: rationals for every letter, fixed by the letters' names."""

import zlib
from collections.abc import Iterator, Sequence

from flint import fmpq

from reward_server.mathematics.tree.nodes import Call, Symbol

_MAX_ROUNDS = 18
_COUNTERS = frozenset("abcdijklmnpqrsKMN")
"""Letters that stand for integers in step functions, unless rounded themselves; others stand for real numbers."""
STEP_ROUNDS = 24
BENT = 32
"""Places for functions with kinks: each choice of three signs at four scales."""
_SCALES = (3, 40, 1_500, 10**6)


def points(names: frozenset[str], *, whole: bool) -> Iterator[dict[str, fmpq]]:
    """Yield assignments of rationals to the symbols, fixed by the names."""
    for round_number in range(_MAX_ROUNDS):
        values: dict[str, fmpq] = {}
        for place, name in enumerate(sorted(names)):
            seed = zlib.crc32(name.encode(), round_number * 7919 + 17)
            values[name] = _whole(seed, round_number) if whole else _fraction(seed, round_number, place)
        yield values


def step_points(names: frozenset[str], calls: Sequence[Call]) -> Iterator[dict[str, fmpq]]:
    """Yield assignments at which step functions tend to differ: small integers in a row, then ever larger numbers."""
    arguments = [call.arguments[0] for call in calls if call.name in {"floor", "ceil"}]
    rounded = {argument.name for argument in arguments if isinstance(argument, Symbol)}
    for round_number in range(STEP_ROUNDS):
        values: dict[str, fmpq] = {}
        for place, name in enumerate(sorted(names)):
            seed = zlib.crc32(name.encode(), round_number * 7919 + 17)
            small = round_number < STEP_ROUNDS // 2
            if name[0] not in _COUNTERS or name in rounded:
                spread = 1 if small else 10 ** (round_number // 6)
                values[name] = _fraction(seed, round_number, place) * spread
            elif small:
                values[name] = fmpq((zlib.crc32(name.encode()) + round_number * (2 * place + 1)) % 12 + 1)
            else:
                values[name] = fmpq(seed % 10 ** (round_number // 4) + 13)
        yield values


def _whole(seed: int, round_number: int) -> fmpq:
    return fmpq(seed % ((5 + 3 * round_number) if round_number % 3 else 400) + 1 + round_number // 2)


def _fraction(seed: int, round_number: int, place: int) -> fmpq:
    """Spread points over the scales and signs on which functions tend to be defined."""
    unit = fmpq(seed % 9973 + 1, 9974)
    kind = round_number % 9
    if kind == 0:
        return 1 + unit * 2
    if kind == 1:
        return unit
    if kind == 2:
        return -unit * 3 if seed & 64 else unit * 3
    if kind == 3:
        return 3 + unit * 20
    if kind == 4:
        return -1 - unit * 2
    if kind == 5:
        return fmpq(seed % 9 + 2)
    if kind == 6:
        return unit * fmpq(1, 4) + place * fmpq(1, 3)
    if kind == 7:
        return (unit + 5) * 10 / (place + 1)
    return 100 + unit * 900


def bent_points(names: frozenset[str]) -> Iterator[dict[str, fmpq]]:
    """Yield assignments of every sign to the symbols, or of many where they are many, at several scales."""
    ordered = sorted(names)
    for round_number in range(BENT):
        values: dict[str, fmpq] = {}
        for place, name in enumerate(ordered):
            seed = zlib.crc32(name.encode(), round_number * 6007 + 5)
            size = fmpq(seed % 9973 + 1, 9974) * _SCALES[(round_number >> 3) % len(_SCALES)]
            values[name] = -size if round_number >> place % 3 & 1 else size
        yield values
