"""Sums, products, powers and what follows them: the operators of a scalar expression.

    sum      = ["+" | "-" | "±" | "∓"] term { ("+" | "-" | "±" | "∓") term }
    term     = factor { ("*" | "/" | nothing) factor }
    factor   = postfix [ "^" exponent ]
    postfix  = atom { "!" | "%" | "^∘" | "'" | unit }

Juxtaposition binds as tightly as `*`, except that letters written together behind a slash stay together: `B/kT` is
`B/(kT)`, while `1/2x` is `x/2` (each with the other as second reading).
"""

from collections.abc import Callable

from reward_server.mathematics.reading.angles import as_angle, with_minutes
from reward_server.mathematics.reading.atoms import atom, based, starts_atom
from reward_server.mathematics.reading.bracketed import is_written, opens_condition, primes_in_braces
from reward_server.mathematics.reading.building import is_derived, negate, order_ahead, ordered, power, times
from reward_server.mathematics.reading.cursor import Cursor
from reward_server.mathematics.reading.lexer import ParseError
from reward_server.mathematics.reading.measures import degree_suffix, is_cross, percent_word, scale_word, unit_ahead
from reward_server.mathematics.reading.names import subscript, symbol
from reward_server.mathematics.reading.unit_table import DEGREE
from reward_server.mathematics.tree.nodes import (
    Apply,
    Call,
    Constant,
    Derivative,
    Dots,
    Expr,
    Measure,
    Number,
    Percent,
    PlusMinus,
    Product,
    Quotient,
    Sum,
    Symbol,
)
from reward_server.mathematics.tree.walk import is_partial

_SIGNS = ("+", "-")
_ENDS = frozenset({"end", "relation"})
_UNSIGNED = frozenset({"number", "word"})
_WORDED = frozenset({"word", "text"})
_ENDING_MARKS = frozenset("+-),;]}&")
"""What ends every product, so that nothing else need be looked for."""
_SUFFIXES = frozenset({"!", "%", "degree", "'", "_"})
"""The marks that may follow an atom and belong to it."""
_BEHIND_DOTS = frozenset("(abcdpqrstuvwxyz")
"""What goes on a product behind its dots: a bracket or an indexed letter."""
_MAX_FACTORS = 120
"""Factors of one product; each division nests, so this bounds the depth of the tree too."""


def expression(cursor: Cursor) -> Expr:
    """Parse a sum."""
    cursor.deeper()
    terms = [term(cursor) if cursor.token.kind in _UNSIGNED else _signed_term(cursor)]
    while True:
        token = cursor.token
        if (token.kind == "mark" and token.value in _SIGNS) or (
            token.kind == "command" and token.value in {"\\pm", "\\mp"}
        ):
            terms.append(_signed_term(cursor))
        elif token.kind == "number" and isinstance(terms[-1], Measure) and len(terms) < 4:
            following = _signed_term(cursor)  # 2 hours 30 minutes, 45 degrees 30 minutes
            degrees = isinstance(terms[0], Measure) and terms[0].unit is DEGREE
            terms.append(as_angle(following) if degrees else following)
        else:
            break
    cursor.depth -= 1
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))


def _signed_term(cursor: Cursor) -> Expr:
    negative = False
    sign: str | None = None
    while True:
        token = cursor.token
        if token.kind == "mark" and token.value in _SIGNS:
            negative ^= token.value == "-"
            cursor.advance()
            if token.value == "+" and cursor.is_mark("/") and cursor.peek().value == "-":  # +/-
                cursor.advance()
                cursor.advance()
                sign = "\\pm"
        elif token.kind == "command" and token.value in {"\\pm", "\\mp"}:
            sign = token.value
            cursor.advance()
        else:
            break
    result = term(cursor)
    if sign is not None:
        return PlusMinus(result, flipped=(sign == "\\mp") != negative)
    return negate(result) if negative else result


def term(cursor: Cursor) -> Expr:
    """Parse a product."""
    result = factor(cursor)
    for _ in range(_MAX_FACTORS):
        token = cursor.token
        if token.kind in _ENDS or (token.kind == "mark" and token.value in _ENDING_MARKS):
            return result
        operation = _OPERATIONS.get(token.value) if token.kind == "mark" else None
        if operation is not None:
            cursor.advance()
            result = operation(cursor, result)
            continue
        if token.kind in _WORDED:
            if isinstance(result, Number) and percent_word(cursor):
                result = Percent(result)
                continue
            if token.value == "mod":
                cursor.advance()
                result = _OPERATIONS["mod"](cursor, result)
                continue
            scale = scale_word(cursor)
            if scale is not None:
                result = times(result, scale)
                continue
        unit = unit_ahead(cursor, result)
        if unit is not None:
            result = with_minutes(cursor, Measure(result, unit))
            continue
        if isinstance(result, Measure) and result.unit is DEGREE and token.kind == "word" and len(token.value) == 1:
            result = Product((result, factor(cursor)))  # 360° k
            continue
        if token.value == "dots" and isinstance(result, Product | Symbol) and cursor.peek().value in _BEHIND_DOTS:
            cursor.advance()
            result = times(result, Dots())
            continue
        if isinstance(result, Measure) or not starts_atom(cursor) or (token.value == "(" and opens_condition(cursor)):
            return result
        if token.kind == "word" and token.value in {"x", "X"} and is_cross(cursor):
            cursor.advance()
            result = times(result, _unary(cursor))
            continue
        order = order_ahead(cursor, result) if token.kind == "command" else None
        if order is not None:
            cursor.advance()
            result = ordered(order, result, factor(cursor))
            continue
        if token.kind == "number" and token.value == "10" and token.spaced and cursor.peek().value == "^":
            result = times(result, factor(cursor))  # 3.52 $10^{-19}$
            continue
        if token.kind == "number" and isinstance(result, Number):
            raise ParseError("two numbers side by side")
        result = times(result, factor(cursor))
    raise ParseError("too many factors")


def _crossed(cursor: Cursor, left: Expr) -> Expr:
    """Parse what stands behind the sign of a cross product; a number in front of it, as in `a × 2b`, goes outside."""
    right = _unary(cursor)
    if isinstance(right, Number) and starts_atom(cursor):
        left, right = times(right, left), factor(cursor)
    return ordered("cross", left, right)


def _unary(cursor: Cursor) -> Expr:
    """Parse a factor that may carry its own sign, as in `2 * -3`."""
    negative = False
    while cursor.is_mark("+", "-"):
        negative ^= cursor.advance().value == "-"
    result = factor(cursor)
    return negate(result) if negative else result


def _quotient(cursor: Cursor, numerator: Expr) -> Expr:
    denominator = _unary(cursor)
    tight = cursor.token.kind in {"word", "command"} and not cursor.token.spaced and starts_atom(cursor)
    if tight and not isinstance(denominator, Measure):
        numeric = isinstance(denominator, Number)
        if cursor.turned("tight_division") == numeric:
            while (
                cursor.token.kind in {"word", "command"}
                and starts_atom(cursor)
                and unit_ahead(cursor, denominator, consume=False) is None
            ):
                denominator = times(denominator, factor(cursor))
    return Quotient(numerator, denominator)


_OPERATIONS: dict[str, Callable[[Cursor, Expr], Expr]] = {
    "*": lambda cursor, left: times(left, _unary(cursor)),
    "/": _quotient,
    "cross": _crossed,
    "mod": lambda cursor, left: Call("mod", (left, _unary(cursor))),
}


def factor(cursor: Cursor) -> Expr:
    """Parse an atom with its powers and suffixes."""
    cursor.deeper()
    result = atom(cursor)
    if cursor.token.value in _SUFFIXES:
        result = _suffixes(cursor, result)
    while cursor.token.value == "^" and cursor.token.kind == "mark":
        if degree_suffix(cursor):
            result = with_minutes(cursor, Measure(result, degree_suffix(cursor, consume=True)))  # type: ignore[arg-type]
            continue
        cursor.advance()
        result = _raised(cursor, result)
        result = _suffixes(cursor, result)
    cursor.depth -= 1
    return result


def _raised(cursor: Cursor, base: Expr) -> Expr:
    """Parse an exponent; the caret is already taken."""
    cursor.deeper()
    result = _exponent(cursor, base)
    cursor.depth -= 1
    return result


def _exponent(cursor: Cursor, base: Expr) -> Expr:
    token = cursor.token
    if token.kind == "mark" and token.value == "{":
        inner = cursor.peek()
        if is_written(inner) and cursor.peek(2).value == "}" and isinstance(base, Symbol):
            _skip(cursor, 3)
            return Symbol(f"{base.name}^{inner.value.strip()}")
        if inner.kind == "text" and inner.value.strip().lower() in {"th", "st", "nd", "rd", "o"}:
            _skip(cursor, 3)
            return base
        if inner.kind == "mark" and inner.value in {"'", "*", "+"} and cursor.peek(2).value == "}":
            _skip(cursor, 3)
            return Symbol(base.name + inner.value) if isinstance(base, Symbol) else base
        if inner.value == "(" and cursor.peek(3).value == ")" and cursor.peek(4).value == "}" and is_derived(base):
            _skip(cursor, 5)
            order = cursor.tokens[cursor.index - 3].value
            above = "'" * int(order) if order in {"1", "2", "3"} else f"^({order})"
            return symbol(cursor, base.name + above)  # type: ignore[union-attr]
        primes = primes_in_braces(cursor)
        if primes and isinstance(base, Symbol):
            _skip(cursor, primes + 2)
            return symbol(cursor, base.name + "'" * primes)
        cursor.advance()
        exponent = expression(cursor)
        cursor.expect("}")
        return power(base, exponent)
    if token.kind == "text" and token.value.strip().lower() in {"th", "st", "nd", "rd"}:
        cursor.advance()
        return base
    if token.kind == "mark" and token.value in {"*", "'"}:
        cursor.advance()
        return Symbol(base.name + token.value) if isinstance(base, Symbol) else base
    negative = False
    while cursor.is_mark("-", "+"):
        negative ^= cursor.advance().value == "-"
    exponent = _suffixes(cursor, atom(cursor, single=True))
    if cursor.is_mark("^") and not degree_suffix(cursor):
        cursor.advance()
        exponent = _raised(cursor, exponent)
    return power(base, negate(exponent) if negative else exponent)


def _skip(cursor: Cursor, count: int) -> None:
    for _ in range(count):
        cursor.advance()


def _suffixes(cursor: Cursor, result: Expr) -> Expr:
    while True:
        token = cursor.token
        if token.kind != "mark":
            return result
        if token.value == "!" and not (cursor.peek().kind == "relation" and not cursor.peek().spaced and token.spaced):
            count = 0
            while cursor.take("!"):
                count += 1
            if count > 2:
                raise ParseError("more than a double factorial")
            result = Call("factorial" if count == 1 else "double_factorial", (result,))
        elif token.value == "%":
            cursor.advance()
            result = Percent(result)
        elif token.value in {"degree", "#"} and token.value == "degree":
            result = with_minutes(cursor, Measure(result, degree_suffix(cursor, consume=True)))  # type: ignore[arg-type]
        elif token.value == "'" and isinstance(result, Symbol | Call):
            cursor.advance()
            result = Symbol(result.name + "'") if isinstance(result, Symbol) else Call("prime", (result,))
        elif token.value == "_" and isinstance(result, Number) and result.value.q == 1:
            result = based(cursor, result)
        elif token.value == "_" and isinstance(result, Constant | Symbol):
            cursor.advance()
            result = Symbol(result.name + "_" + subscript(cursor))
        elif token.value == "_" and (isinstance(result, Derivative | Apply) or is_partial(result)):
            cursor.advance()
            result = Apply(f"held_{subscript(cursor)}", (result,))  # constant in a partial derivative
        else:
            return result
