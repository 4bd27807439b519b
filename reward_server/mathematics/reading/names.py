"""Letters and names: which are functions, constants, unknown functions, symbols or products of letters."""

import re

from flint import fmpq

from reward_server.mathematics.reading.building import call, common_logarithm
from reward_server.mathematics.reading.cursor import Cursor
from reward_server.mathematics.reading.definitions import defines_function
from reward_server.mathematics.reading.lexer import ParseError
from reward_server.mathematics.reading.phrases.nouns import REFUSED_WORDS
from reward_server.mathematics.reading.vocabulary import FUNCTIONS, GREEK, OPERATORS, SHORT_FUNCTIONS
from reward_server.mathematics.tree.nodes import (
    Apply,
    Call,
    Constant,
    Expr,
    Group,
    Listing,
    Number,
    Power,
    Product,
    Quotient,
    Symbol,
)

_APPLIED = frozenset(["f", "g", "h", "F", "G", "H"])
_INFINITY = frozenset({"inf", "infty", "infinity", "Infinity", "oo", "INF"})
_OPERATORS = {"trace": "tr", "Var": "D"}
"""Operators under two names; `D(X)` is a variance too."""
_EXTREMES = frozenset({"max", "min"})
_PREFIXES = frozenset(name for name in FUNCTIONS if len(name) >= 2 and name not in SHORT_FUNCTIONS)
_TRIGONOMETRIC = frozenset(["sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth", "sech", "csch"])
_TEN, _TWO, _HALF = Number(fmpq(10)), Number(fmpq(2)), Number(fmpq(1, 2))
GLUED = re.compile(r"[xyztnmk](?:sin|cos|tan|log|ln)[xyztnmk]")
"""`xsinx`, `nlogn`."""
_VOWELS = frozenset("aeiou")


def word(cursor: Cursor, *, single: bool = False) -> Expr:
    """Parse what a run of letters begins with; the rest of the run stays for the next factor."""
    name = cursor.token.value
    if len(name) == 1:
        cursor.advance()
        return letter(cursor, name)
    before_parenthesis = cursor.peek().kind == "mark" and cursor.peek().value in {"(", "["}
    if name in FUNCTIONS and (name not in SHORT_FUNCTIONS or before_parenthesis):
        cursor.advance()
        return function(cursor, FUNCTIONS[name])
    if name in REFUSED_WORDS:
        raise ParseError(f"the word {name!r}")
    if name in OPERATORS and before_parenthesis:
        cursor.advance()
        return operator(cursor, name)
    if name in {"pi", "Pi"} or name in _INFINITY:
        cursor.advance()
        return Constant("pi" if name in {"pi", "Pi"} else "infinity")
    if name in GREEK:
        cursor.advance()
        return symbol(cursor, name)
    return _run(cursor, name, single=single)


def _run(cursor: Cursor, name: str, *, single: bool) -> Expr:
    """Split a run of letters that is no name: `sinx`, `2pir`, `xyz`."""
    for prefix in (name, name[:-1], name[:-2]):
        if prefix in _PREFIXES:
            cursor.replace(name[len(prefix) :])
            return function(cursor, FUNCTIONS[prefix])
    if name.startswith("pi") and len(name) <= 4:
        cursor.replace(name[2:])
        return Constant("pi")
    if GLUED.fullmatch(name):
        cursor.replace(name[1:])
        return Symbol(name[0])
    if is_wordlike(name) or _is_prose(cursor, name):
        raise ParseError(f"the word {name[:20]!r}")
    del single
    cursor.replace(name[1:])
    return letter(cursor, name[0], more=True)


def _is_prose(cursor: Cursor, name: str) -> bool:
    """Tell whether two runs of letters side by side are words of a sentence: one of them has a vowel and length."""
    following = cursor.peek()
    if following.kind != "word" or not following.spaced or following.value in FUNCTIONS or following.value in GREEK:
        return False
    return len(following.value) > 1 and max(len(name), len(following.value)) > 2 and bool(_VOWELS & set(name.lower()))


def is_wordlike(name: str) -> bool:
    """Tell a word of a language from letters multiplied: four letters or more, a vowel, not in alphabetical order."""
    if not name.isascii():
        return True
    return len(name) >= 4 and not name.isupper() and bool(_VOWELS & set(name.lower())) and list(name) != sorted(name)


def letter(cursor: Cursor, name: str, *, more: bool = False) -> Expr:
    """Return the constant, unknown function or symbol a letter stands for."""
    if name in {"e", "i"} and not cursor.is_mark("_"):
        return Constant(name)
    if more:
        return Symbol(name)
    return symbol(cursor, name)


def symbol(cursor: Cursor, name: str) -> Expr:
    """Parse the subscript and primes of a symbol, and its arguments if it is an unknown function."""
    if cursor.token.kind != "mark":
        return Symbol(name)
    if cursor.is_mark("_", "'"):
        name = _decorated(cursor, name)
    if cursor.is_mark("(") or (name in {"E", "D"} and cursor.is_mark("[")):
        if name == "C" and cursor.peek().kind == "number" and cursor.peek(2).value == ",":
            return Call("binomial", arguments(cursor))
        if name == "C" and cursor.turned("combinations"):
            chosen = arguments(cursor)
            if len(chosen) != 2:
                raise ParseError("combinations of other than two numbers")
            return Call("binomial", chosen)
        at_number = cursor.peek().kind == "number" and cursor.peek(2).value == ")" and not cursor.token.spaced
        applied = name[0] in _APPLIED and (len(name) == 1 or name[1] in "_'^")
        if at_number or applied or defines_function(cursor, name):
            return Apply(name, arguments(cursor))
    return Symbol(name)


def _decorated(cursor: Cursor, name: str) -> str:
    while True:
        if cursor.take("_"):
            name += "_" + subscript(cursor)
        elif cursor.take("'"):
            name += "'"
        else:
            return name


def subscript(cursor: Cursor) -> str:
    """Return the text of a subscript, without braces and spaces; the underscore is already taken."""
    if not cursor.take("{"):
        token = cursor.token
        if token.kind == "end":
            raise ParseError("an empty subscript")
        if len(token.value) > 1 and token.kind in {"word", "number"}:
            cursor.replace(token.value[1:])
            return token.value[0]
        cursor.advance()
        return token.value.strip(" \\{}")
    pieces: list[str] = []
    depth = 1
    while cursor.token.kind != "end":
        token = cursor.advance()
        if token.kind == "mark" and token.value in {"{", "}"}:
            depth += 1 if token.value == "{" else -1
            if depth == 0:
                break
            continue
        pieces.append(token.value.strip(" \\{}"))
    return "".join(pieces).replace(" ", "")


def operator(cursor: Cursor, name: str) -> Expr:
    """Parse the operand of a named operator such as the rank."""
    return Apply(_OPERATORS.get(name, name.lower()), _operands(cursor))


def named(cursor: Cursor, content: str) -> Expr | None:
    """Return the node of an upright name, stepping over it; None where it is not a name but mathematics."""
    if content in FUNCTIONS and content not in {"inf", "th"}:
        cursor.advance()
        return function(cursor, FUNCTIONS[content])
    if content in {"min", "sec"} and cursor.peek().value in {"(", "\\{"}:
        cursor.advance()
        return function(cursor, content)
    if content in _INFINITY:
        cursor.advance()
        return Constant("infinity")
    if content.isalpha() and content.isascii():
        cursor.advance()
        return letter(cursor, content) if len(content) == 1 else symbol(cursor, content)
    return None


def arguments(cursor: Cursor) -> tuple[Expr, ...]:
    """Parse a parenthesised list of arguments."""
    cursor.advance()
    inner = cursor.grammar.statement(cursor)
    if not cursor.take(")", "]", "}"):
        raise ParseError("a parenthesis is not closed")
    return inner.items if isinstance(inner, Listing) else (inner,)


def function(cursor: Cursor, name: str) -> Expr:
    """Parse the base, power and arguments behind a function's name."""
    if name in _EXTREMES:
        return _extreme(cursor, name)
    base = _base(cursor, name)
    exponent = _power(cursor)
    values = _operands(cursor)
    if exponent == Number(fmpq(-1)) and name in _TRIGONOMETRIC:
        return Call("arc" + name, values)
    result = call(name, values, base)
    if name == "log" and base is None and cursor.turned("common_logarithm"):
        result = common_logarithm(result)
    return result if exponent is None else Power(result, exponent)


def _extreme(cursor: Cursor, name: str) -> Expr:
    r"""Parse a greatest or least value: of several values, or of all that an expression takes, `\max_{x > 0} f(x)`."""
    over = f"_{subscript(cursor)}" if cursor.take("_") else ""
    values = _operands(cursor)
    if over or (len(values) == 1 and not isinstance(values[0], Number)):
        return Apply(name + over, values)
    return Call(name, values)


def _base(cursor: Cursor, name: str) -> Expr | None:
    if not cursor.is_mark("_"):
        return None
    cursor.advance()
    if name not in {"log", "lg", "ln"}:
        subscript(cursor)
        return None
    if cursor.is_mark("{", "("):
        return cursor.grammar.factor(cursor)
    return one_character(cursor)


def _power(cursor: Cursor) -> Expr | None:
    if not cursor.take("^"):
        return None
    if cursor.take("{"):
        exponent = cursor.grammar.expression(cursor)
        cursor.expect("}")
        return exponent
    negative = cursor.take("-")
    exponent = one_character(cursor)
    return Number(-exponent.value) if negative and isinstance(exponent, Number) else exponent


def one_character(cursor: Cursor) -> Expr:
    """Parse the argument of a command written without braces: one digit, letter or command."""
    token = cursor.token
    if token.kind == "number" and token.value.isdigit():
        if len(token.value) > 1:
            cursor.replace(token.value[1:])
        else:
            cursor.advance()
        return Number(fmpq(int(token.value[0])))
    if token.kind == "word":
        if len(token.value) > 1:
            cursor.replace(token.value[1:])
        else:
            cursor.advance()
        return letter(cursor, token.value[0], more=True)
    return cursor.grammar.factor(cursor)


def _operands(cursor: Cursor) -> tuple[Expr, ...]:
    """Parse a parenthesised list, or the factors juxtaposed behind the name up to the next function or operator."""
    token = cursor.token
    if token.kind == "mark" and token.value in {"(", "["}:
        return arguments(cursor)
    if token.kind == "mark" and token.value == "\\{":
        group = cursor.grammar.factor(cursor)
        return tuple(getattr(group, "items", (group,)))
    if token.kind == "mark" and token.value == "-":
        cursor.advance()
        return (Product((Number(fmpq(-1)), cursor.grammar.factor(cursor))),)
    result = cursor.grammar.factor(cursor)
    while _continues(cursor):
        result = Product((result, cursor.grammar.factor(cursor)))
    if cursor.is_mark("/") and not cursor.turned("function_slash") and _is_short_quotient(cursor, result):
        cursor.advance()
        result = Quotient(result, cursor.grammar.factor(cursor))
    if isinstance(result, Group):
        return result.items
    return (result,)


def _continues(cursor: Cursor) -> bool:
    kind, value, _ = cursor.token
    if kind == "word":
        if cursor.integrals and value[0] == "d":
            return False
        return value not in FUNCTIONS and not is_wordlike(value) and value.lower() not in {"and", "or", "if", "for"}
    if kind == "command":
        name = value[1:]
        return name in GREEK or name == "pi" or name in {"hbar", "ell", "frac", "dfrac", "tfrac", "sqrt"}
    return kind == "number"


def _is_short_quotient(cursor: Cursor, numerator: Expr) -> bool:
    """Tell whether `sin π/6` means the sine of the quotient: a constant over a numeral does."""
    has_pi = numerator == Constant("pi") or (isinstance(numerator, Product) and Constant("pi") in numerator.factors)
    return has_pi and cursor.peek().kind == "number"
