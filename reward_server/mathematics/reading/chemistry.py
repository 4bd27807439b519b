r"""Chemical formulas as short answers: `\mathrm{H_2SO_4}`, `H2SO4`, `\ce{Fe^{3+}}` are the same spelling."""

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
    if not (marked or plainly) or (len(symbols) == 1 and not any(c.isdigit() for c in bare)):
        return None
    return Words(bare)
