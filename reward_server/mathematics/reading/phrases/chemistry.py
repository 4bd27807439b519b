r"""Chemical formulas and equations: `\mathrm{H_2SO_4}`, `H2SO4` and `\ce{H2SO4}` are the same spelling.

Of an equation the order of the substances on a side does not count; their coefficients, charges and states do.
"""

import re

from reward_server.mathematics.tree.nodes import Words

split = str.split


_ELEMENTS = frozenset(
    split(
        "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y "
        "Zr Nb "
        "Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir "
        "Pt Au "
        "Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu"
    )
)
_MARKED = re.compile(r"\\(?:mathrm|ce|text|rm|mathbf|textrm)\b")
_MARKUP = re.compile(r"\\(?:mathrm|ce|text|rm|mathbf|textrm|left|right|,|;|!)|[{}_^$\s~]")
_SHAPE = re.compile(r"(?:\d*\(?(?:[A-Z][a-z]?\d*)+\)?\d*)+(?:\d?[+-])?")
_CHARGE = re.compile(r"\^\{?\d?[+-]\}?$")
_SYMBOL = re.compile(r"[A-Z][a-z]?")
_MAX_LENGTH = 120


def formula(text: str) -> Words | None:
    """Return the one spelling of a chemical formula; None where a text is not clearly one.

    It is one when it is marked up as upright text or holds a two-letter element, and names at least two atoms.
    """
    if len(text) > _MAX_LENGTH or not _SYMBOL.search(text):
        return None
    bare = _MARKUP.sub("", text)
    if not _SHAPE.fullmatch(bare):
        return None
    symbols = _SYMBOL.findall(bare)
    if not all(symbol in _ELEMENTS for symbol in symbols):
        return None
    if not (bare[0].isalpha() or bare[0] == "("):
        return None
    if len(symbols) == 1 and "^" in text and "_" in text:
        return None
    marked = bool(_MARKED.search(text)) and (len(symbols) > 1 or any(c.isdigit() for c in bare) or len(symbols[0]) > 1)
    plainly = (
        len(symbols) > 1
        and any(c.isdigit() for c in bare)
        and "\\" not in text
        and "^" not in text
        and bare[0].isalpha()
    )
    charged = bool(_CHARGE.search(text)) and (len(symbols) > 1 or len(symbols[0]) > 1) and "\\" not in text
    if not (marked or plainly or charged) or (len(symbols) == 1 and not any(c.isdigit() for c in bare)):
        return None
    return Words(bare)


_ARROW = re.compile(
    r"\\(?:longrightarrow|rightarrow|to|rightleftharpoons|leftrightarrow|longleftrightarrow)(?![A-Za-z])"
    r"|<=>|<->|-+>|=+>?"
)
_SUBSTANCE = re.compile(r"(\d*)((?:\(?(?:[A-Z][a-z]?\d*)+\)?\d*)+(?:\d?[+-])?|e-)((?:\((?:s|l|g|aq)\))?)")
_UPRIGHT = re.compile(r"\\(?:ce|mathrm|text|rm|mathbf|textrm)\b")
_PLUS = re.compile(r"\s\+\s|(?<![\d^{])\+(?=[\s\dA-Z\\{])|(?<=\d)\+(?=\d*[A-Z\\ {])|(?<=[)}])\+")


def equation(text: str) -> Words | None:
    r"""Return the one spelling of a chemical equation such as `\ce{2H2 + O2 -> 2H2O}`; None for anything else."""
    if len(text) > 2 * _MAX_LENGTH or not ("\\" in text or ">" in text or "=" in text) or not _SYMBOL.search(text):
        return None
    marked = "\\ce" in text
    bare = _UPRIGHT.sub("", text)
    arrow = _ARROW.search(bare)
    if (
        arrow is None
        or _ARROW.search(bare, arrow.end())
        or (arrow[0] in {"=", "=="} and not marked and "+" not in text)
    ):
        return None
    sides = [_side(part) for part in (bare[: arrow.start()], bare[arrow.end() :])]
    if sides[0] is None or sides[1] is None:
        return None
    if not any(len(_SYMBOL.findall(name)) > 1 for side in sides if side for name in side):
        return None
    both_ways = "left" in arrow[0] or arrow[0] in {"<=>", "<->"}
    return Words(("<->" if both_ways else "->").join("+".join(side) for side in sides if side))


def _side(text: str) -> list[str] | None:
    """Return the substances of one side, sorted; None where one of them is none."""
    found: list[str] = []
    for piece in _PLUS.split(text.strip(" {}$")):
        match = _SUBSTANCE.fullmatch(_MARKUP.sub("", piece))
        if match is None or (match[2] != "e-" and not all(s in _ELEMENTS for s in _SYMBOL.findall(match[2]))):
            return None
        found.append("".join(match.groups()))
    return sorted(found) or None
