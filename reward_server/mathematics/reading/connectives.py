r"""What joins statements by a sign, and what quantifies them.

formula      = disjunction [ ("⟹" | "⟺" | "⟸") formula ]
disjunction  = conjunction { "∨" conjunction }
conjunction  = unary { "∧" unary }
unary        = "¬" unary | ("∀" | "∃") letter [ relation-sign set ] { "," … } [ ":" ] [ formula ] | relation

Between values and relations `∧` and `∨` are the "and" and "or" of a list (`x < 1 ∨ x > 3`); between letters and what is
built of them they are connectives. A quantifier behind what it is about (`f(x) > 0 ∀x`) is a condition of a list.
"""

from collections.abc import Callable
from operator import itemgetter

from reward_server.mathematics.reading.cursor import Cursor
from reward_server.mathematics.reading.lexer import ParseError, Token
from reward_server.mathematics.reading.names import subscript
from reward_server.mathematics.reading.vocabulary import GREEK
from reward_server.mathematics.tree.nodes import Apply, Connected, Expr, Listing, Product, Quantified, Relation, Symbol

ARROWS = frozenset({"=>", "<=>", "implied by"})
QUANTIFIERS = {"\\forall": "forall", "\\exists": "exists", "\\nexists": "exists"}
_NEGATIONS = frozenset({"\\neg", "\\lnot"})
_SETS = frozenset({"\\cup", "\\cap", "\\setminus", "\\backslash", "\\smallsetminus"})
_JOINING = frozenset({"land", "lor"})
_MAX_LETTERS = 8
Rule = Callable[[Cursor], Expr]


def with_implications(tokens: list[Token]) -> list[Token]:
    """Return the tokens with `→` as an implication where other signs of logic stand."""
    if ("relation", "->") not in map(itemgetter(0, 1), tokens):
        return tokens
    logical = any(
        (token.kind == "mark" and token.value in {"land", "lor"})
        or (token.kind == "command" and token.value in _NEGATIONS | QUANTIFIERS.keys())
        or (token.kind == "relation" and token.value in ARROWS)
        for token in tokens
    )
    if not logical:
        return tokens
    return [token._replace(value="=>") if token[:2] == ("relation", "->") else token for token in tokens]


def formula(cursor: Cursor, relation: Rule, side: Rule) -> Expr:
    """Parse statements joined by signs; `relation` and `side` are the rules for a statement and a side of one."""
    cursor.deeper()
    result = _unary(cursor, relation, side) if cursor.token.kind == "command" else relation(cursor)
    token = cursor.token
    if token.kind == "mark" and token.value in _JOINING:
        result = _joined(cursor, result, lambda: _unary(cursor, relation, side))
    if cursor.token.kind == "relation" and cursor.token.value in ARROWS:
        arrow = cursor.advance().value
        right = formula(cursor, relation, side)
        operands = (right, result) if arrow == "implied by" else (result, right)
        result = Connected("<=>" if arrow == "<=>" else "=>", operands)
    cursor.depth -= 1
    return result


def _joined(cursor: Cursor, first: Expr, unary: Callable[[], Expr]) -> Expr:
    """Parse the disjunction that begins with `first`."""
    first = _chain(cursor, "land", first, unary)
    return _chain(cursor, "lor", first, lambda: _chain(cursor, "land", unary(), unary))


def _chain(cursor: Cursor, sign: str, first: Expr, operand: Callable[[], Expr]) -> Expr:
    operands = [first]
    while cursor.take(sign):
        operands.append(operand())
    if len(operands) == 1:
        return operands[0]
    joins = any(isinstance(item, Connected | Quantified) for item in operands) or all(map(is_proposition, operands))
    if joins:
        return Connected("and" if sign == "land" else "or", tuple(operands))
    items = [part for item in operands for part in (item.items if isinstance(item, Listing) else (item,))]
    return Listing(tuple(items), "land" if sign == "land" else "or")


def is_proposition(node: Expr) -> bool:
    """Tell whether a node may only be true or false: a letter, `P(x)`, or what is joined of these."""
    if isinstance(node, Product):
        return all(isinstance(factor, Symbol | Apply) for factor in node.factors)
    return isinstance(node, Symbol | Apply | Connected | Quantified)


def _unary(cursor: Cursor, relation: Rule, side: Rule) -> Expr:
    token = cursor.token
    if token.kind == "command" and token.value in _NEGATIONS:
        cursor.deeper()
        cursor.advance()
        result: Expr = Connected("not", (_unary(cursor, relation, side),))
        cursor.depth -= 1
        return result
    if token.kind == "command" and token.value in QUANTIFIERS:
        return _quantified(cursor, relation, side)
    return relation(cursor)


def _quantified(cursor: Cursor, relation: Rule, side: Rule) -> Expr:
    """Parse a quantifier with its letters and, where one stands, the statement behind it."""
    sign = cursor.advance().value
    once = cursor.take("!")
    binding: list[Expr] = [_bound(cursor, side)]
    body: Expr | None = None
    while not _ends(cursor):
        comma = cursor.take(",", "quad")
        if not comma and not cursor.take(":", "|"):
            _such_that(cursor)
        if _ends(cursor):
            break
        item = formula(cursor, relation, side)
        if comma and len(binding) < _MAX_LETTERS and isinstance(binding[-1], Symbol) and _binds(item):
            binding.append(item)
            continue
        body = item
        break
    result: Expr = Quantified("exists!" if once else QUANTIFIERS[sign], tuple(binding), body)
    return Connected("not", (result,)) if sign == "\\nexists" else result


def _binds(item: Expr) -> bool:
    return isinstance(item, Symbol) or (isinstance(item, Relation) and item.operators == ("in",))


def _such_that(cursor: Cursor) -> None:
    if cursor.token.kind == "text" and cursor.token.value.strip(" ,.~").lower() in {"such that", "s.t", "", "with"}:
        cursor.advance()


def _ends(cursor: Cursor) -> bool:
    kind, value, _ = cursor.token
    if kind == "mark":
        return value in {")", "]", "}", "\\}", ")>", "&", "\\\\", ";", "land", "lor"}
    return kind in {"end", "relation"} or (kind == "command" and value == "\\end")


def _bound(cursor: Cursor, side: Rule) -> Expr:
    """Parse a letter behind a quantifier, with the set or bound it runs over."""
    token = cursor.token
    if token.kind == "word":
        if len(token.value) > 1:
            cursor.replace(token.value[1:])
        else:
            cursor.advance()
        name = token.value[0]
    elif token.kind == "command" and token.value[1:] in GREEK:
        name = cursor.advance().value[1:].removeprefix("var")
    else:
        raise ParseError("a quantifier without a letter")
    while cursor.is_mark("_", "'"):
        name += "_" + subscript(cursor) if cursor.advance().value == "_" else "'"
    if cursor.token.kind != "relation" or cursor.token.value in ARROWS:
        return Symbol(name)
    operator = cursor.advance().value
    start = cursor.index
    if operator == "in":
        bound = cursor.grammar.factor(cursor)
        if not (cursor.token.kind == "command" and cursor.token.value in _SETS):
            return Relation((Symbol(name), bound), (operator,))
        cursor.jump(start)
    cursor.in_set += 1  # the colon behind "> 0 :" is no ratio's
    bound = side(cursor)
    cursor.in_set -= 1
    return Relation((Symbol(name), bound), (operator,))
