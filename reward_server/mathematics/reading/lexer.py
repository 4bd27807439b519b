r"""Text to tokens, in one linear pass.

A token is (kind, value, spaced): `spaced` tells whether white space or a spacing command stood before it. Kinds:

number   a numeral; the value is its spelling without grouping marks
word     a run of letters
command  a LaTeX command that is not one of the following, with its backslash
text     the content of `\text{…}` and its kin
upright  the content of `\mathrm{…}` and its kin
set      the content of `\mathbb{…}`
relation a relation sign, in the words of `nodes.Relation`
figure   the letters of an angle or a triangle, put in by `figures`
mark     one of the single signs ``+ - * / ^ _ ! ' % , ; : . | ( ) [ ] { } & $ # ? " ~ @`` or `\{ \} \\ quad`
end      the end of the text
"""

import re
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from reward_server.mathematics.reading.typesetting import closing_brace
from reward_server.mathematics.reading.vocabulary import (
    IGNORED,
    RELATIONS,
    TEXT_COMMANDS,
    UPRIGHT_COMMANDS,
    UPRIGHT_NAMES,
)

MAX_TOKENS = 800
"""More tokens than any answer has; a longer text is undecided."""
MAX_DIGITS = 4000
"""Digits in one numeral; longer ones are compared as strings only."""


class ParseError(Exception):
    """The text is not in the grammar, or beyond its bounds."""


class Token(NamedTuple):
    """One token; see the module's opening."""

    kind: str
    value: str
    spaced: bool


_token: Callable[[tuple[str, str, bool]], Token] = partial(tuple.__new__, Token)
"""A token from its parts, in half the time of the call by name."""
_TOKEN = re.compile(
    r"""
    (?P<word>[A-Za-z]++(?![^\W\d_])|[^\W\d_]+)
  | (?P<command>\\(?:[A-Za-z]+\*?|.|$))
  | (?P<integer>\d++(?![.'{\\eE]|[ ,]\d|,\\))
  | (?P<space>[\s~]+)
  | (?P<grouped>\d{1,3}(?:(?:\{,\}|,\\!\s*|\\,|\\!,|\{\\,\}|\\;|'(?=\d{3}))\d{3})+(?:\.\d+)?(?!\d))
  | (?P<thousands>[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?(?!\d))
  | (?P<dotted>(?!(?:1\d\d|2[0-5]\d)(?:\.(?!000)[0-2]\d\d)+(?<=\.0(?!00)\d\d)(?![\d.]))
    [1-9]\d{0,2}(?:\.\d{3}){2,}(?:,\d++(?![.,]?\d))?(?![\d.]))
  | (?P<spacedgroups>[1-9]\d{0,2}(?:\ \d{3})+(?:\.\d+)?(?![\d/]|\s*\d))
  | (?P<number>(?:\d+(?:\.(?!\.)\d*)?|\.\d+)(?:[eE][-+]?\d{1,6}(?![A-Za-z\d]))?)
  | (?P<dots>\.\.\.+)
  | (?P<relation><=|>=|!=|==|=>|->|<>|:=|[=<>])
  | (?P<power>\*\*)
  | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)
"""`integer`: digits behind which no longer numeral goes on. `dotted`: German thousands, with a comma before decimals,
but no address such as `192.168.001`."""
_SINGLE = {
    sign: (Token(kind, sign, False), Token(kind, sign, True))
    for kind, signs in (("mark", "()[]{}^_+,;|&/%-*"), ("relation", "="))
    for sign in signs
}
"""The tokens of signs, without and with white space before them."""
_LONGER = {"-": ">", "*": "*", "=": "=>"}
"""The signs of these that begin a longer one, with what stands behind them there."""
_DEPTHS = {"(": 1, "[": 1, "\\{": 1, "<(": 1, ")": -1, "]": -1, "\\}": -1, ")>": -1}
"""Brackets inside which a comma separates: `(1,100)` is a pair."""
_CONNECTOR = re.compile(r"\b(and|or)\b")
_NUMERALS = frozenset({"number", "grouped", "thousands", "dotted", "spacedgroups"})
_WITH_COMMAS = frozenset({"thousands", "dotted"})
_GROUPING = re.compile(r"[^\d.]")
_SEPARATORS = {"\\quad": "quad", "\\qquad": "quad", "\\\\": "\\\\", "\\newline": "\\\\", "\\cr": "\\\\", "\\{": "\\{",
               "\\}": "\\}", "\\lbrace": "\\{", "\\rbrace": "\\}", "\\%": "%", "\\|": "norm", "\\Vert": "norm",
               "\\lVert": "norm", "\\rVert": "norm", "\\vert": "|", "\\lvert": "|", "\\rvert": "|", "\\colon": ":",
               "\\_": "_", "\\&": "&", "\\#": "#", "\\lbrack": "[", "\\rbrack": "]", "\\lparen": "(", "\\rparen": ")",
               "\\$": "$", "\\times": "*", "\\cdot": "*", "\\ast": "*", "\\bullet": "*", "\\div": "/", "\\bmod": "mod",
               "\\mod": "mod", "\\pmod": "pmod", "\\land": "land", "\\wedge": "land", "\\lor": "lor", "\\vee": "lor",
               "\\langle": "<(", "\\rangle": ")>", "\\newcommand": "#", "\\prime": "'", "\\degree": "degree",
               "\\therefore": "=>", "\\slash": "/"}  # fmt: skip


def tokenize(text: str, *, thousands: bool = True) -> list[Token]:
    """Return the tokens of a text; `thousands` reads `1,234` as one number instead of two.

    Raises:
        ParseError: more than `MAX_TOKENS` tokens or a numeral of more than `MAX_DIGITS` digits.
    """
    tokens: list[Token] = []
    position, length, spaced, brackets = 0, len(text), False, 0
    match_at = _TOKEN.match
    while position < length and len(tokens) <= MAX_TOKENS:
        sign = text[position]
        single = _SINGLE.get(sign)
        if single is not None and (sign not in _LONGER or text[position + 1 : position + 2] not in _LONGER[sign]):
            tokens.append(single[spaced])
            brackets += _DEPTHS.get(sign, 0)
            position, spaced = position + 1, False
            continue
        if sign == " ":
            position, spaced = position + 1, True
            continue
        match = match_at(text, position)
        assert match is not None
        kind, value, position = match.lastgroup or "", match[0], match.end()
        if kind == "word":
            token = _token(("word", value, spaced))
        elif kind == "integer":
            token = _number(value, spaced)
        elif kind == "space":
            spaced = True
            continue
        elif kind == "command":
            command, position = _command(text, value, position, spaced)
            if command is None:
                spaced = spaced or not value[1:].isalpha()
                continue
            token = command
            brackets += _DEPTHS.get(token.value, 0)
            if token.kind == "text" and _CONNECTOR.search(token.value):
                tokens += [Token("text", part, spaced) for part in _CONNECTOR.split(token.value) if part.strip()]
                spaced = False
                continue
        elif kind in _NUMERALS:
            if kind != "number":
                if (kind in _WITH_COMMAS and brackets > 0) or (kind == "thousands" and not thousands):
                    value = value.split(",", 1)[0]
                    position = match.start() + len(value)
                value = _without_grouping(kind, value)
            token = _number(value, spaced)
        else:
            token = _sign(kind, value, spaced)
        tokens.append(token)
        spaced = False
    if len(tokens) > MAX_TOKENS:
        raise ParseError("too many tokens")
    tokens.append(_token(("end", "", spaced)))
    return tokens


def _without_grouping(kind: str, value: str) -> str:
    """Return a grouped numeral's digits; where points stand between thousands, a comma is the decimal mark."""
    return value.replace(".", "").replace(",", ".") if kind == "dotted" else _GROUPING.sub("", value)


def _sign(kind: str, value: str, spaced: bool) -> Token:
    if kind == "relation":
        return _token(("relation", RELATIONS[value], spaced))
    return Token("mark", "^" if kind == "power" else "dots" if kind == "dots" else value, spaced)


def _number(value: str, spaced: bool) -> Token:
    if len(value) > MAX_DIGITS:
        raise ParseError("too many digits")
    return _token(("number", value, spaced))


def _command(text: str, value: str, position: int, spaced: bool) -> tuple[Token | None, int]:
    """Sort a command; the content of text commands is taken over whole. None for a command without meaning."""
    if value in {"\\left", "\\right"} and text[position : position + 1] == ".":
        return None, position + 1
    if value in IGNORED or value == "\\" or value[1:].isspace():
        return None, position
    if value in TEXT_COMMANDS or value in UPRIGHT_COMMANDS:
        content, position = _argument(text, position)
        if content[:1] == "\\" and content[1:].isalpha() and value in UPRIGHT_COMMANDS:
            return _command(content, content, len(content), spaced)[0], position
        if value in {"\\mathbb", "\\Bbb"}:
            return Token("word" if content.strip() == "E" else "set", content.strip(), spaced), position
        if content.strip() in UPRIGHT_NAMES:
            return Token("command", "\\" + content.strip(), spaced), position
        return Token("text" if value in TEXT_COMMANDS else "upright", content, spaced), position
    if value in RELATIONS:
        return Token("relation", RELATIONS[value], spaced), position
    if value == "\\not":
        following = _TOKEN.match(text, position)
        if following and RELATIONS.get(following[0].strip()) in {"=", "in"}:
            negated = "!=" if RELATIONS[following[0]] == "=" else "notin"
            return Token("relation", negated, spaced), following.end()
        return Token("command", value, spaced), position
    if value in {"\\ldots", "\\dots", "\\cdots", "\\dotsc", "\\dotsb", "\\vdots", "\\ddots"}:
        return Token("mark", "dots", spaced), position
    if value.startswith(("\\quad", "\\qquad")) and value not in _SEPARATORS:
        length = 6 if value.startswith("\\qquad") else 5
        return Token("mark", "quad", spaced), position - len(value) + length
    if value == "\\times" and (
        text[: position - 6].endswith(("\\nabla", "\\nabla "))
        or (_VECTOR_BEHIND.match(text, position) and _VECTOR_BEFORE.search(text, 0, position - 6))
    ):
        return Token("mark", "cross", spaced), position
    mark = _SEPARATORS.get(value)
    if mark is not None:
        return _token(("relation" if mark == "=>" else "mark", mark, spaced)), position
    return _token(("command", value, spaced)), position


_VECTOR_BEFORE = re.compile(
    r"\\(?:vec|overrightarrow|mathbf|boldsymbol|bm)\s*(?:\{[^{}]{1,20}\}|\w)(?:_\w|_\{\w{1,8}\})?[\s)]{0,9}$"
)
_VECTOR_BEHIND = re.compile(r"(?:\\left|[\s(]|\d){0,9}\\(?:vec|overrightarrow|mathbf|boldsymbol|bm)(?![A-Za-z])")
"""Letters marked as vectors on both sides of `\\times`, which is a cross product there."""
_OPENING = re.compile(r"\s*\{")
_NAME = re.compile(r"\\[A-Za-z]+")


def _argument(text: str, position: int) -> tuple[str, int]:
    """Return the braced argument at `position`, or the one character or command there."""
    opening = _OPENING.match(text, position)
    if opening is None:
        stripped = position + (len(text[position:]) - len(text[position:].lstrip()))
        command = _NAME.match(text, stripped)
        return (command[0], command.end()) if command else (text[stripped : stripped + 1], stripped + 1)
    end = closing_brace(text, opening.end() - 1)
    return text[opening.end() : end], end + 1
