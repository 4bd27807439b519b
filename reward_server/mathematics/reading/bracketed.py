r"""A condition in brackets behind what it is about: `x = 2k\pi (k \in \mathbb{Z})`, `a_n = 2n - 1 \ (n \ge 2)`.

It is no factor of a product. Its letter stands in front of the brackets too, so that `P(X > 2)` is none.
"""

from reward_server.mathematics.reading.cursor import Cursor
from reward_server.mathematics.reading.lexer import Token
from reward_server.mathematics.reading.vocabulary import GREEK

_SIGNS = frozenset({"in", "notin", "<", "<=", ">", ">=", "!="})
_OPENING, _CLOSING = frozenset({"(", "[", "{", "\\{"}), frozenset({")", "]", "}", "\\}"})
_BEHIND = frozenset({",", ";", "quad", "\\\\", ")", "]", "}", "\\}", "&"})
_MODULUS = frozenset({"mod", "Mod"})
_LONGEST = 40
"""Tokens of a condition."""


def opens_condition(cursor: Cursor) -> bool:
    """Tell whether the bracket that comes here holds a condition on a letter in front of it, and ends what is said.

    The modulus of a congruence stands in such brackets too.
    """
    name, sign = cursor.peek(), cursor.peek(2)
    if name.value in _MODULUS:
        return True
    if sign.kind != "relation" or sign.value not in _SIGNS:
        return False
    letter = name.kind == "word" and len(name.value) == 1
    if not letter and not (name.kind == "command" and name.value[1:] in GREEK):
        return False
    tokens = cursor.tokens
    if not any(
        token.value == name.value or (letter and token.kind == "word" and name.value in token.value)
        for token in tokens[: cursor.index]
    ):
        return False
    depth = 0
    for index in range(cursor.index, min(len(tokens), cursor.index + _LONGEST)):
        kind, value, _ = tokens[index]
        if kind != "mark":
            if kind == "end":
                return False
            continue
        depth += (value in _OPENING) - (value in _CLOSING)
        if depth == 0:
            behind = tokens[index + 1]
            return behind.kind == "end" or (behind.kind == "mark" and behind.value in _BEHIND)
    return False


def primes_in_braces(cursor: Cursor) -> int:
    """Return how many primes, and nothing else, stand in the braces that come here."""
    count = 0
    while cursor.peek(count + 1).value == "'":
        count += 1
    return count if cursor.peek(count + 1).value == "}" else 0


def is_written(token: Token) -> bool:
    """Tell whether an exponent is words, which are a part of a name; an upright T is the sign of a transposed."""
    return token.kind in {"text", "upright"} and token.value.strip() != "T"
