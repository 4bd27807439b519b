"""Units behind a value: which tokens ahead are a unit rather than factors of a product."""

from flint import fmpq

from reward_server.mathematics.reading.cursor import Cursor
from reward_server.mathematics.reading.lexer import Token
from reward_server.mathematics.reading.phrases.nouns import is_counted, says_what_is_measured
from reward_server.mathematics.reading.unit_table import CELSIUS, DEGREE, FAHRENHEIT, units
from reward_server.mathematics.reading.units import fraction_of_units, may_begin_unit, parse_unit, unknown_unit
from reward_server.mathematics.reading.vocabulary import SCALE_WORDS, SHORT_SCALES
from reward_server.mathematics.tree.nodes import (
    Constant,
    Expr,
    Measure,
    Number,
    Percent,
    Power,
    Product,
    Quotient,
    Root,
)
from reward_server.mathematics.tree.unit import Unit

CONNECTORS = frozenset(
    str.split("and or if for when where otherwise with else und oder either such whenever but 或 或者 且 и или")
)
"""Words that cannot begin a unit."""
SPACED = frozenset({"et", "ou"})
"""Words that join where a blank parts them from what is in front, and are factors elsewhere."""
_LONE_LETTERS = frozenset("m s g h L l N J W V A K C F T M H S B")
_UNIT_COMMANDS = frozenset({"\\mu", "\\Omega", "\\AA", "\\ohm", "\\micro", "\\degree"})
_CONSTANT_NAMES = frozenset({"pi", "e", "i"})
_NO_NOUNS = frozenset({"pi", "sin", "cos", "tan", "log", "exp", "sqrt", "mod"})
_BEHIND_NOUN = frozenset({",", ";", ".", ")", "^", "quad", "\\\\", "}"})
_MOST_MOLAR = 100
_BEHIND_SCALE = frozenset("+-,;)=")
_LETTERED = frozenset({"word", "text", "upright", "command"})
"""Tokens that may go on spelling the word in front of them."""
_MAX_TOKENS = 24


def degree_suffix(cursor: Cursor, *, consume: bool = False) -> Unit | None:
    r"""Recognise `^\circ`, `^{\circ}`, `^\circ C` and `°` at the cursor; step over it if `consume`."""
    start = cursor.index
    if cursor.take("degree"):
        pass
    elif cursor.take("^"):
        braced = cursor.take("{")
        letter_o = cursor.token.value == "o" and cursor.tokens[start - 1].kind == "number"
        if not letter_o and not (cursor.token.kind == "command" and cursor.token.value in {"\\circ", "\\degree"}):
            cursor.jump(start)
            return None
        cursor.advance()
        if braced and not cursor.take("}"):
            cursor.jump(start)
            return None
    else:
        return None
    unit = DEGREE
    letter = cursor.token.value.strip() if cursor.token.kind in {"word", "text", "upright"} else ""
    if letter in {"C", "F"}:
        unit = CELSIUS if letter == "C" else FAHRENHEIT
        cursor.advance()
    if not consume:
        cursor.jump(start)
    return unit


def scale_word(cursor: Cursor) -> Number | None:
    """Read "million" behind a number as the factor it is."""
    token = cursor.token
    if token.kind not in {"word", "text"}:
        return None
    before = cursor.peek(-1)
    attached = token.value in SHORT_SCALES and not token.spaced and before.kind == "number" and "." in before.value
    following = cursor.peek()
    if attached and (ends_here(following) or following.value in _BEHIND_SCALE):
        cursor.advance()
        return Number(fmpq(SHORT_SCALES[token.value]))
    first, _, rest = token.value.strip().partition(" ")
    scale = SCALE_WORDS.get(first.lower())
    if scale is None:
        return None
    if rest.strip():
        cursor.token = cursor.tokens[cursor.index] = token._replace(value=rest)
    else:
        cursor.advance()
    return Number(fmpq(scale))


def percent_word(cursor: Cursor) -> bool:
    """Step over "percent" behind a number."""
    token = cursor.token
    if token.kind in {"word", "text"} and token.value.strip().lower() in {
        "percent",
        "pct",
        "percents",
        "per cent",
        "percentage",
        "prozent",
        "percento",
        "процентов",
        "процента",
    }:
        cursor.advance()
        return True
    if token.value == "per" and cursor.peek().value == "cent":
        cursor.jump(cursor.index + 2)
        return True
    return False


def is_numeric(node: Expr) -> bool:
    """Tell whether a node is made of numerals and constants alone."""
    if isinstance(node, Number | Constant):
        return True
    if isinstance(node, Product):
        return all(map(is_numeric, node.factors))
    if isinstance(node, Quotient):
        return is_numeric(node.numerator) and is_numeric(node.denominator)
    if isinstance(node, Power):
        return is_numeric(node.base) and is_numeric(node.exponent)
    return isinstance(node, Root) and is_numeric(node.radicand)


def is_cross(cursor: Cursor) -> bool:
    """Tell whether the letter x between two numerals is a multiplication sign: spaced out, or before a power of ten."""
    before, following = cursor.peek(-1), cursor.peek()
    if before.kind != "number" and before.value not in {"}", ")"}:
        return False
    if following.kind != "number":
        return False
    if following.value == "10" and cursor.peek(2).value == "^":
        return True
    return cursor.token.spaced and following.spaced and before.kind == "number"


def unit_ahead(cursor: Cursor, value: Expr, *, consume: bool = True) -> Unit | None:
    """Return the unit that begins at the cursor and belongs to `value`, if there is one."""
    token = cursor.token
    kind = token.kind
    if kind == "end" or (kind == "mark" and token.value not in "^$"):
        return None
    if kind == "mark" or isinstance(value, Measure | Percent):
        return _degree_ahead(cursor, consume=consume)
    if kind == "command" and is_numeric(value) and (fraction := fraction_of_units(cursor.tokens, cursor.index)):
        cursor.jump(fraction[0] if consume else cursor.index)
        return fraction[1]
    if kind == "number" or (kind == "command" and token.value not in _UNIT_COMMANDS):
        return None
    if kind == "word" and not is_numeric(value):
        return None
    if cursor.integrals and token.value[:1] == "d" and len(token.value) <= 2:
        return None
    if kind == "word" and token.value in {"x", "X"} and cursor.peek().kind == "number":
        return None
    if kind == "command" and not is_numeric(value):
        return None
    if kind == "text" and (not token.value.strip() or token.value.split()[0].lower().strip(",.") in CONNECTORS):
        return None
    if kind == "word" and token.value.lower() in CONNECTORS:
        return None
    start = cursor.index
    unit = _longest(cursor, token, value)
    if not consume:
        cursor.jump(start)
    return unit


def _degree_ahead(cursor: Cursor, *, consume: bool) -> Unit | None:
    return degree_suffix(cursor, consume=consume) if cursor.is_mark("^") else None


def _longest(cursor: Cursor, first: Token, value: Expr) -> Unit | None:
    """Try the longest run of tokens that reads as a unit, then the first token alone as a noun."""
    following = cursor.peek()
    if following.value == "cross":
        return None
    is_whole = following.spaced or following.kind not in _LETTERED
    if first.kind == "word" and is_whole and not may_begin_unit(first.value):
        return _noun(cursor, first, value)
    start = cursor.index
    spelled: list[str] = []
    best: tuple[int, Unit] | None = None
    depth = 0
    while len(spelled) < _MAX_TOKENS and _may_continue(cursor):
        token = cursor.token
        if token.kind == "mark" and token.value in "{(":
            if token.value == "{" and spelled[-1:] != ["^"]:
                break
            depth += 1
        elif token.kind == "mark" and token.value in "})":
            if depth == 0:
                break
            depth -= 1
        elif token.kind == "mark" and token.value == "-" and spelled[-1:] not in (["^"], ["{"]) and len(spelled) < 2:
            break
        cursor.advance()
        spelled.append((" " if token.spaced else "") + token.value)
        if token.kind == "mark" and token.value in "^*/({":
            continue
        unit = parse_unit("".join(spelled).strip()) if depth == 0 else None
        if unit is not None and not (token.kind == "number" and cursor.is_mark("*", "/", "(")):
            best = (cursor.index, unit)
    cursor.jump(start)
    if best is not None and _is_plausible(cursor, first, best, value):
        cursor.jump(best[0])
        _measured_thing(cursor)
        return best[1]
    return _noun(cursor, first, value)


def _measured_thing(cursor: Cursor) -> None:
    """Step over words that say what a known unit measures: "5 cups of flour", "12 cm long"."""
    if cursor.token.kind not in {"word", "text"}:
        return
    start = cursor.index
    phrase = _words_ahead(cursor)
    if phrase and says_what_is_measured(phrase):
        cursor.ignored.append(phrase)
    else:
        cursor.jump(start)


def _may_continue(cursor: Cursor) -> bool:
    token = cursor.token
    if token.kind in {"word", "text", "upright"}:
        return token.value.lower().strip() not in CONNECTORS
    if token.kind == "command":
        return token.value in _UNIT_COMMANDS or token.value == "\\circ"
    if token.kind == "number":
        attached = not token.spaced or cursor.peek(-1).value in {"^", "{"}
        return token.value.isdigit() and len(token.value) <= 2 and attached
    return token.kind == "mark" and token.value in "^*/(){}-"


def _is_plausible(cursor: Cursor, first: Token, best: tuple[int, Unit], value: Expr) -> bool:
    """Keep letters that are more likely variables from being read as units."""
    if first.kind in {"text", "upright", "command"}:
        return True
    if best[0] == cursor.index + 1 and len(first.value) == 1:
        following = cursor.tokens[best[0]]
        if first.value not in _LONE_LETTERS or not first.spaced:
            return False
        if first.value == "M" and isinstance(value, Number) and abs(value.value) > _MOST_MOLAR:
            return False  # rather millions
        return ends_here(following) and not cursor.turned("letters_not_units")
    tail = cursor.tokens[best[0]]
    if tail.kind == "mark" and tail.value not in _BEHIND_NOUN:
        return False
    if first.value in units() and len(first.value) > 1:
        return first.value.lower() not in _CONSTANT_NAMES and not (
            len(first.value) == 2 and cursor.turned("letters_not_units")
        )
    return len(first.value) > 1 or ends_here(tail)


def _noun(cursor: Cursor, first: Token, value: Expr) -> Unit | None:
    """Read "red apples" as the unit they stand for, when nothing but a noun follows."""
    if first.kind == "word" and first.value.isascii() and (len(first.value) < 3 or first.value in _NO_NOUNS):
        return None
    start = cursor.index
    phrase = _words_ahead(cursor)
    if not phrase or not is_counted(phrase, single=is_one_or_part(value)):
        cursor.jump(start)
        return None
    if cursor.is_mark("^") and cursor.peek().value in {"2", "3"}:
        cursor.jump(cursor.index + 2)
    cursor.ignored.append(phrase)
    return parse_unit(phrase) or unknown_unit(phrase)


def _words_ahead(cursor: Cursor) -> str:
    """Step over the words ahead and return them; empty where something else than an end or a separator follows."""
    words: list[str] = []
    while cursor.token.kind in {"word", "text", "upright"} and cursor.token.value.strip().lower() not in CONNECTORS:
        words.append(cursor.advance().value.strip(" .,~()\\"))
    token = cursor.token
    ends = ends_here(token) or (token.kind == "mark" and token.value in _BEHIND_NOUN)
    return " ".join(" ".join(words).split()) if ends or token.kind in {"word", "text"} else ""


def ends_here(token: Token) -> bool:
    """Tell whether a text, group or environment ends at a token."""
    return token.kind == "end" or (token.kind == "mark" and token.value == "}") or token.value == "\\end"


def is_one_or_part(value: Expr) -> bool:
    """Tell whether a noun behind this number may stand in the singular."""
    return not isinstance(value, Number) or value.value.q != 1 or abs(value.value) <= 1
