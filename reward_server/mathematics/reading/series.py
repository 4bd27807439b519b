"""Sums, products, integrals and limits: parsed with their bound variable, not evaluated here."""

from reward_server.mathematics.reading.cursor import Cursor
from reward_server.mathematics.reading.lexer import ParseError
from reward_server.mathematics.reading.names import one_character
from reward_server.mathematics.tree.nodes import Constant, Expr, Negation, Relation, Series, Symbol
from reward_server.mathematics.tree.walk import as_symbol


def _variable(node: Expr) -> str:
    if isinstance(node, Symbol):
        return node.name
    if isinstance(node, Constant) and node.name in {"i", "e"}:
        return node.name
    raise ParseError("a bound variable is not a symbol")


def _script(cursor: Cursor) -> Expr:
    if cursor.take("{"):
        result = cursor.grammar.statement(cursor)
        cursor.expect("}")
        return result
    if cursor.take("-"):
        return Negation(one_character(cursor))
    return one_character(cursor)


def _bounds(cursor: Cursor) -> tuple[Expr | None, Expr | None]:
    lower: Expr | None = None
    upper: Expr | None = None
    while cursor.is_mark("_", "^"):
        if cursor.advance().value == "_":
            lower = _script(cursor)
        else:
            upper = _script(cursor)
    return lower, upper


def repeated(cursor: Cursor, kind: str) -> Expr:
    """Parse a sum or product over an index; its body is the product that follows."""
    cursor.advance()
    cursor.deeper()
    lower, upper = _bounds(cursor)
    if not isinstance(lower, Relation) or lower.operators != ("=",):
        raise ParseError("a sum without a lower bound")
    body = cursor.grammar.term(cursor)
    cursor.depth -= 1
    name = _variable(lower.sides[0])
    return Series(kind, as_symbol(body, name) if name in {"i", "e"} else body, name, lower.sides[1], upper)


def limit(cursor: Cursor) -> Expr:
    """Parse a limit; its body is the product that follows."""
    cursor.advance()
    cursor.deeper()
    lower, _ = _bounds(cursor)
    if not isinstance(lower, Relation) or lower.operators != ("->",):
        raise ParseError("a limit without a point")
    body = cursor.grammar.term(cursor)
    cursor.depth -= 1
    return Series("limit", body, _variable(lower.sides[0]), lower.sides[1])


def integral(cursor: Cursor) -> Expr:
    """Parse an integral up to its differential."""
    cursor.advance()
    cursor.deeper()
    lower, upper = _bounds(cursor)
    cursor.integrals += 1
    before, cursor.differential = cursor.differential, ""
    body = cursor.grammar.expression(cursor)
    cursor.integrals -= 1
    inside, cursor.differential = cursor.differential, before
    token = cursor.token
    if inside:
        variable = inside
    elif token.kind in {"word", "upright"} and token.value[:1] == "d" and len(token.value) == 2:
        cursor.advance()
        variable = token.value[1]
    elif token.kind in {"word", "upright"} and token.value == "d":
        cursor.advance()
        variable = _variable(one_character(cursor))
    else:
        raise ParseError("an integral without a differential")
    cursor.depth -= 1
    return Series("integral", body, variable, lower, upper)
