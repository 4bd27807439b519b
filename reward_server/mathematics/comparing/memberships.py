r"""Sets and events named by letters: compared by who belongs to them, row by row of a truth table.

An expression in unions, intersections, differences and complements of letters is the set of rows (in A or not, in B or
not, …) whose elements it holds. Two such expressions are the same for all sets exactly where their rows are, and
`S = T` and `S ⊆ T` say the same exactly where the rows are that they leave empty: both are proofs, either way. The
measure of such a set, `P(A ∪ B)` or `n(A ∩ B)`, is the sum of the unknown measures of its rows, `P(A | B)` a quotient
of two.

`⊂` is the proper inclusion, as ISO 80000-2 has it: `⊊`, and not `⊆`.

`A^c`, `\bar A`, `A'` are complements, `Ω` and `∅` all and nothing, a product of letters (`AB`) their
intersection and a sum their union, as events are written.
"""

from functools import reduce
from operator import and_, or_, xor

from flint import fmpq

from reward_server.mathematics.comparing.identity import Finding
from reward_server.mathematics.tree.nodes import (
    Apply,
    Call,
    Expr,
    NamedSet,
    Negation,
    Number,
    Power,
    Product,
    Quotient,
    Relation,
    SetOf,
    SetOperation,
    Sum,
    Symbol,
)
from reward_server.mathematics.tree.walk import contains, nodes, rebuild

_MOST = 5
_COMPLEMENTS = frozenset({"c", "C", "complement"})
_DIFFERENCES = frozenset({"triangle", "Delta", "oplus", "ominus"})
_LETTERS_OF_SETS = frozenset({"C", "N", "Q", "R", "Z"})
_MEASURES = frozenset({"P", "p", "n", "N", "pr", "Pr", "mu"})
_ALL = "Omega"
_NAMED = (Symbol, Apply, NamedSet)
_TELLING = frozenset({Symbol, Power, SetOperation, Relation})
_SUBSETS = frozenset({("subset",), ("proper subset",)})
_STATEMENTS = frozenset({"=", "!=", "subset", "proper subset"})


class _NotOfLetters(Exception):  # noqa: N818 - a state of the tree, not a failure
    """The expression is not made of sets named by letters."""


class _Rows:
    """The truth table of some letters; each set is the rows it holds, one bit each."""

    def __init__(self, letters: list[str]) -> None:
        self.count = 1 << len(letters)
        self.all = (1 << self.count) - 1
        self.of = {
            name: sum(1 << row for row in range(self.count) if row >> place & 1) for place, name in enumerate(letters)
        }

    def value(self, node: Expr) -> int:
        """Return the rows of a set; raise `_NotOfLetters`."""
        if isinstance(node, Symbol | NamedSet):
            return self._letter(node.name)
        if isinstance(node, SetOf) and not node.items:
            return 0
        if isinstance(node, SetOperation):
            values = [self.value(argument) for argument in node.arguments]
            if node.operator == "difference":
                return reduce(lambda left, right: left & ~right, values)
            return reduce(or_ if node.operator == "union" else and_, values)
        inner = _complemented(node)
        if inner is not None:
            return self.all ^ self.value(inner)
        if isinstance(node, Product):
            return self._product(node.factors)
        if isinstance(node, Sum):
            return self._sum(node.terms)
        raise _NotOfLetters

    def _letter(self, name: str) -> int:
        if name == _ALL:
            return self.all
        stem = _stem(name)
        if stem not in self.of:
            raise _NotOfLetters
        return self.all ^ self.of[stem] if _is_complement(name) else self.of[stem]

    def _product(self, factors: tuple[Expr, ...]) -> int:
        first = factors[0]
        if isinstance(first, Symbol) and first.name in _COMPLEMENTS and len(factors) == 2:
            return self.all ^ self.value(factors[1])
        signs = [isinstance(factor, Symbol) and factor.name in _DIFFERENCES for factor in factors]
        if any(signs):
            if signs != [place % 2 == 1 for place in range(len(factors))] or signs[-1]:
                raise _NotOfLetters
            return reduce(xor, map(self.value, factors[::2]))
        return reduce(and_, map(self.value, factors))

    def _sum(self, terms: tuple[Expr, ...]) -> int:
        result = self.value(terms[0])
        for term in terms[1:]:
            if isinstance(term, Negation):
                result &= ~self.value(term.argument)
            else:
                result |= self.value(term)
        return result


def _complemented(node: Expr) -> Expr | None:
    r"""Return the set of which a node is the complement: `A^c`, `\overline{A \cup B}`."""
    if isinstance(node, Power) and isinstance(node.exponent, Symbol) and node.exponent.name in _COMPLEMENTS:
        return node.base
    return node.arguments[0] if isinstance(node, Call) and node.name == "conj" else None


def _stem(name: str) -> str:
    return name.removeprefix("bar.").removesuffix("'")


def _is_complement(name: str) -> bool:
    return name.startswith("bar.") != name.endswith("'")


def _table(*sides: Expr) -> _Rows | None:
    """Return the table of the letters that name sets; None where something else stands beside them."""
    names: set[str] = set()
    for side in sides:
        for item in nodes(side):
            if isinstance(item, Symbol) and item.name not in _COMPLEMENTS | _DIFFERENCES | {_ALL} | _MEASURES:
                names.add(_stem(item.name))
            elif isinstance(item, NamedSet) and item.name in _LETTERS_OF_SETS:
                names.add(item.name)
    named = {item.name for side in sides for item in nodes(side) if isinstance(item, NamedSet)}
    if len(named) > 1 or not named <= _LETTERS_OF_SETS or named == {"R"} or not 1 <= len(names) <= _MOST:
        return None
    return _Rows(sorted(names)) if all(name[:1].isupper() for name in names) else None


def compare_memberships(truth: Expr, answer: Expr) -> Finding | None:
    """Compare two sets of letters, or two statements about such; None where either is not one."""
    if not (_is_of_sets(truth) or _is_of_sets(answer)):
        return None
    statements = isinstance(truth, Relation), isinstance(answer, Relation)
    table = _table(truth, answer)
    if table is None or statements[0] != statements[1]:
        return None
    try:
        if isinstance(truth, Relation) and isinstance(answer, Relation):
            return _statements(truth, answer, table)
        same = table.value(truth) == table.value(answer)
    except _NotOfLetters:
        return None
    return Finding(same, "memberships", {} if same else {"witness": "an element of one set only"})


def _is_of_sets(node: Expr) -> bool:
    if isinstance(node, Relation):
        return (len(node.sides) == 2 and node.operators[0] in _STATEMENTS and any(map(_is_of_sets, node.sides))) or (
            node.operators in _SUBSETS
        )
    inner = _complemented(node)
    return isinstance(inner or node, SetOperation) or (isinstance(node, SetOf) and not node.items)


def _statements(truth: Relation, answer: Relation, table: _Rows) -> Finding | None:
    """Compare what two statements leave empty: `A ∩ B = ∅` and `A ⊆ B` are about one set of rows each."""
    if not (len(truth.sides) == len(answer.sides) == 2 and {*truth.operators, *answer.operators} <= _STATEMENTS):
        return None
    denied = [node.operators == ("!=",) for node in (truth, answer)]
    proper = [node.operators == ("proper subset",) for node in (truth, answer)]
    same = denied[0] == denied[1] and proper[0] == proper[1] and _left_empty(truth, table) == _left_empty(answer, table)
    same = same and (not proper[0] or _apart(truth, table) == _apart(answer, table))
    return Finding(same, "memberships", {} if same else {"witness": "sets for which one holds only"})


def _left_empty(node: Relation, table: _Rows) -> int:
    left, right = map(table.value, node.sides)
    return left & ~right if node.operators in _SUBSETS else left ^ right


def _apart(node: Relation, table: _Rows) -> int:
    """Return the rows of which a proper inclusion says that one holds something."""
    left, right = map(table.value, node.sides)
    return left ^ right


def as_measures(truth: Expr, answer: Expr) -> tuple[Expr, Expr] | None:
    """Write the measures of sets of letters, on both sides, as sums of unknowns; None where no set is measured."""
    of_truth = nodes(truth)
    if _MEASURES.isdisjoint([item.name for item in of_truth if isinstance(item, _NAMED)]):
        return None
    everything = [*of_truth, *nodes(answer)]
    if not any(type(item) in _TELLING and _is_telling(item) for item in everything):
        return None
    sides = [_applied(side) for side in (truth, answer)]
    of_each = [[item for item in nodes(side) if isinstance(item, Apply) and _is_measure(item)] for side in sides]
    if not all(of_each):
        return None  # a value, perhaps of the measure that the other side names
    measured = [item for items in of_each for item in items]
    kinds = {item.name for item in measured}
    if kinds != {"P"} and not (contains(truth, SetOperation) or contains(answer, SetOperation)):
        return None  # `n` in front of a mean
    table = _table(*(argument for item in measured for argument in item.arguments)) if len(kinds) == 1 else None
    if table is None:
        return None
    try:
        written = [_written(side, table) for side in sides]
    except _NotOfLetters:
        return None
    return None if any(contains(side, SetOperation) for side in written) else (written[0], written[1])


def _is_telling(node: Expr) -> bool:
    """Tell whether a node is of sets or events and nothing else, so that a `P` in front of one is a measure."""
    if isinstance(node, Symbol):
        return node.name.startswith("bar.") and node.name[4:5].isupper()
    complement = isinstance(node, Power) and isinstance(node.base, Symbol) and node.base.name[:1].isupper()
    return isinstance(node, SetOperation) or _is_given(node) or (complement and _complemented(node) is not None)


def _is_given(node: Expr) -> bool:
    return isinstance(node, Relation) and node.operators == ("divides",)


def _is_measure(node: Apply) -> bool:
    return node.name in _MEASURES and len(node.arguments) == 1


def _applied(node: Expr) -> Expr:
    """Read `P` in front of a set as the measure of it: the grammar multiplies, as with any letter."""
    if isinstance(node, Apply) and _is_measure(node):
        return node
    node = rebuild(node, _applied)
    if not isinstance(node, Product):
        return node
    factors: list[Expr] = []
    for factor in node.factors:
        before = factors[-1] if factors else None
        if isinstance(before, Symbol | NamedSet) and before.name in _MEASURES and not isinstance(factor, Number):
            factors[-1] = Apply("P" if before.name in {"p", "pr", "Pr"} else before.name, (factor,))
        else:
            factors.append(factor)
    return factors[0] if len(factors) == 1 else Product(tuple(factors))


def _written(node: Expr, table: _Rows) -> Expr:
    if not (isinstance(node, Apply) and _is_measure(node)):
        return rebuild(node, lambda item: _written(item, table))
    argument = node.arguments[0]
    if isinstance(argument, Relation) and _is_given(argument):
        both = Apply(node.name, (SetOperation("intersection", argument.sides),))
        return Quotient(_written(both, table), _written(Apply(node.name, (argument.sides[1],)), table))
    rows = table.value(argument)
    whole = node.name not in {"n", "N", "mu"}
    terms: list[Expr] = [_unknown(row, table, whole=whole) for row in range(table.count) if rows >> row & 1]
    return Sum(tuple(terms)) if len(terms) > 1 else terms[0] if terms else Number(fmpq(0))


def _unknown(row: int, table: _Rows, *, whole: bool) -> Expr:
    """Return the measure of one row; all of a probability is 1, so that the first is what the others leave."""
    if row or not whole:
        return Symbol(f"row{row}")
    others = tuple(Negation(Symbol(f"row{other}")) for other in range(1, table.count))
    return Sum((Number(fmpq(1)), *others))
