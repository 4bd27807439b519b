r"""What geometry names by its corners: `\angle ABC`, `\triangle ABC`, as one name whose letters keep what they say.

An angle is read from either end, its middle letter stays; a triangle is its corners in any order, but beside another
one in a similarity or congruence the order says which corner goes with which, so there all are reordered together.
Linear in the tokens.
"""

from reward_server.mathematics.reading.lexer import Token

_ANGLES = frozenset({"\\angle", "\\measuredangle"})
_TRIANGLES = frozenset({"\\triangle", "\\bigtriangleup", "\\Delta"})
_CORRESPONDENCES = frozenset({"similar", "congruent"})
_ENDS = frozenset({",", ";", "and", "or", "quad", "\\\\"})


def with_figures(tokens: list[Token]) -> list[Token]:
    """Return the tokens with the letters behind a sign for an angle or a triangle made one token, a `figure`."""
    result: list[Token] = []
    triangles: list[tuple[int, list[str]]] = []
    corresponding = False
    index = 0
    while index < len(tokens):
        token = tokens[index]
        index += 1
        if token.kind == "relation" and token.value in _CORRESPONDENCES:
            corresponding = True
        elif token.kind in {"text", "end"} or (token.kind == "mark" and token.value in _ENDS):
            _sort(result, triangles, together=corresponding)
            triangles, corresponding = [], False
        if token.kind == "command" and token.value in _ANGLES | _TRIANGLES:
            letters, behind = _letters(tokens, index)
            if len(letters) == 3 or (len(letters) == 2 and token.value != "\\Delta"):
                index = behind
                is_angle = token.value in _ANGLES
                if not is_angle:
                    token = token._replace(value="\\triangle")
                    triangles.append((len(result) + 1, letters))
                result += [token, Token("figure", "".join(_either_way(letters) if is_angle else letters), spaced=False)]
                continue
        result.append(token)
    return result


def _either_way(letters: list[str]) -> list[str]:
    return min(letters, letters[::-1])


def _letters(tokens: list[Token], start: int) -> tuple[list[str], int]:
    """Return the capitals from `start` on, each with its index and primes, and where they end."""
    index = start + (tokens[start].value == "{")
    letters: list[str] = []
    while tokens[index].kind == "word" and tokens[index].value.isupper() and tokens[index].value.isascii():
        letters += tokens[index].value
        index += 1
        while tokens[index].kind == "mark" and tokens[index].value in {"'", "_"}:
            if tokens[index].value == "_":
                if tokens[index + 1].kind != "number":
                    return [], start
                index += 1
            letters[-1] += tokens[index].value
            index += 1
    if tokens[start].value == "{":
        return (letters, index + 1) if tokens[index].value == "}" else ([], start)
    return letters, index


def _sort(result: list[Token], triangles: list[tuple[int, list[str]]], *, together: bool) -> None:
    """Sort the corners of triangles: each for itself, or all as the first in the alphabet needs it."""
    places = range(3)
    if together and triangles:
        first = min((letters for _, letters in triangles), key=sorted)
        places = sorted(range(len(first)), key=first.__getitem__)  # type: ignore[assignment]
    for index, letters in triangles:
        moved = sorted(letters) if not together else letters
        if together and len(letters) == len(places):
            moved = [letters[place] for place in places]
        result[index] = result[index]._replace(value="".join(moved))


__all__ = ["with_figures"]
