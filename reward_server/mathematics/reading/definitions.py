"""Functions by other letters than f, g and h: `x(t) = 3e^t` says what a function is, `x(t) = 6` may be a product."""

from reward_server.mathematics.reading.cursor import Cursor
from reward_server.mathematics.reading.lexer import Token
from reward_server.mathematics.reading.vocabulary import FUNCTIONS, GREEK

_OPENS = frozenset({",", ";", "quad", "\\\\", "(", "and", "or"})
_ENDS = frozenset({",", ";", "quad", "\\\\"})


def defines_function(cursor: Cursor, name: str) -> bool:
    """Tell whether the bracket at the cursor holds a function's argument.

    It does where it holds one letter, the name opens an equation, and the other side depends on that letter and not on
    the name. E and D before X, Y or Z are moments.
    """
    argument, closing, sign = cursor.peek(), cursor.peek(2), cursor.peek(3)
    if name in {"E", "D"} and argument.value[:1] in {"X", "Y", "Z"}:
        return True
    if closing.value != ")" or sign.kind != "relation" or sign.value not in {"=", "~"} or cursor.token.spaced:
        return False
    if cursor.index > 1 and cursor.tokens[cursor.index - 2].value not in _OPENS:
        return False
    variable = _letters(argument)
    if len(variable) != 1 or (argument.kind == "word" and not argument.value.islower()):
        return False
    used: set[str] = set()
    for token in cursor.tokens[cursor.index + 4 :]:
        if token.kind == "mark" and token.value in _ENDS:
            break
        used |= _letters(token)
    return variable <= used and name not in used


def _letters(token: Token) -> set[str]:
    """Return the letters a token stands for."""
    if token.kind == "word":
        return set() if token.value in FUNCTIONS else {token.value} if token.value in GREEK else set(token.value)
    return {token.value[1:]} if token.kind == "command" and token.value[1:] in GREEK else set()
