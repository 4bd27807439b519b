"""LaTeX commands inside expressions: fractions, roots, functions, letters, big operators, environments."""

from flint import fmpq

from reward_server.mathematics.reading.cursor import Cursor
from reward_server.mathematics.reading.groups import floor_or_ceiling, matrix
from reward_server.mathematics.reading.lexer import ParseError
from reward_server.mathematics.reading.names import function, is_wordlike, letter, one_character, operator, symbol
from reward_server.mathematics.reading.series import integral, limit, repeated
from reward_server.mathematics.reading.vocabulary import DECORATIONS, FUNCTIONS, GREEK, OPERATORS
from reward_server.mathematics.tree.nodes import (
    Call,
    Constant,
    Derivative,
    Expr,
    NamedSet,
    Number,
    Power,
    Product,
    Quotient,
    Root,
    SetOf,
    Symbol,
)

_TWO = Number(fmpq(2))
_DIFFERENTIALS = frozenset({"d", "partial"})
_REMARKED = frozenset({"text", "upright"})
_FRACTIONS = frozenset({"\\frac", "\\dfrac", "\\tfrac", "\\cfrac", "\\sfrac", "\\nicefrac"})
_BINOMIALS = frozenset({"\\binom", "\\dbinom", "\\tbinom"})
_EMPTY = frozenset({"\\emptyset", "\\varnothing", "\\O"})
_OPAQUE = frozenset(
    str.split(
        "hbar ell partial nabla angle triangle Box square circ star dagger aleph Re Im wp prime top bot ast "
        "infty ohm measuredangle odot oplus otimes arc forall exists neg complement copyright S P heartsuit "
        "bigtriangleup blacksquare diamond clubsuit spadesuit imath jmath mho hslash ominus"
    )
)
_STOPS = frozenset(
    str.split(
        "\\cup \\cap \\setminus \\backslash \\smallsetminus \\pm \\mp \\end \\choose \\rfloor \\rceil "
        "\\over \\bigcup \\bigcap \\forall \\exists \\atop \\hspace \\item \\sqcup \\tag \\not \\label"
    )
)
_INTEGRALS = frozenset({"\\int", "\\iint", "\\iiint", "\\oint"})
_DROPPED_DECORATIONS = frozenset(
    {"\\vec", "\\hat", "\\overrightarrow", "\\widehat", "\\underbrace", "\\overbrace", "\\underbar", "\\overleftarrow"}
)
_DIRECTED = frozenset({"\\vec", "\\overrightarrow"})
_ARCS = frozenset({"\\hat", "\\widehat", "\\overarc", "\\wideparen", "\\overparen"})


def starts_command(cursor: Cursor) -> bool:
    """Tell whether the command at the cursor begins an operand."""
    return cursor.token.value not in _STOPS


def command(cursor: Cursor) -> Expr:
    """Parse the operand that begins with the command at the cursor."""
    value = cursor.token.value
    name = value[1:].rstrip("*")
    if value in _FRACTIONS:
        cursor.advance()
        return _fraction(cursor)
    if value == "\\sqrt":
        cursor.advance()
        return _root(cursor)
    if name == "Gamma" and cursor.peek().value == "(":
        cursor.advance()
        return function(cursor, "gamma")
    if name in GREEK:
        cursor.advance()
        return symbol(cursor, name.removeprefix("var"))
    if name == "pi":
        cursor.advance()
        return Constant("pi")
    if name in {"infty", "infin"}:
        cursor.advance()
        return Constant("infinity")
    if value in _BINOMIALS:
        cursor.advance()
        return Call("binomial", (one_argument(cursor), one_argument(cursor)))
    if name in FUNCTIONS:
        cursor.advance()
        return function(cursor, FUNCTIONS[name])
    if name in OPERATORS:
        cursor.advance()
        return operator(cursor, name)
    if value in DECORATIONS:
        cursor.advance()
        return _decoration(cursor, value)
    return _rarer(cursor, value, name)


def _rarer(cursor: Cursor, value: str, name: str) -> Expr:
    if value in {"\\sum", "\\prod"}:
        return repeated(cursor, "sum" if value == "\\sum" else "product")
    if value in _INTEGRALS:
        return integral(cursor)
    if value == "\\lim":
        return limit(cursor)
    if value == "\\begin":
        return matrix(cursor)
    if value in {"\\lfloor", "\\lceil"}:
        return floor_or_ceiling(cursor)
    if value in _EMPTY:
        cursor.advance()
        return SetOf(())
    if name in {"Reals", "R", "Z", "N", "Q", "C"} and len(name) == 1:
        cursor.advance()
        return NamedSet(name)
    if value in _STOPS:
        raise ParseError(f"unexpected {value}")
    if name in {"imath", "jmath"}:
        cursor.advance()
        return letter(cursor, name[0])
    if name in _OPAQUE:
        cursor.advance()
        return symbol(cursor, "hbar" if name == "hslash" else name)
    return _unknown(cursor, name)


def _unknown(cursor: Cursor, name: str) -> Expr:
    r"""Split a command that swallowed a letter (`\cotx`, `\pir`); refuse what names nothing."""
    known = [prefix for prefix in (*FUNCTIONS, *GREEK, "pi") if len(prefix) >= 2 and name.startswith(prefix)]
    if not known:
        raise ParseError(f"unknown command {name[:20]!r}")
    prefix = max(known, key=len)
    rest = name[len(prefix) :]
    if len(rest) > 2 or is_wordlike(rest):
        raise ParseError(f"unknown command {name[:20]!r}")
    cursor.token = cursor.tokens[cursor.index] = cursor.token._replace(kind="word", value=rest)
    if prefix in FUNCTIONS:
        return function(cursor, FUNCTIONS[prefix])
    return Constant("pi") if prefix == "pi" else Symbol(prefix)


def one_argument(cursor: Cursor) -> Expr:
    """Parse the braced argument of a command, or the one digit or letter that stands for it."""
    if cursor.is_mark("{"):
        inner = cursor.peek()
        if inner.kind == "number" and cursor.peek(2).value == "}" and inner.value.isdigit():
            cursor.jump(cursor.index + 3)
            return Number(fmpq(int(inner.value)))
        cursor.advance()
        result = cursor.grammar.statement(cursor)
        cursor.expect("}")
        return result
    if cursor.token.kind in {"text", "upright"}:
        return cursor.grammar.factor(cursor)
    return one_character(cursor)


def _fraction(cursor: Cursor) -> Expr:
    """Parse both arguments; `d/dx` in front of an operand is a derivative."""
    start = cursor.index
    differential = _differential(cursor) if cursor.peek().value == "d" else None
    if differential is not None:
        return Derivative(cursor.grammar.term(cursor), differential)
    cursor.jump(start)
    if cursor.integrals and not cursor.differential:
        numerator = _with_differential(cursor)
        if numerator is not None:
            return Quotient(numerator, one_argument(cursor))
        cursor.jump(start)
    return _of_differentials(one_argument(cursor), one_argument(cursor))


def _of_differentials(above: Expr, below: Expr) -> Expr:
    r"""Return a quotient; the signs of `\frac{dy}{dx}` and `\frac{\partial f}{\partial x}` do not cancel."""
    if type(above) is Product and type(below) is Product:
        signs = [_sign_of(side.factors[0]) for side in (above, below)]
        if signs[0] is not None and signs[0] == signs[1]:
            return Quotient(_differential_of(above.factors), _differential_of(below.factors))
    return Quotient(above, below)


def _sign_of(node: Expr) -> str | None:
    """Return the sign of a differential, `d` or ∂, with or without its order."""
    node = node.base if isinstance(node, Power) else node
    return node.name if isinstance(node, Symbol) and node.name in _DIFFERENTIALS else None


def _order(exponent: Expr) -> str:
    return str(exponent.value) if isinstance(exponent, Number) else repr(exponent)


def _differential_of(factors: tuple[Expr, ...]) -> Expr:
    """Bind every sign of a differential to what stands behind it."""
    bound: list[Expr] = []
    waiting = ""
    for factor in factors:
        sign = _sign_of(factor)
        if sign is not None and not waiting:
            waiting = f"{sign}^{_order(factor.exponent)}" if isinstance(factor, Power) else sign
        elif waiting:
            base, exponent = (factor.base, factor.exponent) if isinstance(factor, Power) else (factor, None)
            name = Symbol(f"{waiting}.{base.name if isinstance(base, Symbol) else repr(base)}")
            bound.append(name if exponent is None else Power(name, exponent))
            waiting = ""
        else:
            bound.append(factor)
    if waiting:
        bound.append(Symbol(waiting))
    return bound[0] if len(bound) == 1 else Product(tuple(bound))


def _with_differential(cursor: Cursor) -> Expr | None:
    r"""Parse the numerator of `\frac{x\,dx}{…}` and note the variable; None where it does not end in a differential."""
    if not cursor.take("{"):
        return None
    bare = cursor.token.value[:1] == "d" and cursor.token.kind in {"word", "upright"}
    result: Expr = Number(fmpq(1)) if bare else cursor.grammar.term(cursor)
    token = cursor.token
    if token.kind not in {"word", "upright"} or token.value[:1] != "d":
        return None
    cursor.advance()
    variable = token.value[1:] or cursor.advance().value.strip("\\")
    if len(variable) > 8 or not variable.isalpha() or not cursor.take("}"):
        return None
    cursor.differential = variable
    return result


def _differential(cursor: Cursor) -> str | None:
    if not cursor.take("{"):
        return None
    if not (cursor.token.kind in {"word", "upright"} and cursor.token.value == "d" and cursor.peek().value == "}"):
        return None
    cursor.advance()
    cursor.advance()
    if not cursor.take("{"):
        return None
    token = cursor.advance()
    variable = token.value[1:] if token.kind == "word" and token.value[0] == "d" else ""
    if token.kind in {"word", "upright"} and token.value == "d":
        variable = cursor.advance().value.strip("\\")
    return variable if variable and len(variable) < 8 and cursor.take("}") else None


def _root(cursor: Cursor) -> Expr:
    index: Expr = _TWO
    if cursor.take("["):
        index = cursor.grammar.expression(cursor)
        cursor.expect("]")
    return Root(one_argument(cursor), index)


def _decoration(cursor: Cursor, value: str) -> Expr:
    r"""Parse `\vec{v}`, `\bar{x}`, `\overline{AB}`: a symbol named after its content."""
    if value in {"\\overset", "\\stackrel", "\\underset"}:
        start = cursor.index
        if cursor.take("{"):
            cursor.grammar.statement(cursor)
            cursor.expect("}")
        else:
            cursor.advance()
        beside = cursor.tokens[start : cursor.index]
        if any(token.kind in _REMARKED for token in beside):
            raise ParseError("words over or under a formula")
        cursor.ignored.append(value + "".join(token.value for token in beside))
        return one_argument(cursor)
    prefix = "" if value in _DROPPED_DECORATIONS else "bar." if value == "\\overline" else value[1:] + "."
    inner = one_argument(cursor)
    if isinstance(inner, Product) and all(isinstance(factor, Symbol) for factor in inner.factors):
        return symbol(cursor, prefix + _several(value, [factor.name for factor in inner.factors]))  # type: ignore[union-attr]
    return _with_subscript(cursor, inner, prefix)


def _several(value: str, letters: list[str]) -> str:
    """Return the one name of several letters under a decoration: an arrow has a direction, an arc two ends.

    Capitals under a bar are a segment; small letters there are digits, in their order.
    """
    if value == "\\overleftarrow":
        return "".join(reversed(letters))
    if value in _DIRECTED or (value in {"\\overline", "\\bar"} and not "".join(letters).isupper()):
        return "".join(letters)
    return "".join(min(letters, letters[::-1]) if value in _ARCS else sorted(letters))


def _with_subscript(cursor: Cursor, inner: Expr, prefix: str) -> Expr:
    if isinstance(inner, Symbol):
        return symbol(cursor, prefix + inner.name)
    if isinstance(inner, Constant):
        return inner if inner.name == "i" and not prefix else symbol(cursor, prefix + inner.name)
    if prefix in {"", "bar."}:
        return Call("conj", (inner,)) if prefix else inner
    raise ParseError("a decoration over an expression")


__all__ = ["command", "letter", "one_argument", "starts_command"]
