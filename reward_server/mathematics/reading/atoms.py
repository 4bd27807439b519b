"""Atoms: numerals, letters, names, bracketed parts; commands go to `latex`."""

from flint import fmpq, fmpz

from reward_server.mathematics.reading.cursor import Cursor
from reward_server.mathematics.reading.groups import braces, brackets, curly_set, vertical_bars
from reward_server.mathematics.reading.latex import command, starts_command
from reward_server.mathematics.reading.lexer import ParseError, tokenize
from reward_server.mathematics.reading.measures import CONNECTORS, SPACED
from reward_server.mathematics.reading.names import named, subscript, word
from reward_server.mathematics.reading.phrases.number_sets import SPELLED_SETS
from reward_server.mathematics.reading.unit_table import CURRENCIES
from reward_server.mathematics.tree.nodes import (
    BasedInteger,
    Dots,
    Expr,
    Measure,
    NamedSet,
    Number,
    Power,
    Product,
    Quotient,
    Symbol,
)

_MAX_EXPONENT = 3000
_OPENERS = frozenset(("(", "[", "{", "\\{", "<(", "$", "€", "£", "¥", "₹"))
_REPEATED = frozenset({"\\overline", "\\bar", "\\dot", "\\overset", "\\widebar"})
_UPRIGHT = frozenset({"text", "upright"})
"""What begins a fraction of units, which is no part of a mixed number."""
_FRACTIONS = frozenset({"\\frac", "\\dfrac", "\\tfrac", "\\cfrac", "\\sfrac", "\\nicefrac"})


def starts_atom(cursor: Cursor) -> bool:
    """Tell whether a factor may begin at the cursor without an operator before it."""
    kind, value, _ = cursor.token
    if kind == "number":
        return True
    if kind == "word":
        if cursor.integrals and value[0] == "d" and len(value) <= 2:
            return False
        if value in SPACED and cursor.token.spaced:
            return False
        return value.lower() not in CONNECTORS and not (value == "U" and cursor.peek().value in {"(", "[", "\\{"})
    if kind == "mark":
        if value in {"|", "norm"}:
            return cursor.bars == 0 and cursor.unbarred == 0
        if value == "[":
            following = cursor.peek()
            return following.kind not in {"end", "relation"} and following.value not in {"\\cup", "\\cap", ",", ";"}
        return value in _OPENERS
    if kind == "command":
        return starts_command(cursor)
    return kind in {"upright", "set", "figure"} and not (cursor.integrals and value == "d")


def atom(cursor: Cursor, *, single: bool = False) -> Expr:
    """Parse an atom; `single` takes one letter of a run of letters, as an exponent without braces does."""
    kind, value, _ = cursor.token
    if kind == "number":
        return numeral(cursor, mixed=not single)
    if kind == "word":
        return word(cursor, single=single)
    if kind == "command":
        return command(cursor)
    if kind == "mark":
        return _marked(cursor, value)
    if kind == "set":
        cursor.advance()
        return _named_set(cursor, value)
    if kind == "figure":
        return Symbol(cursor.advance().value)
    if kind in {"upright", "text"}:
        return _quoted(cursor, value, upright=kind == "upright")
    raise ParseError(f"an operand is missing before {value[:20]!r}")


def _marked(cursor: Cursor, value: str) -> Expr:
    if value in {"(", "[", "]", "<("}:
        return brackets(cursor)
    if value == "{":
        return braces(cursor)
    if value == "\\{":
        return curly_set(cursor)
    if value in {"|", "norm"}:
        return vertical_bars(cursor)
    if value == "dots":
        cursor.advance()
        return Dots()
    if value in CURRENCIES:
        cursor.advance()
        return Measure(cursor.grammar.factor(cursor), CURRENCIES[value])
    raise ParseError(f"unexpected {value!r}")


def numeral(cursor: Cursor, *, mixed: bool = True) -> Expr:
    """Parse a numeral with its repeating part and, if `mixed`, the fraction behind an integer."""
    text = cursor.advance().value
    following = cursor.token
    if "." in text and "e" not in text.lower():
        repeating = _repeating(cursor, text)
        if repeating is not None:
            return repeating
    text = text.removesuffix(".")
    number = to_number(text)
    if not isinstance(number, Number) or number.places is not None or not mixed:
        return number
    of_units = cursor.peek().value == "{" and cursor.peek(2).kind in _UPRIGHT
    if following.kind == "command" and following.value in _FRACTIONS and not of_units:
        fraction = command(cursor)
        part = _proper(fraction)
        if part is not None:
            return Number(number.value + part)
        return Product((number, fraction))
    if following.kind == "number" and following.spaced and following.value.isdigit() and cursor.peek().value == "/":
        denominator = cursor.peek(2)
        if (
            denominator.kind == "number"
            and denominator.value.isdigit()
            and 0 < int(following.value) < int(denominator.value)
        ):
            cursor.jump(cursor.index + 3)
            return Number(number.value + fmpq(int(following.value), int(denominator.value)))
    return number


def _proper(node: Expr) -> fmpq | None:
    """Return the value of a fraction of integers between 0 and 1."""
    if not isinstance(node, Quotient):
        return None
    top, bottom = node.numerator, node.denominator
    if not (isinstance(top, Number) and isinstance(bottom, Number)) or top.places is not None:
        return None
    return top.value / bottom.value if bottom.places is None and 0 < top.value < bottom.value else None


def to_number(text: str) -> Expr:
    """Return the numeral's exact value; beyond `_MAX_EXPONENT` it stays a product with a power of ten."""
    if text.isdigit():
        return Number(fmpq(fmpz(text)))
    mantissa, _, exponent_text = text.lower().partition("e")
    whole, point, decimals = mantissa.partition(".")
    value = fmpq(fmpz(whole + decimals or "0"), fmpz(10) ** len(decimals)) if decimals else fmpq(fmpz(whole or "0"))
    if not exponent_text:
        return Number(value, len(decimals) if point and decimals else None)
    exponent = int(exponent_text)
    if abs(exponent) > _MAX_EXPONENT:
        return Product((Number(value, len(decimals)), Power(Number(fmpq(10)), Number(fmpq(exponent)))))
    return Number(value * fmpq(10) ** exponent, len(decimals) - exponent if point else -exponent if exponent else None)


def _repeating(cursor: Cursor, text: str) -> Expr | None:
    r"""Parse the repeating part of `0.1\overline{6}`, `0.\dot{1}2\dot{3}`, `0.(3)` and `0.333…`."""
    whole, _, fixed = text.partition(".")
    token = cursor.token
    period = ""
    if token.kind == "command" and token.value in _REPEATED:
        period = _raised_digits(cursor)
    elif token.kind == "mark" and token.value == "(" and not token.spaced and cursor.peek().kind == "number":
        if cursor.peek(2).value == ")" and cursor.peek().value.isdigit():
            period = cursor.peek().value
            cursor.jump(cursor.index + 3)
    elif token.kind == "mark" and token.value == "dots" and len(fixed) >= 3:
        period = _visible_period(fixed)
        if not period:
            return None
        cursor.advance()
        fixed = fixed[: len(fixed) % len(period)] if len(set(fixed)) > 1 else ""
    if not period:
        return None
    scale = fmpz(10) ** len(fixed)
    value = fmpq(fmpz((whole or "0") + fixed), scale) + fmpq(fmpz(period), scale * (fmpz(10) ** len(period) - 1))
    return Number(value)


def _visible_period(decimals: str) -> str:
    """Return the block a decimal repeats before its dots: at least three times one digit or twice a longer block."""
    if len(set(decimals)) == 1:
        return decimals[0]
    for length in range(2, len(decimals) // 2 + 1):
        block = decimals[-length:]
        if decimals.endswith(block * 2) and (block * (len(decimals) // length + 1)).endswith(decimals):
            return block
    return ""


def _raised_digits(cursor: Cursor) -> str:
    """Return the digits under a bar, or between two dots."""
    digits = ""
    for _ in range(2):
        if cursor.token.kind != "command" or cursor.token.value not in _REPEATED:
            break
        cursor.advance()
        if cursor.take("{"):
            while cursor.token.kind != "end" and not cursor.is_mark("}"):
                digits += cursor.advance().value
            cursor.expect("}")
        else:
            digits += cursor.advance().value
        if cursor.token.kind == "number" and cursor.peek().value == "\\dot":
            digits += cursor.advance().value
    if not digits.isdigit():
        raise ParseError("a repeating part holds something else than digits")
    return digits


def _named_set(cursor: Cursor, name: str) -> Expr:
    above = below = ""
    while cursor.is_mark("^", "_"):
        if cursor.advance().value == "_":
            below += subscript(cursor)
            continue
        braced = cursor.take("{")
        above += cursor.advance().value
        if braced:
            cursor.expect("}")
        if not (above in {"+", "-", "*"} or above.isdigit()):
            raise ParseError("not a known set")
    spelled = name + above + below
    return NamedSet(SPELLED_SETS.get(spelled, spelled))


def _quoted(cursor: Cursor, value: str, *, upright: bool) -> Expr:
    r"""Parse the content of `\text` or `\mathrm` as what it spells: a name, or a piece of mathematics of its own."""
    content = value.strip(" ~\\")
    if upright:
        found = named(cursor, content)
        if found is not None:
            return found
    cursor.advance()
    if not content or len(content) > 200:
        raise ParseError("empty or long text inside mathematics")
    inner = Cursor(tokenize(content), cursor.switches, cursor.grammar)
    inner.depth = cursor.depth + 1
    if any(token.kind == "word" and len(token.value) > 3 for token in inner.tokens):
        raise ParseError("words inside mathematics")
    result = cursor.grammar.statement(inner)
    if inner.token.kind != "end":
        raise ParseError("words inside mathematics")
    return result


def based(cursor: Cursor, digits: Number) -> Expr:
    """Parse the base under an integer: `52_8`, `1101_{two}`, `52_{(8)}`."""
    cursor.advance()
    name = subscript(cursor).strip("()")
    words = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
    base = words.get(name) or (int(name) if name.isdigit() and len(name) <= 2 else 0)
    text = str(digits.value.p)
    if not 2 <= base <= 36 or any(int(c, 36) >= base for c in text.lstrip("-")):
        raise ParseError("not a numeral in a base")
    return BasedInteger(text, base)
