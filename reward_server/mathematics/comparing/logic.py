"""Statements joined by connectives or quantified: the same where the same rows of the truth table make them true.

What holds no connective (`p`, `x > 1`, `∀x P(x)`) is a letter of the table; equal ones are one letter. Two quantified
statements need the same quantifier over the same letters, which may be called otherwise, and the same body. What holds
always, or never, would be the same as all else that does: such statements need the same letters, such inequalities
(`x² ≥ 0`) the same form.
"""

from collections.abc import Callable

from reward_server.mathematics.comparing.identity import NODE_BUDGET, Finding
from reward_server.mathematics.comparing.sequences import every
from reward_server.mathematics.comparing.solutions.parameters import ORDERINGS
from reward_server.mathematics.comparing.solutions.realsets import NotARealSet
from reward_server.mathematics.comparing.solutions.relations import compare_inequalities
from reward_server.mathematics.comparing.solutions.sets import unnamed
from reward_server.mathematics.comparing.solutions.solving import real_set
from reward_server.mathematics.reading.connectives import is_proposition
from reward_server.mathematics.tree.nodes import Connected, Expr, Listing, Quantified, Relation, Symbol
from reward_server.mathematics.tree.walk import free_symbols, substitute
from reward_server.mathematics.values.balls import Budget

Compare = Callable[[Expr, Expr], Finding]
_MAX_LETTERS = 8
_APART = "'bound"
"""What is put behind the letters that an answer binds: no letter that is read ends so."""
_DUAL = {"forall": "exists", "exists": "forall"}


def is_logical(node: Expr) -> bool:
    """Tell whether a node is joined by a connective, or quantified."""
    return isinstance(node, Connected | Quantified)


def compare_logic(truth: Expr, answer: Expr, compare: Compare) -> Finding:
    """Compare two statements of which one is logical at least."""
    truth, answer, compare = _normal(truth), _normal(answer), _by_form_where_settled(compare)
    if isinstance(truth, Quantified) and isinstance(answer, Quantified):
        return _quantified(truth, answer, compare)
    for one, other in ((truth, answer), (answer, truth)):
        if isinstance(one, Quantified) and not isinstance(other, Connected):
            plain = _without_quantifier(one, other)
            if plain is None:
                return Finding(False, "quantifier", {"witness": one.quantifier})
            return compare(plain, other) if one is truth else compare(other, plain)
    return _by_truth_table(truth, answer, compare)


def _by_form_where_settled(compare: Compare) -> Compare:
    """Return a comparison that tells inequalities apart which hold for every number, or for none."""

    def compared(truth: Expr, answer: Expr) -> Finding:
        found = compare(truth, answer)
        if not (found.equal and isinstance(truth, Relation) and isinstance(answer, Relation) and _is_settled(truth)):
            return found
        if truth.operators == answer.operators == ("!=",):
            form = compare(Relation(truth.sides, ("=",)), Relation(answer.sides, ("=",))).equal
        elif {*truth.operators, *answer.operators} <= ORDERINGS:
            form = compare_inequalities(truth, answer, Budget(NODE_BUDGET)).equal
        else:
            form = False
        return found if form else Finding(False, "inequality", {"witness": "both hold always, or never"})

    return compared


def _is_settled(node: Relation) -> bool:
    """Tell whether an inequality is one of every number or of none."""
    if not set(node.operators) <= ORDERINGS | {"!="}:
        return False
    try:
        return not real_set(unnamed(node)).ends
    except NotARealSet:
        return False


def _normal(node: Expr) -> Expr:
    """Write letters joined by words or arrows with connectives, and "not" behind the quantifiers in front of it."""
    if isinstance(node, Listing) and node.word in {"and", "land", "or"} and all(map(is_proposition, node.items)):
        return Connected("or" if node.word == "or" else "and", tuple(map(_normal, node.items)))
    if isinstance(node, Relation) and node.operators == ("->",) and all(map(is_proposition, node.sides)):
        return Connected("=>", tuple(map(_normal, node.sides)))
    if not isinstance(node, Connected):
        return node
    if node.operator == "not":
        inner = _normal(node.operands[0])
        if isinstance(inner, Quantified) and inner.quantifier in _DUAL and inner.body is not None:
            negated = _normal(Connected("not", (inner.body,)))
            return Quantified(_DUAL[inner.quantifier], inner.binding, negated)
    return Connected(node.operator, tuple(map(_normal, node.operands)))


def _quantified(truth: Quantified, answer: Quantified, compare: Compare) -> Finding:
    if truth.quantifier != answer.quantifier:
        return Finding(False, "quantifier", {"witness": [truth.quantifier, answer.quantifier]})
    if len(truth.binding) != len(answer.binding) or (truth.body is None) != (answer.body is None):
        return Finding(False, "quantifier", {"witness": "one binds or says more"})
    apart = answer if _letter(answer.binding[0]).endswith(_APART) else _apart(answer, {})
    assert isinstance(apart, Quantified)
    answer = apart
    names = [[_letter(item) for item in node.binding] for node in (truth, answer)]
    if free_symbols(answer) & set(names[0]):
        return Finding(False, "quantifier", {"witness": "a letter that one binds is free in the other"})
    answer = _renamed(answer, {b: Symbol(a) for a, b in zip(*names, strict=True) if b})
    pairs = list(zip(truth.binding, answer.binding, strict=True))
    if truth.body is not None and answer.body is not None:
        pairs.append((truth.body, answer.body))
    return every([Finding(True, "structure") if a == b else compare(a, b) for a, b in pairs])


def _apart(node: Expr, names: dict[str, Expr]) -> Expr:
    """Give the letters that a statement binds names that are no other letter's, so that none becomes another's."""
    if isinstance(node, Quantified):
        bound = filter(None, map(_letter, node.binding))
        names = names | {name: Symbol(name + _APART) for name in bound}
        binding = tuple(substitute(item, names) for item in node.binding)
        return Quantified(node.quantifier, binding, node.body and _apart(node.body, names))
    if isinstance(node, Connected):
        return Connected(node.operator, tuple(_apart(item, names) for item in node.operands))
    return substitute(node, names)


def _renamed(node: Quantified, names: dict[str, Expr]) -> Quantified:
    return Quantified(
        node.quantifier,
        tuple(substitute(item, names) for item in node.binding),
        substitute(node.body, names) if node.body is not None else None,
    )


def _letter(item: Expr) -> str:
    subject = item.sides[0] if isinstance(item, Relation) else item
    return subject.name if isinstance(subject, Symbol) else ""


def _without_quantifier(node: Quantified, other: Expr) -> Expr | None:
    """Return what "for all" says as a statement under conditions; None where the quantifier cannot be left out."""
    conditions = [item for item in node.binding if not isinstance(item, Symbol)]
    if node.body is None and any(isinstance(item, Relation) and "=" in item.operators for item in node.binding):
        return None
    if node.quantifier != "forall" and not (node.quantifier == "exists" and conditions and isinstance(other, Listing)):
        return None
    parts = ([] if node.body is None else [node.body]) + conditions or list(node.binding)
    return parts[0] if len(parts) == 1 else Listing(tuple(parts), ",")


def _by_truth_table(truth: Expr, answer: Expr, compare: Compare) -> Finding:
    letters: list[Expr] = []
    _collect(truth, letters, compare)
    of_truth = len(letters)
    _collect(answer, letters, compare)
    if len(letters) > _MAX_LETTERS:
        return Finding(truth == answer or None, "structure" if truth == answer else "none")
    rows = 1 << len(letters)
    columns = [sum(1 << row for row in range(rows) if row >> place & 1) for place in range(len(letters))]
    table = list(zip(letters, columns, strict=True))
    ones = (1 << rows) - 1
    values = [_column(side, table, compare, ones) for side in (truth, answer)]
    if values[0] == values[1]:
        of_answer: list[Expr] = []
        _collect(answer, of_answer, compare)
        if values[0] in {0, ones} and not len(of_answer) == of_truth == len(letters):
            return Finding(False, "truth_table", {"witness": "both hold always, or never, but of other letters"})
        return Finding(True, "truth_table")
    return Finding(False, "truth_table", {"witness": "one holds where the other does not"})


def _collect(node: Expr, letters: list[Expr], compare: Compare) -> None:
    if isinstance(node, Connected):
        for operand in node.operands:
            _collect(operand, letters, compare)
    elif len(letters) <= _MAX_LETTERS and not any(_same(node, letter, compare) for letter in letters):
        letters.append(node)


def _same(node: Expr, letter: Expr, compare: Compare) -> bool:
    if node == letter:
        return True
    return not (isinstance(node, Symbol) or isinstance(letter, Symbol)) and compare(letter, node).equal is True


def _column(node: Expr, table: list[tuple[Expr, int]], compare: Compare, ones: int) -> int:
    """Return the rows of the truth table in which a statement holds, one bit each."""
    if not isinstance(node, Connected):
        return next(column for letter, column in table if _same(node, letter, compare))
    values = [_column(operand, table, compare, ones) for operand in node.operands]
    first, last = values[0], values[-1]
    if node.operator == "not":
        return ones ^ first
    if node.operator == "=>":
        return ones ^ first | last
    if node.operator == "<=>":
        return ones ^ first ^ last
    for value in values[1:]:
        first = first & value if node.operator == "and" else first | value
    return first
