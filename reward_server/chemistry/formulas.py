r"""Chemical formulas and equations: which atoms, which charge, in balance or not.

Read: `C6H12O6`, `Ca(OH)2`, `[Fe(CN)6]^{4-}`, `CuSO4·5H2O`, `SO4^2-`, `Na+`, subscripts and superscripts of Unicode and
LaTeX, `\ce{…}`, a state in parentheses behind (`(aq)`), `e-` for the electron. A coefficient is an integer in front.
Isomers have one formula, so that an equation says what reacts by its formulas alone.
"""

import re
from collections import Counter
from math import gcd
from typing import NamedTuple

_NAMES = (
    "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb "
    "Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au "
    "Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts "
    "Og D T"
)
_ELEMENTS = frozenset(_NAMES.split())
_LOW = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_HIGH = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_SUPERSCRIPTS = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]*[⁺⁻]+")
_STATE = re.compile(r"\s*\(\s*(?:s|l|g|aq)\s*\)\s*$|[↑↓]\s*$|_\{\(?(?:s|l|g|aq)\)?\}\s*$")
_CHARGE = re.compile(r"(?:\^\{?\s*(\d{0,2})\s*([+-]+)\s*\}?|\^\{?\s*([+-])(\d{1,2})\s*\}?|(?<=[A-Za-z0-9)\]])([+-]))$")
_BRACKETED_CHARGE = re.compile(r"(\[(?![A-Z][a-z]?\])[^\[\]]{1,200}\])\s*([1-9]\d?)?([+-])")
"""Of more than one element: what `[Fe]3+` is, `Fe3+` is too."""
_TOKEN = re.compile(r"([A-Z][a-z]?)|([(\[{])|([)\]}])|(\d{1,6})")
_ARROW = re.compile(r"\\(?:long)?rightarrow|\\to\b|\\rightleftharpoons|<?[-=—–]{1,3}>|[→⟶⇌⇄⟹⇒]|=")
_COEFFICIENT = re.compile(r"(\d{1,6})\s*[*·]?\s*(?=[A-Z(\[\\e])")
_LONGEST = 2_000
_DEEPEST = 12
_MOST_ATOMS = 10**9


class NotChemistry(Exception):  # noqa: N818 - named after what was found
    """The text is no formula or equation; the message says why."""


class Species(NamedTuple):
    """What a formula counts."""

    atoms: tuple[tuple[str, int], ...]
    """(element, count), in alphabetical order."""
    charge: int


class Equation(NamedTuple):
    """Coefficients by species, on each side."""

    left: dict[Species, int]
    right: dict[Species, int]

    def balance(self) -> dict[str, int]:
        """Return what the left side has more of than the right, by element and `charge`; empty where it balances."""
        counts: Counter[str] = Counter()
        for sign, side in ((1, self.left), (-1, self.right)):
            for species, coefficient in side.items():
                for element, count in (*species.atoms, ("charge", species.charge)):
                    counts[element] += sign * coefficient * count
        return {name: count for name, count in counts.items() if count}

    @property
    def common_divisor(self) -> int:
        """The greatest number by which every coefficient can be divided."""
        return gcd(*self.left.values(), *self.right.values())


def read_species(text: str) -> Species:
    """Return what a formula counts.

    Raises:
        NotChemistry: it is none.
    """
    if len(text) > _LONGEST:
        raise NotChemistry("longer than any formula")
    plain = _plain(text)
    if re.fullmatch(r"e(?:\^?\{?-\}?)", plain):
        return Species((), -1)
    charge, plain = _charge(_STATE.sub("", plain))
    atoms: Counter[str] = Counter()
    for part in re.split(r"[·•*]|\\cdot", plain):
        factor = re.match(r"\s*(\d{1,4})\s*(?=[A-Z(\[])", part) if part is not plain else None
        for element, count in _atoms(part[factor.end() :] if factor else part).items():
            atoms[element] += count * (int(factor[1]) if factor else 1)
    if not atoms or max(atoms.values()) > _MOST_ATOMS:
        raise NotChemistry(f"{text[:40]!r} has no atoms, or too many")
    return Species(tuple(sorted(atoms.items())), charge)


def read_equation(text: str) -> Equation:
    """Return an equation; the same species twice on one side is added up.

    Raises:
        NotChemistry: it has not two sides, or something in it is no formula.
    """
    if len(text) > _LONGEST:
        raise NotChemistry("longer than any equation")
    sides = _ARROW.split(_unwrapped(text))
    if len(sides) != 2:  # noqa: PLR2004 - two sides
        raise NotChemistry(f"{len(sides) - 1} arrows, not one")
    left, right = (_side(side) for side in sides)
    return Equation(left, right)


def _side(text: str) -> dict[Species, int]:
    found: dict[Species, int] = {}
    spaced = re.search(r"\s\+\s", text) is not None
    for part in re.split(r"\s\+\s" if spaced else r"\+(?=\s*[\dA-Z(\[\\])", text):
        term = part.strip()
        number = _COEFFICIENT.match(term)
        coefficient = int(number[1]) if number else 1
        species = read_species(term[number.end() :] if number else term)
        if coefficient < 1:
            raise NotChemistry("a coefficient of 0")
        found[species] = found.get(species, 0) + coefficient
    return found


def _unwrapped(text: str) -> str:
    text = text.strip().strip("$").strip()
    delimited = re.fullmatch(r"\\\((.*)\\\)|\\\[(.*)\\\]", text, re.DOTALL)
    if delimited is not None:
        text = (delimited[1] or delimited[2] or "").strip()
    inside = re.fullmatch(r"\\(?:ce|mathrm|text|boxed)\{(.*)\}", text, re.DOTALL)
    return _unwrapped(inside[1]) if inside else re.sub(r"\\(?:ce|mathrm|text|rm)\b\s*", "", text)


def _plain(text: str) -> str:
    text = _SUPERSCRIPTS.sub(lambda high: "^" + high.group().translate(_HIGH), _unwrapped(text))
    text = text.translate(_LOW).replace("−", "-").replace("\\,", " ")
    text = re.sub(r"_\{?(\d{1,6})\}?", r"\1", text)
    return re.sub(r"\{([A-Za-z0-9()\[\]]{1,200})\}", r"\1", text).strip()


def _charge(text: str) -> tuple[int, str]:
    if (bracketed := _BRACKETED_CHARGE.fullmatch(text.strip())) is not None:
        return int(f"{bracketed[3]}{bracketed[2] or 1}"), bracketed[1]
    found = _CHARGE.search(text.rstrip())
    if found is None:
        return 0, text
    if found[2]:
        size = int(found[1]) if found[1] else len(found[2])
        sign = found[2][0]
    else:
        sign, size = (found[3], int(found[4])) if found[3] else (found[5], 1)
    return (size if sign == "+" else -size), text[: found.start()]


def _atoms(text: str) -> Counter[str]:
    """Count the atoms of a formula without charge, brackets multiplied out."""
    stack: list[Counter[str]] = [Counter()]
    last: Counter[str] | None = None
    place = 0
    text = text.strip()
    while place < len(text):
        token = _TOKEN.match(text, place)
        if token is None:
            raise NotChemistry(f"{text[place]!r} in {text[:40]!r}")
        element, opened, closed, number = token.groups()
        if number:
            if last is None or number.startswith("0"):
                raise NotChemistry(f"the number {number} in {text[:40]!r} counts nothing")
            for name, count in last.items():
                stack[-1][name] += count * (int(number) - 1)
            last = None
        elif opened:
            stack.append(Counter())
            last = None
        else:
            last = _counted(stack, element)
        if len(stack) > _DEEPEST or (closed and last is None):
            raise NotChemistry(f"brackets in {text[:40]!r}")
        place = token.end()
    if len(stack) != 1:
        raise NotChemistry(f"an open bracket in {text[:40]!r}")
    return stack[0]


def _counted(stack: list[Counter[str]], element: str | None) -> Counter[str]:
    """Add an element, or what stood in the bracket that closes, to what is around it; return what was added."""
    if element is None:
        if len(stack) == 1:
            raise NotChemistry("a bracket that was never opened")
        inner = stack.pop()
    else:
        if element not in _ELEMENTS:
            raise NotChemistry(f"{element!r} is no element")
        inner = Counter({element: 1})
    stack[-1].update(inner)
    return inner
