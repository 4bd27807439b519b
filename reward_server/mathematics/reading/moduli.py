"""The modulus of a congruence, in whatever form it stands behind its last side."""

from reward_server.mathematics.reading.cursor import Cursor
from reward_server.mathematics.reading.expressions import expression, factor
from reward_server.mathematics.tree.nodes import Call, Expr


def modulus_behind(cursor: Cursor) -> Expr | None:
    r"""Parse `\pmod{n}` or `(mod n)` behind a congruence."""
    if cursor.take("pmod"):
        if cursor.take("{"):
            result = expression(cursor)
            cursor.expect("}")
            return result
        return factor(cursor)
    if cursor.is_mark("(") and cursor.peek().value in {"mod", "Mod"}:
        cursor.advance()
        cursor.advance()
        result = expression(cursor)
        cursor.expect(")")
        return result
    return None


def called_modulus(sides: list[Expr]) -> Expr | None:
    r"""Take the modulus of `x \equiv 2 \bmod 5` out of its last side; None where that is another call."""
    last = sides[-1]
    if not isinstance(last, Call) or last.name != "mod":
        return None
    sides[-1], modulus = last.arguments
    return modulus
