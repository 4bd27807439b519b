"""What a family gives the values of: the unknown of `x = π/6 + kπ`, the left side of `2x ≡ 3 (mod 7)`.

Families of different subjects are different. Several unknowns that share a parameter, `x = 2k, y = 3k`, are one tuple.
"""

from reward_server.mathematics.comparing.sequences import are_numbered
from reward_server.mathematics.tree.nodes import Call, Expr, Group, Number, PlusMinus, Product, Relation, Sum, Symbol
from reward_server.mathematics.tree.walk import choose_signs, contains

RUNNING = "k'family"
"""The letter that counts the members of a residue class."""
Named = tuple[Expr | None, Expr]
"""A value with the name it was given, if any."""


def subject_of(values: list[Named], parameter: str) -> tuple[Expr | None, tuple[Expr, ...]] | None:
    """Return what the values are of, and the members they stand for; None where they are of no common subject."""
    names = list(dict.fromkeys(name for name, _ in values if name is not None))
    if len(names) <= 1 or are_numbered(names):
        name = _without_index(names[0], parameter if len(names) == 1 else "1") if names else None
        return name, tuple(member for _, value in values for member in both_signs(value))
    if len(names) != len(values) or any(contains(value, PlusMinus) for _, value in values):
        return None
    in_order = sorted(values, key=lambda pair: repr(pair[0]))
    subject = Group("(", tuple(name for name, _ in in_order if name is not None), ")")
    return subject, (Group("(", tuple(value for _, value in in_order), ")"),)


def _without_index(name: Expr, index: str) -> Expr:
    """Return the letter that is numbered by the parameter: `x_k = kπ` are values of x."""
    if isinstance(name, Symbol) and name.name.endswith(f"_{index}"):
        return Symbol(name.name.removesuffix(f"_{index}"))
    return name


def both_signs(node: Expr) -> list[Expr]:
    """Return both values of a ±, or the one there is."""
    return [choose_signs(node, plus=sign) for sign in (True, False)] if contains(node, PlusMinus) else [node]


def residues(items: tuple[Expr, ...]) -> tuple[Expr | None, tuple[Expr, ...]] | None:
    """Read `x ≡ a (mod n)` as a + n·k; a modulus at the end holds for the residues listed before it."""
    members: list[Expr] = []
    waiting: list[Expr] = []
    names: list[Expr] = []
    for item in items:
        modulus: Expr | None = None
        if isinstance(item, Relation) and item.operators in {("=mod",), ("=",)}:
            left, right = item.sides[:2]
            if isinstance(left, Number) and not isinstance(right, Number):
                left, right = right, left
            names.append(left)
            waiting += both_signs(right)
            modulus = item.sides[2] if item.operators == ("=mod",) else None
        elif isinstance(item, Call) and item.name == "mod" and len(item.arguments) == 2:
            waiting += both_signs(item.arguments[0])
            modulus = item.arguments[1]
        else:
            waiting += both_signs(item)
        if modulus is not None:
            members += [Sum((residue, Product((modulus, Symbol(RUNNING))))) for residue in waiting]
            waiting = []
    if not members or waiting or any(name != names[0] for name in names):
        return None
    return names[0] if names else None, tuple(members)


def lists_residues(items: tuple[Expr, ...]) -> bool:
    """Tell whether a list is `x ≡ 1, 6 (mod 7)`, whose modulus stands behind its last residue."""
    return len(items) > 1 and isinstance(items[-1], Call) and items[-1].name == "mod"
