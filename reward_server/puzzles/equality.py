"""Puzzles with one answer: texts, numbers, fractions, lists and grids, each equal in its own sense."""

import json
import math
import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from reward_server.errors import TaskError
from reward_server.normal_forms import normal_form
from reward_server.puzzles.data import Check, Violation
from reward_server.puzzles.reading import cells, literal, number, shortened

Compile = Callable[[Any], Check]
"""Makes a check from the stored answer."""
_FRACTION = re.compile(
    r"\$?\s*(?:\\[dt]?frac\{(-?[0-9]{1,60})\}\{([0-9]{1,60})\}|(-?[0-9]{1,60})\s*/\s*([0-9]{1,60}))\s*\$?"
)
_MATCHED = 1e-4


def _answer(stored: Any) -> str:
    if isinstance(stored, bool | int | float):
        return str(stored)
    if not isinstance(stored, str) or not stored.strip():
        raise TaskError("ground_truth: this puzzle is decided by its answer, and there is none")
    return stored


def _folded(text: str, *, case: bool) -> str:
    lines = (" ".join(line.split()) for line in normal_form("NFC", text).strip().splitlines())
    folded = "\n".join(line for line in lines if line)
    return folded if case else folded.casefold()


def text(*, case: bool = True, blanks: bool = True) -> Compile:
    """Equal texts, apart from runs of blanks; `case` and `blanks` say whether these count."""

    def compile_answer(stored: Any) -> Check:
        wanted = _folded(_answer(stored), case=case)

        def check(given: str) -> None:
            got = _folded(given, case=case)
            if got.replace(" ", "") == wanted.replace(" ", "") if not blanks else got == wanted:
                return
            raise Violation("another text")

        return check

    return compile_answer


def value(stored: Any) -> Check:
    """Equal numbers: `1,000` is `1000.0`; hexadecimal ones are read where the stored one is."""
    wanted = _number(_answer(stored))
    if wanted is None:
        raise TaskError("ground_truth: not a number")

    def check(given: str) -> None:
        got = _number(given)
        if got is None:
            raise Violation(f"not a number: {shortened(given.strip(), 40)!r}")
        if got != wanted:
            raise Violation("another number")

    return check


def _number(given: str) -> Fraction | None:
    given = given.strip().strip("$").strip()
    if re.fullmatch(r"-?0[xX][0-9a-fA-F]{1,200}", given):
        return Fraction(int(given, 16))
    return number(given)


def value_or_text(stored: Any) -> Check:
    """As `value` where the stored answer is a number, else as `text` without case."""
    return value(stored) if _number(_answer(stored)) is not None else text(case=False)(stored)


def rounded(least: int) -> Compile:
    """Equal, or the stored number correctly rounded to at least so many significant digits; fractions by value."""

    def compile_answer(stored: Any) -> Check:
        wanted = _number(_answer(stored))
        if wanted is None:
            raise TaskError("ground_truth: not a number")

        def check(given: str) -> None:
            fraction = _FRACTION.fullmatch(given.strip())
            if fraction:
                top, bottom = (int(part) for part in fraction.groups() if part is not None)
                if not bottom or abs(Fraction(top, bottom) - wanted) > abs(wanted) * Fraction(1, 10**9):
                    raise Violation("another number")
                return
            got = _number(given)
            if got is None:
                raise Violation(f"not a number: {shortened(given.strip(), 40)!r}")
            if got != wanted and (_significant(given) < least or abs(got - wanted) > _half_significant(wanted, least)):
                raise Violation("another number")

        return check

    return compile_answer


def _significant(given: str) -> int:
    digits = re.sub(r"[eE].*|[^0-9]", "", given.strip())
    return len(digits.lstrip("0"))


def _half_significant(wanted: Fraction, least: int) -> Fraction:
    """Return half a unit of the last of so many significant digits."""
    return Fraction(10) ** (math.floor(math.log10(abs(wanted))) - least + 1) / 2 if wanted else Fraction(0)


def _half_unit(given: str) -> Fraction:
    """Return half a unit of the last written place."""
    mantissa, _, exponent = given.strip().lower().replace(",", "").partition("e")
    places = len(mantissa.partition(".")[2])
    return Fraction(10) ** (int(exponent or 0) - places) / 2


def reduced_fraction(stored: Any) -> Check:
    """The stored fraction in lowest terms, as `2/3` or in LaTeX."""
    truth = _FRACTION.fullmatch(_answer(stored).strip())
    if truth is None:
        return value(stored)
    wanted = [int(part) for part in truth.groups() if part is not None]

    def check(given: str) -> None:
        found = _FRACTION.fullmatch(given.strip())
        if found is None:
            raise Violation(f"not a fraction: {shortened(given.strip(), 40)!r}")
        got = [int(part) for part in found.groups() if part is not None]
        if got != wanted:
            same = got[1] and Fraction(*got) == Fraction(*wanted)
            raise Violation("not in lowest terms" if same else "another fraction")

    return check


def measured(stored: Any) -> Check:
    """Numbers, alone or as coordinates, each within half a unit of the last place that the stored answer writes."""
    truth = _plain_numbers(_answer(stored))
    if truth is None:
        raise TaskError("ground_truth: not a number, nor coordinates")

    def check(given: str) -> None:
        got = _plain_numbers(given)
        if got is None or len(got) != len(truth):
            raise Violation(f"not read: {shortened(given.strip(), 40)!r}")
        for (_, mine), (written, wanted) in zip(got, truth, strict=True):
            if abs(mine - wanted) > (_half_unit(written) if "." in written else 0):
                raise Violation("another number")

    return check


def _plain_numbers(given: str) -> list[tuple[str, Fraction]] | None:
    given = given.strip()
    inner = given[1:-1] if given.startswith("(") and given.endswith(")") else given
    parts = [part.strip() for part in inner.removesuffix("°").removesuffix(r"^\circ").split(",")]
    values = [(part, number(part)) for part in parts]
    return (
        [(part, got) for part, got in values if got is not None] if all(got is not None for _, got in values) else None
    )


def roots(stored: Any) -> Check:
    """Numbers separated by commas, in any order, to four decimals; no roots cannot be told from no answer."""
    truth = _plain_numbers(_answer(stored))
    if truth is None:
        raise TaskError("ground_truth: not numbers")
    wanted = sorted(got for _, got in truth)

    def check(given: str) -> None:
        found = _plain_numbers(given)
        if found is None:
            raise Violation(f"not numbers: {shortened(given.strip(), 40)!r}")
        got = sorted(value for _, value in found)
        if len(got) != len(wanted):
            raise Violation(f"{len(got)} numbers, not {len(wanted)}")
        if any(abs(one - other) > _MATCHED for one, other in zip(got, wanted, strict=True)):
            raise Violation("another number")

    return check


def grid(tolerance: float = 0.0) -> Compile:
    """Equal cells in equal rows, whatever stands between them."""

    def compile_answer(stored: Any) -> Check:
        try:
            wanted = cells(_answer(stored))
        except Violation as error:
            raise TaskError(f"ground_truth: {error}") from None

        def check(given: str) -> None:
            got = cells(given)
            if [len(row) for row in got] != [len(row) for row in wanted]:
                raise Violation("another shape")
            for r, (row, right) in enumerate(zip(got, wanted, strict=True), start=1):
                for c, (cell, truth) in enumerate(zip(row, right, strict=True), start=1):
                    if not _same_cell(cell, truth, tolerance):
                        raise Violation(f"row {r}, column {c} is {shortened(cell, 20)!r}")

        return check

    return compile_answer


def _same_cell(cell: str, truth: str, tolerance: float) -> bool:
    if cell == truth:
        return True
    got, wanted = number(cell), number(truth)
    return got is not None and wanted is not None and abs(got - wanted) <= tolerance


def listing(stored: Any) -> Check:
    """Equal lists or maps, by value; a number in quotes is that number."""
    try:
        wanted = literal(stored if isinstance(stored, str) else json.dumps(stored))
    except Violation as error:
        raise TaskError(f"ground_truth: {error}") from None

    def check(given: str) -> None:
        if not _same(literal(given), wanted):
            raise Violation("another list")

    return check


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(_same(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, dict) and isinstance(other, dict):
        named = {str(key): value for key, value in one.items()}
        return named.keys() == {str(key) for key in other} and all(_same(named[str(k)], v) for k, v in other.items())
    if isinstance(one, bool) or isinstance(other, bool) or one is None or other is None:
        return one is other
    if isinstance(one, list | dict) or isinstance(other, list | dict):
        return False
    got, wanted = number(str(one)), number(str(other))
    return str(one) == str(other) or (got is not None and got == wanted)
