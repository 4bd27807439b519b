"""Read a unit such as `m/s^2`, `kg·m`, `miles per hour`, `square feet` into one exact scale and dimension.

What is not a known unit but a noun ("apples") is an unknown unit: it does not convert, and conflicts with other nouns.
"""

import re
from functools import lru_cache

from flint import fmpq

from reward_server.mathematics.reading.lexer import Token
from reward_server.mathematics.reading.unit_table import UNKNOWN, units
from reward_server.mathematics.tree.unit import Unit

_PIECE = re.compile(
    r"(?P<name>°?[^\W\d_]+\.?|[$€£¥°])|\^?\{?(?P<power>[-+]?\d{1,2})\}?|(?P<mark>[/*()])|\s+|.", re.DOTALL
)
_MAX_LENGTH = 80
_SQUARE = {"square": 2, "sq": 2, "cubic": 3, "cu": 3}
_BEFORE_UNITS = frozenset({*_SQUARE, "per", "unit", "units"})
_LATEX = (
    (r"\mu ", "μ"),
    (r"\cdot", "*"),
    (r"\times", "*"),
    (r"\mu", "μ"),
    (r"\Omega", "Ω"),
    (r"\circ", "°"),
    ("^°", "°"),
    ("^{°}", "°"),
    ("µ", "μ"),
    ("\\,", " "),
    ("\\ ", " "),
    ("~", " "),
    ("\\;", " "),
    ("·", "*"),
    (r"\text", ""),
    (r"\mathrm", ""),
    (r"\rm", ""),
    ("{ ", "{"),
    (r"\AA", "Å"),
    (r"\degree", "°"),
)
_DEGREES = (
    ("° C", "°C"),
    ("° F", "°F"),
    ("degrees Celsius", "°C"),
    ("degrees C", "°C"),
    ("degrees Fahrenheit", "°F"),
    ("degrees F", "°F"),
)
_SPELLED = re.compile(r"[\\^{µ~·]")
"""One of these is in everything that `_LATEX` rewrites."""
_UPRIGHT = frozenset({"text", "upright"})
_LIGHT = Unit("c", fmpq(299792458), (("m", 1), ("s", -1)))
_NO_UNITS = {
    f"{shape}{form}": size
    for shape, power in (("", 1), ("square ", 2), ("sq ", 2), ("sq. ", 2), ("sq.", 2), ("cubic ", 3), ("cu. ", 3))
    for form, size in (("unit", power), ("units", power), ("unit^2", 2), ("units^2", 2), ("unit^3", 3), ("units^3", 3))
}
"""The words that name no unit but say whether a length, an area or a volume is meant."""
BARE = {1: "unit", 2: "square unit", 3: "cubic unit"}


def may_begin_unit(word: str) -> bool:
    """Tell whether a unit may be spelled that begins with a word, whatever stands behind it."""
    lowered = word.lower()
    return word in units() or lowered in _BEFORE_UNITS or (len(word) > 2 and lowered in units()) or not word.isascii()


@lru_cache(maxsize=4096)
def parse_unit(text: str) -> Unit | None:
    """Return the unit a text names, or None where any part of it is not a known unit."""
    if not text or len(text) > _MAX_LENGTH:
        return None
    text = " ".join(text.split())
    if _SPELLED.search(text) is not None:
        for old, new in _LATEX:
            text = text.replace(old, new)
    if "°" in text or "degrees" in text:
        for old, new in _DEGREES:
            text = text.replace(old, new)
    text = text.strip(" .,")
    if text == "N/A":
        return None
    if text in _NO_UNITS:
        return Unit(BARE[_NO_UNITS[text]], fmpq(1), UNKNOWN)
    single = units().get(text)
    return single if single is not None else _compound(text)


def fraction_of_units(tokens: "list[Token]", start: int) -> tuple[int, Unit] | None:
    r"""Return the unit of `\frac{\text{m}}{\text{s}^2}`, and where it ends; None where upright units are not all."""
    if tokens[start].value not in {"\\frac", "\\dfrac", "\\tfrac"}:
        return None
    spelled, place = [], start + 1
    for _ in range(2):
        if tokens[place].value != "{" or tokens[place + 1].kind not in _UPRIGHT:
            return None
        end = next((k for k in range(place, min(len(tokens), place + 12)) if tokens[k].value == "}"), 0)
        part = tokens[place + 1 : end]
        if not end or any(t.kind not in {*_UPRIGHT, "number"} and t.value not in {"^", "*", "/"} for t in part):
            return None
        spelled.append("".join(token.value for token in part).strip())
        place = end + 1
    unit = parse_unit(f"{spelled[0]}/({spelled[1]})")
    return (place, unit) if unit is not None else None


def _compound(text: str) -> Unit | None:
    """Multiply up the units of a product or quotient."""
    table = units()
    scale, pi_power, dimension = fmpq(1), 0, dict[str, int]()
    sign, pending, last = 1, 1, None
    depth_signs: list[int] = []
    found = False
    for match in _PIECE.finditer(text):
        name, power, mark = match["name"], match["power"], match["mark"]
        if name is not None:
            lowered = name.lower().rstrip(".")
            if lowered == "per":
                sign = -1
                continue
            if lowered in _SQUARE:
                pending = _SQUARE[lowered]
                continue
            if lowered in {"squared", "cubed"} and last is not None:
                power = "2" if lowered == "squared" else "3"
            else:
                unit = table.get(name) or table.get(name.rstrip(".")) or (table.get(lowered) if len(name) > 2 else None)
                if name == "c" and sign < 0 and found:
                    unit = _LIGHT
                if unit is None:
                    return None
                last = (unit, sign * pending)
                scale *= unit.scale ** (sign * pending)
                pi_power += unit.pi_power * sign * pending
                _accumulate(dimension, unit, sign * pending)
                pending, found = 1, True
                continue
        if power is not None and last is not None:
            extra = last[1] * (int(power) - 1)
            if abs(extra) > 12:
                return None
            scale *= last[0].scale ** extra
            pi_power += last[0].pi_power * extra
            _accumulate(dimension, last[0], extra)
            last = None
        elif mark == "/":
            sign = -sign if depth_signs and not found else -1
        elif mark == "(":
            depth_signs.append(sign)
        elif mark == ")" and depth_signs:
            sign = depth_signs.pop()
        elif mark is None and match[0].strip(" {}^"):
            return None
    if not found:
        return None
    return Unit(text, scale, tuple(sorted((base, n) for base, n in dimension.items() if n)), pi_power)


def _accumulate(dimension: dict[str, int], unit: Unit, times: int) -> None:
    for base, exponent in unit.dimension:
        dimension[base] = dimension.get(base, 0) + exponent * times


def unknown_unit(name: str) -> Unit:
    """Return the unit for a noun that is not in the table."""
    return Unit(name.strip()[:40], fmpq(1), UNKNOWN)


def is_known(unit: Unit) -> bool:
    """Tell whether the unit takes part in conversions and conflicts."""
    return all(base != "?" for base, _ in unit.dimension)
