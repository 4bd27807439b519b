r"""Statements: chains of relations, set expressions, ratios, and lists of them.

statement  = formula { ("," | ";" | "and" | "or" | "if" | quad | "\\") formula }      (formulas: `connectives`)
relation   = set { relation-sign set } [ "(mod" n ")" ]
set        = ratio { ("∪" | "∩" | "∖") ratio }
ratio      = expression { ":" expression }
"""

import re
from typing import Any

from reward_server.mathematics.reading.bracketed import opens_condition
from reward_server.mathematics.reading.building import as_set, without_taken
from reward_server.mathematics.reading.connectives import ARROWS, QUANTIFIERS, formula, with_implications
from reward_server.mathematics.reading.cursor import Cursor, Grammar, ReadsOn, Unread
from reward_server.mathematics.reading.expressions import expression, factor, term
from reward_server.mathematics.reading.figures import with_figures
from reward_server.mathematics.reading.lexer import ParseError, tokenize
from reward_server.mathematics.reading.measures import SPACED
from reward_server.mathematics.reading.moduli import called_modulus, modulus_behind
from reward_server.mathematics.reading.names import is_wordlike
from reward_server.mathematics.reading.vocabulary import TURNED
from reward_server.mathematics.tree.nodes import (
    Call,
    Expr,
    Group,
    Listing,
    Ratio,
    Relation,
    SetOf,
    SetOperation,
    Sum,
    Symbol,
)

_WORDED = frozenset({"text", "word", "command"})
_EXTREMES = {"min": "minimum", "max": "maximum", "sup": "supremum", "inf": "infimum",
             "minimum_value": "minimum", "maximum_value": "maximum"}  # fmt: skip
_AND = frozenset({"and", "&", "以及", "和", "且", "及", "y", "und", "与", "but", "et", "и"})
_OR = frozenset({"or", "或", "或者", "oder", "ou", "или"})
_CONDITIONS = frozenset(
    {"if", "for", "when", "where", "with", "for all", "for any", "for some", "for every", "其中", "当"}
)
_SEPARATORS = frozenset({",", ";", "quad", "\\\\"})
_NO_SEPARATORS = frozenset({"end", "number", "relation"})
_OPERATIONS = {
    "\\cup": "union",
    "\\cap": "intersection",
    "\\setminus": "difference",
    "\\backslash": "difference",
    "\\smallsetminus": "difference",
    "\\bigcup": "union",
    "\\bigcap": "intersection",
    "\\sqcup": "union",
}
_BEFORE_MODULUS = frozenset({"pmod", "("})
_MAX_ITEMS = 400
_LONG, _FIRST_WORDS = 100, 40
"""A text of letters longer than the one is refused, where that can be, for the words in so many characters."""
_BETWEEN_WORDS = re.compile(r"(?<=[A-Za-z]) (?=[A-Za-z])")
"""Where no token goes on, in a text without commands."""


def _separator(cursor: Cursor) -> str | None:
    """Step over a separator and return its word; None where none stands."""
    kind, value, _ = cursor.token
    if kind == "mark":
        if value in _SEPARATORS and not (cursor.cells and value in {"\\\\", "quad"}):
            cursor.advance()
            return ","
        return None
    if kind in {"word", "text"}:
        content = value.strip(" ,.:;~\\").lower()
        if content in SPACED and not cursor.token.spaced:
            return None
        if content in _AND and not (kind == "word" and content == "y"):
            cursor.advance()
            return "and"
        if content in _OR:
            cursor.advance()
            return "or"
        if content in _CONDITIONS or (kind == "text" and not content):
            cursor.advance()
            return "if" if content else ","
    if kind == "command" and value == "\\forall":
        cursor.advance()
        return "if"
    return None


def _separators(cursor: Cursor) -> str | None:
    """Step over all separators that stand together, such as ", and", and return the strongest word."""
    kind, value, _ = cursor.token
    if kind in _NO_SEPARATORS or (kind == "mark" and value not in _SEPARATORS):
        return None
    strongest: str | None = None
    commas = 0
    while True:
        commas += cursor.is_mark(",", ";")
        word = _separator(cursor)
        if word is None:
            return strongest
        if commas > 1:
            raise ParseError("an item is empty")
        strongest = word if word != "," or strongest is None else strongest


def statement(cursor: Cursor) -> Expr:
    """Parse a list of relations, or the one there is."""
    cursor.deeper()
    while (
        cursor.token.kind not in _NO_SEPARATORS
        and cursor.token.value not in QUANTIFIERS
        and (opening := _separator(cursor)) is not None
    ):
        if opening != ",":
            raise ParseError(f"{opening!r} joins nothing")
    items: list[Expr] = []
    words: set[str] = set()
    _add(formula(cursor, relation, set_expression), items, words)
    while True:
        word = _separators(cursor)
        sign = cursor.token.value
        if word is None and (sign in QUANTIFIERS or (sign == "(" and opens_condition(cursor))):
            word = ","
        if word is None:
            break
        if _ends(cursor):
            if word in {"and", "or"} and not cursor.is_mark("&", "\\\\"):
                raise ParseError(f"{word!r} joins nothing")
            break
        item = formula(cursor, relation, set_expression)
        if word == "if" and isinstance(item, Symbol):
            continue
        words.add(word)
        _add(item, items, words)
        if len(items) > _MAX_ITEMS:
            raise ParseError("too many items")
    cursor.depth -= 1
    if len(items) == 1:
        return items[0]
    return Listing(tuple(items), next((word for word in ("or", "land", "and") if word in words), ","))


def _add(item: Expr, items: list[Expr], words: set[str]) -> None:
    """Add an item to a list; what signs join within it are items of the same list."""
    if isinstance(item, Listing):
        words.add(item.word)
        items += item.items
    else:
        items.append(item)


def _ends(cursor: Cursor) -> bool:
    kind, value, _ = cursor.token
    if kind == "command":
        return value == "\\end"
    return kind == "end" or (kind == "mark" and value in {")", "]", "}", "\\}", ")>", "&", "\\\\"})


def relation(cursor: Cursor) -> Expr:
    """Parse a chain of relations; a relation sign in front of everything is dropped."""
    kind, value, _ = cursor.token
    if kind == "relation" and value in {"=", "~", "=>", "<=>"} and cursor.advance().value == "~":
        cursor.ignored.append("≈")
    worded = cursor.token.kind in _WORDED
    sides = [(_label(cursor) if worded else None) or set_expression(cursor)]
    operators: list[str] = []
    while cursor.token.kind == "relation":
        if cursor.token.value in ARROWS or (cursor.in_set and cursor.token.value == "divides"):
            break
        operators.append(cursor.advance().value)
        if cursor.token.kind == "relation" and operators[-1] == ":":
            operators[-1] = cursor.advance().value
        sides.append(set_expression(cursor))
    modulus = modulus_behind(cursor) if cursor.token.value in _BEFORE_MODULUS else None
    if modulus is None and operators and operators[-1] == "equiv" and isinstance(sides[-1], Call):
        modulus = called_modulus(sides)
    if modulus is not None:
        if operators and operators[-1] in {"equiv", "="}:
            return Relation((*sides, modulus), (*operators[:-1], "=mod"))
        sides[-1] = Call("mod", (sides[-1], modulus))
    if operators == ["="] and _is_remainder(sides[0]):
        return Relation((sides[0].arguments[0], sides[1], sides[0].arguments[1]), ("=mod",))  # type: ignore[union-attr]
    if not operators:
        return sides[0]
    if len(operators) == 1 and operators[0] in TURNED:
        return Relation((sides[1], sides[0]), (TURNED[operators[0]],))
    return Relation(tuple(sides), tuple("=" if operator == "equiv" else operator for operator in operators))


def _is_remainder(side: Expr) -> bool:
    """Tell whether a side is what an unknown leaves, `n mod 7`."""
    named = isinstance(side, Call) and side.name == "mod" and len(side.arguments) == 2
    return named and isinstance(side.arguments[0], Symbol)  # type: ignore[union-attr]


def _label(cursor: Cursor) -> Expr | None:
    r"""Read words in front of an equals sign as the name of what it gives: `\text{Area} = 12`."""
    token, following = cursor.token, cursor.peek()
    worded = token.kind == "text" or (
        token.kind in _WORDED and (is_wordlike(token.value) or token.value.strip("\\").lower() in _EXTREMES)
    )
    if not worded or following.kind != "relation" or following.value not in {"=", "~"} or not token.value.strip():
        return None
    cursor.advance()
    name = "_".join(token.value.strip("\\").lower().split())
    return Symbol(_EXTREMES.get(name, name))


def set_expression(cursor: Cursor) -> Expr:
    """Parse unions, intersections and differences of sets, left to right; `A - {2}` is a difference too."""
    result = ratio(cursor)
    taken: tuple[Expr, ...] = ()
    while True:
        if type(result) is Sum:
            result, taken = without_taken(result)
        for removed in taken:
            result = SetOperation("difference", (as_set(result), removed))
        token = cursor.token
        operator = _OPERATIONS.get(token.value) if token.kind == "command" else None
        if token.kind == "word" and token.value in {"U", "u"} and isinstance(result, Group | SetOf | SetOperation):
            operator = "union"
        if operator is None:
            return result
        cursor.advance()
        right, taken = without_taken(ratio(cursor))
        if isinstance(result, SetOperation) and result.operator == operator and operator != "difference":
            result = SetOperation(operator, (*result.arguments, right))
        else:
            result = SetOperation(operator, (as_set(result), as_set(right)))


def ratio(cursor: Cursor) -> Expr:
    """Parse `a : b : c`."""
    result = expression(cursor)
    if (
        cursor.token.value != ":"
        or cursor.token.kind != "mark"
        or cursor.in_set
        or cursor.peek().kind in {"relation", "end"}
    ):
        return result
    items = [result]
    while cursor.take(":"):
        items.append(expression(cursor))
    return Ratio(tuple(items))


GRAMMAR = Grammar(statement, expression, term, factor)


def _refuse_prose(text: str, switches: frozenset[str]) -> None:
    """Refuse a long text of words for its first ones, as far as those decide it, before the others are made tokens.

    Raises:
        ParseError: the first words are in no sentence of the grammar, whatever follows.
    """
    cut = _BETWEEN_WORDS.search(text, _FIRST_WORDS)
    if cut is None:
        return
    tokens: list[Any] = tokenize(text[: cut.start()])
    tokens[-1] = Unread()
    cursor = Cursor(tokens, switches, GRAMMAR)
    try:
        statement(cursor)
        if cursor.token.kind != "end":
            raise ParseError("words behind a formula")
    except ReadsOn:
        return


def parse_statement(text: str, switches: frozenset[str], ignored: list[str]) -> tuple[Expr, frozenset[str]]:
    """Parse a whole text; return its tree and the switches that had a say in it.

    Words that a rule stepped over are added to `ignored`.

    Raises:
        ParseError: the text is not in the grammar, or beyond its bounds.
    """
    if len(text) > _LONG and text[0].isalpha() and "\\" not in text:
        _refuse_prose(text, switches)
    tokens = tokenize(text, thousands="separate_thousands" not in switches)
    if "angle" in text or "Delta" in text:
        tokens = with_figures(tokens)
    if "\\" in text:
        tokens = with_implications(tokens)
    cursor = Cursor(tokens, switches, GRAMMAR)
    result = statement(cursor)
    if cursor.token.kind != "end":
        raise ParseError(f"unexpected {cursor.token.value[:20]!r}")
    ignored += cursor.ignored
    return result, frozenset(cursor.consulted)
