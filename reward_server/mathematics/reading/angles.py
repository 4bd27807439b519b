"""Degrees with minutes and seconds of arc: `45°30'15''`, "45 degrees 30 minutes"."""

from reward_server.mathematics.reading.atoms import to_number
from reward_server.mathematics.reading.cursor import Cursor
from reward_server.mathematics.reading.unit_table import DEGREE, units
from reward_server.mathematics.tree.nodes import Expr, Measure, Number


def with_minutes(cursor: Cursor, degrees: Measure) -> Measure:
    """Read the minutes and seconds of arc behind degrees: `45°30'15''`."""
    value = degrees.value
    if degrees.unit is not DEGREE or cursor.token.kind != "number":
        return degrees
    for marks, scale in ((1, 60), (2, 3600)):
        start = cursor.index
        if cursor.token.kind != "number" or not isinstance(value, Number) or value.places is not None:
            break
        part = to_number(cursor.advance().value.removesuffix("."))
        if _primes(cursor) != marks or not isinstance(part, Number) or part.value >= 60:
            cursor.jump(start)
            continue
        size = part.value / scale
        value = Number(value.value - size if value.value < 0 else value.value + size)
    return Measure(value, degrees.unit)


def _primes(cursor: Cursor) -> int:
    """Step over primes, raised or not, and return how many there were."""
    count = 0
    raised = cursor.is_mark("^")
    if raised:
        cursor.advance()
    braced = raised and cursor.take("{")
    while cursor.is_mark("'", '"'):
        count += 1 if cursor.advance().value == "'" else 2
    return -1 if braced and not cursor.take("}") else count


def as_angle(node: Expr) -> Expr:
    """Read "minutes" and "seconds" behind degrees as parts of an angle."""
    names = {"minute": "arcminute", "min": "arcminute", "second": "arcsecond", "sec": "arcsecond"}
    if not isinstance(node, Measure) or node.unit.name.removesuffix("s") not in names:
        return node
    return Measure(node.value, units()[names[node.unit.name.removesuffix("s")]])
