r"""The parser's place in the tokens, its bounds, and the ambiguities it met.

Some notations have two honest readings (`a/bc`, `\sin x/2`, `5 m`). The parser takes the usual one and notes the
switch it consulted; a caller for whom the first reading does not fit may parse again with that switch turned.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from reward_server.mathematics.reading.lexer import ParseError, Token
from reward_server.mathematics.tree.nodes import Expr

MAX_DEPTH = 60
"""Nested brackets and operators; Python's own stack allows more than ten times that."""


class Grammar(NamedTuple):
    """The rules that call each other across modules; the cursor carries them, so that imports keep one direction."""

    statement: "Callable[[Cursor], Expr]"
    """What a whole answer or a bracket may hold."""
    expression: "Callable[[Cursor], Expr]"
    """A sum."""
    term: "Callable[[Cursor], Expr]"
    """A product."""
    factor: "Callable[[Cursor], Expr]"
    """An atom with its powers."""


class ReadsOn(Exception):  # noqa: N818 - named after what it tells
    """The grammar asks for what stands behind the tokens that are made."""


class Unread:
    """Stands for the tokens that are not made yet."""

    def _refuse(self, *_asked: object) -> Any:
        raise ReadsOn

    __getattr__ = __iter__ = __getitem__ = _refuse


class Cursor:
    """A position in a list of tokens."""

    __slots__ = (
        "bars", "cells", "consulted", "depth", "differential", "grammar", "ignored", "in_set", "index", "integrals",
        "switches", "token", "tokens", "unbarred",
    )  # fmt: skip

    def __init__(self, tokens: list[Token], switches: frozenset[str], grammar: Grammar) -> None:
        self.tokens = tokens
        self.index = 0
        self.token = tokens[0]
        self.depth = 0
        self.bars = 0
        """How many absolute values are open."""
        self.unbarred = 0
        """Above zero where `|` is "such that" and cannot open an absolute value."""
        self.in_set = 0
        """Above zero where `:` is "such that" and cannot make a ratio."""
        self.cells = 0
        """Above zero inside a matrix, where a line break ends a cell."""
        self.integrals = 0
        """How many integrals wait for their differential."""
        self.differential = ""
        """The variable of a differential that was met in a numerator: `dx/x`."""
        self.switches = switches
        self.consulted: set[str] = set()
        self.ignored: list[str] = []
        """Words that were stepped over by a rule."""
        self.grammar = grammar

    def replace(self, value: str) -> None:
        """Shorten the current token to the rest that is still to be read."""
        self.token = self.tokens[self.index] = self.token._replace(value=value, spaced=False)

    def advance(self) -> Token:
        """Return the current token and step over it."""
        token = self.token
        if token.kind != "end":
            self.index += 1
            self.token = self.tokens[self.index]
        return token

    def peek(self, offset: int = 1) -> Token:
        """Return the token `offset` places ahead; the end token where there is none."""
        index = self.index + offset
        return self.tokens[index] if index < len(self.tokens) else self.tokens[-1]

    def is_mark(self, *values: str) -> bool:
        """Tell whether the current token is one of these marks."""
        token = self.token
        return token.kind == "mark" and token.value in values

    def take(self, *values: str) -> bool:
        """Step over the current token if it is one of these marks."""
        if self.token.kind == "mark" and self.token.value in values:
            self.advance()
            return True
        return False

    def expect(self, value: str) -> None:
        """Step over this mark, which must come here."""
        if not self.take(value):
            raise ParseError(f"expected {value!r} before {self.token.value[:20]!r}")

    def jump(self, index: int) -> None:
        """Go back, or forward, to a position that was noted before."""
        self.index = index
        self.token = self.tokens[index]

    def deeper(self) -> None:
        """Count one more level of nesting; the caller counts it down again."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ParseError("nested too deeply")

    def turned(self, switch: str) -> bool:
        """Note that a switch was consulted and tell whether it is turned to the second reading."""
        self.consulted.add(switch)
        return switch in self.switches
