"""Sums and products with an ellipsis: `a_k + a_{k-1} + … + a_0` is `a_0 + a_1 + … + a_k`.

The letter in the last index is given several numbers, the terms that the dots stand for are written out, and the two
sides compared as functions. The term in front of the dots must become the one behind them by steps of its indices.
"""

import re

from flint import fmpq

from reward_server.mathematics.comparing.identity import NODE_BUDGET, Finding, same_function
from reward_server.mathematics.tree.nodes import Dots, Expr, Number, Product, Sum, Symbol
from reward_server.mathematics.tree.walk import contains, nodes, rebuild
from reward_server.mathematics.values.balls import Budget

_INDEXED = re.compile(r"(?P<stem>.+)_(?:(?P<letter>[a-zA-Z])(?P<shift>[+-]\d)?|(?P<number>\d{1,2}))")
_LENGTHS = (4, 5, 7)
_LONGEST = 12
_STEPS = (1, -1, 2, -2)


class _NotWrittenOutError(Exception):
    """Nothing says which terms the dots stand for."""


def compare_ellipses(truth: Expr, answer: Expr) -> Finding | None:
    """Compare two expressions with dots; None where it is not said which terms those are."""
    if not (contains(truth, Dots) and contains(answer, Dots)):
        return None
    indices = [_INDEXED.fullmatch(item.name) for item in (*nodes(truth), *nodes(answer)) if isinstance(item, Symbol)]
    letters = {index["letter"] for index in indices if index is not None and index["letter"]}
    if len(letters) != 1:
        return None
    (letter,) = letters
    budget = Budget(NODE_BUDGET)
    try:
        for length in _LENGTHS:
            found = same_function(_written_out(truth, letter, length), _written_out(answer, letter, length), budget)
            if not found.equal:
                return Finding(found.equal, "ellipsis", {"witness": {letter: length}, **found.evidence})
    except _NotWrittenOutError:
        return None
    return Finding(True, "ellipsis", {"lengths": list(_LENGTHS)})


def _written_out(node: Expr, letter: str, length: int) -> Expr:
    """Return the tree with the letter as a number and the terms that the dots stand for."""
    if isinstance(node, Symbol):
        if node.name == letter:
            return Number(fmpq(length))
        index = _INDEXED.fullmatch(node.name)
        if index is None or index["letter"] != letter:
            return node
        return Symbol(f"{index['stem']}_{length + int(index['shift'] or 0)}")
    node = rebuild(node, lambda child: _written_out(child, letter, length))
    if isinstance(node, Sum):
        return Sum(_terms(node.terms))
    return Product(_terms(node.factors)) if isinstance(node, Product) else node


def _terms(terms: tuple[Expr, ...]) -> tuple[Expr, ...]:
    places = [place for place, term in enumerate(terms) if isinstance(term, Dots)]
    if not places:
        return terms
    place = places[0]
    if len(places) > 1 or not 0 < place < len(terms) - 1:
        raise _NotWrittenOutError
    before, behind = terms[place - 1], terms[place + 1]
    known = terms[place - 2] if place > 1 else None
    for step in _STEPS:
        if known is not None and _stepped(known, step) != before and _stepped(before, -step) != known:
            continue
        between = _between(before, behind, step)
        if between is not None:
            return (*terms[:place], *between, *terms[place + 1 :])
    raise _NotWrittenOutError


def _between(first: Expr, last: Expr, step: int) -> list[Expr] | None:
    """Return the terms between two; None where steps do not lead from one to the other."""
    found: list[Expr] = []
    term = first
    for _ in range(_LONGEST):
        term = _stepped(term, step)
        if term == last:
            return found
        if term == first:
            return None
        found.append(term)
    return None


def _stepped(node: Expr, step: int) -> Expr:
    """Return a term with all its indices moved."""
    if isinstance(node, Symbol):
        index = _INDEXED.fullmatch(node.name)
        return Symbol(f"{index['stem']}_{int(index['number']) + step}") if index and index["number"] else node
    return rebuild(node, lambda child: _stepped(child, step))
